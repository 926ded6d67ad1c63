"""Writing an order down: what every verb that sells something ends with."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from licet.accounts.models import Person
from licet.catalog.models import Plan
from licet.eventlog.change import Record
from licet.kernel import brand
from licet.kernel.brand import Brand
from licet.orders.coupons import use
from licet.orders.events import OrderPlaced
from licet.orders.models import INVOICE, Contract, ContractItem, Number, Order, OrderLine
from licet.orders.pricing import display_of, sort_of
from licet.orders.promises import Coupon
from licet.orders.rules import FIRST_NUMBER, Address, creditor_reference
from licet.orders.states import LineKind, OrderKind
from licet.orders.taxing import Taxed, taxed
from licet.orders.terms import Term, part
from licet.taxes.checking import ask
from licet.taxes.rules import Display
from licet.teams.models import Team

PAID_FIRST = frozenset({"stripe", "testcard"})
"""Payment methods that lead away to pay at once: what was ordered comes with the money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """A line to be: so many licenses of a plan for `days` of the days of a `term`, until the term's end.

    `item`: what it prolongs, replaces or gives back. `unit_price`: of one period, in minor units.
    `list_price`: what it would be without coupon or quote. `off`: what a coupon takes off the line, in minor
    units; the `unit_price` is what is left for one then, rounded down.
    """

    plan: Plan
    quantity: int
    unit_price: int
    periods: int
    term: Term
    starts_on: date
    kind: LineKind = LineKind.CHARGE
    item: ContractItem | None = None
    most: int | None = None
    list_price: int | None = None
    off: int = 0

    @property
    def days(self) -> int:
        """For how many days of the term it is."""
        return (self.term.ends_on - self.starts_on).days

    @property
    def amount(self) -> int:
        """What it costs, rounded once; `most` bounds what a credit gives back."""
        price = self.unit_price * self.periods * self.quantity
        if self.off and self.list_price is not None:
            price = self.list_price * self.periods * self.quantity - self.off
        amount = part(price=price, days=self.days, term_days=self.term.days)
        if self.kind is LineKind.CREDIT:
            return -amount if self.most is None else -min(amount, self.most)
        return amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An order to be. `payer`, `contract`, `term_index` and `agreed` as on the order; `coupon` is locked."""

    kind: OrderKind
    team: Team
    placed_by: Person
    address: Address
    language: str
    currency: str
    key: str
    lines: list[DraftLine] = field(default_factory=list)
    payer: Team | None = None
    contract: Contract | None = None
    term_index: int | None = None
    payment_method: str = INVOICE
    coupon: Coupon | None = None
    agreed: dict[str, Any] = field(default_factory=dict)

    @property
    def display(self) -> Display:
        """Which prices its lines have: its contract's, else what suits who is invoiced; partners': net."""
        if self.contract is not None:
            return display_of(row=self.contract)
        return "net" if self.payer else sort_of(address=self.address)

    @property
    def is_consumer(self) -> bool:
        """Whether a private person is invoiced: no company, no VAT number."""
        return not (self.address.company or self.address.vat_number)

    def totals(self, *, on: date) -> Taxed:
        """Return what it adds up to when it is placed on a day."""
        return taxed(
            amounts=[(each.plan.product.tax_class, each.amount) for each in self.lines],
            currency=self.currency,
            address=self.address,
            is_consumer=self.is_consumer,
            display=self.display,
            on=on,
        )


def today(*, now: datetime) -> date:
    """Return the day on the vendor's calendar."""
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def write(*, draft: Draft, record: Record) -> Order:
    """Write the order and its lines; the caller has the team's lock, and fulfils it. A step."""
    day, vendor = today(now=record.now), brand.current()
    ask(number=draft.address.vat_number, record=record)
    totals = draft.totals(on=day)
    number = Number.objects.taken(first=FIRST_NUMBER)
    order = Order.objects.create(
        number=number,
        kind=draft.kind,
        contract=draft.contract,
        term_index=draft.term_index,
        team=draft.team,
        payer=draft.payer,
        placed_by=draft.placed_by,
        sold_by=_snapshot(vendor=vendor),
        billed_to=draft.address.stored(),
        is_consumer=draft.is_consumer,
        display=draft.display,
        purchase_order=draft.address.purchase_order,
        payment_method=draft.payment_method,
        language=draft.language,
        currency=draft.currency,
        net_minor=totals.net_minor,
        tax_minor=totals.tax_minor,
        gross_minor=totals.gross_minor,
        tax_lines=totals.lines,
        reference=creditor_reference(number=number),
        checkout_key=draft.key,
        coupon=draft.coupon,
        agreed=draft.agreed,
        placed_at=record.now,
        due_on=day + timedelta(days=vendor.payment_days),
    )
    OrderLine.objects.bulk_create(_line(order=order, line=each) for each in draft.lines)
    if draft.coupon is not None:
        use(coupon=draft.coupon, order=order, record=record)
    record(
        OrderPlaced(
            order=order.pk,
            number=str(order.number),
            kind=order.kind,
            total_minor=order.gross_minor,
            currency=order.currency,
        ),
        team=order.buyer_id,  # the customer of a partner does not read what the partner pays
    )
    return order


def waits_for_payment(*, order: Order) -> bool:
    """Whether its licenses come with the money only."""
    return order.payment_method in PAID_FIRST and order.gross_minor > 0 and order.kind != OrderKind.RENEWAL


def _line(*, order: Order, line: DraftLine) -> OrderLine:
    return OrderLine(
        order=order,
        team=order.team,
        kind=line.kind,
        plan=line.plan,
        item=line.item,
        license=line.item.license if line.item else None,
        quantity=line.quantity,
        periods=line.periods,
        unit_price_minor=line.unit_price,
        list_price_minor=line.list_price,
        amount_minor=line.amount,
        currency=order.currency,
        starts_on=line.starts_on,
        ends_on=line.term.ends_on,
        days=line.days,
        term_days=line.term.days,
    )


def _snapshot(*, vendor: Brand) -> dict[str, Any]:
    return {**asdict(vendor), "address": list(vendor.address)}
