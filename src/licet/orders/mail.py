"""Who is written to after an order."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from licet.eventlog.models import Event
from licet.mailing import actions as mailing
from licet.orders.models import Order
from licet.orders.queries import placed as placed_order


def placed(*, event: Event, now: datetime) -> None:
    """Confirm the order to whoever placed it, in that person's language: lines, total, how to pay."""
    order = Order.objects.select_related("team", "placed_by").get(pk=event.facts["order"])
    buyer = order.placed_by
    with translation.override(buyer.language):
        shown = placed_order(order=order)  # product names in the same language
    mailing.send(
        to=buyer.email,
        language=buyer.language,
        template="orders/placed",
        context={
            "order": order,
            "placed": shown,
            "team": order.team.name,
            "order_url": _address("order", order.public_id),
            "subscriptions_url": _address("subscriptions", order.team.public_id),
        },
        key=f"{event.pk}:placed",
        now=now,
    )


def _address(name: str, public_id: str) -> str:
    return str(settings.LICET_BASE_URL) + reverse(name, args=[public_id])
