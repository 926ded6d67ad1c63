"""Going on by what a reviewer saw: the year stands with the decision, and serves as long as it lasts."""

from datetime import date, timedelta

import pytest

from licet.education import deciding, extending
from licet.education.errors import ProofServesNoMore
from licet.education.models import Decision, Entitlement, Programme
from licet.education.states import CaseState, Finding, Strength
from licet.licenses.models import Code
from tests.education.conftest import Campus, chances
from tests.world import OPERATOR

pytestmark = pytest.mark.django_db


def judged(campus: Campus, *, year: date | None, days: int) -> Entitlement:
    Programme.objects.update(term_days=days)
    campus.programme.refresh_from_db()
    return campus.approved(campus.sent(), year=year)


def test_the_year_that_the_reviewer_chose_stands_with_the_decision(campus: Campus) -> None:
    judged(campus, year=date(2025, 11, 3), days=90)
    assert Decision.objects.get().year_start == date(2025, 9, 1)


def test_without_a_choice_it_is_the_year_that_runs(campus: Campus) -> None:
    judged(campus, year=None, days=90)
    assert Decision.objects.get().year_start == date(2025, 9, 1)


def test_it_extends_at_once_with_the_same_codes(campus: Campus) -> None:
    entitled = judged(campus, year=None, days=90)
    codes = set(Code.objects.values_list("code_hash", flat=True))
    now = entitled.valid_until - timedelta(days=10)
    case = extending.extend(entitled=entitled, language="fr", by=campus.student.actor(), now=now)
    assert (case.state, case.extends) == (CaseState.QUEUED, entitled)
    again = deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=now)
    assert again == entitled
    assert again.valid_until > entitled.valid_until
    assert set(Code.objects.values_list("code_hash", flat=True)) == codes


def test_a_year_that_ends_with_the_license_serves_no_more(campus: Campus) -> None:
    entitled = judged(campus, year=None, days=365)
    now = entitled.valid_until - timedelta(days=10)
    with pytest.raises(ProofServesNoMore):
        extending.extend(entitled=entitled, language="fr", by=campus.student.actor(), now=now)


def test_a_bridge_is_not_extended_by_the_paper_that_gave_it(campus: Campus) -> None:
    autumn = campus.world.now.replace(month=9, day=10)
    entitled = campus.approved(campus.sent(now=autumn), now=autumn, year=date(autumn.year - 1, 10, 1))
    now = entitled.valid_until - timedelta(days=10)
    assert extending.basis(entitled=entitled, now=now) is None


def test_a_paper_by_itself_never_approves(campus: Campus) -> None:
    case = campus.sent(strength=Strength.PAPER, finding=Finding.HOLDS)
    assert deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=campus.world.now) is None
