"""Another length of term from the next one on: months in the place of years, years in the place of months."""

from dataclasses import dataclass
from datetime import datetime

from licet.catalog.rules import MONTHS, Period
from licet.eventlog.change import Record
from licet.kernel.actor import Actor
from licet.kernel.money import Money
from licet.orders import errors, events, following, offering
from licet.orders.changing.errors import TermNotSold
from licet.orders.contracts import opened
from licet.orders.drafting import Draft, DraftLine
from licet.orders.models import Contract, ContractItem
from licet.orders.queries import is_withdrawn
from licet.orders.states import OrderKind
from licet.orders.terms import Term, span

LENGTHS: tuple[tuple[Period, int], ...] = (
    (Period.MONTH, 1),
    (Period.YEAR, 1),
    (Period.YEAR, 2),
    (Period.YEAR, 3),
)
"""What can be chosen: a period, and how many of it are paid for at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """A length of term that a contract can have from the next one on, and what that term costs.

    `current`: the one it has now. `chosen`: the one it will have. `gross`: VAT included.
    """

    period: Period
    periods: int
    term: Term
    net: Money
    gross: Money
    current: bool
    chosen: bool

    @property
    def code(self) -> str:
        """How a form names it."""
        return f"{self.period}-{self.periods}"


class _AsItWas(Exception):
    """Leaves a transaction that has nothing to write."""


def lengths(*, contract: Contract) -> list[Length]:
    """Return the lengths that everything in a contract is sold for, each with the price of its first term."""
    found = [each for each in offering.items(contract=contract) if each.renews]
    own = (contract.period, contract.periods)
    chosen = (contract.next_period, contract.next_periods) if contract.next_period else own
    rows = []
    for period, periods in dict.fromkeys((*LENGTHS, (Period(contract.period), contract.periods))):
        if not found or not _is_sold(contract=contract, found=found, period=period):
            continue
        if (period, periods) == chosen:  # what was promised
            draft = offering.renewal(contract=contract, found=found, person=contract.placed_by)
        else:
            draft = _draft(contract=contract, found=found, period=period, periods=periods)
        totals = draft.totals(on=contract.ends_on)
        rows.append(
            Length(
                period=period,
                periods=periods,
                term=draft.lines[0].term,
                net=Money(totals.net_minor, contract.currency),
                gross=Money(totals.gross_minor, contract.currency),
                current=(period, periods) == own,
                chosen=(period, periods) == chosen,
            )
        )
    return rows


def choose(*, contract: Contract, period: Period, periods: int, seen: int, by: Actor, now: datetime) -> None:
    """Let the terms of a contract last another time, from the next one on; until then it can be taken back.

    `seen`: what the next term costs on the page, tax included, in minor units: it costs that, whatever
    prices do. The length that it has now takes a choice back. Refuses OfferChanged, TermNotSold, NotRenewing
    for what is cancelled or does not go on, TermIsOver, ContractHasEnded.
    """
    try:
        with opened(contract=contract, by=by, now=now) as (live, record):
            offering.runs(contract=live, now=now)
            found = [each for each in offering.items(contract=live) if each.renews]
            if live.cancelled_at is not None or not found:
                raise errors.NotRenewing
            own = (period, periods) == (live.period, live.periods)
            if (live.next_period, live.next_periods) == (("", 0) if own else (period, periods)):
                raise _AsItWas
            if (period, periods) not in LENGTHS and not own:
                raise TermNotSold
            if not _is_sold(contract=live, found=found, period=period):
                raise TermNotSold
            draft = _draft(contract=live, found=found, period=period, periods=periods)
            if draft.totals(on=live.ends_on).gross_minor != seen:
                raise errors.OfferChanged
            live.next_period, live.next_periods = ("", 0) if own else (period, periods)
            _write(contract=live, record=record)
    except _AsItWas:
        return


def keep(*, contract: Contract, by: Actor, now: datetime) -> None:
    """Take back that the terms last another time from the next one on; nothing chosen is harmless.

    Refuses TermIsOver, ContractHasEnded.
    """
    try:
        with opened(contract=contract, by=by, now=now) as (live, record):
            offering.runs(contract=live, now=now)
            if not live.next_period:
                raise _AsItWas
            live.next_period, live.next_periods = "", 0
            _write(contract=live, record=record)
    except _AsItWas:
        return


def _write(*, contract: Contract, record: Record) -> None:
    # what was told about the next term was told of another one
    contract.noticed_days = None
    contract.save(update_fields=["next_period", "next_periods", "noticed_days"])
    following.promise(contract=contract, found=offering.items(contract=contract))
    number, starts_on = str(contract.number), contract.ends_on.isoformat()
    if contract.next_period:
        fact = events.TermChosen(
            contract=contract.pk,
            number=number,
            period=contract.next_period,
            periods=contract.next_periods,
            starts_on=starts_on,
        )
        record(fact, team=contract.team_id)
    else:
        record(events.TermKept(contract=contract.pk, number=number), team=contract.team_id)


def _is_sold(*, contract: Contract, found: list[ContractItem], period: Period) -> bool:
    """Whether everything of a contract can be had for a period; what it has now goes on whatever is sold."""
    if period == contract.period:
        return True
    after = following.plans_after(found=found, period=period)
    return all(each.pk in after and not is_withdrawn(plan=after[each.pk]) for each in found)


def _draft(*, contract: Contract, found: list[ContractItem], period: Period, periods: int) -> Draft:
    """Offer the next term as if a length had been chosen."""
    after = following.plans_after(found=found, period=period)
    begins = contract.begun_months + contract.months
    term = span(anchor=contract.anchor_on, begins=begins, months=MONTHS[period] * periods)
    lines = [
        DraftLine(
            plan=after[each.pk],
            quantity=each.quantity,
            unit_price=following.price_after(item=each, plan=after[each.pk]),
            periods=periods,
            term=term,
            starts_on=term.starts_on,
            item=each,
        )
        for each in found
    ]
    return offering.draft(contract=contract, kind=OrderKind.RENEWAL, person=contract.placed_by, lines=lines)
