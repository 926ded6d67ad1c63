"""Whether papers are read and destroyed as they should: for `licet education self-check` and the desk."""

import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Any

from django.conf import settings

from licet.education import retention, rules, scanner, vault
from licet.education.directory import Institution
from licet.education.directory_events import DirectoryImported
from licet.education.errors import DocumentGone, ScannerAway
from licet.education.issuers.models import BARCODE, SEAL, Issuer
from licet.education.models import Document
from licet.education.reading import original_of
from licet.education.sandbox import running, words
from licet.education.states import DocumentState
from licet.eventlog.models import Event

LATE = timedelta(hours=1)
"""A paper that is so long past its date should be gone: the job runs every quarter of an hour."""

OLD_LISTS = timedelta(days=180)

SAMPLE = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 90 120] >>\nendobj\n"
    b"trailer\n<< /Root 1 0 R /Size 4 >>\n%%EOF\n"
)
"""A page with nothing on it, for trying the sandbox."""

WORD = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R\n"
    b"/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>\nendobj\n"
    b"4 0 obj\n<< /Length 42 >>\nstream\nBT /F 36 Tf 60 90 Td (LICET) Tj ET         \nendstream\nendobj\n"
    b"trailer\n<< /Root 1 0 R /Size 5 >>\n%%EOF\n"
)
"""A page with one word, for trying what reads pictures."""


class Level(IntEnum):
    """How urgent it is; the exit code of the self-check is the highest."""

    GOOD = 0
    WARN = 1
    BAD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    level: Level
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """How many papers wait for too long to be read, and how many should be gone."""

    waiting: int
    past: int


def papers(*, now: datetime) -> Papers:
    """Return what the desk's first page shows (two statements)."""
    waiting = Document.objects.filter(
        state=DocumentState.RECEIVED, destroy_at=None, sent_at__lte=now - rules.READ_WITHIN
    )
    return Papers(waiting=waiting.count(), past=retention.due(now=now - LATE).count())


def self_check(*, now: datetime) -> list[Check]:
    """Look at scanner, sandbox, folder, key, waiting papers, papers past their date, age of all lists."""
    looks: list[Callable[[datetime], Check]] = [
        _scanner, _sandbox, _ocr, _folder, _key, _waiting, _past, _lists, _barcodes, _seals,
    ]  # fmt: skip
    return [look(now) for look in looks]


def _scanner(now: datetime) -> Check:
    name = "virus scanner"
    if not scanner.is_set_up():
        chosen = settings.LICET_CLAMD_ADDRESS == scanner.NONE
        said = "none; papers are not scanned" + ("" if chosen else " (LICET_CLAMD_ADDRESS; none: you know)")
        return Check(name=name, level=Level.GOOD if chosen else Level.WARN, said=said)
    try:
        scanner.ping()
    except ScannerAway as away:
        return Check(name=name, level=Level.BAD, said=str(away))
    return Check(name=name, level=Level.GOOD, said="answers")


def _sandbox(now: datetime) -> Check:
    tried = running.read(kind="pdf", content=SAMPLE)
    if tried.fault:
        return Check(
            name="sandbox",
            level=Level.BAD,
            said=f"cannot read a blank page ({tried.fault}); no paper is read",
        )
    open_ = [wall for wall in ("limits", "network", "files") if not tried.walls.get(wall)]
    if open_:
        said = f"works, without these walls: {', '.join(open_)}; this kernel or container does not allow them"
        return Check(name="sandbox", level=Level.BAD if "limits" in open_ else Level.WARN, said=said)
    return Check(name="sandbox", level=Level.GOOD, said="works: limits, no network, no files")


def _ocr(now: datetime) -> Check:
    languages = settings.LICET_OCR
    if not languages:
        return Check(name="ocr", level=Level.GOOD, said="off; hints come from the text of a PDF alone")
    if not words.found(languages=languages):
        said = f"LICET_OCR is {languages}, and there is no program {words.PROGRAM}, or these are no languages"
        return Check(name="ocr", level=Level.BAD, said=said)
    sample = running.read(kind="pdf", content=WORD)
    said = words.read(pictures=[each.content for each in sample.pages], languages=languages)
    if "LICET" not in said.upper():
        said = f"{words.PROGRAM} does not read {languages}: is each of these languages installed?"
        return Check(name="ocr", level=Level.BAD, said=said)
    return Check(name="ocr", level=Level.GOOD, said=f"reads {languages}")


def _folder(now: datetime) -> Check:
    place = vault.root()
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        vault.put(folder="self-check", part="try", box=b"")
        vault.wipe(folder="self-check")
    except OSError as error:
        return Check(name="folder", level=Level.BAD, said=f"{place} cannot be written ({error.strerror})")
    if place.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Check(name="folder", level=Level.WARN, said=f"others may look into {place}: chmod 700 {place}")
    return Check(name="folder", level=Level.GOOD, said=str(place))


def _key(now: datetime) -> Check:
    newest = Document.objects.exclude(state=DocumentState.DESTROYED).order_by("-pk").first()
    if newest is None:
        return Check(name="keys", level=Level.GOOD, said="no paper is kept at the moment")
    try:
        original_of(document=newest)
    except DocumentGone:
        said = (
            "the newest paper cannot be opened: another master key, or another folder than the one it is in"
        )
        return Check(name="keys", level=Level.BAD, said=said)
    return Check(name="keys", level=Level.GOOD, said="the newest paper can be opened")


def _waiting(now: datetime) -> Check:
    number = papers(now=now).waiting
    said = f"{number} wait for more than {int(rules.READ_WITHIN.total_seconds() // 60)} minutes"
    return Check(name="reading", level=Level.BAD if number else Level.GOOD, said=said)


def _past(now: datetime) -> Check:
    number = retention.due(now=now - LATE).count() + len(retention.remains())
    said = f"{number} files past their date"
    return Check(name="retention", level=Level.BAD if number else Level.GOOD, said=said)


def _lists(now: datetime) -> Check:
    name = "lists of schools"
    last: Any = Event.objects.filter(name=DirectoryImported.name).order_by("-pk").first()
    if last is None:
        empty = not Institution.objects.exists()
        return Check(
            name=name, level=Level.WARN, said="none yet: licet institutions ship" if empty else "by hand"
        )
    days = (now - last.at).days
    level = Level.WARN if now - last.at > OLD_LISTS else Level.GOOD
    return Check(name=name, level=level, said=f"brought in {days} days ago")


def _barcodes(now: datetime) -> Check:
    """How old the list of those is who sign barcodes: new certificates come every year."""
    name = "barcode list"
    own = Issuer.objects.filter(use=BARCODE).order_by("listed_at").first()
    if own is not None:
        return _aged(name, own.listed_at.date(), said="your own", now=now)
    told = running.verify(kind="barcode", certificates=[], contents=[], now=now)
    try:
        issued = date.fromisoformat(str((told or [{}])[0].get("issued")))
    except ValueError:
        said = "the list that comes along cannot be read; no barcode is verified"
        return Check(name=name, level=Level.BAD, said=said)
    return _aged(name, issued, said="the one that comes along", now=now)


def _aged(name: str, since: date, *, said: str, now: datetime) -> Check:
    days = (now.date() - since).days
    old = days > OLD_LISTS.days
    more = "; newer ones: licet trust import-barcodes" if old else ""
    return Check(name=name, level=Level.WARN if old else Level.GOOD, said=f"{said}, {days} days old{more}")


def _seals(now: datetime) -> Check:
    name = "seal list"
    listed = Issuer.objects.filter(use=SEAL)
    ended = listed.filter(ends_at__lte=now).order_by("ends_at").first()
    if ended is not None:
        said = f"the certificate of {ended.name} ended on {ended.ends_at.date().isoformat()}"
        return Check(name=name, level=Level.WARN, said=said)
    newest = listed.order_by("-listed_at").first()
    if newest is None:
        return Check(name=name, level=Level.GOOD, said="nobody; every sealed PDF is looked at by a person")
    days = (now - newest.listed_at).days
    said = f"{listed.count()} certificates, the newest put there {days} days ago"
    return Check(name=name, level=Level.GOOD, said=said)
