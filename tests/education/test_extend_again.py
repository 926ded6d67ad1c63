"""Going on in one step, where the last proof names a year that ends later than the license."""

from datetime import date, timedelta

import pytest

from licet.education import deciding, extending
from licet.education.errors import ProofServesNoMore, TooEarly
from licet.education.models import Entitlement, Programme
from licet.education.states import CaseState, Finding, Strength
from licet.kernel.refusal import Missing
from licet.licenses.models import Code
from tests.education.conftest import Campus, chances
from tests.world import OPERATOR

pytestmark = pytest.mark.django_db


def by_proof(campus: Campus, *, year: date | None, days: int) -> Entitlement:
    """Give a license of so many days on a signed proof that names a year."""
    Programme.objects.update(term_days=days)
    campus.programme.refresh_from_db()
    case = campus.sent(
        kind="signed", strength=Strength.SIGNED, finding=Finding.HOLDS, year_start=year, fingerprint="f"
    )
    entitled = deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=campus.world.now)
    assert entitled
    return entitled


def test_a_proof_of_a_year_that_goes_on_extends_at_once(campus: Campus) -> None:
    entitled = by_proof(campus, year=date(2025, 9, 1), days=90)  # until the end of May; the year: August
    codes = set(Code.objects.values_list("code_hash", flat=True))
    now = entitled.valid_until - timedelta(days=10)
    case = extending.extend(entitled=entitled, language="fr", by=campus.student.actor(), now=now)
    assert (case.state, case.institution_text) == (CaseState.QUEUED, "École du Rhin")
    again = deciding.approve_by_proof(case=case, chances=chances(), by=OPERATOR, now=now)
    assert again == entitled
    assert again.valid_until > entitled.valid_until
    assert set(Code.objects.values_list("code_hash", flat=True)) == codes


def test_a_proof_of_a_year_that_ends_with_the_license_serves_no_more(campus: Campus) -> None:
    entitled = by_proof(campus, year=date(2025, 9, 1), days=365)
    now = entitled.valid_until - timedelta(days=10)
    assert extending.basis(entitled=entitled, now=now) is None
    with pytest.raises(ProofServesNoMore):
        extending.extend(entitled=entitled, language="fr", by=campus.student.actor(), now=now)


def test_a_proof_without_a_year_speaks_of_its_own_day_alone(campus: Campus) -> None:
    entitled = by_proof(campus, year=None, days=90)
    now = entitled.valid_until - timedelta(days=10)
    assert extending.basis(entitled=entitled, now=now) is None


def test_not_before_sixty_days_and_by_nobody_else(campus: Campus) -> None:
    entitled = by_proof(campus, year=date(2025, 9, 1), days=90)
    early = entitled.valid_until - timedelta(days=61)
    with pytest.raises(TooEarly):
        extending.extend(entitled=entitled, language="fr", by=campus.student.actor(), now=early)
    with pytest.raises(Missing):
        extending.extend(entitled=entitled, language="fr", by=campus.victor.actor(), now=early)
