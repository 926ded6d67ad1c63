"""What a consumer who withdraws gets back, and what is kept for the days until then. Nothing here writes.

Source: article 14 (3) of Directive 2011/83/EU: whoever expressly asked that the service begins before the 14
days are over pays what was given until the withdrawal was declared, in proportion to the whole price; whoever
did not ask pays nothing (article 14 (4) (a)).
"""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from licet.kernel.money import Money
from licet.orders.drafting import today
from licet.orders.models import Order
from licet.orders.states import LineKind
from licet.payments.models import Allocation
from licet.taxes.rules import half_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What becomes of the price of an order. `days`: of the `term_days` of its longest line that count.

    `kept`: for these days, VAT included; `back`: of what was paid; `due`: of what is kept and was not paid.
    """

    days: int
    term_days: int
    kept: Money
    back: Money
    due: Money


def settlement(*, order: Order, declared_at: datetime) -> Settlement:
    """Return what is kept and what goes back where the withdrawal was declared at a moment (two statements).

    The day of the declaration is not counted any more.
    """
    rows = [
        (each.amount_minor, each.days, each.starts_on) for each in order.lines.filter(kind=LineKind.CHARGE)
    ]
    asked = bool(order.agreed.get("start")) and order.fulfilled_at is not None
    on = today(now=declared_at)
    kept = used_minor(gross_minor=order.gross_minor, rows=rows, until=on) if asked else 0
    paid = Allocation.objects.on_subject(subject=order.public_id)
    days, starts_on = max(((days, starts) for _, days, starts in rows), default=(0, on))
    return Settlement(
        days=min(max((on - starts_on).days, 0), days) if kept else 0,
        term_days=days,
        kept=Money(kept, order.currency),
        back=Money(max(paid - kept, 0), order.currency),
        due=Money(max(kept - paid, 0), order.currency),
    )


def used_minor(*, gross_minor: int, rows: list[tuple[int, int, date]], until: date) -> int:
    """Return what the days before `until` cost of a price with VAT, rounded half up once.

    `rows`: the amount, the days and the first day of each line, in any one sort of prices.
    """
    whole = sum(amount for amount, _, _ in rows)
    if not whole:
        return 0
    used = sum(
        Fraction(amount * min(max((until - starts_on).days, 0), days), days)
        for amount, days, starts_on in rows
        if days
    )
    part = Fraction(used) * gross_minor / whole
    return half_up(numerator=part.numerator, denominator=part.denominator)
