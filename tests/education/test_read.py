"""Reading a paper in the worker: pictures, faults, the scanner, twice, killed in between."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from licet.education import applying, intake, reading, rules, scanner, vault
from licet.education.errors import DocumentReadAlready, ScannerAway
from licet.education.models import Page
from licet.education.sandbox import running
from licet.education.states import CaseState, DocumentState
from licet.eventlog.models import Event
from licet.eventlog.worker import drain
from licet.kernel.refusal import Forbidden
from tests.education import files
from tests.education.conftest import Campus
from tests.education.papers import PICTURE, READ, draft, queued, ready, upload
from tests.world import OPERATOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox that has read everything already."""
    monkeypatch.setattr(running, "read", lambda **_: READ)


def unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "read", lambda **_: running.Outcome(fault="limit"))


def test_from_the_upload_to_the_queue(campus: Campus, disk: Path) -> None:
    """The whole way, through the real sandbox."""
    document = queued(campus)
    assert (document.state, document.fault) == (DocumentState.READY, "")
    assert document.case.state == CaseState.QUEUED
    assert document.case.queued_at == campus.world.now
    page = document.pages.get()
    assert (page.number, page.width, page.height) == (1, 1696, 2400)
    assert reading.part_of(document=document, part="page-1")[8:12] == b"WEBP"
    assert "Paper" in reading.text_of(document=document)
    assert all(b"WEBP" not in each.read_bytes() for each in disk.rglob("*") if each.is_file())


def test_a_paper_is_read_as_soon_as_it_comes(campus: Campus, disk: Path, quick: None) -> None:
    document = upload(campus, draft(campus))
    drain(now=campus.world.now)
    document.refresh_from_db()
    assert document.state == DocumentState.READY
    case = applying.submit(case=document.case, by=campus.student.actor(), now=campus.world.now)
    assert case.state == CaseState.QUEUED


def test_what_cannot_be_read_is_not_counted_and_another_file_is_asked_for(
    campus: Campus, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unreadable(monkeypatch)
    document = queued(campus)
    case = document.case
    assert (document.state, document.fault) == (DocumentState.UNPROCESSABLE, "limit")
    assert document.destroy_at == campus.world.now + rules.KEEP_UNREADABLE
    assert (case.state, case.asked_at, case.attempts) == (CaseState.ACTION_NEEDED, campus.world.now, 0)
    assert Event.objects.filter(name="case.papers_unreadable").count() == 1


def test_one_readable_paper_is_enough_for_the_queue(
    campus: Campus, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = draft(campus)
    one, other = upload(campus, case), upload(campus, case)
    case = applying.submit(case=case, by=campus.student.actor(), now=campus.world.now)
    unreadable(monkeypatch)
    ready(campus, one)
    case.refresh_from_db()
    assert case.state == CaseState.PROCESSING
    monkeypatch.setattr(running, "read", lambda **_: READ)
    ready(campus, other)
    case.refresh_from_db()
    assert case.state == CaseState.QUEUED


def test_an_unreadable_file_takes_no_place(
    campus: Campus, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unreadable(monkeypatch)
    case = draft(campus)
    for _ in range(4):
        ready(campus, upload(campus, case))
    upload(campus, case)


def test_reading_twice_makes_one_set_of_pages(campus: Campus, disk: Path, quick: None) -> None:
    document = queued(campus)
    event = Event.objects.get(name="document.received")
    reading.document_received(event=event, now=campus.world.now)
    with pytest.raises(DocumentReadAlready):
        ready(campus, document)
    assert Page.objects.count() == 1
    assert Event.objects.filter(name="document.read").count() == 1


def test_two_workers_at_once_write_it_once(
    campus: Campus, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = upload(campus, draft(campus))

    def slow(**_: object) -> running.Outcome:
        monkeypatch.setattr(running, "read", lambda **_: READ)
        ready(campus, document)  # the other worker, meanwhile
        return READ

    monkeypatch.setattr(running, "read", slow)
    with pytest.raises(DocumentReadAlready):
        ready(campus, document)
    assert Page.objects.count() == 1


def test_a_worker_that_is_killed_in_between_leaves_the_paper_to_the_next(
    campus: Campus, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = upload(campus, draft(campus))
    monkeypatch.setattr(running, "read", lambda **_: READ)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Page.objects, "bulk_create", killed)
        with pytest.raises(KeyboardInterrupt):
            ready(campus, document)
    document.refresh_from_db()
    assert document.state == DocumentState.RECEIVED
    assert ready(campus, document).state == DocumentState.READY
    assert reading.part_of(document=document, part=vault.page(number=1)) == PICTURE


def test_what_was_removed_while_it_was_read_stays_removed(
    campus: Campus, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = upload(campus, draft(campus))

    def removed(**_: object) -> running.Outcome:
        intake.remove(document=document, by=campus.student.actor(), now=campus.world.now)
        return READ

    monkeypatch.setattr(running, "read", removed)
    with pytest.raises(DocumentReadAlready):
        ready(campus, document)
    assert [each for each in disk.rglob("*") if each.is_file()] == []


def test_only_the_site_itself_reads(campus: Campus, disk: Path) -> None:
    document = upload(campus, draft(campus))
    with pytest.raises(Forbidden):
        reading.read(document=document, by=campus.victor.actor(), now=campus.world.now)


# --- the scanner ----------------------------------------------------------------------------------


@contextmanager
def clamd(answer: bytes) -> Iterator[list[bytes]]:
    """A scanner that takes a stream and gives this answer; yields what it was sent."""
    sent: list[bytes] = []

    def serve(server: socket.socket) -> None:
        link, _ = server.accept()
        with link:
            got = b""
            while not (got.endswith(b"\0\0\0\0") or got == b"zPING\0"):
                got += link.recv(65536)
            sent.append(got)
            link.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=[server])
        thread.start()
        with override_settings(LICET_CLAMD_ADDRESS=f"127.0.0.1:{server.getsockname()[1]}"):
            yield sent
        thread.join(timeout=5)


def test_the_scanner_gets_the_whole_file_in_pieces() -> None:
    content = files.paper() + b"x" * 100_000
    with clamd(b"stream: OK\0") as sent:
        assert scanner.scan(content=content) == ""
    (said,) = sent
    assert said.startswith(b"zINSTREAM\0" + (65_536).to_bytes(4))
    assert len(said) == len(b"zINSTREAM\0") + len(content) + 4 * 3


def test_what_the_scanner_finds_is_unreadable_and_never_drawn(
    campus: Campus, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "read", lambda **_: pytest.fail("it was opened"))
    document = upload(campus, draft(campus))
    with clamd(b"stream: Eicar-Test-Signature FOUND\0"):
        ready(campus, document)
    document.refresh_from_db()
    assert (document.state, document.fault) == (DocumentState.UNPROCESSABLE, "suspicious")


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: maybe\0"])
def test_anything_but_yes_or_no_counts_as_not_scanned(answer: bytes) -> None:
    with clamd(answer), pytest.raises(ScannerAway):
        scanner.scan(content=b"a paper")


def test_without_its_scanner_a_paper_waits_and_goes_on_when_it_is_back(
    campus: Campus, disk: Path, quick: None, caplog: pytest.LogCaptureFixture
) -> None:
    now = campus.world.now
    case = draft(campus)
    document = upload(campus, case)
    applying.submit(case=case, by=campus.student.actor(), now=now)
    with override_settings(LICET_CLAMD_ADDRESS="unix:/nowhere/clamd.ctl"):
        with pytest.raises(ScannerAway):
            reading.document_received(event=Event.objects.get(name="document.received"), now=now)
        reading.read_waiting(by=OPERATOR, now=now + rules.READ_WITHIN)
    assert "papers of applicants wait" in caplog.text
    document.refresh_from_db()
    assert document.state == DocumentState.RECEIVED
    reading.read_waiting(by=OPERATOR, now=now + rules.READ_WITHIN - timedelta(seconds=1))
    document.refresh_from_db()
    assert document.state == DocumentState.RECEIVED
    reading.read_waiting(by=OPERATOR, now=now + rules.READ_WITHIN)
    document.refresh_from_db()
    assert document.state == DocumentState.READY


def test_without_a_scanner_in_the_settings_nothing_is_scanned() -> None:
    assert not scanner.is_set_up()
    assert scanner.scan(content=b"a paper") == ""


def test_the_scanner_answers_a_ping() -> None:
    with clamd(b"PONG\0"):
        scanner.ping()
