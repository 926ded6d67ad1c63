"""Why a contract of a partner is not carried on."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class NothingToCarryOn(Refusal):
    """The contract is over, or its partner still sells it, or somebody decided before."""

    code = "nothing_to_carry_on"
    kind = Kind.CONFLICT
    sentence = _("This contract cannot be carried on directly, or that is decided already. Look at it again.")
