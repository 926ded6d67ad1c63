"""What the vendor's staff are told about the installation itself."""

from datetime import datetime

from licet.accounts.models import Person
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
