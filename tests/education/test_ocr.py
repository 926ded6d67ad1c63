"""Words of pictures, where the operator wants them: by a child of its own, for hints, never to decide."""

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import override_settings
from PIL import Image, ImageDraw

from licet.education import health, reading
from licet.education.health import Level
from licet.education.models import Document, Proof
from licet.education.sandbox import running, words
from tests.conftest import leave_out
from tests.education.conftest import Campus
from tests.education.papers import draft, upload
from tests.world import NOW, OPERATOR

SENTENCE = "CERTIFICAT 2025-2026"


@pytest.fixture
def tesseract() -> None:
    """The program, or the test is left out."""
    if shutil.which(words.PROGRAM) is None:
        leave_out("Tesseract is not installed (Debian: apt-get install tesseract-ocr)")


def photo() -> bytes:
    """Draw a paper that has no text layer."""
    sheet = Image.new("RGB", (900, 500), "white")
    ImageDraw.Draw(sheet).text((100, 200), SENTENCE, fill="black", font_size=48)
    kept = io.BytesIO()
    sheet.save(kept, "PNG")
    return kept.getvalue()


def picture() -> bytes:
    """Return our own picture of it."""
    return running.read(kind="png", content=photo()).pages[0].content


@pytest.mark.usefixtures("tesseract")
def test_the_words_of_a_picture_are_read_behind_the_walls() -> None:
    assert "2025-2026" in words.read(pictures=[picture()], languages="eng")


@pytest.mark.usefixtures("tesseract")
def test_what_is_no_picture_or_no_language_has_no_words() -> None:
    assert words.read(pictures=[b"%PDF-1.4"], languages="eng") == ""
    assert words.read(pictures=[picture()], languages="xyz") == ""


def test_languages_are_names_and_no_arguments() -> None:
    for languages in ("", "eng --user-words /etc/passwd", "-l", "../eng", "eng+"):
        assert words.found(languages=languages) == ""


def test_of_all_programs_only_the_one_can_be_started() -> None:
    """The child keeps the right to become one program, and no other right that the first child has not."""
    allowed, other = (os.path.realpath(shutil.which(name) or "") for name in ("true", "cat"))
    script = f"""
import os, sys
from licet.education.sandbox import words
from licet.kernel import confining
from pathlib import Path
loaders = [os.path.realpath(each) for name in words.LOADERS for each in Path("/").glob(name)]
if not (confining.leave_network() and confining.leave_files(programs=[{allowed!r}, *loaders])):
    sys.exit(77)
for path, mode in (("/etc/passwd", os.O_RDONLY), ("/usr/licet", os.O_WRONLY | os.O_CREAT)):
    try:
        os.open(path, mode)
        sys.exit(1)
    except OSError:
        pass
try:
    os.execv({other!r}, [{other!r}])
except PermissionError:
    os.execv({allowed!r}, [{allowed!r}])
"""
    ended = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True).returncode
    if ended == 77:
        pytest.skip("this kernel puts up no such walls")
    assert ended == 0


@pytest.fixture
def sent(campus: Campus, disk: Path) -> Document:
    """A photo of a paper that waits to be read."""
    return upload(campus, draft(campus), content=photo(), name="photo.png")


@pytest.mark.django_db
def test_nothing_is_read_off_pictures_unless_the_operator_wants_it(
    sent: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "read", lambda **_asked: pytest.fail("it is off"))
    reading.read(document=sent, by=OPERATOR, now=NOW)
    assert reading.text_of(document=sent) == ""


@pytest.mark.django_db
def test_what_is_read_is_kept_for_hints_and_proves_nothing(
    sent: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "read", lambda **_asked: SENTENCE)
    with override_settings(LICET_OCR="fra+eng"):
        sent = reading.read(document=sent, by=OPERATOR, now=NOW)
    assert reading.text_of(document=sent) == SENTENCE
    assert not Proof.objects.filter(strength="signed").exists()


@pytest.mark.django_db
def test_the_self_check_says_whether_it_works(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def said() -> health.Check:
        return next(each for each in health.self_check(now=NOW) if each.name == "ocr")

    assert (said().level, "off" in said().said) == (Level.GOOD, True)
    with override_settings(LICET_OCR="eng"):
        monkeypatch.setattr(words, "found", lambda **_asked: "")
        assert said().level == Level.BAD
        monkeypatch.setattr(words, "found", lambda **_asked: "/usr/bin/tesseract")
        monkeypatch.setattr(words, "read", lambda **_asked: "")
        assert said().level == Level.BAD
        monkeypatch.setattr(words, "read", lambda **_asked: "LICET")
        assert said().level == Level.GOOD
