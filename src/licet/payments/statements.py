"""What the bank says: a file is taken in by the web or the command line, and read by the worker."""

import hashlib
import zlib
from collections.abc import Iterable
from datetime import datetime

from licet.eventlog.change import Record, change
from licet.eventlog.models import Event
from licet.kernel import brand
from licet.kernel.actor import Actor, system
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden
from licet.payments.banking import BankEntry, BankStatement, StatementFile
from licet.payments.camt import running
from licet.payments.errors import (
    EntryBooked,
    ReasonMissing,
    StatementEmpty,
    StatementSentAlready,
    StatementTooLarge,
)
from licet.payments.events import (
    EntryDismissed,
    EntryToReview,
    StatementRead,
    StatementReceived,
    StatementRefused,
)
from licet.payments.rules import STATEMENT_BYTES, hidden
from licet.payments.states import EntryState, FileState

MEGABYTE = 1024 * 1024


def receive(
    *, name: str, content: Iterable[bytes], by: Actor, now: datetime, most: int = STATEMENT_BYTES
) -> StatementFile:
    """Take a bank's file in; nothing of it is read here. For staff and operators.

    `content`: its bytes in pieces. Refuses StatementEmpty, StatementTooLarge (above `most` bytes),
    StatementSentAlready.
    """
    if not (by.serves(Duty.MANAGE_MONEY) or by.is_system):
        raise Forbidden
    data = bytearray()
    for piece in content:
        data += piece
        if len(data) > most:
            raise StatementTooLarge(most=most // MEGABYTE)
    if not data:
        raise StatementEmpty
    digest = hashlib.sha256(data).hexdigest()
    shown = " ".join("".join(sign for sign in name if sign.isprintable()).split())[-120:] or "?"
    with change(by=by, now=now) as record:
        # the same file sent twice in one moment: the database keeps one row of a digest
        file, fresh = StatementFile.objects.get_or_create(
            digest=digest,
            defaults={
                "name": shown,
                "size": len(data),
                "content": zlib.compress(bytes(data), 3),
                "received_at": now,
            },
        )
        if not fresh:
            raise StatementSentAlready
        record(StatementReceived(file=file.pk, digest=digest, file_name=shown))
    return file


def statement_received(*, event: Event, now: datetime) -> None:
    """Read a file that came in."""
    file = StatementFile.objects.get(pk=event.facts["file"])
    if file.state == FileState.RECEIVED:
        read(file=file, by=system(label="licet"), now=now)


def read(*, file: StatementFile, by: Actor, now: datetime) -> StatementFile:
    """Read a file in a process apart and keep its entries, each once; then its bytes are dropped.

    For the site itself. Money that went out is kept for the record and needs nobody.
    """
    if not by.is_system:
        raise Forbidden
    outcome = running.read(content=zlib.decompress(bytes(file.content)))
    fault = outcome.fault or _other_account(outcome)
    with change(by=by, now=now) as record:
        # a second worker that read the same file, because the first one took long
        file = StatementFile.objects.select_for_update().get(pk=file.pk)
        if file.state != FileState.RECEIVED:
            record(StatementRead(file=file.pk, fresh=0, known=file.entries))
            return file
        if fault:
            file.decide(FileState.REFUSED)
            file.fault = fault
            record(StatementRefused(file=file.pk, fault=fault))
        else:
            file.decide(FileState.READ)
            fresh = sum(_kept(file=file, statement=each) for each in outcome.statements)
            file.entries = sum(len(each.entries) for each in outcome.statements)
            file.known = file.entries - fresh
            record(StatementRead(file=file.pk, fresh=fresh, known=file.known))
        file.content, file.read_at = b"", now
        file.save()
    return file


def _other_account(outcome: running.Outcome) -> str:
    """Money on another account pays nothing here, whatever reference it bears."""
    ours = brand.current().account.iban.replace(" ", "")
    return "other_account" if any(each.account != ours for each in outcome.statements) else ""


def _kept(*, file: StatementFile, statement: running.Statement) -> int:
    """Keep what is new of a statement; return how many entries that is."""
    row, _ = BankStatement.objects.get_or_create(
        account=statement.account,
        statement_id=statement.identity,
        defaults={"file": file, "currency": statement.currency},
    )
    known = set(row.entries.values_list("entry_ref", flat=True))
    fresh: dict[str, BankEntry] = {}
    for each in statement.entries:
        ref = _unique(each.ref, fresh)
        if ref in known:
            continue
        fresh[ref] = BankEntry(
            statement=row,
            entry_ref=ref,
            amount_minor=each.amount,
            currency=each.currency,
            booked_on=each.booked_on,
            name=each.name,
            shown_iban=hidden(iban=each.iban),
            reference=each.reference,
            end_to_end=each.end_to_end,
            text=each.text,
            return_reason=each.reason,
            state=EntryState.NEW if each.amount > 0 or each.reason else EntryState.DISMISSED,
            why="" if each.amount > 0 or each.reason else "went_out",
        )
    BankEntry.objects.bulk_create(fresh.values(), batch_size=500)
    return len(fresh)


def _unique(ref: str, taken: dict[str, BankEntry]) -> str:
    """Some banks give two entries of a statement one number: their order tells them apart."""
    found, number = ref, 2
    while found in taken:
        found, number = f"{ref[:74]}#{number}", number + 1
    return found


def to_review(*, entry: BankEntry, why: str, record: Record) -> None:
    """Put an entry on the list of what a person looks at. A step; the row is locked."""
    entry.decide(EntryState.REVIEW)
    entry.why = why
    entry.save(update_fields=["state", "why"])
    record(EntryToReview(entry=entry.pk, why=why))


def dismiss(*, entry: BankEntry, reason: str, by: Actor, now: datetime) -> BankEntry:
    """Put an entry aside that pays nothing sold here. For staff. Refuses ReasonMissing, EntryBooked."""
    if not by.serves(Duty.MANAGE_MONEY):
        raise Forbidden
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise ReasonMissing
    with change(by=by, now=now) as record:
        # against another one of the staff with the same list
        entry = BankEntry.objects.locked(entry.pk)
        if entry.state != EntryState.REVIEW:
            raise EntryBooked
        entry.decide(EntryState.DISMISSED)
        entry.save(update_fields=["state"])
        record(EntryDismissed(entry=entry.pk, reason=reason))
    return entry
