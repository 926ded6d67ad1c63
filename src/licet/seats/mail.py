"""What people are told about their licenses."""

from datetime import datetime

from django.urls import reverse

from licet.eventlog.models import Event
from licet.mailing import actions as mailing
from licet.seats.models import Seat


def license_assigned(*, event: Event, now: datetime) -> None:
    """Tell the person which license it is, from whom, and how to start."""
    _tell(event=event, template="seats/assigned", now=now)


def license_taken_back(*, event: Event, now: datetime) -> None:
    """Tell the person that the license went back to the team; who leaves is told in one mail, of all."""
    seat = Seat.objects.select_related("member").get(pk=event.facts["seat"])
    if seat.member.left_at == event.at:
        return
    _tell(event=event, template="seats/released", now=now)


def _tell(*, event: Event, template: str, now: datetime) -> None:
    seat = Seat.objects.select_related("member__person", "pool__product", "team").get(pk=event.facts["seat"])
    person = seat.member.person
    mailing.send(
        to=person.email,
        language=person.language,
        template=template,
        context={
            "person": person,
            "product": seat.pool.product,
            "team": seat.team,
            "giver": event.actor_label,
            "oneself": event.actor_id == person.pk,
            "path": reverse("my_licenses"),
        },
        key=f"{event.pk}:{template}",
        now=now,
    )
