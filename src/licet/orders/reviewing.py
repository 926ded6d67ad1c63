"""What a page shows before an order: lines, VAT, sums, what comes after the first term. Nothing writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from licet.catalog.models import Plan
from licet.catalog.rules import MONTHS, Period
from licet.kernel.money import Money
from licet.orders.consumers import Pack, pack_of
from licet.orders.promises import Coupon, Quote
from licet.orders.queries import PlacedTax, PricedBasket, tax_rows
from licet.orders.rules import Address
from licet.orders.taxing import taxed
from licet.orders.terms import Term, term
from licet.taxes.rules import tax_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line to be: what one license costs for one period, and would cost without what lowers it."""

    plan: Plan
    quantity: int
    unit_price: Money
    list_price: Money | None
    lasting: bool
    periods: int = 1

    @property
    def net(self) -> Money:
        """What the line costs, without VAT."""
        return self.unit_price * (self.quantity * self.periods)

    @property
    def later(self) -> Money:
        """What it costs for a later term, as prices are now."""
        price = self.unit_price if self.lasting or self.list_price is None else self.list_price
        return price * (self.quantity * self.periods)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A line as the buyer reads it: `unit_price`, `list_price` and `amount` with VAT for a consumer."""

    plan: Plan
    quantity: int
    periods: int
    unit_price: Money
    list_price: Money | None
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What comes after the first term of a period: the term, and the price of the next one."""

    period: Period
    periods: int
    first: Term
    later: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """An order to be, added up. `with_vat`: whether rows and later prices have VAT in them."""

    rows: list[ShownRow]
    net: Money
    gross: Money
    taxes: list[PlacedTax]
    with_vat: bool
    renewals: list[Renewal]
    pack: Pack
    saved: Money


def rows_of(*, priced: PricedBasket, coupon: Coupon | None) -> list[Row]:
    """Return the lines of a basket at today's prices, lowered by a coupon where it fits."""
    rows = []
    for line in priced.lines:
        if line.plan is None:
            continue
        fits = coupon is not None and coupon.fits(line.plan, line.price.currency)
        lowered = coupon.lowered(line.price.amount) if coupon and fits else line.price.amount
        rows.append(
            Row(
                plan=line.plan,
                quantity=line.line.quantity,
                unit_price=Money(lowered, line.price.currency),
                list_price=line.price if fits else None,
                lasting=bool(coupon and coupon.every_term),
            )
        )
    return rows


def rows_of_quote(*, quote: Quote) -> list[Row]:
    """Return the lines of a quote (one statement)."""
    return [
        Row(
            plan=line.plan,
            quantity=line.quantity,
            periods=line.periods,
            unit_price=line.unit_price,
            list_price=line.list_price,
            lasting=False,
        )
        for line in quote.lines.select_related("plan__product__family").order_by("pk")
    ]


def review(*, rows: Sequence[Row], address: Address, on: date) -> Reviewed:
    """Add an order up as it would be placed on a day. Refuses RateUnknown."""
    consumer = not (address.company or address.vat_number)
    currency = rows[0].unit_price.currency
    told = taxed(
        amounts=[(row.plan.product.tax_class, row.net.amount) for row in rows],
        currency=currency,
        address=address,
        is_consumer=consumer,
        on=on,
    )
    gross = Money(told.gross_minor, currency)
    shown = [_shown(row, told.rates, consumer) for row in rows]
    if consumer:
        shown = _adding_up(shown, gross)
    lists = sum((row.list_price or row.unit_price).amount * row.quantity * row.periods for row in rows)
    return Reviewed(
        rows=shown,
        net=Money(told.net_minor, currency),
        gross=gross,
        taxes=tax_rows(stored=told.lines, currency=currency),
        with_vat=consumer and bool(told.lines),
        renewals=_renewals(rows=rows, rates=told.rates if consumer else {}, on=on),
        pack=pack_of(country=address.country, is_consumer=consumer),
        saved=Money(lists - told.net_minor, currency),
    )


def _shown(row: Row, rates: dict[str, Decimal], consumer: bool) -> ShownRow:
    rate = rates.get(row.plan.product.tax_class, Decimal(0)) if consumer else Decimal(0)
    return ShownRow(
        plan=row.plan,
        quantity=row.quantity,
        periods=row.periods,
        unit_price=_with(row.unit_price, rate),
        list_price=None if row.list_price is None else _with(row.list_price, rate),
        amount=_with(row.net, rate),
    )


def _with(money: Money, rate: Decimal) -> Money:
    return Money(money.amount + tax_on(amount_minor=money.amount, rate=rate, display="net"), money.currency)


def _adding_up(rows: list[ShownRow], gross: Money) -> list[ShownRow]:
    """Give what rounding line by line leaves of the sum to the largest line."""
    left = gross.amount - sum(row.amount.amount for row in rows)
    if not left:
        return rows
    largest = max(range(len(rows)), key=lambda at: rows[at].amount.amount)
    fixed = list(rows)
    old = fixed[largest]
    fixed[largest] = ShownRow(
        plan=old.plan,
        quantity=old.quantity,
        periods=old.periods,
        unit_price=old.unit_price,
        list_price=old.list_price,
        amount=Money(old.amount.amount + left, gross.currency),
    )
    return fixed


def _renewals(*, rows: Sequence[Row], rates: dict[str, Decimal], on: date) -> list[Renewal]:
    """Return what comes after each length of term among the lines, the longest first."""
    found: dict[tuple[Period, int], int] = {}
    for row in rows:
        key = Period(row.plan.period), row.periods
        rate = rates.get(row.plan.product.tax_class, Decimal(0))
        found[key] = found.get(key, 0) + _with(row.later, rate).amount
    currency = rows[0].unit_price.currency
    return [
        Renewal(
            period=period,
            periods=periods,
            first=term(anchor=on, months=MONTHS[period] * periods, index=0),
            later=Money(amount, currency),
        )
        for (period, periods), amount in sorted(
            found.items(), key=lambda each: -MONTHS[each[0][0]] * each[0][1]
        )
    ]
