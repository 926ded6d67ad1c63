"""What partners do with orders: find a customer, and order for one at their own prices.

The partner's team pays (`payer`), the customer's team owns the licenses. The customer hears of the order
without a price.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from licet.accounts.models import Person
from licet.catalog.models import Plan
from licet.catalog.rules import MONTHS, Period
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.money import Money
from licet.kernel.refusal import Forbidden
from licet.licenses.models import License
from licet.licenses.states import USABLE
from licet.orders.basket import check_quantity
from licet.orders.drafting import Draft, DraftLine, today, write
from licet.orders.errors import (
    AddressIncomplete,
    BasketEmpty,
    CheckoutKeyMissing,
    MixedCurrency,
    OfferChanged,
    PlanUnknown,
)
from licet.orders.fulfilling import fulfil
from licet.orders.models import Contract, Order
from licet.orders.rules import Address
from licet.orders.states import ContractState, OrderKind
from licet.orders.terms import term
from licet.partners import consenting
from licet.partners.errors import NoAccess
from licet.partners.events import PartnerOrdered
from licet.partners.models import Access, Partner
from licet.partners.queries import partner_prices
from licet.partners.states import AccessState
from licet.teams.models import Team
from licet.teams.permissions import Permission, require
from licet.teams.queries import is_address


class _Placed(Exception):
    """Leaves the transaction of a form that came twice."""

    def __init__(self, order: Order) -> None:
        super().__init__()
        self.order = order


def ask(*, partner: Partner, hint: str, by: Actor, now: datetime) -> Access:
    """Ask a customer for access: by a team's public id, an order's number, or an e-mail address.

    Whatever there is behind it, the answer is the same. Refuses like `consenting.ask`.
    """
    typed = " ".join(hint.split())
    team, email = None, ""
    if is_address(typed):
        email = typed = typed.lower()
    else:
        team = _meant(typed)
    return consenting.ask(partner=partner, hint=typed, team=team, email=email, by=by, now=now)


def offered(*, partner: Partner, on: date) -> list[tuple[Plan, Money]]:
    """Return what a partner can order, in the catalog's order, with what one license costs it."""
    plans = list(
        Plan.objects.offered()
        .filter(product__withdrawn_at=None, product__family__withdrawn_at=None)
        .select_related("product__family")
        .order_by("product__family__position", "product__position", "-period", "pk")
    )
    prices = partner_prices(partner=partner, plans=plans, on=on)
    return [(plan, prices[plan.code]) for plan in plans if plan.code in prices]


def order(
    *,
    access: Access,
    wanted: Mapping[str, int],
    seen: int,
    purchase_order: str = "",
    key: str,
    language: str,
    by: Actor,
    now: datetime,
) -> Order:
    """Order so many licenses of each plan code for a customer who said yes; they are on its team at once.

    `seen`: the sum without VAT on the page, minor units. The same `key` of the same person gives the same
    order. Refuses who may not order for the partner, PartnerNotActive, NoAccess, and what `draft` refuses.
    """
    person = ordering(partner=access.partner, key=key, by=by)
    try:
        with change(by=by, now=now) as record:
            # competing: the customer who ends the access is first, or finds the order placed
            access = Access.objects.locked(access.pk)
            _once(person=person, key=key)
            if access.state != AccessState.GRANTED or access.team is None:
                raise NoAccess
            partner = consenting.active(partner=access.partner)
            team = Team.objects.locked(access.team.pk)
            made = draft(
                partner=partner,
                team=team,
                kind=OrderKind.NEW,
                wanted=wanted,
                purchase_order=purchase_order,
                key=key,
                language=language,
                person=person,
                now=now,
            )
            placed = ordered(made=made, seen=seen, record=record)
            fact = PartnerOrdered(
                partner=partner.pk, order=placed.pk, number=str(placed.number), partner_name=partner.name
            )
            record(fact, team=team.pk)
            return placed
    except _Placed as before:
        return before.order


def ordering(*, partner: Partner, key: str, by: Actor) -> Person:
    """Return who orders for a partner; refuses who may not, and CheckoutKeyMissing."""
    if not by.is_person:
        raise Forbidden
    require(by, Permission.PLACE_ORDERS, partner.team)
    if not 8 <= len(key) <= 40:
        raise CheckoutKeyMissing
    return Person.objects.get(pk=by.id or 0)


def draft(
    *,
    partner: Partner,
    team: Team,
    kind: OrderKind,
    wanted: Mapping[str, int],
    purchase_order: str,
    key: str,
    language: str,
    person: Person,
    now: datetime,
    periods: int = 1,
) -> Draft:
    """Return the order to be, at the partner's prices of today.

    Refuses BasketEmpty, PlanUnknown, QuantityOutOfRange, MixedCurrency, AddressIncomplete.
    """
    wanted = {code: quantity for code, quantity in wanted.items() if quantity}
    if not wanted:
        raise BasketEmpty
    day = today(now=now)
    known = {plan.code: (plan, price) for plan, price in offered(partner=partner, on=day)}
    if not wanted.keys() <= known.keys():
        raise PlanUnknown
    for quantity in wanted.values():
        check_quantity(quantity=quantity)
    lines = [_line(*known[code], quantity, periods=periods, day=day) for code, quantity in wanted.items()]
    currencies = list(dict.fromkeys(known[code][1].currency for code in wanted))
    if len(currencies) > 1:
        raise MixedCurrency(held=currencies[0], wanted=currencies[1])
    return Draft(
        kind=kind,
        team=team,
        payer=partner.team,
        placed_by=person,
        address=billing(partner=partner, purchase_order=purchase_order),
        language=language,
        currency=currencies[0],
        key=key,
        lines=lines,
    )


def _line(plan: Plan, price: Money, quantity: int, *, periods: int, day: date) -> DraftLine:
    first = term(anchor=day, months=MONTHS[Period(plan.period)] * periods, index=0)
    return DraftLine(
        plan=plan,
        quantity=quantity,
        unit_price=price.amount,
        periods=periods,
        term=first,
        starts_on=first.starts_on,
    )


def ordered(*, made: Draft, seen: int, record: Record) -> Order:
    """Write the order and fulfil it; refuses OfferChanged where its net sum is not `seen`. A step."""
    placed = write(draft=made, record=record)
    if placed.net_minor != seen:
        raise OfferChanged
    return fulfil(order=placed, record=record)


def billing(*, partner: Partner, purchase_order: str = "") -> Address:
    """Return where a partner's invoices go. Refuses AddressIncomplete."""
    address = Address(
        company=partner.name,
        name=partner.contact,
        street=partner.street,
        extra=partner.extra,
        postal_code=partner.postal_code,
        city=partner.city,
        country=partner.country,
        vat_number=partner.vat_number,
        purchase_order=purchase_order,
    ).tidy()
    faults = address.faults()
    if faults:
        raise AddressIncomplete(fields=", ".join(faults))
    return address


# --- what pages show ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How many licenses of a product a customer has, and until when at least."""

    product: str
    seats: int
    valid_until: datetime


def figures(*, access: Access, by: Actor, now: datetime) -> list[Figure]:
    """Return how many licenses the customer has; no names of people. Refuses NoAccess."""
    require(by, Permission.SEE_ORDERS, access.partner.team)
    if access.state != AccessState.GRANTED or access.team is None:
        raise NoAccess
    rows = License.objects.usable(now).filter(team=access.team).select_related("pool__product")
    found: dict[str, Figure] = {}
    for each in rows.order_by("pool__product__position", "pk"):
        if each.standing(now) not in USABLE:
            continue
        name = each.pool.product.name
        before = found.get(name)
        found[name] = Figure(
            product=name,
            seats=each.seats + (before.seats if before else 0),
            valid_until=min(each.valid_until, before.valid_until) if before else each.valid_until,
        )
    return list(found.values())


def renewals(*, partner: Partner, most: int = 10) -> list[Contract]:
    """Return the contracts that the partner pays for and that run, the next to renew first."""
    rows = Contract.objects.filter(payer=partner.team, state=ContractState.ISSUED)
    return list(rows.select_related("team", "payer").order_by("ends_on", "pk")[:most])


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateLine:
    """So many licenses of a product for the days from `starts_on` to `last_on`."""

    product: str
    quantity: int
    starts_on: date
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a team has by a partner's order: no price, no address of the partner's invoice."""

    order: Order
    partner: str
    lines: list[CertificateLine]


def certificates(*, team: Team, order: str = "") -> list[Certificate]:
    """Return the certificates of a team, the newest first; of one order (public id) alone."""
    rows = Order.objects.filter(team=team, payer__isnull=False).exclude(kind=OrderKind.VOUCHERS)
    if order:
        rows = rows.filter(public_id=order)
    found = list(rows.select_related("team").order_by("-placed_at", "-pk"))
    names = dict(
        Partner.objects.filter(team__in={each.payer_id for each in found}).values_list("team", "name")
    )
    return [
        Certificate(
            order=each,
            partner=names.get(each.payer_id or 0, ""),
            lines=[
                CertificateLine(
                    product=line.plan.product.name,
                    quantity=line.quantity,
                    starts_on=line.starts_on,
                    last_on=line.ends_on.fromordinal(line.ends_on.toordinal() - 1),
                )
                for line in each.lines.select_related("plan__product").order_by("pk")
                if line.amount_minor >= 0
            ],
        )
        for each in found
    ]


def _meant(typed: str) -> Team | None:
    """Return the team that a public id or an order number means."""
    team = Team.objects.filter(public_id=typed, archived_at=None).first()
    if team is None and typed.isascii() and typed.isdigit() and len(typed) < 18:
        found = Order.objects.filter(number=int(typed), team__archived_at=None).select_related("team").first()
        team = found.team if found else None
    return team


def _once(*, person: Person, key: str) -> None:
    earlier = Order.objects.of_checkout(person=person.pk, key=key)
    if earlier is not None:
        raise _Placed(earlier)
