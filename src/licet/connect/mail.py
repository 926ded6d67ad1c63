"""Who is written to after what happened to a sign-in: the person, where somebody else ended it."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from licet.accounts.models import Person
from licet.connect.events import GrantEnded
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
    if template is None or (fact.person == event.actor_id and fact.reason == EndReason.ENDED_BY_TEAM):
        return
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
        key=f"{event.pk}:signed_out",
        now=now,
    )
