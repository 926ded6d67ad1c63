"""Orders whose VAT was counted before a register answered, and would be counted otherwise now.

A sale never waits for a register: what it does not know is charged, and taken back later. Nothing is
stored: an order leaves the list when a credit note for its invoice is written, or after `LOOK_BACK`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from licet.catalog.queries import seller
from licet.invoices.models import Invoice
from licet.orders.models import Order
from licet.orders.states import OrderState
from licet.taxes.models import VatNumber

LOOK_BACK = timedelta(days=180)
MOST = 200
"""So many of each sort are looked at; who has more begins with the oldest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """An order and its VAT number. `charged`: VAT was charged, though the number is valid; or the reverse."""

    order: Order
    number: VatNumber
    charged: bool


def doubts(*, now: datetime) -> list[Doubt]:
    """Return the orders to look at, the oldest first (at most six statements)."""
    since = now - LOOK_BACK
    placed = Order.objects.filter(placed_at__gte=since, is_consumer=False).exclude(state=OrderState.CANCELLED)
    rows = placed.select_related("team", "placed_by").order_by("placed_at", "pk")
    home = seller().country
    taxed = list(
        rows.filter(tax_minor__gt=0).exclude(billed_to__vat_number="").exclude(billed_to__country=home)[:MOST]
    )
    valid = _answered(status="valid", since=since, numbers={_number(each) for each in taxed})
    invalid = _answered(status="invalid", since=since)
    free = list(rows.filter(tax_minor=0, gross_minor__gt=0, billed_to__vat_number__in=sorted(invalid))[:MOST])
    found = [
        Doubt(order=each, number=known[_number(each)], charged=charged)
        for orders, known, charged in ((taxed, valid, True), (free, invalid, False))
        for each in orders
        if _number(each) in known and _later(known[_number(each)], each)
    ]
    done = set(
        Invoice.objects.filter(
            corrects__isnull=False, subject__in=[each.order.public_id for each in found]
        ).values_list("subject", flat=True)
    )
    left = [each for each in found if each.order.public_id not in done]
    return sorted(left, key=lambda each: (each.order.placed_at, each.order.pk))


def _answered(*, status: str, since: datetime, numbers: set[str] | None = None) -> dict[str, VatNumber]:
    found = VatNumber.objects.filter(status=status, answered_at__gte=since)
    if numbers is not None:
        found = found.filter(number__in=numbers)
    return {each.number: each for each in found.order_by("answered_at")[:MOST]}


def _number(order: Order) -> str:
    return str(order.billed_to.get("vat_number", ""))


def _later(number: VatNumber, order: Order) -> bool:
    return number.answered_at is not None and number.answered_at > order.placed_at
