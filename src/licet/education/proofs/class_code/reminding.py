"""Telling teachers in time that a class ends."""

from contextlib import suppress
from datetime import datetime, timedelta

from licet.education.proofs.class_code import rules
from licet.education.proofs.class_code.events import ClassEnding
from licet.education.proofs.class_code.models import Class
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden


def remind_of_classes(*, by: Actor, now: datetime) -> int:
    """Remind the teacher of every class that ends soon, once for each of `rules.REMINDERS`.

    Returns how many were reminded. For the schedule: may run at any moment and again.
    """
    if not by.is_system:
        raise Forbidden
    today = now.date()
    soon = Class.objects.filter(
        ended_at=None, ends_on__gt=today, ends_on__lte=today + timedelta(days=max(rules.REMINDERS))
    )
    return sum(_reminded(each, by=by, now=now) for each in soon.order_by("pk"))


def due(*, of: Class, now: datetime) -> int | None:
    """Return the reminder (days before the end) that is to be sent at `now`, or None."""
    if not of.open(now):
        return None
    reached = [
        days
        for days in rules.REMINDERS
        if of.made_at.date() < of.ends_on - timedelta(days=days) <= now.date()
        and (of.reminded_days is None or days < of.reminded_days)
    ]
    return min(reached, default=None)


def _reminded(of: Class, *, by: Actor, now: datetime) -> bool:
    if due(of=of, now=now) is None:
        return False
    with suppress(_NotNow), change(by=by, now=now) as record:
        of = Class.objects.locked(of.pk)  # another worker, the teacher who moves the end
        days = due(of=of, now=now)
        if days is None:
            raise _NotNow
        of.reminded_days = days
        of.save(update_fields=["reminded_days"])
        left = (of.ends_on - now.date()).days
        record(ClassEnding(group=of.pk, days=left, until=of.ends_on.isoformat(), class_name=of.name))
        return True
    return False


class _NotNow(Exception):
    """Somebody else was faster."""
