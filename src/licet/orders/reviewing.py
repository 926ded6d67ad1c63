"""What a page shows before an order: lines, VAT, sums, what comes after the first term. Nothing writes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from licet.catalog.models import Plan
from licet.catalog.rules import MONTHS, Period
from licet.kernel.money import Money
from licet.orders.consumers import Pack, pack_of
from licet.orders.coupons import off_order
from licet.orders.pricing import sort_of
from licet.orders.promises import Coupon, Quote
from licet.orders.queries import PlacedTax, PricedBasket, tax_rows
from licet.orders.rules import Address
from licet.orders.taxing import taxed
from licet.orders.terms import Term, term


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line to be: what one license costs for one period, and would cost without what lowers it.

    Without VAT for a business, with it for a consumer. `off`: what a coupon takes off the whole line, in
    minor units.
    """

    plan: Plan
    quantity: int
    unit_price: Money
    list_price: Money | None
    lasting: bool
    periods: int = 1
    off: int = 0

    @property
    def amount(self) -> Money:
        """What the line costs."""
        whole = self.unit_price * (self.quantity * self.periods)
        return Money(whole.amount - self.off, whole.currency)

    @property
    def later(self) -> Money:
        """What it costs for a later term, as prices are now."""
        price = self.unit_price if self.lasting or self.list_price is None else self.list_price
        return price * (self.quantity * self.periods)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What comes after the first term of a period: the term, and the price of the next one."""

    period: Period
    periods: int
    first: Term
    later: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """An order to be, added up. `with_vat`: whether rows, later prices and what is saved have VAT in them."""

    rows: list[Row]
    net: Money
    gross: Money
    taxes: list[PlacedTax]
    with_vat: bool
    renewals: list[Renewal]
    pack: Pack
    saved: Money


def rows_of(*, priced: PricedBasket, coupon: Coupon | None) -> list[Row]:
    """Return the lines of a basket at today's prices, net or gross as it has them, lowered by a coupon."""
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
    fitting = [row for row in rows if row.list_price is not None]
    offs = iter(off_order(coupon=coupon, amounts=[row.amount.amount for row in fitting]))
    return [row if row.list_price is None else replace(row, off=next(offs)) for row in rows]


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
    """Add an order up as it would be placed on a day; rows at the prices that suit the address.

    Refuses RateUnknown.
    """
    display, currency = sort_of(address=address), rows[0].unit_price.currency
    told = taxed(
        amounts=[(row.plan.product.tax_class, row.amount.amount) for row in rows],
        currency=currency,
        address=address,
        is_consumer=display == "gross",
        display=display,
        on=on,
    )
    saved = sum(
        ((row.list_price or row.unit_price) - row.unit_price).amount * row.quantity * row.periods + row.off
        for row in rows
    )
    return Reviewed(
        rows=list(rows),
        net=Money(told.net_minor, currency),
        gross=Money(told.gross_minor, currency),
        taxes=tax_rows(stored=told.lines, currency=currency),
        with_vat=display == "gross" and any(told.rates.values()),
        renewals=_renewals(rows=rows, on=on),
        pack=pack_of(country=address.country, is_consumer=display == "gross"),
        saved=Money(saved, currency),
    )


def _renewals(*, rows: Sequence[Row], on: date) -> list[Renewal]:
    """Return what comes after each length of term among the lines, the longest first."""
    found: dict[tuple[Period, int], int] = {}
    for row in rows:
        key = Period(row.plan.period), row.periods
        found[key] = found.get(key, 0) + row.later.amount
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
