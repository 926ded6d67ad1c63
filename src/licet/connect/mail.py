"""Who is written to after what happened to a sign-in: the person, where it may not have been their doing."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from licet.accounts.models import Person
from licet.connect.events import DeviceAllowed, GrantEnded
from licet.connect.models import Application
from licet.connect.states import EndReason
from licet.eventlog.models import Event
from licet.mailing import actions as mailing

TEMPLATES = {
    EndReason.ENDED_BY_TEAM: "connect/ended_by_team",
    EndReason.CODE_REPLAYED: "connect/replayed",
    EndReason.REFRESH_REPLAYED: "connect/replayed",
}
"""What the person did not do themselves. A license that was taken back has its own mail already."""


def signed_out(*, event: Event, now: datetime) -> None:
    """Tell the person that an administrator ended a sign-in, or that one was used in a second place."""
    fact = event.fact()
    assert isinstance(fact, GrantEnded)
    template = TEMPLATES.get(EndReason(fact.reason))
    oneself = fact.reason == EndReason.ENDED_BY_TEAM and fact.person == event.actor_id
    if template is not None and not oneself:
        _write(fact, template, event=event, now=now)


def device_signed_in(*, event: Event, now: datetime) -> None:
    """Tell the person that a device was signed in by a code; one may be talked into it (RFC 8628, 5.4)."""
    fact = event.fact()
    assert isinstance(fact, DeviceAllowed)
    _write(fact, "connect/device_signed_in", event=event, now=now)


def _write(fact: GrantEnded | DeviceAllowed, template: str, *, event: Event, now: datetime) -> None:
    person = Person.objects.get(pk=fact.person)
    mailing.send(
        to=person.email,
        language=person.language,
        template=template,
        context={
            "name": person.name,
            "application": Application.objects.get(pk=fact.application).named(language=person.language),
            "device": fact.device,
            "actor": event.actor_label,
            "applications": str(settings.LICET_BASE_URL) + reverse("applications"),
        },
        key=f"{event.pk}:{template}",
        now=now,
    )
