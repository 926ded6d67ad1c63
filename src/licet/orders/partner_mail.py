"""Who is written to about partners: who is asked for access, who asked, and the customer of an order."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.kernel.money import Money
from licet.mailing import actions as mailing
from licet.orders import offering, partnering
from licet.orders.models import Contract, Order
from licet.orders.succession import carrying
from licet.orders.succession.models import Succession
from licet.partners.models import Access, Partner
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


def partner_left(*, event: Event, now: datetime) -> None:
    """Tell who may order for the team which licenses end when, and that it can carry on directly.

    Decided or taken back meanwhile: nothing.
    """
    rows = Contract.objects.filter(
        pk__in=event.facts["contracts"], partner_left_at__isnull=False, carried_on_at=None
    )
    found = list(rows.select_related("team").order_by("ends_on", "pk"))
    if not found:
        return
    team, partner = found[0].team, Partner.objects.get(pk=event.facts["partner"])
    context = {
        "partner": partner.name,
        "team": team.name,
        "ends": [(each, offering.items(contract=each)) for each in found],
        "url": _address("team_partners", team.public_id),
    }
    for person in teams.allowed(team=team, permission=Permission.PLACE_ORDERS):
        _send(person, "partners/partner_left", context, event, now)


def carrying_on(*, event: Event, now: datetime) -> None:
    """Confirm that a team goes on with a contract by itself, at which price, when. Taken back: nothing."""
    found = Succession.objects.filter(contract=event.facts["contract"]).select_related(
        "contract__team", "person"
    )
    for each in found:
        contract = each.contract
        draft = carrying.offer_of(succession=each)
        context = {
            "contract": contract,
            "lines": draft.lines,
            "gross": Money(draft.totals(on=contract.ends_on).gross_minor, contract.currency),
            "actor": event.actor_label,
            "url": _address("team_partners", contract.team.public_id),
        }
        for person in teams.allowed(team=contract.team, permission=Permission.PLACE_ORDERS):
            _send(person, "partners/carrying_on", context, event, now)


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
