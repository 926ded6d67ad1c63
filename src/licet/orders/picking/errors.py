"""Why a change of product is not what was meant."""

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
