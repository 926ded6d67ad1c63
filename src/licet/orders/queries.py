"""What pages and mails read of baskets and orders."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language

from licet.accounts.models import Person
from licet.catalog.models import Plan
from licet.catalog.prices import shop_prices
from licet.catalog.queries import restored, seller
from licet.catalog.rules import Period, Text
from licet.kernel.actor import Actor
from licet.kernel.brand import Brand
from licet.kernel.money import Money
from licet.kernel.money import total as sum_of
from licet.licenses.models import License
from licet.orders.basket import Basket, Line
from licet.orders.errors import PlanUnknown
from licet.orders.models import Order
from licet.orders.pricing import public_prices, sort_of, vat_of
from licet.orders.rules import Address, midnight
from licet.orders.states import LineKind, OrderKind
from licet.taxes.rules import SMALL_ENTERPRISE, Display, TaxLine
from licet.taxes.wording import sentence
from licet.teams.models import Member, Team
from licet.teams.permissions import ROLES, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """A line of the basket beside what the catalog says now; `same_sort`: both net, or both gross."""

    line: Line
    plan: Plan | None
    withdrawn: bool
    now_costs: Money
    same_sort: bool = True

    @property
    def name(self) -> str:
        """What the product is called; the code where the catalog never knew it."""
        return self.plan.product.name if self.plan else self.line.plan

    @property
    def price(self) -> Money:
        """The price of one license now."""
        return self.line.price if self.withdrawn else self.now_costs

    @property
    def amount(self) -> Money:
        """What the line costs now."""
        return self.price * self.line.quantity

    @property
    def price_changed(self) -> bool:
        """Whether the price is another one than when it was put in, VAT left aside."""
        return not self.withdrawn and self.same_sort and self.price != self.line.price


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedBasket:
    """A basket at today's prices, net or gross, with whatever changed since it was filled.

    `vat`: the percents that gross prices have in them.
    """

    basket: Basket
    lines: list[PricedLine]
    display: Display = "net"
    vat: tuple[Decimal, ...] = ()

    @property
    def gross(self) -> bool:
        """Whether prices have VAT in them."""
        return self.display == "gross"

    @property
    def sort_changed(self) -> bool:
        """Whether prices were seen without VAT and have it now, or the other way round."""
        return any(not line.same_sort for line in self.lines)

    @property
    def total(self) -> Money | None:
        """The sum of what can be ordered, net or gross; None where nothing can, or currencies differ."""
        amounts = [line.amount for line in self.lines if not line.withdrawn]
        if len({each.currency for each in amounts}) != 1:
            return None
        return sum_of(parts=amounts, currency=amounts[0].currency)

    @property
    def licenses(self) -> int:
        """How many licenses can be ordered, all lines together."""
        return sum(line.line.quantity for line in self.lines if not line.withdrawn)

    @property
    def withdrawn(self) -> list[PricedLine]:
        """The lines that can no longer be ordered."""
        return [line for line in self.lines if line.withdrawn]

    @property
    def changed(self) -> list[PricedLine]:
        """The lines whose price is another one now."""
        return [line for line in self.lines if line.price_changed]

    @property
    def orderable(self) -> bool:
        """Whether it can go to the checkout as it is."""
        return bool(self.lines) and not self.withdrawn and self.total is not None

    def shown(self) -> Basket:
        """Return the basket at the prices that this page shows."""
        prices = {each.line.plan: each.price for each in self.lines}
        return self.basket.seen(prices=prices, display=self.display)


def priced(
    *, basket: Basket, on: date, display: Display | None = None, address: Address | None = None
) -> PricedBasket:
    """Look the basket's plans up in the catalog, at the prices of a day (two statements; four if gross).

    `display`: net or gross prices; None for those that the basket was seen at. `address`: whose VAT gross
    prices have in them, where that is known.
    """
    sort = display or basket.display
    codes = [line.plan for line in basket.lines]
    plans = {p.code: p for p in Plan.objects.filter(code__in=codes).select_related("product__family")}
    vat = vat_of(plans=plans.values(), address=address, on=on) if sort == "gross" else {}
    prices = shop_prices(plans=list(plans.values()), on=on, display=sort, currency=basket.currency, vat=vat)
    lines = [
        PricedLine(
            line=line,
            plan=plans.get(line.plan),
            withdrawn=is_withdrawn(plan=plans.get(line.plan)),
            now_costs=prices[line.plan].money if line.plan in prices else line.price,
            same_sort=line.display == sort,
        )
        for line in basket.lines
    ]
    known = tuple(sorted({rate for rate in vat.values() if rate}))
    return PricedBasket(basket=basket, lines=lines, display=sort, vat=known)


def basket_of(*, wanted: Mapping[str, int], on: date, address: Address | None = None) -> Basket:
    """Fill a basket with so many licenses of each plan code, at the prices of a day.

    Without VAT; with it for an address of a private person. Refuses PlanUnknown for what is not sold, and
    what the basket itself refuses.
    """
    offered = Plan.objects.offered().filter(code__in=wanted).select_related("product")
    plans = {plan.code: plan for plan in offered}
    display = sort_of(address=address) if address else "net"
    prices = public_prices(plans=list(plans.values()), on=on, display=display, address=address)
    basket = Basket()
    for code, quantity in wanted.items():
        if code not in plans:
            raise PlanUnknown
        basket = basket.add(plan=code, quantity=quantity, price=prices[code].money, display=display)
    return basket


def is_withdrawn(*, plan: Plan | None) -> bool:
    """Whether a plan cannot be bought: it, its product or its family has left the vendor's file."""
    if plan is None:
        return True
    product = plan.product
    return any(each.withdrawn_at is not None for each in (plan, product, product.family))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLine:
    """A line of an order, ready to be shown."""

    product: str
    slug: str
    period: Period
    quantity: int
    unit_price: Money
    amount: Money
    starts_on: date
    ends_on: date
    valid_until: datetime
    waits: bool
    credit: bool
    days: int
    term_days: int
    moved: tuple[tuple[int, str], ...] = ()
    list_price: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedTax:
    """A row of an order's VAT: percent, amount, and the sentence that says why there is none."""

    rate: Decimal
    amount: Money
    wording: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedOrder:
    """An order as it was agreed, whatever has changed since."""

    order: Order
    lines: list[PlacedLine]
    address: Address
    seller: Brand
    taxes: list[PlacedTax]

    @property
    def with_vat(self) -> bool:
        """Whether its prices and amounts have VAT in them."""
        return self.order.display == "gross" and any(tax.rate for tax in self.taxes)

    @property
    def waits(self) -> bool:
        """Whether its licenses come with the payment only."""
        return self.order.fulfilled_at is None

    @property
    def terms_version(self) -> str:
        """Which version of the terms of sale the buyer agreed to; empty where none was shown."""
        return str(self.order.agreed.get("terms", {}).get("version", ""))

    @property
    def withdrawal_days(self) -> int:
        """Within how many days a consumer can withdraw; 0 for everybody else."""
        return int(self.order.agreed.get("withdrawal_days", 0))

    @property
    def renews_on(self) -> list[date]:
        """On which days its contracts renew, where the order made them."""
        made = self.order.kind == OrderKind.NEW
        return sorted({line.ends_on for line in self.lines if not line.credit}) if made else []


def placed(*, order: Order) -> PlacedOrder:
    """Return everything that the page and the mail of an order show (two statements).

    `moved`: how many licenses of a line are with which other team by now.
    """
    rows = list(order.lines.select_related("plan__product", "license").order_by("pk"))
    moved = _moved(licenses={row.license_id for row in rows if row.license_id}, team=order.team_id)
    return PlacedOrder(
        order=order,
        lines=[
            PlacedLine(
                product=row.plan.product.name,
                slug=row.plan.product.code,
                period=Period(row.plan.period),
                quantity=row.quantity,
                unit_price=row.unit_price,
                amount=row.amount,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                valid_until=midnight(day=row.ends_on, zone=ZoneInfo(settings.TIME_ZONE)),
                waits=row.license_id is None and order.fulfilled_at is None,
                credit=row.kind == LineKind.CREDIT,
                days=row.days,
                term_days=row.term_days,
                list_price=row.list_price,
                moved=tuple(moved.get(row.license_id or 0, ())),
            )
            for row in rows
        ],
        address=Address.restored(order.billed_to),
        seller=restored(values=order.sold_by),
        taxes=taxes_of(order=order),
    )


def taxes_of(*, order: Order) -> list[PlacedTax]:
    """Return an order's VAT, row by row, in the active language; nothing where none was counted."""
    return tax_rows(stored=order.tax_lines, currency=order.currency)


def tax_rows(*, stored: Iterable[dict[str, Any]], currency: str) -> list[PlacedTax]:
    """Return rows of VAT that `taxing.py` counted as pages show them."""
    rows = [TaxLine.restored(each) for each in stored]
    own = Text(seller().exemption) if any(each.wording == SMALL_ENTERPRISE for each in rows) else Text()
    language = get_language() or "en"
    return [
        PlacedTax(
            rate=each.rate,
            amount=Money(each.tax_minor, currency),
            wording=sentence(key=each.wording, own=own.read(language=language)),
        )
        for each in rows
    ]


def _moved(*, licenses: set[int], team: int) -> dict[int, list[tuple[int, str]]]:
    """Return, by license (key), how many of its seats are with which other team."""
    found: dict[int, list[tuple[int, str]]] = {}
    parts = License.objects.filter(Q(pk__in=licenses) | Q(split_from__in=licenses)).exclude(team=team)
    for each in parts.select_related("team").order_by("pk"):
        origin = each.pk if each.pk in licenses else each.split_from_id
        found.setdefault(origin or each.pk, []).append((each.seats, each.team.name))
    return found


def teams_to_order_for(*, actor: Actor) -> list[Team]:
    """Return the teams for which the actor may place orders, by name."""
    roles = [role for role, permissions in ROLES.items() if Permission.PLACE_ORDERS in permissions]
    rows = Member.objects.current().filter(person=actor.id, role__in=roles)
    return list(Team.objects.filter(pk__in=rows.values("team")).order_by("name", "pk"))


def last_address(*, person: Person) -> Address:
    """Return where the person's last order was billed to, without its order number; else the name alone."""
    order = Order.objects.filter(placed_by=person).order_by("-placed_at", "-pk").first()
    if order is None:
        return Address(name=person.full_name)
    return Address.restored({**order.billed_to, "purchase_order": ""})


def saved_addresses(*, actor: Actor, most: int = 6) -> list[tuple[str, Address]]:
    """Return where earlier orders of the actor and of the teams they run were billed to, the newest first.

    Each with the public id of its order; the same address once, order numbers left out (one statement).
    """
    found: dict[Address, str] = {}
    rows = Order.objects.visible_to(actor).order_by("-placed_at", "-pk").values_list("public_id", "billed_to")
    for order, values in rows[:60]:
        address = Address.restored({**values, "purchase_order": ""})
        found.setdefault(address, order)
    return [(order, address) for address, order in list(found.items())[:most]]


def placed_before(*, person: Person, key: str) -> Order | None:
    """Return the order that the person's form with this key has become, where it came before."""
    return Order.objects.of_checkout(person=person.pk, key=key)
