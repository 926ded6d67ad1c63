"""What happens to agreements."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, shown


@dataclass(frozen=True, kw_only=True)
class AgreementMade(Fact):
    """The vendor and an institution agreed on places."""

    name = "agreement.made"
    sentence = _("%(actor)s made an agreement with %(institution_name)s. Places: %(seats)s.")

    agreement: int
    seats: int
    institution_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class AgreementChanged(Fact):
    """More or fewer places, another end."""

    name = "agreement.changed"
    sentence = _("%(actor)s changed the agreement with %(institution_name)s. Places: %(seats)s.")

    agreement: int
    seats: int
    ended_on: str  # before, and now; both excluded
    ends_on: str
    institution_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class AgreementEnded(Fact):
    """No places can be drawn any more."""

    name = "agreement.ended"
    sentence = _("%(actor)s ended the agreement with %(institution_name)s.")

    agreement: int
    institution_name: str = shown()
