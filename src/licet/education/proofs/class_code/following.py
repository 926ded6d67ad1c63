"""Licenses that a class has brought follow its last day: a later one lengthens them, an earlier one never
takes away what was promised.

The verb that moves the end vouches anew for everybody whom the teacher has confirmed; the licenses follow
in the worker, each in a change of its own.
"""

from contextlib import suppress
from datetime import date, datetime

from django.db.models import Q

from licet.education import calendars, granting
from licet.education.agreements import actions as agreements
from licet.education.agreements.errors import AgreementEndsSooner, AgreementFull, AgreementOver
from licet.education.agreements.events import AgreementChanged
from licet.education.models import Entitlement, Proof
from licet.education.proofs.class_code import events
from licet.education.proofs.class_code.models import Class
from licet.education.proofs.class_code.states import CONFIRMED, WAITS
from licet.eventlog.change import Record, change
from licet.eventlog.models import Event
from licet.kernel.actor import system

CHANGED_AGAIN = (AgreementOver, AgreementEndsSooner, AgreementFull)
WORKER = system(label="classes")


def vouch(*, of: Class) -> None:
    """Let the proofs of the class say its year and end, where that is later than they do. A step.

    Who waits for the teacher gets what is said now, later or earlier: nothing was promised yet.
    """
    waits = Q(pk__in=of.places.filter(state=WAITS).values("proof"))
    sooner = Q(pk__in=of.places.filter(state=CONFIRMED).values("proof"), valid_until__lt=of.ends_on)
    Proof.objects.filter(waits | sooner).update(valid_until=of.ends_on, year_start=of.year_start)


def reaches(*, of: Class, began: date) -> date:
    """Return until when (excluded) the class carries a license whose term began on a day.

    No longer than its school year; the programme's longest term is counted from the later of the two
    beginnings.
    """
    year = calendars.year_of(country=of.country, day=of.year_start)
    return min(of.ends_on, year.end, max(began, year.start) + of.programme.longest)


def licenses_follow(*, event: Event, now: datetime) -> None:
    """Lengthen the licenses of everybody who is confirmed in a class whose end was moved."""
    of = Class.objects.select_related("programme").get(pk=event.facts["group"])
    cases = of.places.filter(state=CONFIRMED, case__isnull=False).values("case")
    found = Entitlement.objects.standing().filter(spans__case__in=cases).distinct().order_by("pk")
    for entitled in found:
        began = entitled.spans.latest("pk").starts_at.date()
        with suppress(_LongEnough), change(by=WORKER, now=now) as record:
            if not granting.lengthen(entitled=entitled, until=reaches(of=of, began=began), record=record):
                raise _LongEnough


def classes_follow(*, event: Event, now: datetime) -> None:
    """Lengthen the classes that were to end with an agreement which goes on, within their school year.

    Their licenses follow. A class that its teacher has ended sooner keeps its end.
    """
    fact = event.fact()
    assert isinstance(fact, AgreementChanged)
    if fact.ends_on <= fact.ended_on:
        return
    before, until = date.fromisoformat(fact.ended_on), date.fromisoformat(fact.ends_on)
    ending = Class.objects.filter(draw__agreement=fact.agreement, ends_on=before, ended_at=None)
    for pk in ending.order_by("pk").values_list("pk", flat=True):
        # An agreement that was changed again meanwhile has said so in an event of its own.
        with suppress(_LongEnough, *CHANGED_AGAIN), change(by=WORKER, now=now) as record:
            _class_follows(pk, before=before, until=until, record=record)


def _class_follows(pk: int, *, before: date, until: date, record: Record) -> None:
    of = Class.objects.select_related("draw").get(pk=pk)
    end = min(until, calendars.year_of(country=of.country, day=of.year_start).end)
    if of.draw is None or end <= max(before, record.now.date()):
        raise _LongEnough
    agreements.draw_again(of=of.draw, seats=of.draw.seats, ends_on=end, record=record)  # before the class
    of = Class.objects.locked(pk)  # its teacher, who moves or ends it meanwhile
    if of.ends_on != before or of.ended_at is not None or of.draw is None or of.draw.ended_at is not None:
        raise _LongEnough
    of.ends_on, of.reminded_days = end, None
    of.save(update_fields=["ends_on", "reminded_days"])
    vouch(of=of)
    record(events.ClassChanged(group=of.pk, seats=of.seats, class_name=of.name))


class _LongEnough(Exception):
    """Nothing to lengthen."""
