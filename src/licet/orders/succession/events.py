"""What happens to contracts that a partner sold, when the partner sells no more."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, shown


@dataclass(frozen=True, kw_only=True)
class PartnerLeft(Fact):
    """A partner sells to a team no more: contracts (keys) end with their terms, or are carried on."""

    name = "contract.partner_left"
    sentence = _("%(partner_name)s no longer sells to the team: contracts end with their terms.")

    partner: int
    contracts: list[int]
    partner_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class PartnerReturned(Fact):
    """A partner sells to a team again: contracts (keys) that nobody carries on go on with it."""

    name = "contract.partner_returned"
    sentence = _("%(partner_name)s sells to the team again: its contracts go on.")

    partner: int
    contracts: list[int]
    partner_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class CarryingOnDecided(Fact):
    """A team goes on with a contract by itself from `starts_on` (ISO 8601) on."""

    name = "contract.carrying_on_decided"
    sentence = _("%(actor)s decided to carry on contract %(number)s directly after its term.")

    contract: int
    number: str
    starts_on: str


@dataclass(frozen=True, kw_only=True)
class CarryingOnWithdrawn(Fact):
    """A team does not go on with a contract after all: it ends with its term."""

    name = "contract.carrying_on_withdrawn"
    sentence = _("%(actor)s decided not to carry on contract %(number)s after its term.")

    contract: int
    number: str


@dataclass(frozen=True, kw_only=True)
class ContractHandedOver(Fact):
    """A contract is the team's own from this term on."""

    name = "contract.handed_over"
    sentence = _("Contract %(number)s is the team's own now.")

    contract: int
    number: str
