"""What a teacher does with a class as a whole: make, change, its code, hand over, end."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from licet.accounts.models import Person
from licet.education import calendars
from licet.education.agreements import actions as agreements
from licet.education.agreements.errors import AgreementOver
from licet.education.agreements.models import Agreement, Draw
from licet.education.models import Programme
from licet.education.proofs.class_code import events, following, rules
from licet.education.proofs.class_code.errors import (
    ClassEndOutOfRange,
    ClassIsOver,
    ClassNameNeeded,
    ClassNotOffered,
    ClassYearOver,
    ColleagueNeeded,
    ColleagueYourself,
    SeatsOutOfRange,
    SeatsTaken,
    TeacherNeeded,
)
from licet.education.proofs.class_code.models import Class
from licet.education.proofs.class_code.teachers import Teaching, teaching
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Missing
from licet.signing.queries import secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a teacher says about a class. `ends_on`: the day after its last one."""

    name: str
    seats: int
    ends_on: date
    language: str = "en"


def make(
    *, programme: Programme, wanted: Wanted, agreement: Agreement | None = None, by: Actor, now: datetime
) -> Class:
    """Make a class at the teacher's own institution; its places from an agreement, or the programme's own.

    Refuses TeacherNeeded, ClassNameNeeded, SeatsOutOfRange, ClassEndOutOfRange, and with an agreement (of
    that institution and programme, else AgreementOver) what `agreements.draw` refuses.
    """
    check(wanted, latest=now.date() + rules.LONGEST, now=now)
    with change(by=by, now=now) as record:
        found = require_teaching(person=by.id, programme=programme, now=now)
        draw = None
        if agreement is not None:
            if (agreement.institution_id, agreement.programme_id) != (found.institution_id, programme.pk):
                raise AgreementOver
            draw = agreements.draw(
                agreement=agreement, seats=wanted.seats, ends_on=wanted.ends_on, record=record
            )
        made = Class(
            teacher_id=found.entitled.person_id,
            programme=programme,
            institution_id=found.institution_id,
            institution_name=found.entitled.institution_name,
            country=found.country,
            draw=draw,
            made_at=now,
        )
        fill_in(made, wanted)
        made.code_hash = hash_of(made)
        made.save()
        record(events.ClassMade(group=made.pk, seats=made.seats, class_name=made.name))
    return made


def alter(*, of: Class, wanted: Wanted, by: Actor, now: datetime) -> Class:
    """Change a class that goes on. Refuses like `make`, SeatsTaken, ClassIsOver, ClassYearOver.

    A later end lengthens the licenses that the class has brought (`following`); an earlier one is for those
    who come from now on: what was promised is kept.
    """
    check(wanted, latest=now.date() + rules.LONGEST, now=now)
    with change(by=by, now=now) as record:
        # The draw is read without a lock, and locked after its agreement: agreements stand before classes.
        before = Class.objects.get(pk=of.pk)
        if before.draw_id is not None:
            draw = Draw.objects.get(pk=before.draw_id)
            agreements.draw_again(of=draw, seats=wanted.seats, ends_on=wanted.ends_on, record=record)
        of = running(of=of, record=record)
        taken = of.seats - of.free()
        if wanted.seats < taken:
            raise SeatsTaken(taken=taken)
        if wanted.ends_on > of.ends_on:
            require_teaching(person=of.teacher_id, programme=of.programme, now=now)
            year = calendars.year_of(country=of.country, day=of.year_start)
            if taken and wanted.ends_on > year.end:
                raise ClassYearOver(until=year.end - timedelta(days=1))
        fill_in(of, wanted)
        of.reminded_days = None
        of.save(update_fields=["name", "seats", "ends_on", "language", "year_start", "reminded_days"])
        following.vouch(of=of)
        record(events.ClassChanged(group=of.pk, seats=of.seats, class_name=of.name))
    return of


def code(*, of: Class) -> str:
    """Return the code that pupils enter, without groups."""
    name = of.public_id if of.code_number == 1 else f"{of.public_id} {of.code_number}"
    return rules.spell(key=secret(purpose=rules.CODES), name=name)


def renew_code(*, of: Class, by: Actor, now: datetime) -> Class:
    """Make another code: the old one joins nobody any more. Refuses ClassIsOver."""
    with change(by=by, now=now) as record:
        of = running(of=of, record=record)
        of.code_number += 1
        of.code_hash = hash_of(of)
        of.save(update_fields=["code_number", "code_hash"])
        record(events.ClassCodeRenewed(group=of.pk, class_name=of.name))
    return of


def shut(*, of: Class, by: Actor, now: datetime) -> Class:
    """Let nobody join by the code for the time being. Refuses ClassIsOver."""
    with change(by=by, now=now) as record:
        of = running(of=of, record=record)
        of.closed_at = now
        of.save(update_fields=["closed_at"])
        record(events.ClassShut(group=of.pk, class_name=of.name))
    return of


def reopen(*, of: Class, by: Actor, now: datetime) -> Class:
    """Let pupils join by the code again. Refuses ClassIsOver."""
    with change(by=by, now=now) as record:
        of = running(of=of, record=record)
        of.closed_at = None
        of.save(update_fields=["closed_at"])
        record(events.ClassOpened(group=of.pk, class_name=of.name))
    return of


def end(*, of: Class, by: Actor, now: datetime) -> Class:
    """End the class: nobody joins any more; who was confirmed keeps what that brought."""
    with change(by=by, now=now) as record:
        draw = Class.objects.get(pk=of.pk).draw
        if draw is not None:
            agreements.give_back(of=draw, record=record)
        of = own(of=of, record=record)
        of.ended_at = of.ended_at or now
        of.offered_to = None
        of.save(update_fields=["ended_at", "offered_to"])
        record(events.ClassEnded(group=of.pk, class_name=of.name))
    return of


# --- to a colleague ---------------------------------------------------------------------------------


def offer(*, of: Class, email: str, by: Actor, now: datetime) -> Class:
    """Ask a colleague, a verified teacher of the same institution, to take the class over.

    The offer ends by itself after fourteen days: a colleague may have left. Refuses
    ColleagueNeeded, ColleagueYourself, ClassIsOver.
    """
    with change(by=by, now=now) as record:
        of = running(of=of, record=record)
        ask(of=of, email=email, record=record)
    return of


def end_offer(*, of: Class, by: Actor, now: datetime) -> Class:
    """Take an offer back as its teacher or the vendor, or turn it down as the colleague.

    Refuses ClassNotOffered; Missing for anybody else.
    """
    with change(by=by, now=now) as record:
        # The colleague who takes it at the same moment: one of the two finds the offer gone.
        of = Class.objects.locked(of.pk)
        if not by.serves(Duty.REVIEW_EDUCATION) and (
            not by.is_person or by.id not in (of.teacher_id, of.offered_to_id)
        ):
            raise Missing
        if of.offered_to_id is None:
            raise ClassNotOffered
        of.offered_to = None
        of.save(update_fields=["offered_to"])
        record(events.ClassOfferEnded(group=of.pk, class_name=of.name))
    return of


def take_over(*, of: Class, by: Actor, now: datetime) -> Class:
    """Take a class that was offered; pupils, code and cards stay as they are.

    Refuses ClassNotOffered, TeacherNeeded once one is no verified teacher of the institution, ClassIsOver.
    """
    with change(by=by, now=now) as record:
        of = Class.objects.locked(of.pk)  # the teacher who takes the offer back
        asked = of.offered(now)
        if not by.is_person or by.id is None or asked is None or by.id != asked.pk:
            raise ClassNotOffered
        if not of.open(now):
            raise ClassIsOver
        if not same_school(of, teaching(person=by.id, programme=of.programme, now=now)):
            raise TeacherNeeded
        before = of.teacher
        of.teacher_id, of.offered_to = by.id, None
        of.save(update_fields=["teacher", "offered_to"])
        record(
            events.ClassHandedOver(group=of.pk, before=before.pk, class_name=of.name, person_name=before.name)
        )
    return of


# --- steps ------------------------------------------------------------------------------------------


def ask(*, of: Class, email: str, by_desk: bool = False, record: Record) -> None:
    """Offer a locked class to a colleague. A step. Refuses ColleagueNeeded, ColleagueYourself."""
    colleague = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    if colleague is not None and colleague.pk == of.teacher_id:
        raise ColleagueYourself
    if colleague is None or not same_school(
        of, teaching(person=colleague.pk, programme=of.programme, now=record.now)
    ):
        raise ColleagueNeeded
    of.offered_to, of.offered_at = colleague, record.now
    of.save(update_fields=["offered_to", "offered_at"])
    record(
        events.ClassOffered(
            group=of.pk,
            person=colleague.pk,
            by_desk=by_desk,
            class_name=of.name,
            person_name=colleague.name,
        )
    )


def own(*, of: Class, record: Record) -> Class:
    """Lock a class of the actor's and read it again; Missing for others. A step."""
    # A colleague who is given the class meanwhile, who joins meanwhile.
    of = Class.objects.locked(of.pk)
    if not record.by.is_person or record.by.id != of.teacher_id:
        raise Missing
    return of


def running(*, of: Class, record: Record) -> Class:
    """Lock a class of the actor's that goes on, as `own`. A step. Refuses ClassIsOver."""
    of = own(of=of, record=record)
    if not of.open(record.now):
        raise ClassIsOver
    return of


def require_teaching(*, person: int | None, programme: Programme, now: datetime) -> Teaching:
    """Return where somebody teaches; refuses TeacherNeeded."""
    found = teaching(person=person, programme=programme, now=now)
    if found is None:
        raise TeacherNeeded
    return found


def check(wanted: Wanted, *, latest: date, now: datetime) -> None:
    """Refuse a class without a name, with too few or too many places, or whose end is not before `latest`."""
    if not wanted.name.strip():
        raise ClassNameNeeded
    if not 1 <= wanted.seats <= rules.MOST_SEATS:
        raise SeatsOutOfRange(most=rules.MOST_SEATS)
    if not now.date() + timedelta(days=1) < wanted.ends_on <= latest:
        raise ClassEndOutOfRange(latest=latest - timedelta(days=1))


def fill_in(of: Class, wanted: Wanted) -> None:
    """Put into the row what its teacher wants. A step; saving is the verb's."""
    of.name, of.seats = " ".join(wanted.name.split())[:80], wanted.seats
    of.ends_on, of.language = wanted.ends_on, wanted.language
    last = wanted.ends_on - timedelta(days=1)
    of.year_start = calendars.year_of(country=of.country, day=last).start


def hash_of(of: Class) -> str:
    """Return under what the class's present code is found."""
    return rules.code_hash(key=secret(purpose=rules.HASHES), code=code(of=of))


def same_school(of: Class, found: Teaching | None) -> bool:
    """Whether somebody teaches where the class is; outside the directory the name has to be the same."""
    if found is None:
        return False
    if of.institution_id is not None or found.institution_id is not None:
        return of.institution_id == found.institution_id
    return of.institution_name.casefold() == found.entitled.institution_name.casefold()
