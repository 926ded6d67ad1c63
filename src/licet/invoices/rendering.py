"""The files of an invoice: made by the worker after the number is there, stored once, never again."""

import hashlib
from datetime import datetime

from licet.eventlog.change import change
from licet.eventlog.models import Event
from licet.invoices.document import Document
from licet.invoices.events import InvoicePrepared
from licet.invoices.formats import facturx, ubl
from licet.invoices.formats.pdf.drawing import drawn
from licet.invoices.models import Invoice, InvoiceFile, Standing
from licet.invoices.states import FileKind
from licet.kernel.actor import Actor, system


class _Made(Exception):
    """Leaves the transaction of the slower of two workers: there is nothing to write."""


def issued(*, event: Event, now: datetime) -> None:
    """Make the files of an invoice or credit note that got its number. For the worker."""
    prepare(invoice=Invoice.objects.get(pk=event.facts["invoice"]), by=system(label="invoices"), now=now)


def prepare(*, invoice: Invoice, by: Actor, now: datetime) -> list[InvoiceFile]:
    """Make and store the files of an invoice; those that are there stay as they are.

    Nothing is locked while the page is drawn. Raises what keeps a file from being made, so that the worker
    tries again.
    """
    there = list(invoice.files.order_by("pk"))
    if there:
        return there
    made = files(document=invoice.document())
    rows = [
        InvoiceFile(
            invoice=invoice,
            kind=kind,
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            made_at=now,
        )
        for kind, content in made.items()
    ]
    try:
        with change(by=by, now=now) as record:
            # another worker that took the same delivery over meets here, and finds the first one's files
            Standing.objects.select_for_update().get(pk=invoice.pk)
            if invoice.files.exists():
                raise _Made
            InvoiceFile.objects.bulk_create(rows)
            record(
                InvoicePrepared(
                    invoice=invoice.pk,
                    number=invoice.number,
                    files={str(row.kind): row.sha256 for row in rows},
                ),
                team=invoice.team_id,
            )
    except _Made:
        return list(invoice.files.order_by("pk"))
    return rows


def files(*, document: Document) -> dict[FileKind, bytes]:
    """Return the files of a numbered document by kind; the same document always gives the same bytes."""
    xml = facturx.written(document=document)
    return {
        FileKind.PDF: drawn(document=document, xml=xml),
        FileKind.XML: xml,
        FileKind.UBL: ubl.written(document=document),
    }
