"""From the lines of an order to those of its invoice: names, VAT, what a coupon took off."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licet.catalog.rules import Period
from licet.invoices.document import Line
from licet.orders.drafting import today
from licet.orders.models import Order, OrderLine
from licet.orders.states import LineKind
from licet.taxes.queries import rates
from licet.taxes.rules import Category, Rate, TaxLine, Treatment, line_nets, rate_on, tax_on


def lines_of(*, order: Order, rows: list[OrderLine]) -> tuple[Line, ...]:
    """Return the lines of an order as its invoice has them, in the active language."""
    taxes = tax_lines(order=order)
    known = rates() if len(taxes) > 1 else ()
    found = [taxes[0] if len(taxes) == 1 else _fitting(row, taxes, known) for row in rows]
    net = is_net(order=order)
    pairs = [(_treatment(tax), row.amount_minor) for tax, row in zip(found, rows, strict=True)]
    nets = line_nets(lines=pairs, display="net" if net else "gross")
    return tuple(
        _line(order=order, row=row, tax=tax, amount=amount, net=net)
        for row, tax, amount in zip(rows, found, nets, strict=True)
    )


def _line(*, order: Order, row: OrderLine, tax: TaxLine, amount: int, net: bool) -> Line:
    line = Line(
        name=row.plan.product.name,
        detail=_detail(row),
        quantity=-row.quantity if row.kind == LineKind.CREDIT else row.quantity,
        unit_price_minor=row.unit_price_minor * row.periods,
        amount_minor=amount,
        shown_minor=None if net else row.amount_minor,
        starts_on=row.starts_on,
        last_on=row.ends_on - timedelta(days=1),
        category=str(tax.category.value),
        rate=tax.rate,
    )
    if order.coupon is None or row.list_price_minor is None or row.kind == LineKind.CREDIT:
        return line
    unit = row.list_price_minor * row.periods
    whole = unit * row.quantity
    before = whole - (0 if net else tax_on(amount_minor=whole, rate=tax.rate, display="gross"))
    return replace(
        line,
        unit_price_minor=unit,
        off_minor=before - amount,
        off_shown_minor=None if net else whole - row.amount_minor,
        off_reason=_("Coupon %(code)s") % {"code": order.coupon.code} if before > amount else "",
    )


def _detail(row: OrderLine) -> str:
    part = {"days": row.days, "all": row.term_days}
    if row.kind == LineKind.CREDIT:
        return _("Given back for the unused part: %(days)s of %(all)s days") % part
    if row.days != row.term_days:
        return _("Part of the term: %(days)s of %(all)s days") % part
    if row.plan.period == Period.YEAR:
        return ngettext("License for %(count)s year", "License for %(count)s years", row.periods) % {
            "count": row.periods
        }
    return _("License for one month")


def is_net(*, order: Order) -> bool:
    """Whether the document shows prices without VAT; those that have none in them are so, too."""
    return order.display == "net" or not any(tax.rate for tax in tax_lines(order=order))


def tax_lines(*, order: Order) -> list[TaxLine]:
    """Return the VAT of an order by category and rate; one row without any where none is charged."""
    rows = [TaxLine.restored(each) for each in order.tax_lines]
    if rows:
        return rows
    untaxed = TaxLine(
        category=Category.ZERO, rate=Decimal(0), country="", base_minor=order.net_minor, tax_minor=0
    )
    return [untaxed]


def _fitting(row: OrderLine, taxes: list[TaxLine], known: Sequence[Rate]) -> TaxLine:
    """Return the row of the order's VAT that a line belongs to: the one with the rate of its tax class."""
    for tax in taxes:
        rate = rate_on(
            rates=known,
            country=tax.country,
            region="",
            tax_class=row.plan.product.tax_class,
            on=today(now=row.order.placed_at),
        )
        if rate == tax.rate:
            return tax
    return taxes[0]


def _treatment(tax: TaxLine) -> Treatment:
    return Treatment(
        category=tax.category, rate=tax.rate, country=tax.country, code=tax.code, wording=tax.wording
    )
