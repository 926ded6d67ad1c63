"""What happens to invoices."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact


@dataclass(frozen=True, kw_only=True)
class InvoiceIssued(Fact):
    """An invoice got its number; `gross_minor` in minor units of `currency`, VAT included."""

    name = "invoice.issued"
    sentence = _("Invoice %(number)s was issued.")

    invoice: int
    number: str
    gross_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class CreditNoteIssued(Fact):
    """A credit note got its number: it takes all or some of invoice `corrects` back."""

    name = "invoice.credited"
    sentence = _("Credit note %(number)s was issued for invoice %(corrects)s.")

    invoice: int
    number: str
    corrects: str
    gross_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class InvoicePrepared(Fact):
    """The files of an invoice were made; `files` are their SHA-256 by kind."""

    name = "invoice.prepared"
    sentence = _("The files of invoice %(number)s were made.")

    invoice: int
    number: str
    files: dict[str, str]
