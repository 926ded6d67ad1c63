"""The child that reads strangers' files: what it draws, survives, dies of, and what it cannot do."""

import hashlib
import io
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from licet.education.sandbox import running
from licet.education.sandbox.frames import LONGEST_SIDE, frame, frames
from licet.kernel import confining
from tests.education import files

pytestmark = pytest.mark.real_clock


def drawn(kind: str, content: bytes) -> Image.Image:
    """Return the first page, opened, of a file that can be read."""
    outcome = running.read(kind=kind, content=content)
    assert outcome.fault == ""
    image = Image.open(io.BytesIO(outcome.pages[0].content), formats=["WEBP"])
    assert image.size == (outcome.pages[0].width, outcome.pages[0].height)
    return image


def test_a_certificate_becomes_a_picture_and_its_words() -> None:
    outcome = running.read(kind="pdf", content=files.paper(words="Nadia Roux"))
    assert outcome.fault == ""
    assert [(page.width, page.height) for page in outcome.pages] == [(1696, 2400)]
    assert "Nadia Roux" in outcome.text
    assert outcome.walls["limits"]
    assert 0 < outcome.memory < 600_000_000


@pytest.mark.parametrize(("kind", "form"), [("jpeg", "JPEG"), ("png", "PNG"), ("webp", "WEBP")])
def test_pictures_are_drawn_anew(kind: str, form: str) -> None:
    image = drawn(kind, files.photo(form=form))
    assert image.size == (1200, 1600)
    red, green, blue = image.convert("RGB").getpixel((600, 400))  # type: ignore[misc]
    assert blue > red
    assert green > red


def test_a_phone_photo_in_heic_is_drawn() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    assert drawn("heic", files.photo(form="HEIF")).size == (1200, 1600)


def test_a_photo_is_turned_upright_and_forgets_where_it_was_taken() -> None:
    sent = files.turned_photo_with_a_place()
    assert b"Fabricant" in sent
    image = drawn("jpeg", sent)
    assert image.size == (1200, 1600)
    assert dict(image.getexif()) == {}


def test_a_large_photo_is_made_smaller_by_its_longest_side() -> None:
    assert max(drawn("jpeg", files.photo(size=(6000, 3000))).size) == LONGEST_SIDE


def test_what_is_seen_through_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(out, "PNG")
    assert drawn("png", out.getvalue()).convert("RGB").getpixel((25, 25)) == (255, 255, 255)


# --- the hostile ones -----------------------------------------------------------------------------


@pytest.mark.parametrize("box", ["0 0 14400 14400", "0 0 10000000 10000000", "0 0 10000000 3"])
def test_a_page_of_any_size_takes_the_same_memory(box: str) -> None:
    outcome = running.read(kind="pdf", content=files.paper(box=box))
    assert outcome.fault in {"", "damaged"}
    assert outcome.memory < 600_000_000


def test_of_thousands_of_pages_ten_are_drawn() -> None:
    outcome = running.read(kind="pdf", content=files.many_pages(5001))
    assert (len(outcome.pages), outcome.fault) == (10, "")


def test_a_huge_image_in_a_small_pdf_stays_within_the_limits() -> None:
    content = files.huge_image()
    assert len(content) < 1_000_000
    outcome = running.read(kind="pdf", content=content)
    assert outcome.fault in {"", "limit"}
    assert outcome.memory < confining.MEMORY


@pytest.mark.parametrize(
    "content",
    [files.endless_content, files.nested_forms, files.form_in_itself],
    ids=["280 MB of commands", "forms in forms", "a form in itself"],
)
def test_what_would_never_end_is_ended_and_counts_as_unreadable(content: object) -> None:
    outcome = running.read(kind="pdf", content=content(), cpu_seconds=2)  # type: ignore[operator]
    assert outcome.fault == "limit" or (content is files.form_in_itself and outcome.fault == "")
    assert bool(outcome.pages) == (outcome.fault == "")


def test_a_child_that_waits_for_ever_is_ended() -> None:
    outcome = running.read(kind="pdf", content=files.nested_forms(), wall_seconds=0.01)
    assert (outcome.fault, outcome.pages) == ("limit", [])


NOISE = hashlib.sha512(b"noise").digest()


@pytest.mark.parametrize(
    ("kind", "content", "fault"),
    [
        ("pdf", files.encrypted(), "locked"),
        ("pdf", b"%PDF-1.7\n" + NOISE * 60, "damaged"),
        ("pdf", b"%PDF-", "damaged"),
        ("png", files.png_of(width=50_000, height=50_000), "too_big"),
        ("png", files.png_of(width=1000, height=1000), "damaged"),
        ("png", files.photo(form="PNG")[:900], "damaged"),
        ("jpeg", files.photo()[:2000], "damaged"),
        ("jpeg", files.photo(form="PNG"), "damaged"),
        ("png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "damaged"),
        ("heic", b"\0\0\0\x18ftypheic" + NOISE * 6, "damaged"),
        ("webp", b"RIFF\x20\0\0\0WEBPVP8 " + NOISE, "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_cannot_be_read_says_why(kind: str, content: bytes, fault: str) -> None:
    outcome = running.read(kind=kind, content=content)
    assert (outcome.fault, outcome.pages) == (fault, [])


def test_a_script_behind_a_picture_does_not_get_into_ours() -> None:
    sent = files.photo() + b"<script>alert(1)</script>"
    outcome = running.read(kind="jpeg", content=sent)
    assert outcome.fault == ""
    assert b"<script" not in outcome.pages[0].content


# --- its walls ------------------------------------------------------------------------------------

ESCAPE = """
import socket, sys
from licet.kernel import confining
network, files = confining.leave_network(), confining.leave_files()
def tried(what):
    try:
        what()
    except (OSError, PermissionError):
        return False
    return True
def write():
    open(sys.argv[2] + ".new", "w").close()
def run():
    import subprocess
    subprocess.run(["/bin/true"], check=True)
def call():
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=2).close()
print(network, tried(call), files, tried(lambda: open(sys.argv[2]).close()), tried(write), tried(run))
"""


def test_it_cannot_call_anybody_nor_open_files_nor_start_programs(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a paper")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        said = subprocess.run(
            [sys.executable, "-I", "-c", ESCAPE, str(port), str(secret)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
    network, called, walled, opened, written, started = (each == "True" for each in said)
    if not (network and walled):
        pytest.skip("this kernel or container gives no namespaces or no Landlock; the self-check says so")
    assert (called, opened, written, started) == (False, False, False, False)


def test_what_a_child_says_is_not_believed() -> None:
    with pytest.raises(ValueError, match="cut off"):
        list(frames(frame("P", b"picture")[:-1]))
    size = (10).to_bytes(4)
    with pytest.raises(ValueError, match="another kind"):
        running._outcome(frame("P", size + size + b"<svg>"))
    with pytest.raises(ValueError, match="another size"):
        running._outcome(frame("P", (9999).to_bytes(4) + size + b"RIFF0000WEBP"))
    with pytest.raises(ValueError, match="no pages"):
        running._outcome(frame("E", b'{"pages": 1, "memory": 1}'))
    assert running._outcome(frame("F", b"whatever it likes")).fault == "limit"
