"""Who is written to about money: a debit that comes, a refund, money that a bank took back."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from licet.catalog.queries import restored
from licet.eventlog.models import Event
from licet.kernel.money import Money
from licet.mailing import actions as mailing
from licet.orders.models import Order
from licet.orders.settling import open_minor
from licet.orders.states import OrderState
from licet.payments.models import Payment, Refund


def debit_announced(*, event: Event, now: datetime) -> None:
    """Tell who ordered when how much is collected from which account (the notice that SEPA asks for)."""
    payment = Payment.objects.select_related("mandate").get(pk=event.facts["payment"])
    order, mandate = _order(payment), payment.mandate
    if order is None or mandate is None:
        return
    day = date.fromisoformat(event.facts["day"])
    context = {"order": order, "payment": payment, "mandate": mandate, "day": day}
    context["creditor"] = settings.LICET_SEPA_CREDITOR
    _send(order=order, template="orders/debit_announced", context=context, event=event, now=now)


def refunded(*, event: Event, now: datetime) -> None:
    """Tell who ordered that money is on its way back."""
    refund = Refund.objects.select_related("payment").get(pk=event.facts["refund"])
    order = _order(refund.payment)
    if order is not None:
        context = {"order": order, "refund": refund}
        _send(order=order, template="orders/refunded", context=context, event=event, now=now)


def unpaid(*, event: Event, now: datetime) -> None:
    """Tell who ordered that a bank took the money back, and where to pay."""
    order = Order.objects.select_related("placed_by").get(pk=event.facts["order"])
    _send(order=order, template="orders/unpaid", context={"order": order}, event=event, now=now)


def part_paid(*, event: Event, now: datetime) -> None:
    """Ask who ordered for the rest, where less came than is to be paid. Paid in full meanwhile: nothing."""
    amount = event.facts["amount_minor"]
    order = Order.objects.select_related("placed_by").filter(public_id=event.facts["subject"]).first()
    if order is None or order.state != OrderState.PLACED or amount <= 0:
        return
    due = open_minor(order=order)
    if due <= 0:
        return
    context = {
        "order": order,
        "came": Money(amount, order.currency),
        "due": Money(due, order.currency),
        "seller": restored(values=order.sold_by),
    }
    _send(order=order, template="orders/part_paid", context=context, event=event, now=now)


def _order(payment: Payment) -> Order | None:
    return Order.objects.select_related("placed_by").filter(public_id=payment.subject).first()


def _send(*, order: Order, template: str, context: dict[str, Any], event: Event, now: datetime) -> None:
    person = order.placed_by
    address = str(settings.LICET_BASE_URL)
    mailing.send(
        to=person.email,
        language=person.language,
        template=template,
        context={
            **context,
            "order_url": address + reverse("order", args=[order.public_id]),
            "pay_url": address + reverse("pay", args=[order.public_id]),
        },
        key=f"{event.pk}:{template}",
        now=now,
    )
