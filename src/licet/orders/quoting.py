"""Quotes: made from a basket by a customer, or by staff at prices of its own; accepted once, as an order."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from licet.accounts.models import Person
from licet.catalog.models import Plan
from licet.catalog.rules import MONTHS, Period
from licet.eventlog.change import Record, change
from licet.kernel import brand
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses.granting import told
from licet.orders.actions import licensee, order_of
from licet.orders.agreements import Ticked, agreed
from licet.orders.basket import Basket, check, check_quantity
from licet.orders.drafting import Draft, DraftLine, today
from licet.orders.errors import (
    AddressIncomplete,
    CouponNotInQuotes,
    QuoteForOtherTeam,
    QuoteNotSound,
    QuoteOver,
)
from licet.orders.events import QuoteAccepted, QuoteIssued, QuoteWithdrawn
from licet.orders.models import INVOICE, QUOTES, Number, Order
from licet.orders.pricing import public_prices, sort_of
from licet.orders.promises import PER_ORDER, Coupon, Quote, QuoteLine
from licet.orders.queries import is_withdrawn, priced
from licet.orders.rules import FIRST_QUOTE, Address
from licet.orders.states import OrderKind, QuoteState
from licet.orders.terms import term
from licet.teams.models import Team
from licet.teams.permissions import Permission, may

VALID_DAYS = 30
"""So long a quote holds that a customer had made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A line of a quote to be; `unit_price`: of one license and period, in minor units."""

    plan: Plan
    quantity: int
    unit_price: int
    list_price: int
    periods: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Who gets a quote: a team, or the name of one to be founded, or neither; and where it is sent."""

    team: Team | None
    team_name: str
    address: Address
    email: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is said in a quote to the customer, and about its prices to the vendor's people."""

    note: str = ""
    reason: str = ""


class _Before(Exception):
    def __init__(self, order: Order) -> None:
        super().__init__()
        self.order = order


def ask(*, basket: Basket, to: Addressee, coupon: Coupon | None = None, by: Actor, now: datetime) -> Quote:
    """Have a quote made of a basket at today's prices, for 30 days. For whoever could order it.

    Refuses who may not order for the team, an address that is not complete, what is no longer sold, prices
    that have changed, and CouponNotInQuotes: a quote has prices of single licenses.
    """
    if not by.is_person or not (
        to.team is None or may(actor=by, permission=Permission.PLACE_ORDERS, team=to.team)
    ):
        raise Forbidden
    check(basket=basket)
    if coupon is not None and coupon.per == PER_ORDER:
        raise CouponNotInQuotes
    found = priced(basket=basket, on=today(now=now), display=sort_of(address=to.address), address=to.address)
    if found.withdrawn or found.changed or found.sort_changed:
        raise QuoteNotSound
    lines = []
    for line in found.lines:
        assert line.plan is not None
        lowers = coupon is not None and coupon.fits(line.plan, basket.currency)
        price = line.price.amount
        lines.append(
            Wanted(
                plan=line.plan,
                quantity=line.line.quantity,
                unit_price=coupon.lowered(price) if coupon and lowers else price,
                list_price=price,
            )
        )
    with change(by=by, now=now) as record:
        buyer = Person.objects.get(pk=by.id or 0)
        return _issued(lines=lines, to=to, words=Words(), days=VALID_DAYS, asked_by=buyer, record=record)


def prepare(
    *,
    lines: Sequence[Wanted],
    to: Addressee,
    note: str,
    reason: str = "",
    days: int,
    by: Actor,
    now: datetime,
) -> Quote:
    """Make a quote for a customer at prices of its own, for so many days, with a note. For staff.

    The prices are without VAT for a company, with it for a private person. `reason`: why they are others
    than the list's; the customer does not read it. Refuses ReasonNeeded where they are others, QuoteNotSound,
    AddressIncomplete, a quantity out of range.
    """
    if not by.serves(Duty.DECIDE_ORDERS):
        raise Forbidden
    check_sound(lines=lines, to=to, days=days, reason=reason)
    reason = told(reason=reason) if reason.strip() else ""
    with change(by=by, now=now) as record:
        words = Words(note=note.strip()[:2000], reason=reason)
        return _issued(lines=lines, to=to, words=words, days=days, asked_by=None, record=record)


def check_sound(*, lines: Sequence[Wanted], to: Addressee, days: int, reason: str) -> None:
    """Refuse what `prepare` would refuse, for a page that asks first."""
    _check(lines=lines, to=to, days=days)
    _usable(to.address)
    if any(each.unit_price != each.list_price for each in lines):
        told(reason=reason)


def _check(*, lines: Sequence[Wanted], to: Addressee, days: int) -> None:
    currencies = {each.plan.currency for each in lines}
    whole = all(each.unit_price >= 0 and not is_withdrawn(plan=each.plan) for each in lines)
    if len(currencies) != 1 or not whole or not 1 <= days <= 365 or "@" not in to.email:
        raise QuoteNotSound
    for each in lines:
        check_quantity(quantity=each.quantity)


def withdraw(*, quote: Quote, by: Actor, now: datetime) -> None:
    """End a quote before anybody accepts it. For staff, and who had it made. Refuses QuoteOver."""
    mine = by.is_person and quote.asked_by_id == by.id
    if not (by.serves(Duty.DECIDE_ORDERS) or mine):
        raise Forbidden
    with change(by=by, now=now) as record:
        quote = Quote.objects.locked(quote.pk)  # against whoever accepts it at this moment
        if quote.state != QuoteState.ISSUED:
            raise QuoteOver
        _decide(quote=quote, to=QuoteState.WITHDRAWN, now=now)
        record(QuoteWithdrawn(quote=quote.pk, number=str(quote.number)), team=quote.team_id)


def accept(
    *,
    quote: Quote,
    team: Team | None,
    team_name: str,
    purchase_order: str,
    payment_method: str = INVOICE,
    ticked: Ticked | None = None,
    by: Actor,
    now: datetime,
) -> Order:
    """Order what a quote says, at its prices, once: whoever accepts it again gets the same order.

    `team` and `team_name` count where the quote names no team. For an owner or admin of the quote's team;
    where it names none, for whoever has its address. Refuses QuoteForOtherTeam, QuoteOver, Missing for an
    order of somebody else, what `agreements.agreed` refuses.
    """
    if not by.is_person:
        raise Forbidden
    team = quote.team or team
    if quote.team and not may(actor=by, permission=Permission.PLACE_ORDERS, team=quote.team):
        raise QuoteForOtherTeam
    try:
        with change(by=by, now=now) as record:
            buyer = Person.objects.select_for_update(no_key=True).get(pk=by.id or 0)
            if team is not None:
                team = licensee(team=team, team_name="", buyer=buyer, record=record)
            # two who accept in one moment meet here; the second finds the first's order
            quote = Quote.objects.locked(quote.pk)
            if quote.order_id is not None:
                raise _Before(Order.objects.get(pk=quote.order_id))
            if quote.standing(today(now=now)) != QuoteState.ISSUED:
                raise QuoteOver
            if team is None:
                name = quote.team_name or team_name
                team = licensee(team=None, team_name=name, buyer=buyer, record=record)
            draft = _draft(quote=quote, team=team, buyer=buyer, now=now, method=payment_method)
            address = _billed(draft.address, purchase_order=purchase_order)
            kept = agreed(ticked=ticked, country=address.country, is_consumer=quote.is_consumer, now=now)
            order = order_of(draft=replace(draft, address=address, agreed=kept), record=record)
            _ordered(quote=quote, order=order, record=record)
            return order
    except _Before as before:
        if not Order.objects.visible_to(by).filter(pk=before.order.pk).exists():
            raise Missing from None
        return before.order


def _ordered(*, quote: Quote, order: Order, record: Record) -> None:
    quote.order = order
    _decide(quote=quote, to=QuoteState.ACCEPTED, now=record.now)
    fact = QuoteAccepted(
        quote=quote.pk,
        number=str(quote.number),
        order=order.pk,
        order_number=str(order.number),
    )
    record(fact, team=order.team_id)


def _billed(address: Address, *, purchase_order: str) -> Address:
    if purchase_order:
        address = Address.restored({**address.stored(), "purchase_order": purchase_order})
    return _usable(address)


def _issued(
    *,
    lines: Sequence[Wanted],
    to: Addressee,
    words: Words,
    days: int,
    asked_by: Person | None,
    record: Record,
) -> Quote:
    _check(lines=lines, to=to, days=days)
    vendor = brand.current()
    quote = Quote.objects.create(
        number=Number.objects.taken(first=FIRST_QUOTE, of=QUOTES),
        team=to.team,
        team_name="" if to.team else to.team_name,
        asked_by=asked_by,
        email=to.email,
        sold_by={**asdict(vendor), "address": list(vendor.address)},
        billed_to=_usable(to.address).stored(),
        display=sort_of(address=_usable(to.address)),
        note=words.note,
        reason=words.reason,
        language=to.language,
        currency=lines[0].plan.currency,
        issued_at=record.now,
        valid_until=today(now=record.now) + timedelta(days=days),
    )
    QuoteLine.objects.bulk_create(
        QuoteLine(
            quote=quote,
            plan=each.plan,
            quantity=each.quantity,
            periods=each.periods,
            unit_price_minor=each.unit_price,
            list_price_minor=max(each.list_price, each.unit_price),
            currency=quote.currency,
        )
        for each in lines
    )
    fact = QuoteIssued(quote=quote.pk, number=str(quote.number), valid_until=quote.valid_until.isoformat())
    record(fact, team=to.team.pk if to.team else None)
    return quote


def wanted(
    *,
    plan: Plan,
    quantity: int,
    unit_price: int | None,
    periods: int = 1,
    address: Address | None = None,
    now: datetime,
) -> Wanted:
    """Return a line at a price of its own, or at the public one (one statement; three for gross prices).

    Without VAT; with it for an address of a private person.
    """
    display = sort_of(address=address) if address else "net"
    found = public_prices(plans=[plan], on=today(now=now), display=display, address=address)
    public = found[plan.code].money.amount
    price = public if unit_price is None else unit_price
    return Wanted(plan=plan, quantity=quantity, unit_price=price, list_price=public, periods=periods)


def _draft(*, quote: Quote, team: Team, buyer: Person, now: datetime, method: str) -> Draft:
    day, lines = today(now=now), []
    for line in quote.lines.select_related("plan__product").order_by("pk"):
        months = MONTHS[Period(line.plan.period)] * line.periods
        first = term(anchor=day, months=months, index=0)
        lowered = line.unit_price_minor < line.list_price_minor
        lines.append(
            DraftLine(
                plan=line.plan,
                quantity=line.quantity,
                unit_price=line.unit_price_minor,
                list_price=line.list_price_minor if lowered else None,
                periods=line.periods,
                term=first,
                starts_on=first.starts_on,
            )
        )
    return Draft(
        kind=OrderKind.NEW,
        team=team,
        placed_by=buyer,
        address=quote.address,
        language=quote.language,
        currency=quote.currency,
        key=f"quote-{quote.pk}",
        lines=lines,
        payment_method=method,
    )


def _decide(*, quote: Quote, to: QuoteState, now: datetime) -> None:
    quote.decide(to)
    quote.decided_at = now
    quote.save(update_fields=["state", "decided_at", "order"])


def _usable(address: Address) -> Address:
    address = address.tidy()
    if faults := address.faults():
        raise AddressIncomplete(fields=", ".join(faults))
    return address
