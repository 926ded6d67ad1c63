"""What an applicant's browser brings: files are counted, told apart by their first bytes, and locked away.

Nothing is parsed here: that is the sandbox's work, in the worker.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from licet.education import events, evidence, rules, vault
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
from licet.education.filetypes import LOOK, FileKind, is_office, kind_of
from licet.education.models import Case, Document
from licet.education.states import CaseState, DocumentState
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing

WITH_THE_APPLICANT = frozenset({CaseState.DRAFT, CaseState.ACTION_NEEDED})
LIVING = (DocumentState.RECEIVED, DocumentState.READY)
"""What counts towards the limits: a file that could not be read does not."""


def receive(
    *, case: Case, name: str, content: Iterable[bytes], chance: bytes, by: Actor, now: datetime
) -> Document:
    """Take one file of the applicant's own case, encrypt it under a key of its own, keep it.

    `content`: its bytes in pieces; `name`: what the applicant calls it; `chance`: 48 random bytes.
    Refuses FileEmpty, FileTooLarge (10 MB), FileNeedsExport, FileKindUnknown; CaseNotYours, TooManyFiles (4),
    TooManyBytes (25 MB), TooManyUploads (20 a day), FileSentAlready.
    """
    if len(chance) != vault.CHANCE:
        raise ValueError("48 bytes of chance make a document")
    told = shown_name(name=name)
    data = _gathered(content, told=told)
    kind = _kind(data, told=told)
    with change(by=by, now=now) as record:
        case = _own(case=case, by=by)
        seen = vault.fingerprint(content=data, on=now)
        _check_room(case=case, told=told, size=len(data), fingerprint=seen, now=now)
        document = Document(
            case=case,
            name=told,
            folder=chance[32:].hex(),
            kind=kind,
            size=len(data),
            fingerprint=seen,
            sent_at=now,
        )
        document.wrapped_key = vault.wrap(master=vault.master(), name=document.public_id, key=chance[:32])
        document.save(force_insert=True)
        box = vault.seal(key=chance[:32], part=vault.ORIGINAL, content=data)
        # If the transaction fails after this, the bytes are noise without a row, and swept up.
        vault.put(folder=document.folder, part=vault.ORIGINAL, box=box)
        record(
            events.DocumentReceived(case=case.pk, document=document.pk, kind=kind.value, size=document.size)
        )
    return document


def remove(*, document: Document, by: Actor, now: datetime) -> Document:
    """Take a paper back from one's own case: its key and its bytes are destroyed at once.

    Refuses CaseNotYours once the case was sent, DocumentGone.
    """
    with change(by=by, now=now) as record:
        case = _own(case=document.case, by=by)
        # The worker that reads it right now waits for the case, and finds it gone.
        document = Document.objects.select_for_update(of=("self",), no_key=True).get(pk=document.pk)
        if document.state == DocumentState.DESTROYED:
            raise DocumentGone
        evidence.forget(document=document)
        destroy_key(document=document, record=record)
        record(events.DocumentRemoved(case=case.pk, document=document.pk))
    vault.wipe(folder=document.folder)
    return document


def destroy_key(*, document: Document, record: Record) -> None:
    """Destroy the key and the name of a document that is locked; its bytes are noise from then on. A step.

    Wiping them is the caller's, once this is committed.
    """
    document.decide(DocumentState.DESTROYED)
    evidence.forget_names(document=document)
    document.wrapped_key = document.name = ""
    document.destroyed_at = record.now
    document.save(update_fields=["state", "wrapped_key", "name", "destroyed_at"])


def shown_name(*, name: str) -> str:
    """Return the last part of a file's name, as it may be shown and stored."""
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = " ".join("".join(sign for sign in last if sign.isprintable()).split())
    if len(clean) <= 120:
        return clean or "?"
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[:100]}….{ending}" if dot and len(ending) < 10 else f"{clean[:119]}…"


def _gathered(content: Iterable[bytes], *, told: str) -> bytes:
    data = bytearray()
    for piece in content:
        data += piece
        if len(data) > rules.FILE_BYTES:
            raise FileTooLarge(file=told, most=rules.FILE_BYTES // rules.MEGABYTE)
    if not data:
        raise FileEmpty(file=told)
    return bytes(data)


def _kind(data: bytes, *, told: str) -> FileKind:
    head = data[:LOOK]
    kind = kind_of(head=head)
    if kind is None:
        raise FileNeedsExport(file=told) if is_office(head=head) else FileKindUnknown(file=told)
    return kind


def _check_room(*, case: Case, told: str, size: int, fingerprint: str, now: datetime) -> None:
    sent = list(case.documents.values_list("state", "size", "fingerprint", "sent_at"))
    living = [(each_size, print_) for state, each_size, print_, _ in sent if state in LIVING]
    if any(print_ == fingerprint for _, print_ in living):
        raise FileSentAlready(file=told)
    if len(living) >= rules.FILES:
        raise TooManyFiles(most=rules.FILES)
    if sum(each_size for each_size, _ in living) + size > rules.CASE_BYTES:
        raise TooManyBytes(most=rules.CASE_BYTES // rules.MEGABYTE)
    if sum(now - sent_at < timedelta(days=1) for *_, sent_at in sent) >= rules.FILES_A_DAY:
        raise TooManyUploads


def _own(*, case: Case, by: Actor) -> Case:
    """Lock the applicant's own case, which has to be with them, and read it again."""
    if not by.is_person or by.id != case.person_id:
        raise Missing
    # Sending the case, another upload beside this one: they are counted one after the other.
    case = Case.objects.locked(case.pk)
    if case.state not in WITH_THE_APPLICANT:
        raise CaseNotYours
    return case
