"""Terms and what parts of them cost, as pure functions over days.

A day that begins a term belongs to it, the day that ends it does not. Every end is counted from the first
anchor, so that a contract of 31 January renews on 28 February and then on 31 March. A price is multiplied
with days first and rounded once per line, half up.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Term:
    """Days from `starts_on` to `ends_on` (excluded)."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.ends_on - self.starts_on).days

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        return self.ends_on - timedelta(days=1)

    def left(self, on: date) -> int:
        """Return how many of its days are left on a day, that day included; all of them before it begins."""
        return max(0, (self.ends_on - max(on, self.starts_on)).days)


def add_months(*, day: date, months: int) -> date:
    """Return the same day so many months later; a day that a month does not have becomes its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def span(*, anchor: date, begins: int, months: int) -> Term:
    """Return the term of so many `months` that begins `begins` months after the first anchor."""
    return Term(
        add_months(day=anchor, months=begins),
        add_months(day=anchor, months=begins + months),
    )


def term(*, anchor: date, months: int, index: int) -> Term:
    """Return term number `index` (from 0) of a chain of terms of `months` each, from its first anchor."""
    return span(anchor=anchor, begins=months * index, months=months)


def part(*, price: int, days: int, term_days: int) -> int:
    """Return what `days` of a term cost that costs `price` (minor units) in all; half up.

    Below zero for a price below zero: a credit is as large as the charge for the same days.
    """
    if price < 0:
        return -part(price=-price, days=days, term_days=term_days)
    return (2 * price * days + term_days) // (2 * term_days)


def parts(*, price: int, cuts: list[date], whole: Term) -> list[int]:
    """Split what a term costs at some of its days; the parts add up to the whole, to the minor unit.

    Each part is what the days up to its end cost, less what was asked for before.
    """
    edges = [whole.starts_on, *cuts, whole.ends_on]
    reached = [part(price=price, days=(edge - whole.starts_on).days, term_days=whole.days) for edge in edges]
    return [after - before for before, after in pairwise(reached)]


def credit(*, price: int, paid: int, on: date, whole: Term) -> int:
    """Return what is given back of `paid` (for the days up to the term's end) when it stops on a day.

    `price`: of the whole term. Never more than was paid, and what was used plus this is what was paid.
    """
    return min(paid, part(price=price, days=whole.left(on), term_days=whole.days))
