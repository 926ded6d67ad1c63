"""Who is written to after an import of the vendor's file."""

from datetime import datetime

from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.mailing import actions as mailing


def account_changed(*, event: Event, now: datetime) -> None:
    """Tell everybody at the vendor's, each in their language, that customers now pay to another account."""
    for person in Person.objects.filter(is_staff=True, is_active=True).order_by("pk"):
        mailing.send(
            to=person.email,
            language=person.language,
            template="catalog/account_changed",
            context={
                "before": event.facts["before"],
                "after": event.facts["after"],
                "actor": event.actor_label,
                "at": event.at,
            },
            key=f"{event.pk}:account_changed:{person.pk}",
            now=now,
        )
