"""What the vendor's staff are told about the installation itself, and about their roles."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from licet.accounts.events import StaffRolesChanged
from licet.accounts.models import Person
from licet.accounts.serving import words_of
from licet.eventlog.models import Event
from licet.mailing import actions as mailing
from licet.signing.events import KeysEnding


def keys_end(*, event: Event, now: datetime) -> None:
    """Tell the staff until when keys can sign, and what whoever runs the server has to do."""
    fact = event.fact()
    assert isinstance(fact, KeysEnding)
    for person in Person.objects.filter(is_staff=True, is_active=True).order_by("pk"):
        mailing.send(
            to=person.email,
            language=person.language,
            template="accounts/keys_end",
            context={"days": fact.days, "ends": datetime.fromisoformat(fact.ends)},
            key=f"{event.pk}:keys_end:{person.pk}",
            now=now,
        )


def roles_changed(*, event: Event, now: datetime) -> None:
    """Tell somebody what they may do at the desk from now on, or that it is closed to them."""
    fact = event.fact()
    assert isinstance(fact, StaffRolesChanged)
    if fact.person == event.actor_id:
        return
    person = Person.objects.get(pk=fact.person)
    mailing.send(
        to=person.email,
        language=person.language,
        template="accounts/roles_changed",
        context={
            "actor": event.actor_label,
            "roles": words_of(roles=fact.after).get(person.language) if fact.after else "",
            "url": str(settings.LICET_BASE_URL) + reverse("desk_home"),
        },
        key=f"{event.pk}:roles_changed",
        now=now,
    )
