"""Rows for the pages of classes and agreements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from licet.education.agreements.models import Agreement
from licet.education.proofs.class_code.models import Class, ClassQuerySet, Place
from licet.education.proofs.class_code.states import CONFIRMED, LISTED, TAKEN, WAITS
from licet.education.proofs.class_code.teachers import Teaching


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A class with its counts: `taken` of its places, of those `waiting` for the teacher."""

    group: Class
    open: bool
    taken: int
    confirmed: int
    waiting: int
    listed: int

    @property
    def free(self) -> int:
        """How many places are left."""
        return max(0, self.group.seats - self.taken)


def rows(*, teacher: int, now: datetime) -> list[Row]:
    """Return a teacher's classes, those that run first, the newest first. One statement."""
    found = _counted().filter(teacher=teacher).order_by("-ends_on", "-pk")
    classes = [_row(each, now=now) for each in found[:200]]
    return sorted(classes, key=lambda row: not row.open)


def row(*, of: Class, now: datetime) -> Row:
    """Return one class with its counts."""
    return _row(_counted().get(pk=of.pk), now=now)


def places(*, of: Class) -> Sequence[Place]:
    """Return who has a place: first those who wait, then the others by name. One statement."""
    found = of.places.filter(state__in=TAKEN).select_related("case")
    return sorted(found, key=lambda each: (each.state != WAITS, each.name.casefold(), each.pk))


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An agreement from which a teacher may draw, and how many places it has left."""

    agreement: Agreement
    free: int


def sources(*, teaching: Teaching, now: datetime) -> list[Source]:
    """Return the agreements of the teacher's institution that run."""
    if teaching.institution_id is None:
        return []
    found = Agreement.objects.running(now.date()).filter(
        institution=teaching.institution_id, programme=teaching.entitled.programme_id
    )
    return [
        Source(agreement=each, free=max(0, each.free(now)))
        for each in found.select_related("institution", "product", "programme").order_by("pk")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Who uses how much of an agreement. `drawn` by classes that run, of it `used` by pupils."""

    agreement: Agreement
    runs: bool
    drawn: int
    used: int
    classes: Sequence[Row]

    @property
    def free(self) -> int:
        """How many places nobody has drawn."""
        return max(0, self.agreement.seats - self.drawn)


def usage(*, agreement: Agreement, now: datetime) -> Usage:
    """Return the classes of an agreement with their counts. As many statements, whatever their number."""
    found = _counted().filter(draw__agreement=agreement).order_by("teacher__full_name", "name", "pk")
    classes = [_row(each, now=now) for each in found]
    running = [each for each in classes if each.open]
    return Usage(
        agreement=agreement,
        runs=agreement.runs(now),
        drawn=sum(each.group.seats for each in running),
        used=sum(each.taken for each in running),
        classes=sorted(classes, key=lambda each: not each.open),
    )


def _counted() -> ClassQuerySet:
    of = "places__state"
    named = ClassQuerySet(Class)
    return named.select_related("teacher", "programme", "offered_to", "draw__agreement").annotate(
        taken=Count("places", filter=Q(**{f"{of}__in": TAKEN})),
        confirmed=Count("places", filter=Q(**{of: CONFIRMED})),
        waiting=Count("places", filter=Q(**{of: WAITS})),
        listed=Count("places", filter=Q(**{of: LISTED})),
    )


def _row(group: Class, *, now: datetime) -> Row:
    counts = {name: int(getattr(group, name)) for name in ("taken", "confirmed", "waiting", "listed")}
    return Row(group=group, open=group.open(now), **counts)
