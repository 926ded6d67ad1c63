"""The page on which an applicant sends papers, and the pictures that come back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse

from licet.education.models import Case, Document, View
from licet.education.sandbox import running
from licet.education.states import DocumentState
from licet.eventlog.worker import drain
from tests.education import files
from tests.education.conftest import Campus, campus, disk
from tests.education.papers import PICTURE, READ, draft, queued, ready, upload

__all__ = ["campus", "disk"]
pytestmark = pytest.mark.django_db
SignedIn = Callable[[object], Client]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, disk: Path) -> None:
    """A sandbox that has read everything already."""
    monkeypatch.setattr(running, "read", lambda **_: READ)


def address(case: Case) -> str:
    return reverse("campus_documents", args=[case.public_id])


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/gif")


def test_several_files_are_sent_at_once_without_a_script(campus: Campus, signed_in: SignedIn) -> None:
    case, client = draft(campus), signed_in(campus.student)
    papers = [sent("one.pdf", files.paper()), sent("two.jpg", files.photo())]
    answer = client.post(address(case), {"files": papers}, follow=True)
    assert answer.redirect_chain == [(address(case), 302)]
    text = answer.content.decode()
    assert "2 files are sent and are being read." in text
    assert "2 files of 4" in text
    assert text.count("Being read") == 2
    assert {each.kind for each in Document.objects.all()} == {"pdf", "jpeg"}
    drain(now=campus.world.now)
    assert client.get(address(case)).content.decode().count("Ready to be looked at") == 2


def test_what_is_refused_is_said_at_the_field_and_the_others_are_kept(
    campus: Campus, signed_in: SignedIn
) -> None:
    case = draft(campus)
    papers = [
        sent("letter.docx", b"PK\x03\x04 word"),
        sent("one.pdf", files.paper()),
        sent("x.svg", b"<svg/>"),
    ]
    answer = signed_in(campus.student).post(address(case), {"files": papers})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "letter.docx is an office document" in text
    assert "x.svg is neither a PDF nor a picture" in text
    assert "1 file is sent and is being read." in text
    assert Document.objects.count() == 1


def test_a_form_without_a_file_says_so(campus: Campus, signed_in: SignedIn) -> None:
    answer = signed_in(campus.student).post(address(draft(campus)), {})
    assert answer.status_code == 422
    assert "Choose at least one file." in answer.content.decode()


def test_a_body_that_is_too_large_says_so(campus: Campus, signed_in: SignedIn) -> None:
    with override_settings(FILE_UPLOAD_MAX_MEMORY_SIZE=1000):
        answer = signed_in(campus.student).post(
            address(draft(campus)), {"files": [sent("one.pdf", files.paper().ljust(2000))]}
        )
    assert answer.status_code == 422
    assert "too large together" in answer.content.decode()
    assert not Document.objects.exists()


def test_a_large_file_never_lies_on_the_disk_in_the_clear(
    campus: Campus, signed_in: SignedIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.mkstemp", lambda *_, **__: pytest.fail("a file in the clear"))
    content = files.paper(words="Nadia Roux") + bytes(4_000_000)
    signed_in(campus.student).post(address(draft(campus)), {"files": [sent("one.pdf", content)]})
    assert Document.objects.get().size == len(content)
    assert all(b"Nadia" not in each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())


def test_a_stranger_without_a_sign_in_fills_no_memory(client: Client) -> None:
    answer = client.post(reverse("basket_add"), {"files": [sent("one.pdf", files.paper())]})
    assert not answer.wsgi_request.FILES


def test_what_could_not_be_read_says_why(
    campus: Campus, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "read", lambda **_: running.Outcome(fault="locked"))
    case = draft(campus)
    ready(campus, upload(campus, case))
    text = signed_in(campus.student).get(address(case)).content.decode()
    assert "it is protected by a password" in text
    assert "0 files of 4" in text


def test_a_paper_is_taken_back(campus: Campus, signed_in: SignedIn, disk: Path) -> None:
    case = draft(campus)
    document = upload(campus, case, name="mine.pdf")
    client = signed_in(campus.student)
    there = reverse("campus_document_remove", args=[case.public_id, document.public_id])
    answer = client.post(there, follow=True)
    assert "The file is deleted, with its key." in answer.content.decode()
    assert "mine.pdf" not in answer.content.decode()
    assert list(disk.rglob("original")) == []


def test_while_a_file_is_read_the_list_asks_again(campus: Campus, signed_in: SignedIn) -> None:
    case, client = draft(campus), signed_in(campus.student)
    document = upload(campus, case)
    part = client.get(address(case), headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" in part
    assert "<html" not in part
    ready(campus, document)
    assert "every 2s" not in client.get(address(case), headers={"HX-Request": "true"}).content.decode()


# --- pictures -------------------------------------------------------------------------------------


def headers_hold(answer: object, *, disposition: str) -> None:
    """A picture of a paper is nothing but that, wherever it is opened."""
    headers = answer.headers  # type: ignore[attr-defined]
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Disposition"].startswith(disposition)


def test_the_applicant_sees_our_picture_of_the_paper(campus: Campus, signed_in: SignedIn) -> None:
    document = ready(campus, upload(campus, draft(campus)))
    there = reverse("campus_page", args=[document.case.public_id, document.public_id, 1])
    answer = signed_in(campus.student).get(there)
    assert (answer.status_code, answer.content) == (200, PICTURE)
    assert answer["Content-Type"] == "image/webp"
    headers_hold(answer, disposition="inline")
    assert signed_in(campus.world.charlie).get(there).status_code == 404


def test_looking_without_seeing_is_not_a_look(campus: Campus, signed_in: SignedIn) -> None:
    document = ready(campus, upload(campus, draft(campus)))
    there = reverse("campus_page", args=[document.case.public_id, document.public_id, 1])
    assert signed_in(campus.student).head(there).status_code == 405
    assert not View.objects.exists()


def test_the_desk_sees_it_with_the_case_in_hand(campus: Campus, signed_in: SignedIn) -> None:
    document = queued(campus)
    there, client = reverse("desk_page", args=[document.public_id, 1]), signed_in(campus.victor)
    assert client.get(there).status_code == 409
    campus.claimed(document.case)
    answer = client.get(there)
    assert answer.content == PICTURE
    headers_hold(answer, disposition="inline")
    assert View.objects.get().person == campus.victor


def test_the_desk_saves_the_original_with_a_reason(campus: Campus, signed_in: SignedIn) -> None:
    document = queued(campus)
    campus.claimed(document.case)
    there, client = reverse("desk_original", args=[document.public_id]), signed_in(campus.victor)
    assert client.get(there).status_code == 200
    assert client.post(there, {"reason": ""}).status_code == 422
    answer = client.post(there, {"reason": "the seal"})
    assert answer.content.startswith(b"%PDF-")
    headers_hold(answer, disposition="attachment")
    assert View.objects.get().reason == "the seal"


def test_after_the_decision_the_address_of_a_picture_says_that_it_is_gone(
    campus: Campus, signed_in: SignedIn
) -> None:
    document = queued(campus)
    campus.approved(document.case)
    drain(now=campus.world.now)
    there = reverse("campus_page", args=[document.case.public_id, document.public_id, 1])
    assert signed_in(campus.student).get(there).status_code == 410
    document.refresh_from_db()
    assert document.state == DocumentState.DESTROYED
