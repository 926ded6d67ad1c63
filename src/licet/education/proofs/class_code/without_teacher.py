"""Classes whose teacher has left: the vendor sees them, and asks a colleague of the institution to take them.

A teacher has left whose account is closed, or whose own license has ended and was not extended for a
while. Pupils keep license, codes and cards until the last day of the class, whoever has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from licet.accounts.models import Person
from licet.education.models import Entitlement, EntitlementQuerySet
from licet.education.proofs.class_code import actions, rules
from licet.education.proofs.class_code.errors import ClassHasTeacher, ClassIsOver
from licet.education.proofs.class_code.models import Class, ClassQuerySet
from licet.education.proofs.class_code.teachers import teaching
from licet.education.states import Role
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden
from licet.teams.models import Member
from licet.teams.states import Role as TeamRole

MOST_COLLEAGUES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """How a teacher has left: the account is closed, or else the license as a teacher has ended."""

    closed: bool


def left(*, of: Class, now: datetime) -> Left | None:
    """Return how the teacher of a class that goes on has left, or None."""
    if not without_teacher(now=now).filter(pk=of.pk).exists():
        return None
    return Left(closed=not of.teacher.is_active)


def without_teacher(*, now: datetime) -> ClassQuerySet:
    """Return the classes that go on and whose teacher has left. One statement."""
    verified = _teachers(now=now - rules.ABSENT).filter(
        person=OuterRef("teacher"), programme=OuterRef("programme")
    )
    running = ClassQuerySet(Class).filter(ended_at=None, ends_on__gt=now.date())
    return running.exclude(Exists(verified))


def colleagues(*, of: Class, now: datetime) -> Sequence[Person]:
    """Return the verified teachers of the class's institution, by name."""
    there = _teachers(now=now).filter(programme=of.programme_id).exclude(person=of.teacher_id)
    if of.institution_id is not None:
        there = there.filter(spans__case__institution=of.institution_id)
    else:
        there = there.filter(institution_name__iexact=of.institution_name)
    people = Person.objects.filter(pk__in=there.values("person")).order_by("full_name", "pk")
    return [
        each
        for each in people[:MOST_COLLEAGUES]
        if actions.same_school(of, teaching(person=each.pk, programme=of.programme, now=now))
    ]


def offer(*, of: Class, email: str, by: Actor, now: datetime) -> Class:
    """Ask a colleague of a teacher who has left to take the class over; nothing changes before they do.

    The vendor's people only. Refuses ClassHasTeacher, ClassIsOver, ColleagueNeeded, ColleagueYourself.
    """
    if not by.serves(Duty.REVIEW_EDUCATION):
        raise Forbidden
    with change(by=by, now=now) as record:
        of = Class.objects.locked(of.pk)  # the teacher who comes back and hands it over, a second reviewer
        if not of.open(now):
            raise ClassIsOver
        if left(of=of, now=now) is None:
            raise ClassHasTeacher
        actions.ask(of=of, email=email, by_desk=True, record=record)
    return of


def told(*, of: Class, now: datetime) -> list[Person]:
    """Return who is told that a class ends.

    Its teacher, as long as the account is there, also where the license as a teacher has ended. Else the
    colleague who was asked to take it, else whoever looks after its agreement; else nobody but the desk.
    """
    if of.teacher.is_active:
        return [of.teacher]
    asked = of.offered(now)
    if asked is not None:
        return [asked]
    if of.draw is None:
        return []
    managers = Member.objects.active().filter(
        team=of.draw.agreement.team_id, role__in=[TeamRole.OWNER, TeamRole.ADMIN], person__is_active=True
    )
    return [each.person for each in managers.select_related("person").order_by("pk")]


def _teachers(*, now: datetime) -> EntitlementQuerySet:
    standing = Entitlement.objects.standing().filter(role=Role.TEACHER, valid_until__gt=now)
    return standing.filter(person__is_active=True)
