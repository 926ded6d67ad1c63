"""What came in, month by month, and what became of the terms that ended: for the vendor's charts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth

from licet.invoices.models import Invoice
from licet.invoices.states import DocumentKind
from licet.kernel.money import Money
from licet.orders.drafting import today
from licet.orders.models import Contract, Order
from licet.orders.states import ContractState, OrderKind, OrderState

MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One month in one currency, net: what was invoiced, what was taken back by credit notes."""

    month: date
    invoiced: Money
    credited: Money

    @property
    def net(self) -> Money:
        """What is left of it."""
        return Money(self.invoiced.amount - self.credited.amount, self.invoiced.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """One month of terms that ended or will: how many, how many of them went on, and how many did not."""

    month: date
    due: int
    renewed: int
    lost: int


def revenue(*, now: datetime) -> dict[str, list[Taken]]:
    """Return the last twelve months by currency, this one last (one statement).

    A month is that of the day on the document.
    """
    months = list(_months(last=today(now=now), count=MONTHS))
    rows = (
        Invoice.objects.filter(issued_on__gte=months[0])
        .annotate(month=TruncMonth("issued_on"))
        .order_by()
        .values("currency", "month", "kind")
        .annotate(total=Sum("net_minor"))
    )
    found: dict[tuple[str, date, str], int] = {
        (row["currency"], row["month"], row["kind"]): row["total"] for row in rows
    }
    currencies = sorted({currency for currency, _month, _kind in found})
    return {
        currency: [
            Taken(
                month=month,
                invoiced=Money(found.get((currency, month, DocumentKind.INVOICE), 0), currency),
                credited=Money(found.get((currency, month, DocumentKind.CREDIT_NOTE), 0), currency),
            )
            for month in months
        ]
        for currency in currencies
    }


def renewals(*, now: datetime, ahead: int = 3) -> list[Turned]:
    """Return the terms that end month by month: the last nine months, this one and `ahead` (two statements).

    Renewed: a term followed. Lost: the contract ended. Whatever is neither is still open.
    """
    day = today(now=now)
    months = list(_months(last=_moved(day, by=ahead), count=MONTHS + 1))
    until = _moved(months[-1], by=1)
    ended = (
        Contract.objects.filter(ends_on__gte=months[0], ends_on__lt=until)
        .annotate(month=TruncMonth("ends_on"))
        .order_by()
        .values("month")
        .annotate(count=Count("pk"), lost=Count("pk", filter=Q(state=ContractState.ENDED)))
    )
    went_on = (
        Order.objects.filter(kind=OrderKind.RENEWAL, lines__starts_on__gte=months[0])
        .filter(lines__starts_on__lt=until)
        .exclude(state=OrderState.CANCELLED)
        .annotate(month=TruncMonth("lines__starts_on"))
        .order_by()
        .values("month")
        .annotate(count=Count("pk", distinct=True))
    )
    open_or_lost = {row["month"]: (row["count"], row["lost"]) for row in ended}
    renewed = {row["month"]: row["count"] for row in went_on}
    return [
        Turned(
            month=month,
            due=open_or_lost.get(month, (0, 0))[0] + renewed.get(month, 0),
            renewed=renewed.get(month, 0),
            lost=open_or_lost.get(month, (0, 0))[1],
        )
        for month in months
    ]


def _months(*, last: date, count: int) -> Iterator[date]:
    """Yield the first days of `count` months, the one of `last` at the end."""
    for back in range(count - 1, -1, -1):
        yield _moved(last, by=-back)


def _moved(day: date, *, by: int) -> date:
    """Return the first day of the month that lies `by` months after the one of a day."""
    year, month = divmod(day.year * 12 + day.month - 1 + by, 12)
    return date(year, month + 1, 1)
