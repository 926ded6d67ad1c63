"""A partner leaves a team, or comes back: its contracts run to the end of their terms, or go on with it.

Told by what happens to partners and to what customers let them see, whoever decided it.
"""

from contextlib import suppress
from datetime import date, datetime

from licet.eventlog.change import change
from licet.eventlog.models import Event
from licet.kernel.actor import Actor, system
from licet.orders.contracts import follow
from licet.orders.models import Contract
from licet.orders.states import ContractState
from licet.orders.succession.events import PartnerLeft, PartnerReturned
from licet.partners.models import Access, Partner
from licet.partners.states import AccessState, PartnerState
from licet.teams.models import Team


class _AsItWas(Exception):
    """Leaves a transaction that has nothing to write."""


def partner_ended(*, event: Event, now: datetime) -> None:
    """Let every contract of a partner that has ended run out. For the worker."""
    partner = Partner.objects.select_related("team").get(pk=event.facts["partner"])
    rows = Contract.objects.filter(payer=partner.team, state=ContractState.ISSUED)
    for team in Team.objects.filter(pk__in=rows.values("team")).order_by("pk"):
        settle(partner=partner, team=team, by=system(label="partners"), now=now)


def access_changed(*, event: Event, now: datetime) -> None:
    """Let the contracts of a partner with one customer run out, or go on. For the worker."""
    access = Access.objects.select_related("partner__team", "team").get(pk=event.facts["access"])
    if access.team is not None:
        settle(partner=access.partner, team=access.team, by=system(label="partners"), now=now)


def settle(*, partner: Partner, team: Team, by: Actor, now: datetime) -> None:
    """Let a partner's contracts with a team follow what stands between the two; again is harmless."""
    with suppress(_AsItWas), change(by=by, now=now) as record:
        # Competing: the clock that renews them, the team that carries one on, another delivery of this.
        Team.objects.locked(team.pk)
        sells = _sells(partner=partner, team=team)
        rows = Contract.objects.filter(
            payer=partner.team, team=team, state=ContractState.ISSUED, partner_left_at__isnull=not sells
        )
        # what the team carries on by itself it goes on carrying
        keys = rows.filter(carried_on_at=None).order_by("pk").values_list("pk", flat=True)
        found = [Contract.objects.locked(key) for key in keys]
        if not found:
            raise _AsItWas
        for contract in found:
            contract.partner_left_at = None if sells else now
            contract.next_period, contract.next_periods = "", 0
            contract.save(update_fields=["partner_left_at", "next_period", "next_periods"])
            contract.items.current().update(next_plan=None, chosen_price_minor=None)
            follow(contract=contract)
        fact = PartnerReturned if sells else PartnerLeft
        told = fact(partner=partner.pk, contracts=[each.pk for each in found], partner_name=partner.name)
        record(told, team=team.pk)


def settle_due(*, day: date, by: Actor, now: datetime) -> None:
    """Do the same for every contract of a partner whose term is over on a day, before it would be renewed.

    A delivery that comes late or never renews nothing through a partner that sells no more (a statement
    where no partner's contract is due).
    """
    due = Contract.objects.due(day).filter(payer__isnull=False, partner_left_at=None)
    pairs = sorted(set(due.values_list("payer", "team")))
    rows = Partner.objects.filter(team__in={payer for payer, _ in pairs}).select_related("team")
    partners = {each.team_id: each for each in rows}
    teams = Team.objects.in_bulk({team for _, team in pairs})
    for payer, team in pairs:
        settle(partner=partners[payer], team=teams[team], by=by, now=now)


def _sells(*, partner: Partner, team: Team) -> bool:
    if Partner.objects.get(pk=partner.pk).state == PartnerState.ENDED:
        return False
    return Access.objects.filter(partner=partner, team=team, state=AccessState.GRANTED).exists()
