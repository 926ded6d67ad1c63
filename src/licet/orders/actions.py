"""Every write to orders: placing one."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from licet.accounts.models import Person
from licet.catalog.models import Plan
from licet.catalog.rules import MONTHS, Period
from licet.eventlog.change import Record, change
from licet.kernel import brand
from licet.kernel.actor import Actor
from licet.kernel.brand import Brand
from licet.kernel.refusal import Forbidden
from licet.licenses import actions as licenses
from licet.orders.basket import Basket, check
from licet.orders.errors import (
    AddressIncomplete,
    CheckoutKeyMissing,
    PriceChanged,
    ProductWithdrawn,
)
from licet.orders.events import OrderPlaced
from licet.orders.models import Number, Order, OrderLine
from licet.orders.queries import PricedBasket, priced
from licet.orders.rules import FIRST_NUMBER, Address, creditor_reference, term_end
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
    by: Actor,
    now: datetime,
) -> Order:
    """Order what is in the basket for a team (for a new one of this name where `team` is None).

    The licenses are on the team at once. The same `checkout_key` of the same person gives the
    same order, however often and however fast it comes. Refuses who may not order for the
    team, an empty basket, one that breaks a limit, an address that is not complete, a product
    that was withdrawn and a price that is another one than the basket says.
    """
    _require(by=by, team=team)
    if not 8 <= len(checkout_key) <= 40:
        raise CheckoutKeyMissing
    earlier = Order.objects.of_checkout(person=by.id or 0, key=checkout_key)
    if earlier is not None:
        return earlier
    address = _usable(address=address)
    check(basket=basket)
    try:
        with change(by=by, now=now) as record:
            # The same form, sent twice in one moment, meets here; the second finds the first's order.
            buyer = Person.objects.select_for_update(no_key=True).get(pk=by.id or 0)
            earlier = Order.objects.of_checkout(person=buyer.pk, key=checkout_key)
            if earlier is not None:
                raise _Placed(earlier)
            team = _licensee(team=team, team_name=team_name, buyer=buyer, by=by, record=record)
            plans = _agreed(now_priced=priced(basket=basket))
            order = _order(
                basket=basket,
                team=team,
                buyer=buyer,
                address=address,
                key=checkout_key,
                language=language,
                now=now,
            )
            _lines(order=order, basket=basket, plans=plans, record=record)
            record(_fact(order), team=team.pk)
    except _Placed as placed:
        return placed.order
    return order


def _licensee(*, team: Team | None, team_name: str, buyer: Person, by: Actor, record: Record) -> Team:
    if team is None:
        return teams.found(name=team_name, owner=buyer, record=record)
    # Against another order that makes the same pool, and a role that goes while this one waits.
    team = Team.objects.locked(team.pk)
    require(by, Permission.PLACE_ORDERS, team)
    return team


def _fact(order: Order) -> OrderPlaced:
    return OrderPlaced(
        order=order.pk, number=str(order.number), total_minor=order.total_minor, currency=order.currency
    )


def _require(*, by: Actor, team: Team | None) -> None:
    if not by.is_person:
        raise Forbidden
    if team is not None:
        require(by, Permission.PLACE_ORDERS, team)
    elif by.scopes is not None and Permission.PLACE_ORDERS not in by.scopes:
        raise Forbidden


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
    if now_priced.changed:
        raise PriceChanged(products=", ".join(line.name for line in now_priced.changed))
    return {line.line.plan: line.plan for line in now_priced.lines if line.plan is not None}


def _order(
    *,
    basket: Basket,
    team: Team,
    buyer: Person,
    address: Address,
    key: str,
    language: str,
    now: datetime,
) -> Order:
    vendor = brand.current()
    number = Number.objects.taken(first=FIRST_NUMBER)
    return Order.objects.create(
        number=number,
        team=team,
        placed_by=buyer,
        sold_by=_snapshot(vendor=vendor),
        billed_to=address.stored(),
        language=language,
        currency=basket.currency,
        total_minor=basket.total.amount,
        reference=creditor_reference(number=number),
        checkout_key=key,
        placed_at=now,
        due_on=_today(now=now) + timedelta(days=vendor.payment_days),
    )


def _lines(*, order: Order, basket: Basket, plans: dict[str, Plan], record: Record) -> None:
    zone = ZoneInfo(settings.TIME_ZONE)
    for line in basket.lines:
        plan = plans[line.plan]
        license = licenses.issue(
            team=order.team,
            product=plan.product,
            seats=line.quantity,
            terms=plan.read_terms(),
            valid_from=record.now,
            valid_until=term_end(anchor=record.now, months=MONTHS[Period(plan.period)], zone=zone),
            record=record,
        )
        OrderLine.objects.create(
            order=order,
            team=order.team,
            plan=plan,
            license=license,
            quantity=line.quantity,
            unit_price_minor=line.price.amount,
            amount_minor=line.amount.amount,
            currency=line.price.currency,
        )


def _today(*, now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _snapshot(*, vendor: Brand) -> dict[str, Any]:
    return {**asdict(vendor), "address": list(vendor.address)}
