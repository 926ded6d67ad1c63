"""What the clock does with contracts: notices before a term is over, then the next term or the end.

Each contract is a transaction of its own, so a batch that dies goes on with the next one, and a term that
was renewed is never met again: the row is read once more under its lock, and the database knows one
renewal order per term.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from licet.accounts.models import Person
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden
from licet.orders import errors, offering
from licet.orders.contracts import opened
from licet.orders.drafting import today, write
from licet.orders.events import ContractEnded, ContractRenewed, RenewalNoticed
from licet.orders.fulfilling import fulfil
from licet.orders.models import Contract, ContractItem, Order
from licet.orders.offering import items
from licet.orders.pricing import price_in
from licet.orders.queries import is_withdrawn
from licet.orders.states import ContractState
from licet.orders.succession import carrying, leaving
from licet.teams.models import Team

NOTICES = (90, 60, 30, 7)
"""So many days before the end of a term its team is told what comes."""

LATE = 30
"""So many days after its term a contract that does not renew by itself can still be renewed."""

EARLY = 90
"""So many days before the end of its term a contract can be renewed by hand."""


def renew(*, contract: Contract, seen: int, by: Actor, now: datetime) -> Order:
    """Order the next term of a contract by hand, before its end or up to 30 days late; terms have no gap.

    `seen`: the sum on the page. Refuses OfferChanged, TooEarlyToRenew, NotRenewing for what is cancelled or
    has nothing left to renew, ContractHasEnded. Who may order for the team (Forbidden else).
    """
    if not by.is_person:
        raise Forbidden
    with opened(contract=contract, by=by, now=now) as (live, record):
        first = live.ends_on - timedelta(days=EARLY)
        if today(now=now) < max(first, live.term.starts_on):
            raise errors.TooEarlyToRenew(first=first)
        if live.cancelled_at is not None:
            raise errors.NotRenewing
        order = _renewed(contract=live, person=Person.objects.get(pk=by.id or 0), record=record)
        if order is None:
            raise errors.NotRenewing
        if order.gross_minor != seen:
            raise errors.OfferChanged
        return order


def renew_due(*, by: Actor, now: datetime) -> int:
    """Renew every contract whose term is over and that renews by itself, end the others; return how many.

    For the schedule: may die at any moment and begin again. What ends by somebody's decision ends at once;
    what nobody decided about can be renewed by hand for 30 days.
    """
    if not by.is_system:
        raise Forbidden
    day = today(now=now)
    leaving.settle_due(day=day, by=by, now=now)
    due = list(Contract.objects.due(day).order_by("ends_on", "pk").values_list("pk", "team_id"))
    return sum(_turned(pk=pk, team=team, day=day, by=by, now=now) for pk, team in due)


def give_notice(*, by: Actor, now: datetime) -> int:
    """Tell the teams whose terms are over in 90, 60, 30 or 7 days, each time once; return how many were told.

    For the schedule. A price that will be another one is told with the first notice, and holds from then on.
    """
    if not by.is_system:
        raise Forbidden
    day = today(now=now)
    soon = Contract.objects.filter(
        state=ContractState.ISSUED,
        cancelled_at=None,
        partner_left_at=None,  # the team was told, and decides
        ends_on__gt=day,
        ends_on__lte=day + timedelta(days=max(NOTICES)),
    )
    due = [each for each in soon.order_by("ends_on", "pk") if notice(contract=each, day=day)]
    return sum(_noticed(contract=each, day=day, by=by, now=now) for each in due)


def notice(*, contract: Contract, day: date) -> int | None:
    """Return which notice is to be told on a day; None where there is none, or it was told.

    Whoever looks late tells the most urgent one only. A notice stands in the second half of its term; of a
    month that goes on by itself for another month nothing is told.
    """
    if contract.auto_renew and contract.months == contract.next_months == 1:
        return None
    left, length = (contract.ends_on - day).days, contract.term.days
    reached = [each for each in NOTICES if 0 < left <= each <= length / 2]
    days = min(reached, default=None)
    told = contract.noticed_days is not None and days is not None and contract.noticed_days <= days
    return None if told else days


def _turned(*, pk: int, team: int, day: date, by: Actor, now: datetime) -> bool:
    with suppress(_NothingToDo), change(by=by, now=now) as record:
        # Competing: another worker with the same list, and the team's administrators.
        Team.objects.locked(team)
        contract = Contract.objects.locked(pk)
        if contract.state != ContractState.ISSUED or contract.ends_on > day:
            raise _NothingToDo
        if contract.renews:
            agreed = carrying.hand_over(contract=contract, record=record) if contract.carried_on_at else {}
            order = _renewed(contract=contract, person=contract.placed_by, record=record, agreed=agreed)
            if order is not None:
                return True
        elif _can_wait(contract=contract, day=day):
            raise _NothingToDo
        _end(contract=contract, record=record)
        return True
    return False


def _can_wait(*, contract: Contract, day: date) -> bool:
    """Whether somebody may still go on with a contract whose term is over: by hand, or after a partner."""
    open_still = contract.cancelled_at is None or contract.partner_left_at is not None
    return open_still and day < contract.ends_on + timedelta(days=LATE)


def _renewed(
    *, contract: Contract, person: Person, record: Record, agreed: dict[str, Any] | None = None
) -> Order | None:
    """Begin the next term; None where nothing of the contract renews."""
    found = items(contract=contract)
    draft = offering.renewal(contract=contract, found=found, person=person)
    draft = replace(draft, agreed=agreed or {})
    if not draft.lines:
        return None
    order = write(draft=draft, record=record)
    _advance(contract=contract)
    fulfil(order=order, record=record)
    gone = [each.pk for each in found if not each.renews]
    if gone:
        ContractItem.objects.filter(pk__in=gone).update(ended_at=record.now)
    record(
        ContractRenewed(
            contract=contract.pk,
            number=str(contract.number),
            order=order.pk,
            term_index=contract.term_index,
            ends_on=contract.ends_on.isoformat(),
        ),
        team=contract.team_id,
    )
    return order


def _advance(*, contract: Contract) -> None:
    """Begin the next term, of the length that was chosen for it."""
    contract.term_index += 1
    contract.begun_months += contract.months
    if contract.next_period:
        contract.period, contract.periods = contract.next_period, contract.next_periods
        contract.next_period, contract.next_periods = "", 0
    contract.ends_on = contract.term.ends_on
    contract.noticed_days = None
    contract.save(
        update_fields=[
            "term_index",
            "begun_months",
            "period",
            "periods",
            "next_period",
            "next_periods",
            "ends_on",
            "noticed_days",
        ]
    )


def _end(*, contract: Contract, record: Record) -> None:
    contract.decide(ContractState.ENDED)
    contract.ended_at = record.now
    contract.save(update_fields=["state", "ended_at"])
    contract.items.current().update(ended_at=record.now)
    record(ContractEnded(contract=contract.pk, number=str(contract.number)), team=contract.team_id)


def _noticed(*, contract: Contract, day: date, by: Actor, now: datetime) -> bool:
    with suppress(_NothingToDo), change(by=by, now=now) as record:
        Team.objects.locked(contract.team_id)
        # another worker with the same list waits here, and finds it told
        contract = Contract.objects.locked(contract.pk)
        days = notice(contract=contract, day=day)
        if days is None or contract.state != ContractState.ISSUED or contract.cancelled_at is not None:
            raise _NothingToDo
        if contract.partner_left_at is not None:
            raise _NothingToDo
        for item in items(contract=contract):
            fixed = item.chosen_price_minor is not None or item.next_price_minor is not None
            fixed = fixed or is_withdrawn(plan=item.plan)
            if not fixed and item.plan.currency == contract.currency:
                price = price_in(contract=contract, plan=item.plan, on=contract.ends_on)
                item.next_price_minor = item.coupon.lowered(price) if item.coupon else price
                item.save(update_fields=["next_price_minor"])
        contract.noticed_days = days
        contract.save(update_fields=["noticed_days"])
        record(
            RenewalNoticed(
                contract=contract.pk,
                number=str(contract.number),
                days=days,
                ends_on=contract.ends_on.isoformat(),
            ),
            team=contract.team_id,
        )
        return True
    return False


class _NothingToDo(Exception):
    pass
