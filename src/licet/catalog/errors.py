"""Why a vendor's file is not imported, though it is well written."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class AccountUnconfirmed(Refusal):
    """The file has another IBAN than before; `iban`: the new one. How payments are stolen."""

    code = "account_unconfirmed"
    kind = Kind.CONFLICT
    field = "iban"
    sentence = _(
        "The file changes the bank account that customers pay to. Ask whoever keeps the account, by "
        "telephone, whether %(iban)s is right; then import the file again with this IBAN as confirmation. "
        "Everybody at the vendor's is told."
    )
