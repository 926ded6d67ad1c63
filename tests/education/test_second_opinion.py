"""When one word is not enough: fraud, somebody new, a no after an objection, one in twenty by lot."""

import pytest

from licet.accounts.models import Person
from licet.education import applying, deciding, laying_aside, policy
from licet.education.errors import ObjectionUndecided, SamePerson
from licet.education.models import Case, Decision, Entitlement
from licet.education.states import CaseState, Cause, Outcome
from licet.kernel.refusal import Missing
from tests.education.conftest import Campus, chances

pytestmark = pytest.mark.django_db
SEEN = {"name": True, "institution": True, "period": True}


@pytest.fixture
def yann(campus: Campus) -> Person:
    return campus.world.person("yann@maquette.example", "Yann Le Goff", staff=True)


def says_yes(campus: Campus, case: Case, by: Person, *, draw: float = 1.0) -> Entitlement | None:
    campus.claimed(case, by)
    return deciding.approve(
        case=case, year=None, ticks=SEEN, chances=chances(), draw=draw, by=by.actor(), now=campus.world.now
    )


def says_no(campus: Campus, case: Case, by: Person, *, draw: float = 1.0, reason: str = "too_old") -> Case:
    campus.claimed(case, by)
    return deciding.refuse(case=case, reason=reason, draw=draw, by=by.actor(), now=campus.world.now)


def experienced(campus: Campus, person: Person) -> None:
    """Give somebody fifty decisions behind them."""
    case = campus.sent(campus.world.bob)
    Decision.objects.bulk_create(
        Decision(case=case, by=person, outcome=Outcome.APPROVED, stage="queued", made_at=campus.world.now)
        for _each in range(policy.FIRST)
    )


def test_what_somebody_new_decides_is_looked_at_by_somebody_who_is_not(campus: Campus) -> None:
    experienced(campus, campus.wanda)
    case = campus.sent()
    assert says_yes(campus, case, campus.victor) is None
    case.refresh_from_db()
    assert (case.state, case.claimed_by) == (CaseState.SECOND_OPINION, None)
    told = case.decisions.get()
    assert (told.cause, told.meant, told.ticks) == (Cause.NEW, Outcome.APPROVED, SEEN)
    assert says_yes(campus, case, campus.wanda)


def test_the_word_of_the_second_one_counts(campus: Campus) -> None:
    experienced(campus, campus.wanda)
    case = campus.sent()
    says_yes(campus, case, campus.victor)
    assert says_no(campus, case, campus.wanda).state == CaseState.REFUSED


def test_where_all_are_new_nobody_waits_for_anybody(campus: Campus) -> None:
    assert says_yes(campus, campus.sent(), campus.victor)


def test_one_in_twenty_is_drawn(campus: Campus) -> None:
    case = campus.sent()
    assert says_yes(campus, case, campus.victor, draw=0.0499) is None
    assert case.decisions.get().cause == Cause.SAMPLE
    assert says_yes(campus, campus.sent(campus.world.bob), campus.victor, draw=0.05)


def test_a_desk_of_one_draws_nothing(campus: Campus) -> None:
    campus.wanda.is_active = False
    campus.wanda.save()
    assert says_yes(campus, campus.sent(), campus.victor, draw=0.0)


def test_if_two_differ_about_a_drawn_case_a_third_decides(campus: Campus, yann: Person) -> None:
    case = campus.sent()
    says_yes(campus, case, campus.victor, draw=0.0)
    assert says_no(campus, case, campus.wanda).state == CaseState.SECOND_OPINION
    assert case.decisions.latest("pk").cause == Cause.DISAGREE
    for reviewer in (campus.victor, campus.wanda):
        with pytest.raises(SamePerson):
            campus.claimed(case, reviewer)
    assert says_yes(campus, case, yann)


def test_if_they_agree_the_case_is_decided(campus: Campus, yann: Person) -> None:
    case = campus.sent()
    says_no(campus, case, campus.victor, draw=0.0)
    assert says_no(campus, case, campus.wanda).state == CaseState.REFUSED
    case.refresh_from_db()
    assert case.attempts == 1  # the first word alone used up nothing


def test_a_no_after_an_objection_takes_two_people(campus: Campus, yann: Person) -> None:
    case = says_no(campus, campus.sent(), campus.victor)
    applying.appeal(case=case, text="Look at the top.", by=campus.student.actor(), now=campus.world.now)
    case = says_no(campus, case, campus.wanda)
    assert (case.state, case.decisions.latest("pk").cause) == (CaseState.SECOND_OPINION, Cause.OBJECTION)
    assert says_no(campus, case, yann).state == CaseState.REFUSED_FINAL


def test_a_yes_after_an_objection_takes_one(campus: Campus, yann: Person) -> None:
    case = says_no(campus, campus.sent(), campus.victor)
    applying.appeal(case=case, text="Look at the top.", by=campus.student.actor(), now=campus.world.now)
    assert says_yes(campus, case, campus.wanda)


def test_after_an_objection_nobody_asks_for_more(campus: Campus) -> None:
    case = says_no(campus, campus.sent(), campus.victor)
    applying.appeal(case=case, text="Look at the top.", by=campus.student.actor(), now=campus.world.now)
    campus.claimed(case, campus.wanda)
    with pytest.raises(ObjectionUndecided):
        deciding.ask(case=case, reason="undated", by=campus.wanda.actor(), now=campus.world.now)


def test_fraud_said_first_by_the_second_one_takes_a_third(campus: Campus, yann: Person) -> None:
    case = campus.claimed(campus.sent())
    deciding.refer(case=case, note="Odd.", by=campus.victor.actor(), now=campus.world.now)
    case = says_no(campus, case, campus.wanda, reason="not_genuine")
    assert case.state == CaseState.SECOND_OPINION
    assert says_no(campus, case, yann, reason="not_genuine").state == CaseState.REFUSED


def test_a_colleague_of_another_role_is_no_second_one(campus: Campus, yann: Person) -> None:
    sue = campus.world.person("sue@maquette.example", "Sue", staff=True, roles=("support", "accounting"))
    case = campus.sent(campus.world.bob)
    assert sue not in policy.others(case=case, reviewer=campus.wanda.pk)
    assert yann in policy.others(case=case, reviewer=campus.wanda.pk)
    assert sue not in laying_aside.colleagues(case=case)
    with pytest.raises(Missing):
        laying_aside.assign(case=case, to=sue, by=campus.wanda.actor(), now=campus.world.now)
