"""Telling people in time that their education license ends, and after it how long it still works."""

from contextlib import suppress
from datetime import datetime, timedelta

from licet.education import rules
from licet.education.events import EntitlementEnding
from licet.education.models import Case, Entitlement
from licet.education.states import RUNNING, CaseState
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden

OPEN = sorted(RUNNING - {CaseState.DRAFT})
"""Whoever has sent a request needs no reminder to send one."""


def remind(*, by: Actor, now: datetime) -> int:
    """Remind every holder whose license ends soon or ended lately, once for each of `rules.REMINDERS`.

    Returns how many were reminded. For the schedule: may run at any moment and again. Whoever was not
    reminded in time, because nobody ran this, gets the newest reminder alone; whoever has sent a request
    for going on gets none.
    """
    if not by.is_system:
        raise Forbidden
    ending = Entitlement.objects.standing().filter(
        valid_until__gt=now - timedelta(days=rules.GRACE_DAYS),
        valid_until__lte=now + timedelta(days=max(rules.REMINDERS)),
    )
    return sum(_reminded(each, by=by, now=now) for each in ending.order_by("pk"))


def due(*, entitled: Entitlement, began: datetime, now: datetime) -> int | None:
    """Return the reminder (days before the end) that is to be sent at `now`, or None.

    `began`: when the newest term did; what lay before that is not made up for.
    """
    reached = [
        days
        for days in rules.REMINDERS
        if began < entitled.valid_until - timedelta(days=days) <= now
        and (entitled.reminded_days is None or days < entitled.reminded_days)
    ]
    return min(reached, default=None)


def _reminded(entitled: Entitlement, *, by: Actor, now: datetime) -> bool:
    if _due(entitled, now=now) is None:
        return False
    with suppress(_NotNow), change(by=by, now=now) as record:
        # An extension, a revocation, another worker: whoever waited reads what the other wrote.
        entitled = Entitlement.objects.locked(entitled.pk)
        days = _due(entitled, now=now)
        if days is None or entitled.revoked_at or entitled.superseded_by_id:
            raise _NotNow
        entitled.reminded_days = days
        entitled.save(update_fields=["reminded_days"])
        record(
            EntitlementEnding(
                entitlement=entitled.pk,
                days=days,
                until=entitled.valid_until.isoformat(),
                person_name=entitled.person.name,
            )
        )
        return True
    return False


def _due(entitled: Entitlement, *, now: datetime) -> int | None:
    span = entitled.spans.order_by("-pk").first()
    days = due(entitled=entitled, began=span.starts_at if span else entitled.given_at, now=now)
    asking = Case.objects.filter(person=entitled.person_id, programme=entitled.programme_id, state__in=OPEN)
    return None if days is None or asking.exists() else days


class _NotNow(Exception):
    """Somebody else was faster, or nothing is left to be reminded of."""
