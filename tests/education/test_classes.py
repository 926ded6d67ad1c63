"""Classes of verified teachers: who joins by the code is confirmed by the teacher."""

from datetime import date, timedelta

import pytest

from licet.accounts.models import Person
from licet.education import applying, deciding
from licet.education.errors import RoleNotServed
from licet.education.models import Case
from licet.education.proofs.class_code import actions as classes
from licet.education.proofs.class_code import rules
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
from licet.education.proofs.class_code.models import Class, Joiner
from licet.education.states import CaseState, Finding, Strength
from licet.kernel.refusal import Missing
from tests.education.conftest import Campus, chances
from tests.world import NOW, OPERATOR

pytestmark = pytest.mark.django_db
YEAR = date(2025, 9, 1)


def draft(campus: Campus, person: Person, role: str = "pupil") -> Case:
    case = campus.started(person)
    form = applying.Form(
        role=role, full_name=person.full_name, country="FR", institution_text="Lycée du Rhin"
    )
    return applying.fill(case=case, form=form, by=person.actor(), now=NOW)


def teacher(campus: Campus, email: str = "ines@home.example") -> Person:
    """Return somebody who has a license as a teacher."""
    person = campus.world.person(email, "Ines Weber")
    case = draft(campus, person, role="teacher")
    given = applying.Found(kind="upload", strength=Strength.PAPER, finding=Finding.OPEN, facts={})
    applying.add_proof(case=case, found=given, by=person.actor(), now=NOW)
    campus.approved(applying.submit(case=case, by=person.actor(), now=NOW))
    return person


def made(campus: Campus, by: Person, *, seats: int = 2) -> Class:
    return classes.make(
        programme=campus.programme, name="2 B", seats=seats, year_start=YEAR, by=by.actor(), now=NOW
    )


def joined(campus: Campus, of: Class, person: Person | None = None) -> Joiner:
    person = person or campus.student
    case = draft(campus, person)
    return classes.join(case=case, code=classes.code(of=of), by=person.actor(), now=NOW)


def test_a_pupil_whom_the_teacher_confirms_gets_the_license_without_the_desk(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines)
    joiner = joined(campus, of)
    assert joiner.proof.finding == Finding.OPEN
    case = applying.submit(case=joiner.case, by=campus.student.actor(), now=NOW)
    assert deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=NOW) is None
    classes.confirm(joiner=joiner, by=ines.actor(), now=NOW)
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
    assert classes.join(case=case, code=typed, by=campus.student.actor(), now=NOW).group == of


def test_another_code_joins_nothing(campus: Campus) -> None:
    made(campus, teacher(campus))
    case = draft(campus, campus.student)
    for code in ("", "AAAA-AAAA", "x" * 200):
        with pytest.raises(ClassUnknown):
            classes.join(case=case, code=code, by=campus.student.actor(), now=NOW)


def test_the_places_of_a_class_are_kept_and_a_declined_one_is_free_again(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines, seats=1)
    first = joined(campus, of)
    second = campus.world.person("paul@home.example", "Paul Meyer")
    case = draft(campus, second)
    with pytest.raises(ClassFull):
        classes.join(case=case, code=classes.code(of=of), by=second.actor(), now=NOW)
    classes.decline(joiner=first, by=ines.actor(), now=NOW)
    first.proof.refresh_from_db()
    assert first.proof.finding == Finding.NOTHING
    assert classes.join(case=case, code=classes.code(of=of), by=second.actor(), now=NOW)


def test_nobody_joins_twice_or_after_a_decision(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines)
    joiner = joined(campus, of)
    with pytest.raises(JoinedAlready):
        classes.join(case=joiner.case, code=classes.code(of=of), by=campus.student.actor(), now=NOW)
    classes.confirm(joiner=joiner, by=ines.actor(), now=NOW)
    with pytest.raises(JoinerDecided):
        classes.decline(joiner=joiner, by=ines.actor(), now=NOW)


def test_a_withdrawn_request_is_not_confirmed(campus: Campus) -> None:
    ines = teacher(campus)
    joiner = joined(campus, made(campus, ines))
    applying.withdraw(case=joiner.case, by=campus.student.actor(), now=NOW)
    with pytest.raises(JoinerDecided):
        classes.confirm(joiner=joiner, by=ines.actor(), now=NOW)


def test_a_class_ends_with_its_year_or_when_its_teacher_ends_it(campus: Campus) -> None:
    ines = teacher(campus)
    of = made(campus, ines)
    assert of.open(NOW)
    assert not of.open(NOW + timedelta(days=365))
    classes.end(of=of, by=ines.actor(), now=NOW)
    case = draft(campus, campus.student)
    with pytest.raises(ClassIsOver):
        classes.join(case=case, code=classes.code(of=of), by=campus.student.actor(), now=NOW)


def test_a_class_goes_to_a_verified_colleague_alone(campus: Campus) -> None:
    ines, colleague = teacher(campus), teacher(campus, "omar@home.example")
    of = made(campus, ines)
    joiner = joined(campus, of)
    with pytest.raises(ColleagueNeeded):
        classes.hand_over(of=of, email=campus.student.email, by=ines.actor(), now=NOW)
    classes.hand_over(of=of, email=" OMAR@home.example ", by=ines.actor(), now=NOW)
    with pytest.raises(Missing):
        classes.confirm(joiner=joiner, by=ines.actor(), now=NOW)
    classes.confirm(joiner=joiner, by=colleague.actor(), now=NOW)
    joiner.case.refresh_from_db()
    assert joiner.case.state == CaseState.DRAFT, "the pupil still sends the request"


def test_teachers_do_not_join_and_strangers_decide_nothing(campus: Campus) -> None:
    ines, stranger = teacher(campus), teacher(campus, "omar@home.example")
    of = made(campus, ines)
    other = campus.world.person("paula@home.example", "Paula Roth")
    with pytest.raises(RoleNotServed):
        classes.join(
            case=draft(campus, other, role="teacher"), code=classes.code(of=of), by=other.actor(), now=NOW
        )
    joiner = joined(campus, of)
    for verb in (classes.confirm, classes.decline):
        with pytest.raises(Missing):
            verb(joiner=joiner, by=stranger.actor(), now=NOW)
    with pytest.raises(Missing):
        classes.end(of=of, by=stranger.actor(), now=NOW)


def test_a_teacher_whose_license_has_ended_confirms_nobody(campus: Campus) -> None:
    ines = teacher(campus)
    joiner = joined(campus, made(campus, ines))
    with pytest.raises(TeacherNeeded):
        classes.confirm(joiner=joiner, by=ines.actor(), now=NOW + timedelta(days=500))
