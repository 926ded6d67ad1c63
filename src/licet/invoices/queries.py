"""Reading invoices: a list with its filters, a page, the files, and whether somebody touched the rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import QuerySet

from licet.invoices.document import Document
from licet.invoices.errors import FilesNotReady
from licet.invoices.models import Invoice, InvoiceFile, Series, Standing
from licet.invoices.rules import digest
from licet.invoices.states import FileKind
from licet.kernel.actor import Actor

Shown = Literal["", "open", "settled"]


def listed(
    *, actor: Actor, words: str = "", year: int | None = None, standing: Shown = "", team: int | None = None
) -> QuerySet[Invoice]:
    """Return the invoices that the actor may see, newest first; by number, year, and whether paid."""
    found = Invoice.objects.visible_to(actor).select_related("team", "standing", "corrects")
    if team is not None:
        found = found.filter(team=team)
    if words:
        found = found.numbered(words)
    if year is not None:
        found = found.filter(issued_on__year=year)
    if standing:
        found = found.unsettled() if standing == "open" else found.settled()
    return found.order_by("-issued_on", "-pk")


def years(*, actor: Actor, team: int | None = None) -> list[int]:
    """Return the years in which the actor's invoices were issued, newest first."""
    found = Invoice.objects.visible_to(actor)
    if team is not None:
        found = found.filter(team=team)
    return [day.year for day in found.dates("issued_on", "year", order="DESC")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """An invoice with what belongs to it, ready to be shown."""

    invoice: Invoice
    document: Document
    standing: Standing
    credits: list[Invoice]
    ready: bool
    overdue: bool


def shelf(*, invoice: Invoice, today: date) -> Shelf:
    """Return what the page of an invoice shows (three statements)."""
    return Shelf(
        invoice=invoice,
        document=invoice.document(),
        standing=invoice.standing,
        credits=list(Invoice.objects.filter(corrects=invoice).order_by("pk")),
        ready=invoice.files.exists(),
        overdue=not invoice.is_credit and invoice.standing.is_overdue(today),
    )


def file_of(*, invoice: Invoice, kind: FileKind) -> InvoiceFile:
    """Return a file of an invoice; refuses FilesNotReady while the worker has not made it."""
    found = InvoiceFile.objects.filter(invoice=invoice, kind=kind).first()
    if found is None:
        raise FilesNotReady
    return found


def file_name(*, invoice: Invoice, kind: FileKind) -> str:
    """Return the name under which a file is saved: its number, letters and digits only."""
    return (
        f"{invoice.number}{'-ubl' if kind is FileKind.UBL else ''}.{'pdf' if kind is FileKind.PDF else 'xml'}"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The first place of a series that is not as it was written."""

    series: str
    position: int
    reason: str


def broken() -> Iterator[Broken]:
    """Walk the chain of every series; yield the first place of each that is missing or was changed."""
    for series in Series.objects.select_related("seller").order_by("pk"):
        name = f"{series.seller.code} {series.year} {series.kind}"
        wanted, previous = 1, ""
        for row in Invoice.objects.filter(series=series).order_by("position").iterator(chunk_size=500):
            reason = _wrong(row, position=wanted, previous=previous)
            if reason:
                yield Broken(series=name, position=wanted, reason=reason)
                break
            wanted, previous = wanted + 1, row.hash
        else:
            if (wanted - 1, previous) != (series.last, series.last_hash):
                yield Broken(series=name, position=wanted, reason="the end of the series is missing")


def _wrong(row: Invoice, *, position: int, previous: str) -> str:
    if row.position != position:
        return "an invoice is missing"
    if row.previous_hash != previous:
        return "it does not follow the one before"
    if row.hash != digest(previous=previous, snapshot=row.snapshot, row=row.covered()):
        return "the invoice was changed"
    return ""
