"""What an applicant reads: honest waiting times, where a case stands, what the desk said."""

from datetime import timedelta

import pytest

from licet.education import applicants, applying, deciding
from licet.education.applying import Form
from licet.education.errors import RoleNotServed
from licet.education.models import Programme
from licet.education.states import Finding, Outcome, Strength
from tests.education.conftest import Campus, chances
from tests.world import OPERATOR

pytestmark = pytest.mark.django_db


def decided(campus: Campus, *, hours: int, number: int) -> None:
    person = campus.world.person(f"waiter{number}@home.example", f"Waiter {number}")
    case = campus.sent(person)
    campus.approved(case, now=campus.world.now + timedelta(hours=hours))


def test_no_figure_where_few_were_decided(campus: Campus) -> None:
    for number in range(4):
        decided(campus, hours=1, number=number)
    assert applicants.waiting(now=campus.world.now + timedelta(days=1)) is None


def test_half_and_nine_of_ten_of_the_last_thirty_days(campus: Campus) -> None:
    for number in range(10):
        decided(campus, hours=number + 1, number=number)
    found = applicants.waiting(now=campus.world.now + timedelta(days=1))
    assert found
    assert (found.half, found.most, found.decided) == (timedelta(hours=5), timedelta(hours=9), 10)
    assert applicants.waiting(now=campus.world.now + timedelta(days=32)) is None


def test_what_a_proof_decided_alone_embellishes_nothing(campus: Campus) -> None:
    for number in range(5):
        person = campus.world.person(f"quick{number}@home.example", f"Quick {number}")
        case = campus.sent(person, strength=Strength.SIGNED, finding=Finding.HOLDS)
        deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=campus.world.now)
    assert applicants.waiting(now=campus.world.now + timedelta(hours=1)) is None


def test_who_waits_longer_stands_before(campus: Campus) -> None:
    first = campus.sent()
    later = campus.world.now + timedelta(minutes=5)
    second = campus.sent(campus.world.charlie, now=later)
    assert applicants.status(case=first, now=later).before == 0
    assert applicants.status(case=second, now=later).before == 1


def test_the_answer_names_reason_and_field_and_a_fraud_mark_is_not_told_early(campus: Campus) -> None:
    case = campus.claimed(campus.sent())
    case = deciding.ask(
        case=case,
        reason="undated",
        note="The second page, please.",
        ticks={"name": True, "period": False},
        by=campus.victor.actor(),
        now=campus.world.now,
    )
    found = applicants.status(case=case, now=campus.world.now)
    assert found.answer
    assert found.answer.reason
    assert (found.answer.outcome, found.answer.reason.field) == (Outcome.ANOTHER_PAPER, "period")
    assert found.answer.note == "The second page, please."
    assert (found.attempts_left, found.until) == (4, campus.world.now + timedelta(days=14))
    other = campus.sent(campus.world.charlie)
    campus.claimed(other)
    deciding.refuse(case=other, reason="not_genuine", by=campus.victor.actor(), now=campus.world.now)
    other.refresh_from_db()
    assert applicants.last_answer(case=other) is None


def test_an_earlier_account_is_found_by_the_address_that_the_applicant_names(campus: Campus) -> None:
    old = campus.approved(campus.sent())
    again = campus.world.person("nadia@new.example", "Nadia Roux")
    form = Form(
        role="student",
        full_name="Nadia Roux",
        country="FR",
        institution_text="x",
        old_address="Nadia@Home.example ",
    )
    case = applying.start(
        programme=campus.programme, language="fr", form=form, by=again.actor(), now=campus.world.now
    )
    assert case.old_address == "nadia@home.example"
    assert applicants.earlier(case=case) == old


def test_a_form_for_another_role_begins_nothing(campus: Campus) -> None:
    Programme.objects.update(roles=["teacher"])
    campus.programme.refresh_from_db()
    with pytest.raises(RoleNotServed):
        applying.start(
            programme=campus.programme,
            language="fr",
            form=Form(role="pupil", full_name="N", country="FR"),
            by=campus.student.actor(),
            now=campus.world.now,
        )
    assert applicants.standing(person=campus.student, programme=campus.programme).case is None
