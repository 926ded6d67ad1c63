"""Who is written to after an order."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from licet.eventlog.models import Event
from licet.licenses.events import LicenseMovedAway
from licet.licenses.models import Pool
from licet.mailing import actions as mailing
from licet.orders.models import Order
from licet.orders.queries import placed as placed_order
from licet.teams import queries as teams
from licet.teams.models import Team


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


def licenses_moved(*, event: Event, now: datetime) -> None:
    """Tell the owners of both teams, but not who did it, that licenses went from one to the other."""
    fact = event.fact()
    assert isinstance(fact, LicenseMovedAway)
    here, there = (Team.objects.get(pk=key) for key in (event.team, fact.other))
    product = Pool.objects.select_related("product").get(pk=fact.pool).product
    owners = {each.pk: each for team in (here, there) for each in teams.owners(team=team)}
    for owner in owners.values():
        if owner.pk == event.actor_id:
            continue
        with translation.override(owner.language):
            name = product.name
        mailing.send(
            to=owner.email,
            language=owner.language,
            template="orders/licenses_moved",
            context={
                "actor": event.actor_label,
                "seats": fact.seats,
                "product": name,
                "team": here.name,
                "other": there.name,
                "url": _address("account_home"),
            },
            key=f"{event.pk}:licenses_moved:{owner.pk}",
            now=now,
        )


def _address(name: str, *parts: str) -> str:
    return str(settings.LICET_BASE_URL) + reverse(name, args=parts)
