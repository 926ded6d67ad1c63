"""A class goes on in the next school year: licenses of those who stay follow, others end as promised."""

from datetime import date, datetime, timedelta

import pytest
from django.core import mail as outbox

from licet.education import applying, deciding
from licet.education import mail as letters
from licet.education.agreements.errors import AgreementEndsSooner, AgreementOver
from licet.education.models import Entitlement
from licet.education.proofs.class_code import actions as classes
from licet.education.proofs.class_code import cards, carrying, following, places
from licet.education.proofs.class_code.errors import (
    ClassEndOutOfRange,
    ClassNotCarried,
    ClassUnknown,
    ClassYearSame,
    PlaceDecided,
    SeatsTaken,
    TeacherNeeded,
)
from licet.education.proofs.class_code.models import Class, Place
from licet.education.states import Finding
from licet.eventlog.models import Event
from licet.kernel.refusal import Missing
from licet.licenses.models import Code
from tests.education.classrooms import agreed, carded, joined, listed, made, school, teacher, wanted
from tests.education.conftest import Campus, chances
from tests.world import NOW, OPERATOR

pytestmark = pytest.mark.django_db

SUMMER = datetime(2026, 8, 20, 9, tzinfo=NOW.tzinfo)
NEXT_END = date(2027, 7, 3)


def followed() -> None:
    """Let the worker do what follows from the newest change of a class, twice."""
    event = Event.objects.filter(name__in=("class.changed", "class.carried_on")).latest("pk")
    for _again in range(2):
        following.licenses_follow(event=event, now=event.at)


def licensed(campus: Campus, of: Class) -> tuple[Place, Entitlement]:
    """Return a pupil with an account who was confirmed and has the license."""
    place = joined(campus, of)
    places.confirm(places=[place], by=of.teacher.actor(), now=NOW)
    assert place.case
    case = applying.submit(case=place.case, by=campus.student.actor(), now=NOW)
    entitled = deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=NOW)
    assert entitled
    return place, entitled


def ends(entitled: Entitlement) -> set[str]:
    """Return the days on which the entitlement, its newest term and its licenses end."""
    again = Entitlement.objects.get(pk=entitled.pk)
    found = {again.valid_until, again.spans.latest("pk").ends_at}
    found |= {each.license.valid_until for each in again.given.select_related("license")}
    return {each.astimezone(NOW.tzinfo).date().isoformat() for each in found}


def on(day: date) -> set[str]:
    """Return a day (excluded end) as the vendor's midnight is read in UTC: it, or the evening before."""
    return {day.isoformat(), (day - timedelta(days=1)).isoformat()}


def carried(of: Class, staying: list[Place], *, seats: int = 5, ends_on: date = NEXT_END) -> Class:
    """Carry the class on as its teacher, whose own license goes on."""
    Entitlement.objects.filter(person=of.teacher).update(valid_until=SUMMER + timedelta(days=300))
    return carrying.carry_on(
        of=of,
        staying=staying,
        wanted=wanted(name="1 B", seats=seats, ends_on=ends_on),
        by=of.teacher.actor(),
        now=SUMMER,
    )


def test_licenses_of_those_who_stay_follow_with_the_same_codes(campus: Campus) -> None:
    of = made(campus, teacher(campus), seats=4)
    place, entitled = licensed(campus, of)
    (card,) = carded(of, "Léa")
    before = set(Code.objects.values_list("pk", "state"))
    of = carried(of, [place, card])
    assert (of.name, of.seats, of.ends_on, of.year_start) == ("1 B", 5, NEXT_END, date(2026, 9, 1))
    followed()
    printed = Entitlement.objects.get(spans__case=card.case)
    for each in (entitled, printed):
        assert ends(each) <= on(NEXT_END)
    assert set(Code.objects.values_list("pk", "state")) == before
    assert Event.objects.filter(name="entitlement.lengthened").count() == 2, "once, however often it runs"


def test_who_leaves_keeps_the_license_until_the_day_that_was_promised(campus: Campus) -> None:
    of = made(campus, teacher(campus), seats=6)
    place, entitled = licensed(campus, of)
    (card,) = carded(of, "Léa")
    (absent,) = listed(of, "Tom", email="tom@home.example")
    promised = ends(entitled)
    of = carried(of, [])
    followed()
    assert ends(entitled) == promised
    assert [Place.objects.get(pk=each.pk).state for each in (place, card, absent)] == [
        "left",
        "left",
        "removed",
    ]
    assert of.free() == 5
    text = Code.objects.get(member__person=card.case.person, pk__in=_codes(card))  # type: ignore[union-attr]
    assert cards.of_code(code=text).pk == card.pk, "the card still says until when it works"
    with pytest.raises(PlaceDecided):
        places.remove(places=[place], by=of.teacher.actor(), now=SUMMER)


def _codes(card: Place) -> list[int]:
    return list(Code.objects.filter(member__person=card.case.person).values_list("pk", flat=True)[:1])  # type: ignore[union-attr]


def test_who_waits_and_stays_is_confirmed_for_the_new_year(campus: Campus) -> None:
    of = made(campus, teacher(campus), seats=6)
    place = joined(campus, of)
    assert place.proof
    carried(of, [place])
    place.proof.refresh_from_db()
    assert (place.proof.valid_until, place.proof.year_start, place.proof.finding) == (
        NEXT_END,
        date(2026, 9, 1),
        Finding.OPEN,
    )


def test_who_waits_and_does_not_stay_is_declined(campus: Campus) -> None:
    of = made(campus, teacher(campus), seats=6)
    place = joined(campus, of)
    carried(of, [])
    place.refresh_from_db()
    assert place.proof
    assert (place.state, place.proof.finding) == ("declined", Finding.NOTHING)


def test_the_code_of_last_year_joins_nobody(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    old = classes.code(of=of)
    of = carried(of, [])
    with pytest.raises(ClassUnknown):
        places.find(code=old)
    assert places.find(code=classes.code(of=of)) == of


def test_a_class_is_carried_into_the_next_year_and_once(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    for refusal, day in [(ClassYearSame, date(2026, 8, 31)), (ClassEndOutOfRange, date(2027, 9, 2))]:
        with pytest.raises(refusal):
            carried(of, [], ends_on=day)
    carried(of, [])
    of.refresh_from_db()
    with pytest.raises(ClassNotCarried):
        carried(of, [], ends_on=date(2028, 7, 1))
    again = Class.objects.get(pk=of.pk)
    assert again.ends_on == NEXT_END


def test_a_class_that_ends_in_spring_waits_for_the_end_of_the_school_year(campus: Campus) -> None:
    of = classes.make(
        programme=campus.programme,
        wanted=wanted(ends_on=date(2026, 4, 1)),
        by=teacher(campus).actor(),
        now=NOW,
    )
    assert not carrying.possible(of=of, now=NOW)
    assert carrying.possible(of=of, now=SUMMER)


@pytest.mark.parametrize("day", [date(2026, 6, 2), date(2027, 3, 1)])
def test_too_early_and_too_late_no_class_is_carried_on(campus: Campus, day: date) -> None:
    of = made(campus, teacher(campus))
    now = datetime(day.year, day.month, day.day, tzinfo=NOW.tzinfo)
    assert not carrying.possible(of=of, now=now)
    Entitlement.objects.update(valid_until=now + timedelta(days=30))
    with pytest.raises(ClassNotCarried):
        carrying.carry_on(of=of, staying=[], wanted=wanted(ends_on=NEXT_END), by=of.teacher.actor(), now=now)


def test_a_class_that_its_teacher_has_ended_stays_so(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    classes.end(of=of, by=of.teacher.actor(), now=NOW)
    with pytest.raises(ClassNotCarried):
        carried(of, [])


def test_the_places_have_to_be_enough_for_those_who_stay(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    both = listed(of, "Léa", "Tom")
    with pytest.raises(SeatsTaken):
        carried(of, both, seats=1)
    assert Place.objects.filter(group=of, state="listed").count() == 2, "nothing has changed"


def test_only_its_own_verified_teacher_carries_a_class_on(campus: Campus) -> None:
    of, stranger = made(campus, teacher(campus)), teacher(campus, "omar@home.example")
    with pytest.raises(Missing):
        carrying.carry_on(of=of, staying=[], wanted=wanted(ends_on=NEXT_END), by=stranger.actor(), now=SUMMER)
    Entitlement.objects.filter(person=of.teacher).update(valid_until=SUMMER)
    with pytest.raises(TeacherNeeded):
        carrying.carry_on(
            of=of, staying=[], wanted=wanted(ends_on=NEXT_END), by=of.teacher.actor(), now=SUMMER
        )


def test_the_places_of_an_agreement_go_on_as_far_as_it_does(campus: Campus) -> None:
    ines = teacher(campus, at=school())
    agreement = agreed(campus, seats=10)
    of = made(campus, ines, seats=6, agreement=agreement)
    Entitlement.objects.filter(person=ines).update(valid_until=SUMMER + timedelta(days=300))
    what = wanted(seats=8, ends_on=NEXT_END)

    def on_with(source: object) -> Class:
        return carrying.carry_on(
            of=of,
            staying=[],
            wanted=what,
            agreement=source,  # type: ignore[arg-type]
            by=ines.actor(),
            now=SUMMER,
        )

    with pytest.raises(AgreementEndsSooner):
        on_with(agreement)
    with pytest.raises(AgreementOver):
        on_with(agreed(campus, product=True, ends_on=date(2027, 8, 1)))
    newer = agreed(campus, seats=9, ends_on=date(2027, 8, 1))
    assert on_with(newer).draw.agreement == newer  # type: ignore[union-attr]
    assert (newer.free(SUMMER), agreement.free(SUMMER)) == (1, 10)


def test_who_goes_on_is_told_until_when(campus: Campus) -> None:
    of = made(campus, teacher(campus), seats=4)
    place, _entitled = licensed(campus, of)
    (card,) = carded(of, "Léa")
    carried(of, [place, card])
    followed()
    outbox.outbox.clear()
    for event in Event.objects.filter(name="entitlement.lengthened"):
        letters.lengthened(event=event, now=SUMMER)
        letters.lengthened(event=event, now=SUMMER)
    (letter,) = outbox.outbox
    assert (letter.to, "2 July 2027" in letter.subject) == (["nadia@home.example"], True)
