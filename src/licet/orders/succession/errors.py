"""Why a contract of a partner is not changed, or not carried on."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class PartnerHasLeft(Refusal):
    """The partner sells to this customer no more."""

    code = "partner_has_left"
    kind = Kind.ENDED
    sentence = _(
        "You no longer sell to this customer, so the contract only runs to the end of its term. "
        "Ask the customer for access again to change it."
    )


class NothingToCarryOn(Refusal):
    """The contract is over, or its partner still sells it, or somebody decided before."""

    code = "nothing_to_carry_on"
    kind = Kind.CONFLICT
    sentence = _("This contract cannot be carried on directly, or that is decided already. Look at it again.")
