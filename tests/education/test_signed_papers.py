"""Papers that speak for themselves: from the upload to the license, or to a person with a hint."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from licet.education import applying, deciding, intake, retention
from licet.education.applying import Form
from licet.education.directory import Institution
from licet.education.evidence import HINTS
from licet.education.issuers import actions as issuers
from licet.education.models import Case, Proof
from licet.education.sandbox import running, seals, statements
from licet.education.states import CaseState, Finding, Strength
from licet.eventlog.models import Event
from licet.eventlog.worker import drain
from licet.web.campus.sending import paper_proved
from tests.education import files, signed
from tests.education.conftest import Campus
from tests.education.papers import READ, upload
from tests.world import NOW, OPERATOR

pytestmark = pytest.mark.django_db
SIGNED = date(2025, 9, 1)
WORDS = "Ecole du Rhin: Nadia Roux, inscrite pour 2025-2026"


CODE = b"\n%code "


@pytest.fixture(autouse=True)
def own_disk(disk: Path) -> None:
    """A disk of this test's own."""


@pytest.fixture
def whole_way() -> None:
    """Children and all."""


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the children do, without a child for each paper; the whole way where it is asked for."""
    if "whole_way" in request.fixturenames:
        return

    def read(*, kind: str, content: bytes) -> running.Outcome:
        words = re.search(rb"\((.*?)\) Tj", content)
        codes = content.split(CODE)[1:]
        return running.Outcome(pages=READ.pages, text=words[1].decode() if words else "", barcodes=codes)

    def verify(
        *, kind: str, certificates: Sequence[bytes], contents: Sequence[bytes], now: datetime
    ) -> list[dict[str, Any]]:
        if kind == "seal":
            return [seals.said(content=each, trusted=certificates, now=now) for each in contents]
        chains = statements.Chains(certificates)
        return [statements.said(content=each, chains=chains, now=now) for each in contents]

    monkeypatch.setattr(running, "read", read)
    monkeypatch.setattr(running, "verify", verify)


@pytest.fixture(scope="module")
def signer() -> signed.Signer:
    """Who signs barcodes."""
    return signed.signer("LIC1", above=signed.signer("FR42"), organization="Office des étudiants")


@pytest.fixture
def listed(signer: signed.Signer) -> None:
    """The signer and its authority on the operator's list."""
    assert signer.above
    issuers.replace_list(certificates=[signer.der(), signer.above.der()], by=OPERATOR, now=NOW)


@pytest.fixture(scope="module")
def registrar() -> signed.Signer:
    """Who seals."""
    return signed.signer(
        "Registrar", above=signed.signer("Authority for seals"), organization="École du Rhin"
    )


def school(campus: Campus, **more: Any) -> Institution:
    values = {"names": {"fr": "École du Rhin"}, "country": "FR", "kind": "higher", "words": "ecole du rhin |"}
    return Institution.objects.create(**{**values, **more})


def asked(campus: Campus, at: Institution | None, *, name: str = "Nadia Roux", role: str = "student",
          country: str = "FR", person: Any = None) -> Case:  # fmt: skip
    case = campus.started(person)
    text = "" if at else "École du Rhin"
    form = Form(role=role, full_name=name, country=country, institution=at, institution_text=text)
    return applying.fill(case=case, form=form, by=case.person.actor(), now=NOW)


def sent(campus: Campus, content: bytes, at: Institution | None = None, **more: Any) -> tuple[Case, Proof]:
    """Send a request with this paper, and let the worker do its work."""
    case = asked(campus, at or school(campus), **more)
    upload(campus, case, content)
    applying.submit(case=case, by=case.person.actor(), now=NOW)
    drain(now=NOW)
    case.refresh_from_db()
    return case, case.proofs.get()


def paper(signer: signed.Signer, **how: Any) -> bytes:
    """Return an attestation of this school year."""
    return bearing(signed.barcode(signer, **{"year": 2025, "signed_on": SIGNED, **how}))


def bearing(code: bytes) -> bytes:
    """Return a paper that `quick` finds this barcode on."""
    return files.paper(tail=CODE + code)


# --- barcodes -------------------------------------------------------------------------------------


def test_a_signed_barcode_gives_the_license_as_soon_as_the_paper_is_read(
    campus: Campus, signer: signed.Signer, listed: None, whole_way: None
) -> None:
    content = signed.attestation(signed.barcode(signer, year=2025, signed_on=SIGNED))
    case, proof = sent(campus, content)
    assert (proof.finding, proof.strength) == (Finding.HOLDS, Strength.SIGNED)
    assert proof.year_start == date(2025, 9, 1)
    assert case.state == CaseState.APPROVED
    assert case.decisions.get().by is None
    assert Event.objects.filter(name="document.proved").count() == 1


def test_read_before_it_is_sent_the_paper_approves_when_it_is_sent(
    campus: Campus, signer: signed.Signer, listed: None
) -> None:
    case = asked(campus, school(campus))
    document = upload(campus, case, paper(signer))
    drain(now=NOW)
    document.refresh_from_db()
    assert document.proof
    assert document.proof.finding == Finding.HOLDS
    case.refresh_from_db()
    assert case.state == CaseState.DRAFT


def test_after_the_decision_no_name_stays(campus: Campus, signer: signed.Signer, listed: None) -> None:
    case, proof = sent(campus, paper(signer))
    retention.destroy_due(by=OPERATOR, now=NOW)
    assert case.documents.get().destroyed_at
    proof.refresh_from_db()
    assert not {"given", "family", "usage", "name"} & set(proof.facts)
    assert proof.facts["year"] == "2025-2026"


@pytest.mark.parametrize(
    ("how", "hint"),
    [
        ({"family": "ANDERS", "given": "JONAS"}, "name"),  # borrowed from somebody else
        ({"family": "ROUX", "given": "MARIE"}, "name_partly"),
        ({"kind": "B0"}, "type"),  # a diploma proves the past
        ({"year": 2024, "signed_on": date(2024, 9, 1)}, "old"),
        ({"signed_on": date(2023, 12, 1)}, "untimely"),
        ({"year": 2024, "signed_on": SIGNED}, "undated"),  # the year and the day of signature differ
    ],
)
def test_what_a_barcode_does_not_prove_goes_to_a_person_with_a_hint(
    campus: Campus, signer: signed.Signer, listed: None, how: dict[str, Any], hint: str
) -> None:
    case, proof = sent(campus, paper(signer, **how))
    assert (proof.finding, proof.facts["hint"]) == (Finding.OPEN, hint)
    assert case.state == CaseState.QUEUED


def test_a_forged_a_foreign_and_a_specimen_barcode_go_to_a_person(
    campus: Campus, signer: signed.Signer, listed: None
) -> None:
    stranger = signed.signer("LIC1", above=signed.signer("FR42"))
    content = signed.barcode(signer, year=2025, signed_on=SIGNED)
    codes = [
        (content.replace(b"NADIA", b"NADJA"), "forged"),
        (signed.barcode(stranger, year=2025, signed_on=SIGNED), "forged"),
        (signed.barcode(stranger, year=2025, signed_on=SIGNED, number="LIC2"), "unknown"),
        (signed.SPECIMENS[2].encode(), "test"),
    ]
    for number, (code, hint) in enumerate(codes):
        person = campus.world.person(f"n{number}@home.example", "Nadia Roux")
        case, proof = sent(campus, bearing(code), person=person)
        assert (proof.finding, proof.facts["hint"], proof.strength) == (Finding.OPEN, hint, Strength.CLAIM)
        assert case.state == CaseState.QUEUED


@pytest.mark.parametrize(
    ("more", "kind", "hint"),
    [
        ({"role": "teacher"}, "higher", "role"),
        ({"country": "BE"}, "higher", "country"),
        ({}, "school", "institution"),
    ],
)
def test_it_speaks_for_students_of_french_higher_education_alone(
    campus: Campus, signer: signed.Signer, listed: None, more: dict[str, Any], kind: str, hint: str
) -> None:
    case, proof = sent(campus, paper(signer), school(campus, kind=kind), **more)
    assert (proof.facts["hint"], case.state) == (hint, CaseState.QUEUED)


def test_the_same_document_used_by_another_person_is_for_a_person_to_judge(
    campus: Campus, signer: signed.Signer, listed: None
) -> None:
    _first, one = sent(campus, paper(signer))
    twin = campus.world.person("other@home.example", "Nadia Roux")
    # Another symbol, another signature, the same student.
    second, other = sent(campus, paper(signer, signed_on=date(2025, 9, 2)), person=twin)
    assert one.fingerprint == other.fingerprint
    assert (other.finding, other.facts["hint"]) == (Finding.OPEN, "again")
    assert second.state == CaseState.QUEUED


def test_another_name_in_the_form_is_compared_again(
    campus: Campus, signer: signed.Signer, listed: None
) -> None:
    case = asked(campus, at := school(campus), name="Nadja Rou")
    document = upload(campus, case, paper(signer))
    drain(now=NOW)
    proof = case.proofs.get()
    assert proof.facts["hint"] == "name"
    for name, finding in [("Nadia Roux", Finding.HOLDS), ("Jonas Anders", Finding.OPEN)]:
        form = Form(role="student", full_name=name, country="FR", institution=at)
        applying.fill(case=case, form=form, by=case.person.actor(), now=NOW)
        proof.refresh_from_db()
        assert proof.finding == finding
    document.refresh_from_db()
    intake.remove(document=document, by=case.person.actor(), now=NOW)
    assert not case.proofs.exists()


def test_the_list_that_comes_along_counts_until_there_is_an_own_one(
    campus: Campus, signer: signed.Signer
) -> None:
    _case, proof = sent(campus, paper(signer))
    assert proof.facts["hint"] == "unknown"


# --- seals ----------------------------------------------------------------------------------------


def trusted(registrar: signed.Signer, at: Institution | None, **more: Any) -> None:
    assert registrar.above
    issuers.trust(certificate=registrar.above.der(), institution=at, by=OPERATOR, now=NOW, **more)


def certificate(registrar: signed.Signer, words: str = WORDS) -> bytes:
    return signed.sealed(files.paper(words=words), by=registrar)


def test_a_sealed_certificate_of_the_institution_gives_the_license(
    campus: Campus, registrar: signed.Signer, whole_way: None
) -> None:
    trusted(registrar, at := school(campus))
    case, proof = sent(campus, certificate(registrar), at)
    assert (proof.kind, proof.finding, proof.strength) == ("sealed_pdf", Finding.HOLDS, Strength.SIGNED)
    assert proof.facts["issuer"] == "École du Rhin"
    assert case.state == CaseState.APPROVED


def test_who_seals_for_a_country_speaks_for_the_institution_that_the_text_names(
    campus: Campus, registrar: signed.Signer
) -> None:
    trusted(registrar, None, country="FR")
    case, _proof = sent(campus, certificate(registrar), None)
    assert case.state == CaseState.APPROVED


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("Ecole du Rhin: Jonas Anders, inscrit pour 2025-2026", "name"),
        ("Ecole du Rhin: Nadia Anders, Jean Paul Marie Roux, 2025-2026", "name"),
        ("Ecole du Rhin: Nadia Roux, 2023-2024", "old"),
        ("Ecole du Rhin: Nadia Roux", "undated"),
    ],
)
def test_a_seal_over_another_text_goes_to_a_person(
    campus: Campus, registrar: signed.Signer, words: str, hint: str
) -> None:
    trusted(registrar, at := school(campus))
    case, proof = sent(campus, certificate(registrar, words), at)
    assert (proof.finding, proof.facts["hint"], case.state) == (Finding.OPEN, hint, CaseState.QUEUED)


def test_a_changed_a_longer_and_an_unknown_seal_go_to_a_person(
    campus: Campus, registrar: signed.Signer
) -> None:
    trusted(registrar, at := school(campus))
    good = certificate(registrar)
    stranger = signed.signer("Registrar", above=signed.signer("Y"), organization="École du Rhin")
    ended = signed.signer("Registrar", above=registrar.above, until=datetime(2026, 3, 1, tzinfo=UTC))
    for number, (content, hint) in enumerate(
        [
            (good.replace(b"Nadia Roux", b"Nadja Roux"), "changed"),
            (signed.appended(good), "added"),
            (certificate(stranger), "unknown"),
            (certificate(ended), "untimely"),
        ]
    ):
        person = campus.world.person(f"n{number}@home.example", "Nadia Roux")
        case, proof = sent(campus, content, at, person=person)
        assert (proof.finding, proof.facts["hint"]) == (Finding.OPEN, hint)
        assert case.state == CaseState.QUEUED


def test_a_seal_of_one_institution_does_not_speak_for_another(
    campus: Campus, registrar: signed.Signer
) -> None:
    trusted(registrar, school(campus))
    case, proof = sent(campus, certificate(registrar), school(campus, names={"fr": "École du Doubs"}))
    assert (proof.facts["hint"], case.state) == ("institution", CaseState.QUEUED)


def test_an_authoritys_certificate_may_stand_for_one_organization_alone(
    campus: Campus, registrar: signed.Signer
) -> None:
    trusted(registrar, at := school(campus), organization="Another one")
    _case, proof = sent(campus, certificate(registrar), at)
    assert proof.facts["hint"] == "unknown"


def test_details_that_change_after_the_seal_was_read_are_for_a_person(
    campus: Campus, registrar: signed.Signer
) -> None:
    trusted(registrar, at := school(campus))
    case = asked(campus, at)
    upload(campus, case, certificate(registrar))
    drain(now=NOW)
    assert case.proofs.get().finding == Finding.HOLDS
    form = Form(role="student", full_name="Jonas Anders", country="FR", institution=at)
    applying.fill(case=case, form=form, by=case.person.actor(), now=NOW)
    assert case.proofs.get().facts["hint"] == "details"


def test_a_plain_paper_says_nothing_by_itself(campus: Campus) -> None:
    case = asked(campus, school(campus))
    upload(campus, case, files.paper())
    drain(now=NOW)
    assert not case.proofs.exists()


def test_a_child_that_dies_leaves_the_paper_to_a_person(
    campus: Campus, registrar: signed.Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "verify", lambda **_: None)
    trusted(registrar, at := school(campus))
    case, proof = sent(campus, certificate(registrar), at)
    assert (proof.facts["hint"], case.state) == ("unreadable", CaseState.QUEUED)


def test_a_reviewer_who_decides_first_is_not_overruled(campus: Campus, registrar: signed.Signer) -> None:
    trusted(registrar, at := school(campus))
    case, _proof = sent(campus, certificate(registrar), at)
    assert case.decisions.count() == 1
    event = Event.objects.get(name="document.proved")
    paper_proved(event=event, now=NOW + timedelta(minutes=1))
    assert case.decisions.count() == 1
    assert deciding.approve_by_proof(case=case, chances=[], by=OPERATOR, now=NOW) is None


def test_every_hint_is_known() -> None:
    assert {"again", "name", "forged", "unknown"} <= HINTS
