"""Carrying a class on to the next school year: licenses, codes and cards of those who stay go on."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from licet.education import calendars
from licet.education.agreements import actions as agreements
from licet.education.agreements.errors import AgreementOver
from licet.education.agreements.models import Agreement, Draw
from licet.education.calendars import Year
from licet.education.models import Proof
from licet.education.proofs.class_code import actions, events, following, rules
from licet.education.proofs.class_code.actions import Wanted
from licet.education.proofs.class_code.errors import (
    ClassNotCarried,
    ClassYearSame,
    SeatsTaken,
    TeacherNeeded,
)
from licet.education.proofs.class_code.models import Class, Place
from licet.education.proofs.class_code.states import (
    CONFIRMED,
    DECLINED,
    LEFT,
    LISTED,
    REMOVED,
    TAKEN,
    WAITS,
    PlaceState,
)
from licet.education.proofs.class_code.teachers import teaching
from licet.education.states import Finding
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor

LEAVES = {CONFIRMED: LEFT, LISTED: REMOVED, WAITS: DECLINED}


def possible(*, of: Class, now: datetime) -> bool:
    """Whether the class can be carried on now: around the end of its school year, unless it was ended."""
    end = calendars.year_of(country=of.country, day=of.year_start).end
    return of.ended_at is None and end - rules.CARRY_BEFORE <= now.date() < end + rules.CARRY_AFTER


def next_year(*, of: Class) -> Year:
    """Return the school year after the class's own."""
    own = calendars.year_of(country=of.country, day=of.year_start)
    return calendars.year_of(country=of.country, day=own.end)


def carry_on(
    *,
    of: Class,
    staying: Sequence[Place],
    wanted: Wanted,
    agreement: Agreement | None = None,
    by: Actor,
    now: datetime,
) -> Class:
    """Let a class go on in the next school year with those who stay; the others leave it.

    Licenses of those who stay follow (`following`), with the same codes and cards; whose teacher lets them
    leave keeps the license until its end. The code is a new one. `agreement`: where the places come from,
    one that gives the same. Refuses TeacherNeeded, ClassNotCarried, ClassYearSame, SeatsTaken, and
    like `actions.make`.
    """
    year = next_year(of=of)
    actions.check(wanted, latest=year.end, now=now)
    if wanted.ends_on <= year.start:
        raise ClassYearSame(first=year.start, last=year.end - timedelta(days=1))
    with change(by=by, now=now) as record:
        draw = _drawn(of, wanted=wanted, agreement=agreement, record=record)  # agreements before classes
        of = actions.own(of=of, record=record)
        if not possible(of=of, now=now) or next_year(of=of) != year:  # carried on in another window
            raise ClassNotCarried
        if not actions.same_school(of, teaching(person=of.teacher_id, programme=of.programme, now=now)):
            raise TeacherNeeded
        stay, leave = _parted(of, staying=[each.pk for each in staying], record=record)
        if wanted.seats < stay:
            raise SeatsTaken(taken=stay)
        of.draw, of.code_number = draw, of.code_number + 1
        of.closed_at, of.reminded_days = None, None
        actions.fill_in(of, wanted)
        of.code_hash = actions.hash_of(of)
        of.save()
        following.vouch(of=of)
        record(
            events.ClassCarriedOn(
                group=of.pk, stay=stay, leave=leave, until=of.ends_on.isoformat(), class_name=of.name
            )
        )
    return of


def gives_the_same(*, of: Class, agreement: Agreement | None) -> bool:
    """Whether places of the agreement (None: of the programme) bring what those of the class brought."""
    before = of.draw.agreement.product_id if of.draw else None
    return before == (agreement.product_id if agreement else None)


def _drawn(of: Class, *, wanted: Wanted, agreement: Agreement | None, record: Record) -> Draw | None:
    # Read without a lock: what the class has drawn changes by its teacher alone, whose other window finds
    # below that the class was carried on.
    of = Class.objects.select_related("draw__agreement").get(pk=of.pk)
    if not gives_the_same(of=of, agreement=agreement):
        raise AgreementOver
    if of.draw is not None and agreement is not None and of.draw.agreement_id == agreement.pk:
        return agreements.draw_again(of=of.draw, seats=wanted.seats, ends_on=wanted.ends_on, record=record)
    if agreement is None:
        if of.draw is not None:
            agreements.give_back(of=of.draw, record=record)
        return None
    if (agreement.institution_id, agreement.programme_id) != (of.institution_id, of.programme_id):
        raise AgreementOver
    if of.draw is not None:
        agreements.give_back(of=of.draw, record=record)
    return agreements.draw(agreement=agreement, seats=wanted.seats, ends_on=wanted.ends_on, record=record)


def _parted(of: Class, *, staying: Sequence[int], record: Record) -> tuple[int, int]:
    """Let everybody leave who does not stay; return how many stay and how many leave."""
    stay, leave = 0, 0
    for place in of.places.filter(state__in=TAKEN).order_by("pk"):
        if place.pk in staying:
            stay += 1
            continue
        leave += 1
        if place.state == WAITS:
            of_place = Proof.objects.filter(pk=place.proof_id or 0)
            of_place.update(finding=Finding.NOTHING)
        place.decide(LEAVES[PlaceState(place.state)], now=record.now)
        place.save(update_fields=["state", "decided_at"])
    return stay, leave


def last_day(*, of: Class) -> date:
    """Return the last day of the next school year, as the calendar has it."""
    return next_year(of=of).end - timedelta(days=1)
