"""How an invoice leaves the house beyond mail and download: one boundary, and the first channel behind it.

A channel says whether it takes an invoice, takes it once, and may later tell what became of it. The file
drop writes files into a folder from which a platform, or a program of the vendor, fetches them.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings

from licet.eventlog.models import Event
from licet.invoices.models import Invoice, InvoiceFile, Transmission
from licet.invoices.queries import file_name
from licet.invoices.states import FileKind


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusTold:
    """What a channel tells of an invoice: deposited, rejected, received, refused, approved or paid."""

    reference: str
    status: str
    at: datetime
    text: str = ""


class Channel(Protocol):
    """One way on which invoices travel."""

    @property
    def code(self) -> str:
        """Under which a handing over is remembered."""

    def supports(self, *, invoice: Invoice) -> bool:
        """Whether the channel takes this invoice."""

    def deliver(self, *, invoice: Invoice, files: dict[FileKind, bytes]) -> str:
        """Hand the files over, at least once; return the channel's own reference."""

    def poll(self, *, reference: str) -> list[StatusTold]:
        """Ask what became of it since."""


@dataclass(frozen=True, slots=True)
class FileDrop:
    """Puts PDF and UBL into a folder, under the invoice's number; a file appears whole or not at all."""

    folder: Path
    code: str = "drop"

    def supports(self, *, invoice: Invoice) -> bool:
        """Every invoice to anybody."""
        return True

    def deliver(self, *, invoice: Invoice, files: dict[FileKind, bytes]) -> str:
        """Write the files; the same invoice again writes the same files."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for kind in (FileKind.PDF, FileKind.UBL):
            target = self.folder / file_name(invoice=invoice, kind=kind)
            waiting = target.with_suffix(f"{target.suffix}.part")
            waiting.write_bytes(files[kind])
            os.replace(waiting, target)  # noqa: PTH105 - the one call that is whole or nothing
        return file_name(invoice=invoice, kind=FileKind.PDF)

    def poll(self, *, reference: str) -> list[StatusTold]:
        """Nobody answers from a folder."""
        return []


def channels() -> list[Channel]:
    """Return the channels that the operator has switched on."""
    folder = settings.LICET_INVOICE_DROP
    return [FileDrop(Path(folder))] if folder else []


def prepared(*, event: Event, now: datetime) -> None:
    """Hand an invoice whose files are there to every channel that takes it, once each. For the worker."""
    invoice = Invoice.objects.get(pk=event.facts["invoice"])
    for channel in channels():
        if not channel.supports(invoice=invoice):
            continue
        if Transmission.objects.filter(invoice=invoice, channel=channel.code).exists():
            continue
        rows = InvoiceFile.objects.filter(invoice=invoice)
        files = {FileKind(row.kind): bytes(row.content) for row in rows}
        reference = channel.deliver(invoice=invoice, files=files)
        Transmission.objects.get_or_create(
            invoice=invoice, channel=channel.code, defaults={"reference": reference, "handed_at": now}
        )
