"""The children that verify: signed barcodes, sealed files, and what strangers make of them."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from licet.education.sandbox import running
from licet.education.sandbox.frames import frame
from tests.education import files, signed

pytestmark = pytest.mark.real_clock

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def chain() -> tuple[signed.Signer, signed.Signer]:
    """An authority for barcodes, and who signs under it."""
    authority = signed.signer("FR42")
    return authority, signed.signer("LIC1", above=authority)


@pytest.fixture(scope="module")
def registrar() -> signed.Signer:
    """Who seals, under an authority."""
    return signed.signer("Registrar", above=signed.signer("Authority for seals"))


def said(contents: list[bytes], *trusted: signed.Signer) -> list[dict[str, Any]]:
    told = running.verify(
        kind="barcode", certificates=[each.der() for each in trusted], contents=contents, now=NOW
    )
    assert told is not None
    return told


def of_seal(content: bytes, *trusted: signed.Signer) -> dict[str, Any]:
    told = running.verify(
        kind="seal", certificates=[each.der() for each in trusted], contents=[content], now=NOW
    )
    assert told is not None
    return told[0]


# --- barcodes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["PDF", "PNG", "JPEG"])
def test_a_barcode_is_found_on_the_page_byte_by_byte(
    chain: tuple[signed.Signer, signed.Signer], form: str
) -> None:
    content = signed.barcode(chain[1])
    kind = form.lower()
    assert running.read(kind=kind, content=signed.attestation(content, form=form)).barcodes == [content]


def test_a_small_barcode_on_a_large_photo_is_found_in_a_piece(
    chain: tuple[signed.Signer, signed.Signer],
) -> None:
    from PIL import Image

    content = signed.barcode(chain[1])
    page = Image.new("RGB", (2400, 3200), "#e8e4dc")
    page.paste(signed.symbol(content, scale=3), (1500, 2500))
    out = io.BytesIO()
    page.rotate(7, fillcolor="#e8e4dc", resample=Image.Resampling.BICUBIC).save(out, "JPEG", quality=60)
    assert running.read(kind="jpeg", content=out.getvalue()).barcodes == [content]


def test_other_barcodes_are_none_of_our_business() -> None:
    page = signed.attestation(b"https://school.example/card/12345")
    assert running.read(kind="pdf", content=page).barcodes == []


def test_the_specimens_of_the_state_verify_and_prove_nothing() -> None:
    told = said([each.encode() for each in signed.SPECIMENS])
    assert [each["state"] for each in told] == ["test"] * 4


def test_a_specimen_with_one_letter_changed_is_forged() -> None:
    changed = [each.replace("SPECIMEN", "SPECIMAN").replace("ANGELA", "ANGELE").replace("NEG", "NOG")
               for each in signed.SPECIMENS]  # fmt: skip
    assert [each["state"] for each in said([each.encode() for each in changed])] == ["forged"] * 4


def test_a_barcode_under_the_list_is_verified_with_its_fields(
    chain: tuple[signed.Signer, signed.Signer],
) -> None:
    (told,) = said([signed.barcode(chain[1])], *chain)
    assert told["state"] == "verified"
    assert told["type"] == "B1"
    assert told["fields"] == {
        "B0": "NADIA/MARIE", "B2": "ROUX", "BB": "1234567890A", "BF": "2026",
    }  # fmt: skip
    assert told["signed_on"] == "2026-09-01"


def test_every_changed_byte_of_the_message_is_noticed(chain: tuple[signed.Signer, signed.Signer]) -> None:
    content = signed.barcode(chain[1])
    end = content.index(b"\x1f")
    forged = [content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :] for at in range(20, end, 3)]
    assert {each["state"] for each in said(forged, *chain)} <= {"forged", "unknown", "unreadable"}


def test_the_same_message_under_two_spellings_of_its_signature_is_one(
    chain: tuple[signed.Signer, signed.Signer],
) -> None:
    one, other = said([signed.barcode(chain[1]), signed.barcode(chain[1])], *chain)
    assert one["message"] == other["message"]


def test_who_is_not_on_the_list_is_unknown(chain: tuple[signed.Signer, signed.Signer]) -> None:
    authority, signer = chain
    stranger = signed.signer("LIC1", above=signed.signer("FR42"))
    assert said([signed.barcode(signer)])[0]["state"] == "unknown"  # the list that comes along
    assert said([signed.barcode(signer)], signer)[0]["state"] == "unknown"  # its authority is not there
    assert said([signed.barcode(stranger)], *chain)[0]["state"] == "forged"
    assert said([signed.barcode(stranger)], authority, stranger)[0]["state"] == "unknown"


@pytest.mark.parametrize("signed_on", [date(2023, 12, 1), date(2030, 6, 1), NOW.date() + timedelta(days=3)])
def test_a_certificate_has_to_be_valid_on_the_day_of_the_signature(
    chain: tuple[signed.Signer, signed.Signer], signed_on: date
) -> None:
    assert said([signed.barcode(chain[1], signed_on=signed_on)], *chain)[0]["state"] == "untimely"


@pytest.mark.parametrize("content", [b"DC", b"DC04", b"DC99" * 20, b"DC04FR03" + b"\x1f" * 30, b"DC\xff\xfe"])
def test_what_is_no_signed_barcode_is_unreadable_and_kills_nobody(content: bytes) -> None:
    assert said([content])[0]["state"] == "unreadable"


def test_the_list_that_comes_along_says_its_day() -> None:
    (told,) = said([])
    assert date.fromisoformat(told["issued"]) >= date(2026, 1, 1)
    assert told["certificates"] > 100


# --- seals ----------------------------------------------------------------------------------------


def test_a_seal_of_somebody_on_the_list_covers_the_whole_file(registrar: signed.Signer) -> None:
    assert registrar.above
    content = signed.sealed(files.paper(), by=registrar)
    told = of_seal(content, registrar.above)
    assert (told["state"], told["issuer"]) == ("sealed", "Académie du Rhin")
    assert of_seal(content, registrar)["state"] == "sealed"  # the certificate itself is on the list


def test_a_file_that_was_changed_or_added_to_afterwards_says_so(registrar: signed.Signer) -> None:
    assert registrar.above
    content = signed.sealed(files.paper(words="Nadia Roux"), by=registrar)
    changed = content.replace(b"Nadia Roux", b"Zadia Roux")
    assert of_seal(changed, registrar.above)["state"] == "changed"
    assert of_seal(signed.appended(content), registrar.above)["state"] == "added"
    assert of_seal(content + b"% and a line\n%%EOF\n", registrar.above)["state"] in {"added", "unreadable"}


def test_a_seal_of_somebody_else_is_unknown(registrar: signed.Signer) -> None:
    content = signed.sealed(files.paper(), by=registrar)
    assert of_seal(content)["state"] == "unknown"
    assert of_seal(content, signed.signer("Another authority"))["state"] == "unknown"


def test_a_certificate_that_has_ended_is_not_believed_whatever_day_is_written() -> None:
    authority = signed.signer("Authority for seals")
    ended = signed.signer("Registrar", above=authority, until=NOW - timedelta(days=1))
    assert of_seal(signed.sealed(files.paper(), by=ended), authority)["state"] == "untimely"


def test_a_seal_that_covers_a_part_is_partial_or_not_read(registrar: signed.Signer) -> None:
    assert registrar.above
    content = signed.sealed(files.paper(), by=registrar)
    head, _mark, rest = content.partition(b"/ByteRange [")
    numbers, _close, tail = rest.partition(b"]")
    first, length, second, last = numbers.split()
    fewer = b" ".join([first, length, second, b"%d" % (int(last) - 20)]).ljust(len(numbers))
    assert of_seal(head + b"/ByteRange [" + fewer + b"]" + tail, registrar.above)["state"] != "sealed"


def test_two_seals_have_to_be_right_both(registrar: signed.Signer) -> None:
    assert registrar.above
    once = signed.sealed(files.paper(), by=registrar)
    twice = signed.sealed(once, by=registrar, on_field="Second")
    assert of_seal(twice, registrar.above)["state"] == "sealed"
    stranger = signed.sealed(once, by=signed.signer("X", above=signed.signer("Y")), on_field="Second")
    assert of_seal(stranger, registrar.above)["state"] == "unknown"


@pytest.mark.parametrize(
    "content",
    [
        files.paper(),
        files.encrypted(),
        files.many_pages(300),
        files.form_in_itself(),
        b"%PDF-1.7\n/ByteRange",
        files.paper() + b"<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>",
    ],
)
def test_hostile_files_kill_nobody_and_are_never_sealed(content: bytes) -> None:
    told = running.verify(kind="seal", certificates=[], contents=[content], now=NOW)
    assert told is None or told[0]["state"] in {"none", "unreadable"}


# --- the parent believes nothing ------------------------------------------------------------------


def test_a_child_that_dies_after_its_pictures_costs_only_the_barcodes() -> None:
    size = (10).to_bytes(4)
    page = frame("P", size + size + b"RIFF0000WEBP")
    whole = page + frame("T", b"words") + frame("E", b'{"pages": 1, "memory": 1}') + frame("B", b"DC04")
    assert running._outcome(whole).barcodes == [b"DC04"]
    assert running._outcome(whole[:-2]).barcodes == []
    assert running._outcome(whole[:-2]).text == "words"
    with pytest.raises(ValueError, match="cut off"):
        running._outcome((page + frame("T", b"words"))[:-2])
