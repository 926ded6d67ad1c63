"""The verbs of classes: make, join, confirm, decline, hand over, end."""

from datetime import date, datetime
from typing import Any

from licet.accounts.models import Person
from licet.education import applying
from licet.education.applying import Found
from licet.education.errors import CaseNotYours, RoleNotServed
from licet.education.models import Case, Entitlement, Programme, Proof
from licet.education.proofs.class_code import events, rules
from licet.education.proofs.class_code.errors import (
    ClassFull,
    ClassIsOver,
    ClassUnknown,
    ColleagueNeeded,
    JoinedAlready,
    JoinerDecided,
    SeatsOutOfRange,
    TeacherNeeded,
)
from licet.education.proofs.class_code.models import CONFIRMED, DECLINED, WAITS, Class, Joiner
from licet.education.states import RUNNING, CaseState, Finding, Role, Strength
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing
from licet.signing.queries import secret

KIND = "class_code"


def make(*, programme: Programme, name: str, seats: int, year_start: date, by: Actor, now: datetime) -> Class:
    """Make a class at the teacher's own institution, for the academic year that begins at `year_start`.

    Refuses TeacherNeeded, SeatsOutOfRange.
    """
    if not 1 <= seats <= rules.MOST_SEATS:
        raise SeatsOutOfRange(most=rules.MOST_SEATS)
    with change(by=by, now=now) as record:
        entitled = _teaches(person=by.id, programme=programme, now=now)
        if entitled is None:
            raise TeacherNeeded
        case = entitled.spans.select_related("case__institution").latest("pk").case
        made = Class(
            teacher_id=entitled.person_id,
            programme=programme,
            institution=case.institution,
            institution_name=entitled.institution_name,
            country=case.country,
            name=" ".join(name.split())[:80],
            year_start=year_start,
            seats=seats,
            made_at=now,
        )
        made.code_hash = rules.code_hash(key=secret(purpose=rules.HASHES), code=code(of=made))
        made.save()
        record(events.ClassMade(group=made.pk, seats=seats, class_name=made.name))
    return made


def code(*, of: Class) -> str:
    """Return the code that pupils enter, without groups."""
    return rules.spell(key=secret(purpose=rules.CODES), name=of.public_id)


def join(*, case: Case, code: str, by: Actor, now: datetime) -> Joiner:
    """Take a place in the class with this code; it proves something once the teacher has confirmed.

    Refuses ClassUnknown, ClassIsOver, ClassFull, JoinedAlready, CaseNotYours, RoleNotServed for teachers.
    """
    wanted = rules.code_hash(key=secret(purpose=rules.HASHES), code=rules.read(text=code))
    with change(by=by, now=now) as record:
        case = Case.objects.locked(case.pk)
        if not by.is_person or by.id != case.person_id:
            raise Missing
        if case.state not in {CaseState.DRAFT, CaseState.ACTION_NEEDED}:
            raise CaseNotYours
        if case.role == Role.TEACHER:
            raise RoleNotServed
        found = Class.objects.filter(code_hash=wanted, programme=case.programme).first()
        if found is None:
            raise ClassUnknown
        # The last place goes to one of two: the second waits here and finds none.
        found = Class.objects.locked(found.pk)
        _place(found, case, now)
        proof = applying.proof_step(
            case=case,
            found=Found(
                kind=KIND,
                strength=Strength.CONFIRMED,
                finding=Finding.OPEN,
                facts={"class": found.name, "institution": found.institution_name},
                year_start=found.year_start,
            ),
            record=record,
        )
        joiner = Joiner.objects.create(group=found, case=case, proof=proof, joined_at=now)
        record(events.ClassJoined(group=found.pk, case=case.pk, class_name=found.name))
    return joiner


def confirm(*, joiner: Joiner, by: Actor, now: datetime) -> Joiner:
    """Say that one knows who joined: the proof holds from now on. The teacher of the class only.

    Refuses JoinerDecided, TeacherNeeded where the teacher's own license has ended.
    """
    with change(by=by, now=now) as record:
        joiner = _decide(joiner, to=CONFIRMED, finding=Finding.HOLDS, record=record)
        record(events.JoinerConfirmed(**_told(joiner)))
    return joiner


def decline(*, joiner: Joiner, by: Actor, now: datetime) -> Joiner:
    """Say that one does not know who joined; the place is free again. Refuses like `confirm`."""
    with change(by=by, now=now) as record:
        joiner = _decide(joiner, to=DECLINED, finding=Finding.NOTHING, record=record)
        record(events.JoinerDeclined(**_told(joiner)))
    return joiner


def hand_over(*, of: Class, email: str, by: Actor, now: datetime) -> Class:
    """Give the class to a colleague, who is a verified teacher, too. Refuses ColleagueNeeded."""
    with change(by=by, now=now) as record:
        of = _own(of, record)
        colleague = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
        if colleague is None or _teaches(person=colleague.pk, programme=of.programme, now=now) is None:
            raise ColleagueNeeded
        of.teacher = colleague
        of.save(update_fields=["teacher"])
        record(events.ClassHandedOver(group=of.pk, class_name=of.name, person_name=colleague.name))
    return of


def end(*, of: Class, by: Actor, now: datetime) -> Class:
    """End the class: nobody joins any more; who was confirmed keeps what that brought."""
    with change(by=by, now=now) as record:
        of = _own(of, record)
        of.ended_at = of.ended_at or now
        of.save(update_fields=["ended_at"])
        record(events.ClassEnded(group=of.pk, class_name=of.name))
    return of


def _teaches(*, person: int | None, programme: Programme, now: datetime) -> Entitlement | None:
    standing = Entitlement.objects.standing().filter(person=person, programme=programme, role=Role.TEACHER)
    return standing.filter(valid_until__gt=now).first()


def _place(found: Class, case: Case, now: datetime) -> None:
    if not found.open(now):
        raise ClassIsOver
    if found.joiners.filter(case=case).exists():
        raise JoinedAlready
    if found.free() < 1:
        raise ClassFull


def _own(of: Class, record: Record) -> Class:
    """Lock a class of the actor's and read it again; Missing for others."""
    # A colleague who is given the class meanwhile, who joins meanwhile.
    of = Class.objects.locked(of.pk)
    if not record.by.is_person or record.by.id != of.teacher_id:
        raise Missing
    return of


def _decide(joiner: Joiner, *, to: str, finding: Finding, record: Record) -> Joiner:
    case = Case.objects.locked(joiner.case_id)  # case, then class: the order of `join`
    of = _own(joiner.group, record)
    if _teaches(person=of.teacher_id, programme=of.programme, now=record.now) is None:
        raise TeacherNeeded
    joiner = Joiner.objects.select_related("case__person", "group").get(pk=joiner.pk)
    if joiner.state != WAITS or case.state not in RUNNING:
        raise JoinerDecided
    joiner.state, joiner.decided_at = to, record.now
    joiner.save(update_fields=["state", "decided_at"])
    Proof.objects.filter(pk=joiner.proof_id).update(finding=finding)
    return joiner


def _told(joiner: Joiner) -> dict[str, Any]:
    return {
        "group": joiner.group.pk,
        "case": joiner.case_id,
        "class_name": joiner.group.name,
        "person_name": joiner.case.full_name or joiner.case.person.name,
    }
