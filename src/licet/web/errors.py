"""Why a request is not even shown to a view."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class AddressUnreadable(Refusal):
    """The address holds a NUL, which no text has and PostgreSQL does not even compare."""

    code = "address_unreadable"
    kind = Kind.INVALID
    sentence = _(
        "This address contains a character that no text has. Check the link, or start from the first page."
    )
