"""Who is written to about partners: who is asked for access, who asked, and the customer of an order."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.mailing import actions as mailing
from licet.orders import partnering
from licet.orders.models import Order
from licet.partners.models import Access
from licet.partners.states import AccessState
from licet.teams import queries as teams
from licet.teams.permissions import Permission


def access_asked(*, event: Event, now: datetime) -> None:
    """Ask the owners of the team that is meant, or whoever has the address. Answered meanwhile: nothing."""
    access = Access.objects.select_related("partner", "team").get(pk=event.facts["access"])
    if access.state != AccessState.ASKED:
        return
    context = {"access": access, "url": _address("partner_access", access.public_id)}
    if access.team is not None:
        for person in teams.owners(team=access.team):
            _send(person, "partners/access_asked", context, event, now)
    elif access.email:
        known = Person.objects.filter(email=access.email).first()
        mailing.send(
            to=access.email,
            language=known.language if known else access.asked_by.language,
            template="partners/access_asked",
            context=context,
            key=f"{event.pk}:access_asked",
            now=now,
        )


def access_granted(*, event: Event, now: datetime) -> None:
    """Tell the person of the partner who asked."""
    access = Access.objects.select_related("partner", "team", "asked_by").get(pk=event.facts["access"])
    url = _address("partner_page", access.partner.public_id)
    _send(access.asked_by, "partners/access_granted", {"access": access, "url": url}, event, now)


def ordered(*, event: Event, now: datetime) -> None:
    """Send the certificate, which names no price, to who may see the orders of the customer's team."""
    order = Order.objects.select_related("team").get(pk=event.facts["order"])
    url = _address("certificate", order.team.public_id, order.public_id)
    for person in teams.allowed(team=order.team, permission=Permission.SEE_ORDERS):
        with translation.override(person.language):
            (certificate,) = partnering.certificates(team=order.team, order=order.public_id)
        _send(person, "partners/certificate", {"certificate": certificate, "url": url}, event, now)


def _send(person: Person, template: str, context: dict[str, Any], event: Event, now: datetime) -> None:
    mailing.send(
        to=person.email,
        language=person.language,
        template=template,
        context=context,
        key=f"{event.pk}:{template}:{person.pk}",
        now=now,
    )


def _address(name: str, *parts: str) -> str:
    return str(settings.LICET_BASE_URL) + reverse(name, args=parts)
