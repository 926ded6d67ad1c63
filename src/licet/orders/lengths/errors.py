"""Why a contract does not have another length of term."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class TermNotSold(Refusal):
    """A product is not sold for the length of the terms that come next."""

    code = "term_not_sold"
    kind = Kind.CONFLICT
    sentence = _("Not everything is sold for this length of term. Choose another length, or another product.")
