"""Asking, referring, refusing, objecting, revoking: every no is a person's, with a reason."""

from datetime import timedelta

import pytest

from licet.education import applying, deciding
from licet.education.errors import (
    CaseClaimed,
    CaseNotYours,
    NotEntitled,
    ReasonNeeded,
    SamePerson,
    TooLateToAppeal,
    WaitBeforeNext,
)
from licet.education.models import Case, Entitlement, Message
from licet.education.reasons import REASONS
from licet.education.states import CaseState
from licet.kernel.refusal import Missing
from licet.licenses.models import License
from tests.education.conftest import Campus

pytestmark = pytest.mark.django_db


def refused(campus: Campus, case: Case, *, reason: str = "too_old") -> Case:
    campus.claimed(case)
    return deciding.refuse(case=case, reason=reason, by=campus.victor.actor(), now=campus.world.now)


def test_asking_stops_the_clock_until_the_applicant_has_acted(campus: Campus) -> None:
    case = campus.claimed(campus.sent())
    case = deciding.ask(
        case=case, reason="question", note="Which course?", by=campus.victor.actor(), now=campus.world.now
    )
    assert (case.state, case.attempts, case.claimed_by) == (CaseState.ACTION_NEEDED, 0, None)
    assert Message.objects.get(from_desk=True).text == "Which course?"
    assert not case.lapsed(campus.world.now + timedelta(days=13, hours=23))
    assert case.lapsed(campus.world.now + timedelta(days=14))
    applying.answer(case=case, text="Architecture", by=campus.student.actor(), now=campus.world.now)
    case = applying.submit(case=case, by=campus.student.actor(), now=campus.world.now)
    assert (case.state, case.asked_at) == (CaseState.QUEUED, None)


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_only_some_reasons_use_up_an_attempt(campus: Campus, reason: str) -> None:
    case = campus.claimed(campus.sent())
    case = deciding.ask(case=case, reason=reason, by=campus.victor.actor(), now=campus.world.now)
    assert case.attempts == int(REASONS[reason].counts)


def test_a_no_needs_a_reason(campus: Campus) -> None:
    case = campus.claimed(campus.sent())
    for call in (deciding.refuse, deciding.ask):
        with pytest.raises(ReasonNeeded):
            call(case=case, reason="because", by=campus.victor.actor(), now=campus.world.now)
    case.refresh_from_db()
    assert case.state == CaseState.QUEUED


def test_fraud_is_never_one_persons_word(campus: Campus) -> None:
    case = refused(campus, campus.sent(), reason="not_genuine")
    assert case.state == CaseState.SECOND_OPINION
    with pytest.raises(SamePerson):
        campus.claimed(case)
    campus.claimed(case, campus.wanda)
    case = deciding.refuse(case=case, reason="not_genuine", by=campus.wanda.actor(), now=campus.world.now)
    assert case.state == CaseState.REFUSED


def test_a_second_opinion_may_be_another_one(campus: Campus) -> None:
    case = refused(campus, campus.sent(), reason="not_genuine")
    assert campus.approved(case, campus.wanda)


def test_an_objection_goes_to_somebody_else(campus: Campus) -> None:
    case = refused(campus, campus.sent())
    case = applying.appeal(
        case=case, text="The year stands at the top.", by=campus.student.actor(), now=campus.world.now
    )
    assert case.state == CaseState.APPEAL
    with pytest.raises(SamePerson):
        campus.claimed(case)
    assert campus.approved(case, campus.wanda)


def test_a_final_refusal_rests_for_thirty_days(campus: Campus) -> None:
    case = refused(campus, campus.sent())
    applying.appeal(case=case, text="No.", by=campus.student.actor(), now=campus.world.now)
    campus.claimed(case, campus.wanda)
    case = deciding.refuse(case=case, reason="too_old", by=campus.wanda.actor(), now=campus.world.now)
    assert case.state == CaseState.REFUSED_FINAL
    with pytest.raises(WaitBeforeNext):
        campus.started(now=campus.world.now + timedelta(days=29))
    assert campus.started(now=campus.world.now + timedelta(days=30))


def test_an_objection_is_possible_for_fourteen_days(campus: Campus) -> None:
    case = refused(campus, campus.sent())
    with pytest.raises(TooLateToAppeal):
        applying.appeal(
            case=case,
            text="No.",
            by=campus.student.actor(),
            now=campus.world.now + timedelta(days=14),
        )


def test_two_reviewers_do_not_share_a_case(campus: Campus) -> None:
    case = campus.claimed(campus.sent())
    with pytest.raises(CaseClaimed) as caught:
        campus.claimed(case, campus.wanda)
    assert caught.value.params["person"] == campus.victor.name
    later = campus.world.now + timedelta(minutes=15)
    assert campus.claimed(case, campus.wanda, now=later).claimed_by == campus.wanda


def test_a_case_that_was_put_back_is_everybodys(campus: Campus) -> None:
    case = campus.claimed(campus.sent())
    deciding.put_back(case=case, by=campus.victor.actor(), now=campus.world.now)
    assert campus.claimed(case, campus.wanda).claimed_by == campus.wanda


def test_the_oldest_waits_in_front(campus: Campus) -> None:
    first = campus.sent()
    second = campus.sent(campus.world.bob, now=campus.world.now + timedelta(minutes=1))
    waiting = Case.objects.waiting(campus.world.now + timedelta(minutes=2))
    assert list(waiting) == [first, second]
    campus.claimed(first, now=campus.world.now + timedelta(minutes=2))
    assert list(Case.objects.waiting(campus.world.now + timedelta(minutes=2))) == [second]


def test_two_people_take_a_license_back(campus: Campus) -> None:
    case = campus.sent()
    entitled = campus.approved(case)
    by = campus.victor.actor()
    with pytest.raises(ReasonNeeded):
        deciding.revoke(case=case, by=campus.wanda.actor(), now=campus.world.now)
    deciding.propose_revocation(case=case, reason="not_genuine", by=by, now=campus.world.now)
    with pytest.raises(SamePerson):
        deciding.revoke(case=case, by=by, now=campus.world.now)
    deciding.revoke(case=case, by=campus.wanda.actor(), now=campus.world.now)
    assert {each.state for each in License.objects.filter(team=entitled.team)} == {"revoked"}
    assert not Entitlement.objects.standing().exists()
    with pytest.raises(NotEntitled):
        deciding.revoke(case=case, by=campus.wanda.actor(), now=campus.world.now)


def test_without_fraud_a_revoked_license_runs_on_for_fourteen_days(campus: Campus) -> None:
    case = campus.sent()
    entitled = campus.approved(case)
    deciding.propose_revocation(
        case=case, reason="role_differs", by=campus.victor.actor(), now=campus.world.now
    )
    deciding.revoke(case=case, by=campus.wanda.actor(), now=campus.world.now)
    ends = {each.usable_until for each in License.objects.filter(team=entitled.team)}
    assert ends == {campus.world.now + timedelta(days=14)}


def test_a_request_is_its_applicants_alone(campus: Campus) -> None:
    case = campus.sent()
    for verb in (applying.submit, applying.withdraw):
        with pytest.raises(Missing):
            verb(case=case, by=campus.world.bob.actor(), now=campus.world.now)
    with pytest.raises(CaseNotYours):
        applying.submit(case=case, by=campus.student.actor(), now=campus.world.now)
