"""Every write to orders: placing one."""

from dataclasses import replace
from datetime import date, datetime

from licet.accounts.models import Person
from licet.catalog.models import Plan
from licet.catalog.rules import MONTHS, Period
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden
from licet.orders import coupons
from licet.orders.agreements import Ticked, agreed
from licet.orders.basket import Basket, check
from licet.orders.drafting import Draft, DraftLine, today, waits_for_payment, write
from licet.orders.errors import (
    AddressIncomplete,
    CheckoutKeyMissing,
    PriceChanged,
    ProductWithdrawn,
)
from licet.orders.fulfilling import fulfil
from licet.orders.models import INVOICE, Order
from licet.orders.pricing import sort_of
from licet.orders.promises import Coupon
from licet.orders.queries import PricedBasket, priced
from licet.orders.rules import Address
from licet.orders.states import OrderKind
from licet.orders.terms import term
from licet.teams import actions as teams
from licet.teams.models import Team
from licet.teams.permissions import Permission, require


class _Placed(Exception):
    """Leaves the transaction of a form that came twice: there is nothing to write."""

    def __init__(self, order: Order) -> None:
        super().__init__()
        self.order = order


def place(
    *,
    basket: Basket,
    team: Team | None,
    team_name: str,
    address: Address,
    checkout_key: str,
    language: str,
    payment_method: str = INVOICE,
    periods: int = 1,
    coupon: str = "",
    ticked: Ticked | None = None,
    by: Actor,
    now: datetime,
) -> Order:
    """Order what is in the basket for a team (for a new one of this name where `team` is None).

    It makes a contract, or one for each length of term, and gives its licenses at once, unless it is paid
    first. `periods`: years at a time, of what is sold by the year. `ticked`: what the buyer agreed to; None
    where no page asked. The same `checkout_key` of the same person gives the same order. Refuses who may not
    order, a bad basket or address, withdrawn products; changed prices, or net ones where a consumer buys.
    """
    _require(by=by, team=team, key=checkout_key)
    if earlier := Order.objects.of_checkout(person=by.id or 0, key=checkout_key):
        return earlier
    address = _usable(address=address)
    check(basket=basket)
    try:
        with change(by=by, now=now) as record:
            # The same form, sent twice in one moment, meets here; the second finds the first's order.
            buyer = Person.objects.select_for_update(no_key=True).get(pk=by.id or 0)
            if earlier := Order.objects.of_checkout(person=buyer.pk, key=checkout_key):
                raise _Placed(earlier)
            team = licensee(team=team, team_name=team_name, buyer=buyer, record=record)
            draft = _draft(
                basket=basket,
                code=coupon,
                ticked=ticked,
                team=team,
                buyer=buyer,
                address=address,
                key=checkout_key,
                language=language,
                payment_method=payment_method,
                periods=periods,
                now=now,
            )
            return order_of(draft=draft, record=record)
    except _Placed as placed:
        return placed.order


def order_of(*, draft: Draft, record: Record) -> Order:
    """Write an order down and give out its licenses, unless it is paid first. A step under the team lock."""
    order = write(draft=draft, record=record)
    if not waits_for_payment(order=order):
        fulfil(order=order, record=record)
    return order


def licensee(*, team: Team | None, team_name: str, buyer: Person, record: Record) -> Team:
    """Lock the team that gets the licenses, or found it. A step. Refuses who may not order for it."""
    if team is None:
        return teams.found(name=team_name, owner=buyer, record=record)
    # Against another order that makes the same pool, and a role that goes while this one waits.
    team = Team.objects.locked(team.pk)
    require(record.by, Permission.PLACE_ORDERS, team)
    return team


def _require(*, by: Actor, team: Team | None, key: str) -> None:
    if not by.is_person:
        raise Forbidden
    if team is not None:
        require(by, Permission.PLACE_ORDERS, team)
    elif by.scopes is not None and Permission.PLACE_ORDERS not in by.scopes:
        raise Forbidden
    if not 8 <= len(key) <= 40:
        raise CheckoutKeyMissing


def _usable(*, address: Address) -> Address:
    address = address.tidy()
    faults = address.faults()
    if faults:
        raise AddressIncomplete(fields=", ".join(faults))
    return address


def _agreed(*, now_priced: PricedBasket) -> dict[str, Plan]:
    """Return the plans by code, or refuse what is no longer what the buyer saw."""
    if now_priced.withdrawn:
        raise ProductWithdrawn(products=", ".join(line.name for line in now_priced.withdrawn))
    changed = [line for line in now_priced.lines if line.price_changed or not line.same_sort]
    if changed:
        raise PriceChanged(products=", ".join(line.name for line in changed))
    return {line.line.plan: line.plan for line in now_priced.lines if line.plan is not None}


def _coupon(
    *, code: str, team: Team, buyer: Person, basket: Basket, plans: dict[str, Plan], day: date
) -> Coupon | None:
    if not code:
        return None
    found = coupons.usable(
        code=code, team=team, person=buyer, plans=list(plans.values()), currency=basket.currency, on=day
    )
    return coupons.reserve(coupon=found, team=team, person=buyer, on=day)


def _lowered(*, lines: list[DraftLine], coupon: Coupon | None) -> list[DraftLine]:
    """Take what a coupon gives for the whole order off the lines that it fits."""
    fitting = [each for each in lines if each.list_price is not None]
    offs = iter(coupons.off_order(coupon=coupon, amounts=[each.amount for each in fitting]))
    return [line if line.list_price is None else _off(line, next(offs)) for line in lines]


def _off(line: DraftLine, off: int) -> DraftLine:
    if not off:
        return line
    return replace(line, off=off, unit_price=(line.amount - off) // (line.quantity * line.periods))


def _draft(
    *,
    basket: Basket,
    team: Team,
    buyer: Person,
    address: Address,
    key: str,
    language: str,
    payment_method: str,
    periods: int,
    code: str,
    ticked: Ticked | None,
    now: datetime,
) -> Draft:
    day = today(now=now)
    display = sort_of(address=address)
    plans = _agreed(now_priced=priced(basket=basket, on=day, display=display, address=address))
    coupon = _coupon(code=code, team=team, buyer=buyer, basket=basket, plans=plans, day=day)
    lines = []
    for line in basket.lines:
        plan = plans[line.plan]
        many = periods if plan.period == Period.YEAR else 1
        first = term(anchor=day, months=MONTHS[Period(plan.period)] * many, index=0)
        fits = coupon is not None and coupon.fits(plan, basket.currency)
        lines.append(
            DraftLine(
                plan=plan,
                quantity=line.quantity,
                unit_price=coupon.lowered(line.price.amount) if coupon and fits else line.price.amount,
                list_price=line.price.amount if fits else None,
                periods=many,
                term=first,
                starts_on=first.starts_on,
            )
        )
    lines = _lowered(lines=lines, coupon=coupon)
    return Draft(
        kind=OrderKind.NEW,
        team=team,
        placed_by=buyer,
        address=address,
        language=language,
        currency=basket.currency,
        key=key,
        lines=lines,
        payment_method=payment_method,
        coupon=coupon,
        agreed=agreed(ticked=ticked, country=address.country, is_consumer=display == "gross", now=now),
    )
