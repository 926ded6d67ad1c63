"""What applicants and the desk read about papers that speak for themselves."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from licet.education import applying, deciding
from licet.education.applying import Form
from licet.education.directory import Institution
from licet.education.evidence import HINTS
from licet.education.issuers.models import SEAL, Issuer
from licet.education.models import Case, Entitlement
from licet.education.sandbox import running
from licet.education.states import CaseState
from licet.eventlog.worker import drain
from licet.web.campus import paper_words, ways
from licet.web.desk import education_words
from tests.education.conftest import Campus
from tests.education.papers import READ, upload
from tests.world import NOW

pytestmark = pytest.mark.django_db
SignedIn = Callable[[object], Client]

TOLD = {
    "state": "verified", "type": "B1", "named": "Justificatif académique", "signed_on": "2025-09-01",
    "message": "ab" * 32, "issuer": "Office des étudiants",
    "fields": {"B0": "NADIA/MARIE", "B2": "ROUX", "BB": "1234567890A", "BF": "2025"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, disk: Path) -> None:
    """Children that have found and verified a barcode already."""
    read = running.Outcome(pages=READ.pages, text=READ.text, barcodes=[b"DC04"])
    monkeypatch.setattr(running, "read", lambda **_: read)
    says(monkeypatch)


def says(monkeypatch: pytest.MonkeyPatch, **more: Any) -> None:
    monkeypatch.setattr(running, "verify", lambda **_: [{**TOLD, **more}])


def asked(
    campus: Campus, *, role: str = "student", country: str = "FR", at: Institution | None = None
) -> Case:
    case = campus.started()
    form = Form(
        role=role, full_name="Nadia Roux", country=country, institution=at,
        institution_text="" if at else "École du Rhin",
    )  # fmt: skip
    return applying.fill(case=case, form=form, by=campus.student.actor(), now=NOW)


def names(case: Case) -> list[str]:
    return [each.way.name for each in ways.offered(case=case)]


def issuer(at: Institution | None, country: str = "FR") -> None:
    Issuer.objects.create(
        use=SEAL, fingerprint="ab" * 32, certificate="", name="Registrar", institution=at, country=country,
        ends_at=datetime(2030, 1, 1, tzinfo=UTC), listed_at=NOW,
    )  # fmt: skip


def test_ways_stand_by_their_speed_for_this_applicant(campus: Campus) -> None:
    school = Institution.objects.create(names={"fr": "École du Rhin"}, country="FR", kind="higher")
    case = asked(campus, at=school)
    assert names(case) == ["barcode", "class_code", "upload", "mailbox"]
    issuer(school)
    assert names(case) == ["sealed_pdf", "barcode", "class_code", "upload", "mailbox"]
    case.role = "teacher"
    assert names(case) == ["sealed_pdf", "class_code", "upload", "mailbox"]
    case.institution = Institution.objects.create(names={"de": "Schule"}, country="DE", kind="school")
    case.role, case.country = "student", "DE"
    assert names(case) == ["class_code", "upload", "mailbox"]


def test_who_seals_for_a_country_is_offered_there(campus: Campus) -> None:
    issuer(None, country="SE")
    assert "sealed_pdf" in names(asked(campus, country="SE"))


def test_the_page_for_papers_says_which_ones_are_answered_at_once(
    campus: Campus, signed_in: SignedIn
) -> None:
    case, client = asked(campus), signed_in(campus.student)
    page = client.get(reverse("campus_documents", args=[case.public_id])).content.decode()
    assert "Answer at once" in page
    assert "signed barcode" in page
    case = applying.fill(
        case=case,
        form=Form(role="teacher", full_name="Nadia Roux", country="FR", institution_text="École du Rhin"),
        by=campus.student.actor(),
        now=NOW,
    )
    page = client.get(reverse("campus_documents", args=[case.public_id])).content.decode()
    assert "Answer at once" not in page


def test_what_was_found_is_said_and_sending_gives_the_license(campus: Campus, signed_in: SignedIn) -> None:
    case, client = asked(campus), signed_in(campus.student)
    upload(campus, case)
    drain(now=NOW)
    page = client.get(reverse("campus_documents", args=[case.public_id])).content.decode()
    assert "Verified: NADIA MARIE ROUX, 2025-2026, Office des étudiants. It is enough by itself." in page
    assert "Confirmed" in page
    answer = client.post(reverse("campus_review", args=[case.public_id]))
    assert answer["Location"] == reverse("campus_license", args=[Entitlement.objects.get().public_id])


@pytest.mark.parametrize(
    ("more", "applicant", "desk"),
    [
        (
            {"fields": {**TOLD["fields"], "B2": "ANDERS", "B0": "JO"}},
            "does not bear the name",
            "another name",
        ),  # type: ignore[dict-item]
        ({"state": "forged"}, "A person looks at this paper.", "does not fit what the barcode says"),
        ({"type": "B0"}, "proves something else", "a paper of another kind"),
    ],
)
def test_a_hint_says_the_applicant_what_to_do_and_the_desk_what_is_wrong(
    campus: Campus,
    signed_in: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
    more: dict[str, Any],
    applicant: str,
    desk: str,
) -> None:
    says(monkeypatch, **more)
    case = asked(campus)
    upload(campus, case)
    applying.submit(case=case, by=campus.student.actor(), now=NOW)
    drain(now=NOW)
    case.refresh_from_db()
    assert case.state == CaseState.QUEUED
    status = signed_in(campus.student).get(reverse("campus_case", args=[case.public_id])).content.decode()
    assert applicant in status
    deciding.claim(case=case, by=campus.victor.actor(), now=NOW)
    page = signed_in(campus.victor).get(reverse("desk_case", args=[case.public_id])).content.decode()
    assert desk in page
    assert "1 September 2025" in page
    assert "fault" not in page


def test_both_surfaces_have_words_for_every_hint() -> None:
    assert set(education_words.PAPER_HINTS) == HINTS
    assert set(paper_words.HINTS) <= HINTS
    assert {"forged", "again"} & set(paper_words.HINTS) == set()  # nobody is accused
    assert date.fromisoformat(str(TOLD["signed_on"]))
