"""A second address, for the day on which the first mailbox is gone: name it, confirm it, remove it."""

import hmac
from datetime import datetime

from licet.accounts.models import Person
from licet.education.joining import events, queries, rules
from licet.education.joining.errors import BackupCodeWrong, BackupIsMain, TooManyCodes
from licet.education.joining.models import Backup
from licet.education.proofs.mailbox.rules import read
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden
from licet.signing.queries import secret


def name(*, address: str, by: Actor, now: datetime) -> Backup:
    """Have a code sent to a second address; one that is confirmed serves until the new one is.

    Refuses BackupIsMain, TooManyCodes. People only (Forbidden else).
    """
    wanted = address.strip().lower()[:254]
    with change(by=by, now=now) as record:
        person = _person(by)
        if wanted in set(queries.addresses(person=person)):
            raise BackupIsMain
        asked = Backup.objects.filter(person=person, asked_at__gt=now - rules.DAY)
        to_it = Backup.objects.filter(address=wanted, asked_at__gt=now - rules.DAY)
        if max(asked.count(), to_it.count()) >= rules.CODES_A_DAY:
            raise TooManyCodes
        backup = Backup.objects.create(person=person, address=wanted, asked_at=now)
        record(events.BackupAsked(backup=backup.pk))
    return backup


def confirm(*, code: str, by: Actor, now: datetime) -> bool:
    """Confirm the newest address by the code of its mail; False where it was wrong, which uses up a try.

    Refuses BackupCodeWrong where no code works any more.
    """
    with change(by=by, now=now) as record:
        person = _person(by)
        backup = Backup.objects.filter(person=person).order_by("-pk").first()
        if backup is None or not backup.lives(now):
            raise BackupCodeWrong
        right = rules.code(key=secret(purpose=rules.BACKUPS), name=backup.public_id)
        if not hmac.compare_digest(right.encode(), read(text=code).encode()):
            backup.tries += 1  # stays written: that is why this returns instead of raising
            backup.save(update_fields=["tries"])
            record(events.BackupMissed(backup=backup.pk))
            return False
        Backup.objects.filter(person=person, confirmed_at__isnull=False).delete()
        backup.confirmed_at = now
        backup.save(update_fields=["confirmed_at"])
        record(events.BackupConfirmed(backup=backup.pk))
    return True


def drop(*, by: Actor, now: datetime) -> None:
    """Remove the second address, confirmed or not. Nothing there is no fault."""
    with change(by=by, now=now) as record:
        person = _person(by)
        Backup.objects.filter(person=person, confirmed_at__isnull=False).delete()
        record(events.BackupDropped())


def confirmed(*, person: Person) -> Backup | None:
    """Return the second address that counts."""
    return Backup.objects.filter(person=person, confirmed_at__isnull=False).first()


def pending(*, person: Person, now: datetime) -> Backup | None:
    """Return the one whose code is awaited."""
    newest = Backup.objects.filter(person=person).order_by("-pk").first()
    return newest if newest and newest.lives(now) else None


def _person(by: Actor) -> Person:
    if not by.is_person or by.id is None:
        raise Forbidden
    # Two windows that type codes, or name addresses, at once.
    return Person.objects.select_for_update(no_key=True).get(pk=by.id)
