"""Approving a request: license, seat and codes on a team of the person's own, in one transaction."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licet.education import applying, deciding
from licet.education.calendars import year_of
from licet.education.errors import CaseNotClaimed, CaseNotWaiting, OwnCase, ProofTooOld
from licet.education.models import Case, Entitlement
from licet.education.states import CaseState, Finding, Strength
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden
from licet.licenses.models import Code, License
from licet.seats.models import Seat
from tests.education.conftest import Campus, chances
from tests.world import OPERATOR

pytestmark = pytest.mark.django_db


def test_it_brings_license_seat_and_codes_on_a_team_of_ones_own(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    assert entitled.person == campus.student
    licenses = License.objects.filter(team=entitled.team)
    assert {each.pool.product.code for each in licenses} == {"atelier-structure", "atelier-render"}
    assert {each.terms["edition"] for each in licenses} == {"education"}
    assert {each.valid_until for each in licenses} == {entitled.valid_until}
    assert Seat.objects.held().filter(team=entitled.team, member__person=campus.student).count() == 2
    assert Code.objects.filter(team=entitled.team, member__person=campus.student).count() == 2
    case = Case.objects.get()
    assert (case.state, case.claimed_by) == (CaseState.APPROVED, None)
    assert entitled.spans.get().case == case


def test_the_term_ends_with_the_academic_year(campus: Campus) -> None:
    entitled = campus.approved(campus.sent())
    year = year_of(country="FR", day=campus.world.now.date())
    assert entitled.valid_until.date() + timedelta(days=1) >= year.end  # midnight on the vendor's calendar
    assert entitled.valid_until.date() <= year.end


def test_asking_twice_gives_one_set_of_codes(campus: Campus) -> None:
    case = campus.sent()
    campus.approved(case)
    with pytest.raises(CaseNotWaiting):
        deciding.approve(
            case=case, year=None, ticks={}, chances=chances(), by=campus.victor.actor(), now=campus.world.now
        )
    assert Code.objects.count() == 2


def test_after_a_withdrawal_nothing_is_approved(campus: Campus) -> None:
    case = campus.claimed(campus.sent())
    applying.withdraw(case=case, by=campus.student.actor(), now=campus.world.now)
    with pytest.raises(CaseNotWaiting):
        deciding.approve(
            case=case, year=None, ticks={}, chances=chances(), by=campus.victor.actor(), now=campus.world.now
        )
    assert not Entitlement.objects.exists()


def test_every_approval_takes_as_many_statements(campus: Campus) -> None:
    people = [campus.world.person(f"p{number}@home.example", f"P {number}") for number in range(6)]
    cases = [campus.claimed(campus.sent(each)) for each in people]
    counts = []
    for case in cases:
        with CaptureQueriesContext(connection) as captured:
            deciding.approve(
                case=case,
                year=None,
                ticks={},
                chances=chances(),
                by=campus.victor.actor(),
                now=campus.world.now,
            )
        counts.append(len(captured))
    assert len(set(counts[1:])) == 1, counts  # the first one makes the kinds of rows known


def test_only_with_the_case_in_hand(campus: Campus) -> None:
    case = campus.sent()
    for reviewer, later in ((campus.victor, 0), (campus.wanda, 0), (campus.victor, 16)):
        if later:
            campus.claimed(case)
        with pytest.raises(CaseNotClaimed):
            deciding.approve(
                case=case,
                year=None,
                ticks={},
                chances=chances(),
                by=reviewer.actor(),
                now=campus.world.now + timedelta(minutes=later),
            )


def test_nobody_decides_on_a_request_of_their_own(campus: Campus) -> None:
    case = campus.sent(campus.victor)
    with pytest.raises(OwnCase):
        campus.claimed(case)


def test_customers_decide_nothing(campus: Campus) -> None:
    with pytest.raises(Forbidden):
        campus.claimed(campus.sent(), campus.world.alice)


def test_a_paper_of_two_years_ago_is_too_old(campus: Campus) -> None:
    case = campus.sent()
    with pytest.raises(ProofTooOld):
        campus.approved(case, year=date(campus.world.now.year - 3, 9, 1))
    case.refresh_from_db()
    assert case.state == CaseState.QUEUED
    assert not License.objects.filter(terms__edition="education").exists()


def test_a_signed_proof_approves_without_a_person(campus: Campus) -> None:
    case = campus.sent(kind="barcode", strength=Strength.SIGNED, finding=Finding.HOLDS)
    entitled = deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=campus.world.now)
    assert entitled
    assert Event.objects.get(name="case.approved").facts["proof"] == "barcode"


@pytest.mark.parametrize(
    ("strength", "finding"), [(Strength.PAPER, Finding.HOLDS), (Strength.SIGNED, Finding.OPEN)]
)
def test_a_weaker_proof_waits_for_a_person(campus: Campus, strength: Strength, finding: Finding) -> None:
    case = campus.sent(strength=strength, finding=finding)
    assert deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=campus.world.now) is None
    case.refresh_from_db()
    assert case.state == CaseState.QUEUED
