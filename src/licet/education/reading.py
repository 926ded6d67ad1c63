"""What the worker does with a paper: scan it, have our own pictures made in the sandbox, pass the case on.

At least once: a worker that is killed in between leaves the document as it was, and the same parts are
written again. A machine never refuses here: what cannot be read is not counted, another file is asked for.
"""

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from licet.education import events, evidence, rules, scanner, vault
from licet.education.errors import DocumentGone, DocumentReadAlready, ScannerAway
from licet.education.evidence import Saying
from licet.education.models import Case, Document, Page
from licet.education.proofs.barcode import looking as barcode
from licet.education.proofs.sealed_pdf import looking as sealed_pdf
from licet.education.sandbox import running, words
from licet.education.states import CaseState, DocumentState
from licet.eventlog.change import Record, change
from licet.eventlog.models import Event
from licet.kernel.actor import Actor, system
from licet.kernel.refusal import Forbidden

SUSPICIOUS = "suspicious"
AT_ONCE = 20
"""How many waiting papers one turn of the schedule looks at."""

log = logging.getLogger(__name__)


def document_received(*, event: Event, now: datetime) -> None:
    """Read the paper that came in; ScannerAway lets the worker try again later."""
    document = Document.objects.select_related("case").filter(pk=event.facts["document"]).first()
    if document is not None:
        with suppress(DocumentReadAlready):
            read(document=document, by=system(label="licet"), now=now)


def read_waiting(*, by: Actor, now: datetime) -> None:
    """Read what has waited for too long: the scanner was away, or the worker gave up.

    Of the schedule. The first paper that the scanner does not look at ends the turn.
    """
    waiting = Document.objects.filter(state=DocumentState.RECEIVED, destroy_at=None)
    waiting = waiting.filter(sent_at__lte=now - rules.READ_WITHIN).select_related("case").order_by("pk")
    for document in waiting[:AT_ONCE]:
        try:
            read(document=document, by=by, now=now)
        except DocumentReadAlready:
            continue
        except ScannerAway as away:
            log.error("papers of applicants wait: %s", away)
            return


def read(*, document: Document, by: Actor, now: datetime) -> Document:
    """Make our pictures of a paper and write down how it went; then the case goes on where it waited for it.

    For the site itself. Refuses DocumentReadAlready, ScannerAway.
    """
    if not by.is_system:
        raise Forbidden
    if document.state != DocumentState.RECEIVED or document.destroy_at is not None:
        raise DocumentReadAlready
    outcome, said = _looked_at(document, now=now)
    with change(by=by, now=now) as record:
        # Sending, withdrawing, removing: whoever comes second finds what the first has written.
        case = Case.objects.locked(document.case_id)
        document = Document.objects.select_for_update(of=("self",), no_key=True).get(pk=document.pk)
        if document.state != DocumentState.RECEIVED:
            raise DocumentReadAlready
        if outcome.fault:
            _unreadable(document, fault=outcome.fault, record=record)
        else:
            _readable(document, outcome=outcome, record=record)
            if said is not None:
                evidence.keep(case=case, document=document, saying=said, record=record)
        _pass_on(case, record=record)
    return document


def original_of(*, document: Document) -> bytes:
    """Return the bytes that the applicant sent, for proofs that look at them in a sandbox; DocumentGone."""
    return part_of(document=document, part=vault.ORIGINAL)


def text_of(*, document: Document) -> str:
    """Return the text of a PDF, or what OCR (optional) read, for hints to the reviewer; or nothing."""
    try:
        return part_of(document=document, part=vault.TEXT).decode()
    except DocumentGone:
        return ""


def part_of(*, document: Document, part: str) -> bytes:
    """Return one part of a document, opened; DocumentGone where key or bytes are no more."""
    try:
        key = vault.unwrap(master=vault.master(), name=document.public_id, wrapped=document.wrapped_key)
        return vault.unseal(key=key, part=part, box=vault.get(folder=document.folder, part=part))
    except (ValueError, FileNotFoundError):
        raise DocumentGone from None


def _looked_at(document: Document, *, now: datetime) -> tuple[running.Outcome, Saying | None]:
    """Scan, draw, verify, outside of any transaction. What is not there any more is `damaged`."""
    try:
        content = original_of(document=document)
    except DocumentGone:
        return running.Outcome(fault="damaged"), None
    if scanner.scan(content=content):
        return running.Outcome(fault=SUSPICIOUS), None
    outcome = running.read(kind=document.kind, content=content)
    if outcome.fault:
        return outcome, None
    written = outcome.text  # what a machine reads off a picture proves nothing: it is for hints alone
    if settings.LICET_OCR and not written.strip():
        pictures = [each.content for each in outcome.pages]
        outcome = replace(outcome, text=words.read(pictures=pictures, languages=settings.LICET_OCR))
    by_barcode = barcode.look(barcodes=outcome.barcodes, now=now)
    by_seal = sealed_pdf.look(kind=document.kind, content=content, text=written, case=document.case, now=now)
    said = [each for each in (by_barcode, by_seal) if each is not None]
    return outcome, min(said, key=lambda each: bool(each.fault), default=None)


def _readable(document: Document, *, outcome: running.Outcome, record: Record) -> None:
    key = vault.unwrap(master=vault.master(), name=document.public_id, wrapped=document.wrapped_key)
    parts = {vault.page(number=number): each.content for number, each in enumerate(outcome.pages, 1)}
    for part, content in {**parts, vault.TEXT: outcome.text.encode()}.items():
        vault.put(folder=document.folder, part=part, box=vault.seal(key=key, part=part, content=content))
    Page.objects.bulk_create(
        Page(document=document, number=number, width=each.width, height=each.height)
        for number, each in enumerate(outcome.pages, 1)
    )
    document.decide(DocumentState.READY)
    document.read_at = record.now
    document.save(update_fields=["state", "read_at"])
    record(
        events.DocumentRead(case=document.case_id, document=document.pk, pages=len(outcome.pages)),
    )


def _unreadable(document: Document, *, fault: str, record: Record) -> None:
    document.decide(DocumentState.UNPROCESSABLE)
    document.read_at, document.fault = record.now, fault
    document.destroy_at = record.now + rules.KEEP_UNREADABLE
    document.save(update_fields=["state", "read_at", "fault", "destroy_at"])
    record(events.DocumentUnreadable(case=document.case_id, document=document.pk, fault=fault))


def _pass_on(case: Case, *, record: Record) -> None:
    """Move a case that waits for its papers, once the last one was read. A step; the case is locked."""
    states = set(case.documents.values_list("state", flat=True))
    if case.state != CaseState.PROCESSING or DocumentState.RECEIVED in states:
        return
    if DocumentState.READY in states or case.proofs.exists():
        case.decide(CaseState.QUEUED)
        case.queued_at = record.now
        record(events.CaseQueued(case=case.pk))
    else:
        case.decide(CaseState.ACTION_NEEDED)
        case.asked_at = record.now
        record(events.PapersUnreadable(case=case.pk, person_name=case.person.name))
    case.save(update_fields=["state", "queued_at", "asked_at"])
