"""Receiving a file: its kind by its first bytes, its size, how many, and that it is locked away."""

from datetime import timedelta
from pathlib import Path

import pytest

from licet.education import applying, intake, rules, vault
from licet.education.errors import (
    CaseNotYours,
    DocumentGone,
    FileEmpty,
    FileKindUnknown,
    FileNeedsExport,
    FileSentAlready,
    FileTooLarge,
    TooManyBytes,
    TooManyFiles,
    TooManyUploads,
)
from licet.education.models import Document
from licet.education.reading import original_of
from licet.education.states import DocumentState
from licet.eventlog.models import Delivery
from licet.kernel.refusal import Missing
from tests.education import files
from tests.education.conftest import Campus
from tests.education.papers import chance, draft, upload
from tests.world import OPERATOR

pytestmark = pytest.mark.django_db


def on_disk(disk: Path) -> bytes:
    """Return all bytes under the folder."""
    return b"".join(each.read_bytes() for each in sorted(disk.rglob("*")) if each.is_file())


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (files.paper(), "pdf"),
        (b"\xef\xbb\xbf\r\n" + files.paper(), "pdf"),
        (files.photo(), "jpeg"),
        (files.photo(form="PNG"), "png"),
        (files.photo(form="WEBP"), "webp"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40), "heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + bytes(40), "heic"),
    ],
)
def test_the_first_bytes_say_what_it_is_whatever_it_is_called(
    campus: Campus, disk: Path, content: bytes, kind: str
) -> None:
    document = upload(campus, draft(campus), content, name="anything.exe")
    assert (document.kind, document.size, document.state) == (kind, len(content), DocumentState.RECEIVED)
    assert original_of(document=document) == content


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"PK\x03\x04 word/document.xml", FileNeedsExport),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old document", FileNeedsExport),
        (b"{\\rtf1 a text}", FileNeedsExport),
        (b"<html><script>alert(1)</script></html>", FileKindUnknown),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", FileKindUnknown),
        (b"GIF89a/*\x01\x00*/=1;alert(1)", FileKindUnknown),
        (b"MZ\x90\x00 a program", FileKindUnknown),
        (b"\x7fELF a program", FileKindUnknown),
        (b"\0\0\0\x1cftypmp42 a film", FileKindUnknown),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", FileKindUnknown),
        (b"x" * 100 + b"%PDF-1.7", FileKindUnknown),
        (b"\x89PNG", FileKindUnknown),
    ],
)
def test_anything_else_is_refused_with_what_to_send_instead(
    campus: Campus, disk: Path, content: bytes, refusal: type[Exception]
) -> None:
    case = draft(campus)
    with pytest.raises(refusal, match=r"certificate\.pdf"):
        upload(campus, case, content, name="certificate.pdf")
    assert not Document.objects.exists()
    assert on_disk(disk) == b""


def test_nothing_on_the_disk_can_be_read_without_the_key(campus: Campus, disk: Path) -> None:
    content = files.paper(words="Nadia Roux")
    document = upload(campus, draft(campus), content, name="nadia-roux.pdf")
    written = on_disk(disk)
    assert len(written) > len(content)
    assert b"PDF" not in written
    assert b"Nadia" not in written
    assert "nadia" not in " ".join(str(each) for each in disk.rglob("*"))
    for each in disk.rglob("*"):
        assert each.stat().st_mode & 0o077 == 0
    key = vault.unwrap(master=vault.master(), name=document.public_id, wrapped=document.wrapped_key)
    assert vault.unseal(key=key, part="original", box=written) == content


def test_a_key_opens_its_own_document_alone(campus: Campus, disk: Path) -> None:
    case = draft(campus)
    one, other = upload(campus, case), upload(campus, case)
    assert one.wrapped_key != other.wrapped_key
    with pytest.raises(ValueError, match="another key"):
        vault.unwrap(master=vault.master(), name=other.public_id, wrapped=one.wrapped_key)
    other.wrapped_key = one.wrapped_key
    with pytest.raises(DocumentGone):
        original_of(document=other)


def test_bytes_that_somebody_changed_do_not_open(campus: Campus, disk: Path) -> None:
    document = upload(campus, draft(campus))
    place = disk / document.folder / "original"
    place.write_bytes(place.read_bytes()[:-1] + b"!")
    with pytest.raises(DocumentGone):
        original_of(document=document)


def test_a_part_of_another_name_does_not_open() -> None:
    key = bytes(range(32))
    box = vault.seal(key=key, part="page-1", content=b"a picture")
    assert vault.unseal(key=key, part="page-1", box=box) == b"a picture"
    with pytest.raises(ValueError, match="sealed"):
        vault.unseal(key=key, part="page-2", box=box)
    assert vault.seal(key=key, part="page-1", content=b"another")[:12] != box[:12]


def test_an_empty_file_is_refused(campus: Campus, disk: Path) -> None:
    with pytest.raises(FileEmpty):
        intake.receive(
            case=draft(campus), name="a.pdf", content=[], chance=chance(), by=campus.student.actor(),
            now=campus.world.now,
        )  # fmt: skip


def test_ten_megabytes_are_taken_and_one_byte_more_is_not(campus: Campus, disk: Path) -> None:
    case, most = draft(campus), rules.FILE_BYTES
    assert upload(campus, case, b"%PDF-1.7".ljust(most)).size == most
    with pytest.raises(FileTooLarge):
        upload(campus, case, b"%PDF-1.8".ljust(most + 1))


def test_too_large_a_file_is_not_read_to_its_end(campus: Campus, disk: Path) -> None:
    def endless() -> object:
        while True:
            yield b"%PDF-" + bytes(1_000_000)

    with pytest.raises(FileTooLarge):
        intake.receive(
            case=draft(campus), name="a.pdf", content=endless(), chance=chance(),  # type: ignore[arg-type]
            by=campus.student.actor(), now=campus.world.now,
        )  # fmt: skip


def test_a_request_holds_four_files(campus: Campus, disk: Path) -> None:
    case = draft(campus)
    first, *_ = [upload(campus, case) for _ in range(4)]
    with pytest.raises(TooManyFiles):
        upload(campus, case)
    intake.remove(document=first, by=campus.student.actor(), now=campus.world.now)
    upload(campus, case)


def test_a_request_holds_twenty_five_megabytes(campus: Campus, disk: Path) -> None:
    case = draft(campus)
    for number in range(2):
        upload(campus, case, b"%%PDF-1.%d" % number + bytes(10_000_000))
    with pytest.raises(TooManyBytes):
        upload(campus, case, b"%PDF-1.9" + bytes(9_000_000))


def test_the_same_file_twice_is_refused(campus: Campus, disk: Path) -> None:
    case = draft(campus)
    upload(campus, case, files.photo())
    with pytest.raises(FileSentAlready):
        upload(campus, case, files.photo(), name="again.jpg")


def test_twenty_files_a_day_are_enough(campus: Campus, disk: Path) -> None:
    case = draft(campus)
    for _ in range(rules.FILES_A_DAY):
        intake.remove(document=upload(campus, case), by=campus.student.actor(), now=campus.world.now)
    with pytest.raises(TooManyUploads):
        upload(campus, case)
    upload(campus, case, now=campus.world.now + timedelta(days=1))


def test_nobody_adds_to_the_request_of_another(campus: Campus, disk: Path) -> None:
    case = draft(campus)
    for by in (campus.wanda.actor(), campus.victor.actor(), OPERATOR):
        with pytest.raises(Missing):
            intake.receive(
                case=case, name="a.pdf", content=[files.paper()], chance=chance(), by=by, now=campus.world.now
            )


def test_what_was_sent_is_not_changed_any_more(campus: Campus, disk: Path) -> None:
    case = draft(campus)
    document = upload(campus, case)
    applying.submit(case=case, by=campus.student.actor(), now=campus.world.now)
    with pytest.raises(CaseNotYours):
        upload(campus, case)
    with pytest.raises(CaseNotYours):
        intake.remove(document=document, by=campus.student.actor(), now=campus.world.now)


def test_removing_destroys_key_name_and_bytes_at_once(campus: Campus, disk: Path) -> None:
    document = upload(campus, draft(campus), name="nadia.pdf")
    gone = intake.remove(document=document, by=campus.student.actor(), now=campus.world.now)
    gone.refresh_from_db()
    assert (gone.state, gone.wrapped_key, gone.name) == (DocumentState.DESTROYED, "", "")
    assert on_disk(disk) == b""
    with pytest.raises(DocumentGone):
        intake.remove(document=gone, by=campus.student.actor(), now=campus.world.now)
    with pytest.raises(DocumentGone):
        original_of(document=gone)


def test_the_worker_is_told_in_the_same_transaction(campus: Campus, disk: Path) -> None:
    upload(campus, draft(campus))
    assert Delivery.objects.filter(handler="licet.education.reading.document_received").count() == 1


def test_the_same_file_is_known_again_within_a_year_and_never_by_its_plain_hash(campus: Campus) -> None:
    now = campus.world.now
    one = vault.fingerprint(content=b"a paper", on=now)
    assert one == vault.fingerprint(content=b"a paper", on=now + timedelta(days=90))
    assert one != vault.fingerprint(content=b"a paper", on=now + timedelta(days=365))
    assert one != vault.fingerprint(content=b"another", on=now)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\Users\\nadia\\carte.jpg", "carte.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\u202etxt.pdf", "abtxt.pdf"),
        ("", "?"),
        ("x" * 300 + ".pdf", "x" * 100 + "….pdf"),
        ("y" * 300, "y" * 119 + "…"),
    ],
)
def test_a_name_is_shown_without_its_folders_and_tricks(name: str, shown: str) -> None:
    assert intake.shown_name(name=name) == shown
