"""Why a contract cannot be changed so."""

from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Kind, Refusal


class TooManyPicked(Refusal):
    """More people were to go along than licenses change. `most`: so many can."""

    code = "too_many_picked"
    kind = Kind.INVALID
    field = "people"
    sentence = _("More people are ticked than licenses change. Tick at most this many: %(most)s.")


class TooFewPicked(Refusal):
    """Who stays would find no license. `least`: so many have to go along."""

    code = "too_few_picked"
    kind = Kind.INVALID
    field = "people"
    sentence = _(
        "There would be more people than licenses left. "
        "Tick whoever goes along, at least this many: %(least)s. Or take licenses back first."
    )


class RenewedAhead(Refusal):
    """The next term was ordered before the running one is over. `first`: from this day on."""

    code = "renewed_ahead"
    kind = Kind.CONFLICT
    sentence = _("This contract is renewed already. Its products can be changed from %(first)s on.")


class TermNotSold(Refusal):
    """A product is not sold for the length of the terms that come next."""

    code = "term_not_sold"
    kind = Kind.CONFLICT
    sentence = _("Not everything is sold for this length of term. Choose another length, or another product.")


class PartnerHasLeft(Refusal):
    """The partner sells to this customer no more."""

    code = "partner_has_left"
    kind = Kind.ENDED
    sentence = _(
        "The partner no longer sells to this customer, so the contract only runs to the end of its term "
        "and cannot be changed."
    )
