"""Classes of verified teachers: who joins by the code is confirmed by the teacher."""

from datetime import date, timedelta
from typing import Any

import pytest

from licet.education import applying, deciding
from licet.education.errors import CaseNotWaiting, RoleNotServed
from licet.education.models import Entitlement
from licet.education.proofs.class_code import actions as classes
from licet.education.proofs.class_code import places, rules
from licet.education.proofs.class_code.errors import (
    ClassClosed,
    ClassEndOutOfRange,
    ClassFull,
    ClassIsOver,
    ClassNameNeeded,
    ClassNotOffered,
    ClassUnknown,
    ColleagueNeeded,
    ColleagueYourself,
    JoinedAlready,
    NobodyChosen,
    PlaceDecided,
    SeatsOutOfRange,
    SeatsTaken,
    TeacherNeeded,
)
from licet.education.proofs.class_code.models import Class
from licet.education.proofs.class_code.states import CONFIRMED, REMOVED, WAITS
from licet.education.states import CaseState, Finding, Role
from licet.eventlog.change import change
from licet.kernel.refusal import Missing
from tests.education.classrooms import draft, joined, listed, made, school, teacher, wanted
from tests.education.conftest import Campus, chances
from tests.world import NOW, OPERATOR

pytestmark = pytest.mark.django_db


def test_a_pupil_whom_the_teacher_confirms_gets_the_license_without_the_desk(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines)
    place = joined(campus, of)
    assert place.proof
    assert place.case
    assert place.proof.finding == Finding.OPEN
    case = applying.submit(case=place.case, by=campus.student.actor(), now=NOW)
    assert deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=NOW) is None
    places.confirm(places=[place], by=ines.actor(), now=NOW)
    entitled = deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=NOW)
    assert entitled
    assert entitled.person == campus.student


def test_only_verified_teachers_make_classes(campus: Campus) -> None:
    with pytest.raises(TeacherNeeded):
        made(campus, campus.student)
    with pytest.raises(SeatsOutOfRange):
        made(campus, campus.student, seats=0)


def test_the_code_is_read_as_people_type_it_and_stored_nowhere(campus: Campus) -> None:
    of = made(campus, teacher(campus))
    code = classes.code(of=of)
    assert code not in str(vars(of))
    case = draft(campus, campus.student)
    typed = rules.grouped(code=code).lower().replace("1", "l").replace("0", "o")
    assert places.join(case=case, code=typed, by=campus.student.actor(), now=NOW).group == of


def test_another_code_joins_nothing(campus: Campus) -> None:
    made(campus, teacher(campus))
    case = draft(campus, campus.student)
    for code in ("", "AAAA-AAAA", "x" * 200):
        with pytest.raises(ClassUnknown):
            places.join(case=case, code=code, by=campus.student.actor(), now=NOW)


def test_the_places_of_a_class_are_kept_and_a_declined_one_is_free_again(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines, seats=1)
    first = joined(campus, of)
    second = campus.world.person("paul@home.example", "Paul Meyer")
    case = draft(campus, second)
    with pytest.raises(ClassFull):
        places.join(case=case, code=classes.code(of=of), by=second.actor(), now=NOW)
    places.decline(places=[first], by=ines.actor(), now=NOW)
    assert first.proof
    first.proof.refresh_from_db()
    assert first.proof.finding == Finding.NOTHING
    assert places.join(case=case, code=classes.code(of=of), by=second.actor(), now=NOW)


def test_nobody_joins_twice_or_after_a_decision(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines)
    place = joined(campus, of)
    assert place.case
    with pytest.raises(JoinedAlready):
        places.join(case=place.case, code=classes.code(of=of), by=campus.student.actor(), now=NOW)
    places.confirm(places=[place], by=ines.actor(), now=NOW)
    with pytest.raises(PlaceDecided):
        places.decline(places=[place], by=ines.actor(), now=NOW)


def test_a_withdrawn_request_is_not_confirmed(campus: Campus) -> None:
    ines = teacher(campus)
    place = joined(campus, made(campus, ines))
    assert place.case
    applying.withdraw(case=place.case, by=campus.student.actor(), now=NOW)
    with pytest.raises(PlaceDecided):
        places.confirm(places=[place], by=ines.actor(), now=NOW)


def test_a_class_ends_after_its_last_day_or_when_its_teacher_ends_it(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines)
    assert of.open(NOW)
    assert not of.open(NOW + timedelta(days=365))
    classes.end(of=of, by=ines.actor(), now=NOW)
    case = draft(campus, campus.student)
    with pytest.raises(ClassIsOver):
        places.join(case=case, code=classes.code(of=of), by=campus.student.actor(), now=NOW)
    with pytest.raises(ClassIsOver):
        classes.alter(of=of, wanted=wanted(), by=ines.actor(), now=NOW)


def test_a_class_has_a_name_and_ends_within_this_year_or_the_next(campus: Campus) -> None:
    ines = teacher(campus)
    for refusal, what in [
        (ClassNameNeeded, wanted(name="  ")),
        (ClassEndOutOfRange, wanted(ends_on=NOW.date())),
        (ClassEndOutOfRange, wanted(ends_on=date(2028, 9, 1))),
        (SeatsOutOfRange, wanted(seats=501)),
    ]:
        with pytest.raises(refusal):
            classes.make(programme=campus.programme, wanted=what, by=ines.actor(), now=NOW)
    next_year = wanted(ends_on=date(2027, 3, 1))
    of = classes.make(programme=campus.programme, wanted=next_year, by=ines.actor(), now=NOW)
    assert of.year_start == date(2026, 9, 1)


def test_a_class_is_changed_but_never_below_its_pupils(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines)
    listed(of, "Léa", "Tom")
    with pytest.raises(SeatsTaken):
        classes.alter(of=of, wanted=wanted(seats=1), by=ines.actor(), now=NOW)
    of = classes.alter(of=of, wanted=wanted(seats=30, name=" 2  C "), by=ines.actor(), now=NOW)
    assert (of.name, of.seats, of.free()) == ("2 C", 30, 28)


def test_a_new_code_ends_the_old_one_and_a_closed_class_takes_nobody(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines)
    old = classes.code(of=of)
    of = classes.renew_code(of=of, by=ines.actor(), now=NOW)
    case = draft(campus, campus.student)
    with pytest.raises(ClassUnknown):
        places.join(case=case, code=old, by=campus.student.actor(), now=NOW)
    classes.shut(of=of, by=ines.actor(), now=NOW)
    with pytest.raises(ClassClosed):
        places.join(case=case, code=classes.code(of=of), by=campus.student.actor(), now=NOW)
    classes.reopen(of=of, by=ines.actor(), now=NOW)
    assert places.join(case=case, code=classes.code(of=of), by=campus.student.actor(), now=NOW).state == WAITS


def test_whoever_enters_a_code_asks_for_the_license_in_one_step(campus: Campus) -> None:
    ines = teacher(campus, at=school())
    of = made(campus, ines)
    place = places.enter(
        group=places.find(code=classes.code(of=of)),
        role=Role.PUPIL,
        full_name="Nadia Roux",
        language="fr",
        by=campus.student.actor(),
        now=NOW,
    )
    assert place.case
    assert (place.case.state, place.case.school) == (CaseState.QUEUED, "Lycée du Rhin")
    places.confirm(places=[place], by=ines.actor(), now=NOW)
    entitled = deciding.approve_by_proof(case=place.case, chances=chances(), by=OPERATOR, now=NOW)
    assert entitled
    assert entitled.valid_until.date().isoformat() in ("2026-08-31", "2026-09-01"), "the end of the class"


def test_an_address_on_the_list_is_confirmed_at_once_even_when_the_class_is_full(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines, seats=1)
    (place,) = listed(of, "Nadia R.", email="nadia@home.example")
    classes.shut(of=of, by=ines.actor(), now=NOW)
    same = joined(campus, of)
    assert (same.pk, same.state, same.name) == (place.pk, CONFIRMED, "Nadia Roux")
    assert same.proof
    assert same.proof.finding == Finding.HOLDS


def test_a_removed_pupil_keeps_the_license_for_fourteen_days(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines, seats=1)
    place = joined(campus, of)
    assert place.case
    places.confirm(places=[place], by=ines.actor(), now=NOW)
    case = applying.submit(case=place.case, by=campus.student.actor(), now=NOW)
    entitled = deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=NOW)
    assert entitled
    places.remove(places=[place], by=ines.actor(), now=NOW)
    entitled = Entitlement.objects.get(pk=entitled.pk)
    assert entitled.valid_until == NOW + timedelta(days=14)
    assert {each.license.usable_until for each in entitled.given.all()} == {NOW + timedelta(days=14)}
    place.refresh_from_db()
    assert (place.state, of.free()) == (REMOVED, 1)
    with pytest.raises(PlaceDecided):
        places.remove(places=[place], by=ines.actor(), now=NOW)


def test_removed_before_the_decision_the_class_proves_nothing(campus: Campus) -> None:
    ines = teacher(campus)
    place = joined(campus, made(campus, ines))
    places.confirm(places=[place], by=ines.actor(), now=NOW)
    places.remove(places=[place], by=ines.actor(), now=NOW)
    assert place.case
    case = applying.submit(case=place.case, by=campus.student.actor(), now=NOW)
    assert deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=NOW) is None


def test_a_class_goes_to_a_verified_colleague_of_the_institution_who_takes_it(campus: Campus) -> None:
    ines, colleague = teacher(campus, at=school()), teacher(campus, "omar@home.example", at=school())
    elsewhere = teacher(campus, "lena@home.example", at=school("Collège de la Meuse"))
    of = made(campus, ines)
    place = joined(campus, of)
    for email in (campus.student.email, elsewhere.email, "nobody@home.example"):
        with pytest.raises(ColleagueNeeded):
            classes.offer(of=of, email=email, by=ines.actor(), now=NOW)
    with pytest.raises(ColleagueYourself):
        classes.offer(of=of, email=ines.email, by=ines.actor(), now=NOW)
    with pytest.raises(ClassNotOffered):
        classes.take_over(of=of, by=colleague.actor(), now=NOW)
    classes.offer(of=of, email=" OMAR@home.example ", by=ines.actor(), now=NOW)
    classes.take_over(of=of, by=colleague.actor(), now=NOW)
    with pytest.raises(Missing):
        places.confirm(places=[place], by=ines.actor(), now=NOW)
    places.confirm(places=[place], by=colleague.actor(), now=NOW)
    assert place.case
    place.case.refresh_from_db()
    assert place.case.state == CaseState.DRAFT, "the pupil still sends the request"


def test_an_offer_is_taken_back_or_turned_down(campus: Campus) -> None:
    ines, colleague = teacher(campus), teacher(campus, "omar@home.example")
    of = made(campus, ines)
    for who in (ines, colleague):
        classes.offer(of=of, email=colleague.email, by=ines.actor(), now=NOW)
        with pytest.raises(Missing):
            classes.end_offer(of=of, by=campus.student.actor(), now=NOW)
        classes.end_offer(of=of, by=who.actor(), now=NOW)
        with pytest.raises(ClassNotOffered):
            classes.take_over(of=of, by=colleague.actor(), now=NOW)
    with pytest.raises(ClassNotOffered):
        classes.end_offer(of=of, by=ines.actor(), now=NOW)


def test_an_offer_ends_by_itself_after_fourteen_days_and_another_colleague_can_be_asked(
    campus: Campus,
) -> None:
    ines, gone = teacher(campus), teacher(campus, "omar@home.example")
    of, later = made(campus, ines), NOW + timedelta(days=14)
    classes.offer(of=of, email=gone.email, by=ines.actor(), now=NOW)
    assert list(Class.objects.offered_to(gone.actor(), now=later - timedelta(seconds=1))) == [of]
    assert not Class.objects.offered_to(gone.actor(), now=later).exists()
    with pytest.raises(ClassNotOffered):
        classes.take_over(of=of, by=gone.actor(), now=later)
    of.refresh_from_db()
    assert of.offered(later) is None
    assert classes.offer(of=of, email=gone.email, by=ines.actor(), now=later).offered(later) == gone


def test_nobody_chosen_is_said(campus: Campus) -> None:
    ines = teacher(campus)
    for verb in (places.confirm, places.decline, places.remove):
        with pytest.raises(NobodyChosen):
            verb(places=[], by=ines.actor(), now=NOW)


def test_teachers_do_not_join_and_strangers_decide_nothing(campus: Campus) -> None:
    ines, stranger = teacher(campus), teacher(campus, "omar@home.example")
    of = made(campus, ines)
    other = campus.world.person("paula@home.example", "Paula Roth")
    with pytest.raises(RoleNotServed):
        places.join(
            case=draft(campus, other, role="teacher"), code=classes.code(of=of), by=other.actor(), now=NOW
        )
    place = joined(campus, of)
    for verb in (places.confirm, places.decline, places.remove):
        with pytest.raises(Missing):
            verb(places=[place], by=stranger.actor(), now=NOW)
    with pytest.raises(Missing):
        classes.end(of=of, by=stranger.actor(), now=NOW)


def test_a_teacher_whose_license_has_ended_confirms_nobody(campus: Campus) -> None:
    ines = teacher(campus)
    place = joined(campus, made(campus, ines))
    with pytest.raises(TeacherNeeded):
        places.confirm(places=[place], by=ines.actor(), now=NOW + timedelta(days=500))


def test_a_pupil_who_is_removed_at_the_last_moment_is_not_approved(
    campus: Campus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof is read again once the request is locked: it held a moment ago."""
    ines = teacher(campus)
    place = joined(campus, made(campus, ines))
    places.confirm(places=[place], by=ines.actor(), now=NOW)
    assert place.case
    case = applying.submit(case=place.case, by=campus.student.actor(), now=NOW)

    def late(**given: Any) -> Any:
        monkeypatch.undo()
        places.remove(places=[place], by=ines.actor(), now=NOW)
        return change(**given)

    monkeypatch.setattr(deciding, "change", late)
    with pytest.raises(CaseNotWaiting):
        deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=NOW)
    assert not Entitlement.objects.filter(person=campus.student).exists()
