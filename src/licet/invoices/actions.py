"""Every write to invoices: finalising, crediting, and what was paid."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from licet.accounts.models import Person
from licet.eventlog.change import Record, change
from licet.invoices.crediting import remaining, share, written
from licet.invoices.document import Document, Preceding
from licet.invoices.errors import CreditOfCredit, CreditTooHigh
from licet.invoices.events import CreditNoteIssued, InvoiceIssued
from licet.invoices.models import MAIN, Invoice, Series, Standing
from licet.invoices.rules import PREFIXES, check, creditor_reference, digest, numbered
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden
from licet.teams.models import Team


def finalise(
    *,
    document: Document,
    team: Team,
    buyer: Person | None,
    record: Record,
    subject: str = "",
    seller: str = MAIN,
) -> Invoice:
    """Give a complete document the next number of its series and keep it for ever.

    For the end of a change: from here on the series is locked until the commit. `team` is who is billed;
    `buyer` gets it by mail (None: the owners of the team); `subject` the public id of what it is for. The
    day moves on to the last one of the series where a later one has been issued already. A document
    without a payment reference gets the RF reference of its number. Refuses what is incomplete, what does
    not add up, and what is not more than nothing.
    """
    check(document=document)
    series = Series.objects.locked(seller=seller, year=document.issued_on.year, kind=document.kind)
    corrects = None
    if document.corrects is not None:
        corrects = Invoice.objects.get(number=document.corrects.number)
    invoice = _numbered(document=document, series=series)
    invoice.team, invoice.buyer, invoice.subject, invoice.corrects = team, buyer, subject, corrects
    invoice.issued_at = record.now
    invoice.previous_hash = series.last_hash
    invoice.hash = digest(previous=series.last_hash, snapshot=invoice.snapshot, row=invoice.covered())
    invoice.save(force_insert=True)
    series.last, series.last_hash, series.last_day = invoice.position, invoice.hash, invoice.issued_on
    series.save(update_fields=["last", "last_hash", "last_day"])
    paid = document.paid_minor
    settled = record.now if paid == document.gross_minor else None
    Standing.objects.create(invoice=invoice, paid_minor=paid, settled_at=settled)
    record(_fact(invoice=invoice, document=document), team=team.pk)
    return invoice


def credit(*, invoice: Invoice, amounts: Mapping[int, int] | None, reason: str, record: Record) -> Invoice:
    """Take an invoice back, all that is left of it or so much of single lines, by a credit note.

    `amounts`: net minor units by the line's place (0 is the first); None: everything that is left. Refuses
    the credit note of a credit note and more than is left of a line. VAT goes back at the rates of then;
    the last part takes what rounding left over. At the end of a change, as `finalise`.
    """
    if invoice.is_credit:
        raise CreditOfCredit(number=invoice.number)
    # against a second credit note for the same lines at the same moment
    standing = Standing.objects.select_for_update().get(pk=invoice.pk)
    earlier = [each.document() for each in Invoice.objects.filter(corrects=invoice)]
    left = remaining(document=invoice.document(), earlier=earlier)
    wanted = {at: amount for at, amount in (left if amounts is None else amounts).items() if amount}
    if any(
        at not in left or not 0 < amount * _sign(left[at]) <= abs(left[at]) for at, amount in wanted.items()
    ):
        raise CreditTooHigh(number=invoice.number)
    note = written(
        document=_note_of(invoice=invoice, reason=reason, record=record),
        amounts=wanted,
        earlier=earlier,
    )
    return _taken_back(invoice=invoice, note=note, standing=standing, record=record)


def credit_amount(*, invoice: Invoice, gross_minor: int, reason: str, record: Record) -> Invoice:
    """Take so much of an invoice back, with its VAT and exact to the minor unit, such as for a refund.

    Spread over its lines and rates. Refuses the credit note of a credit note, and more than is left. At the
    end of a change, as `finalise`.
    """
    if invoice.is_credit:
        raise CreditOfCredit(number=invoice.number)
    # against a second credit note for the same lines at the same moment
    standing = Standing.objects.select_for_update().get(pk=invoice.pk)
    left = invoice.gross_minor - standing.credited_minor
    if not 0 < gross_minor <= left:
        raise CreditTooHigh(number=invoice.number)
    if gross_minor == left:
        return credit(invoice=invoice, amounts=None, reason=reason, record=record)
    earlier = [each.document() for each in Invoice.objects.filter(corrects=invoice)]
    parts = share(document=invoice.document(), earlier=earlier, gross_minor=gross_minor)
    note = written(
        document=_note_of(invoice=invoice, reason=reason, record=record),
        amounts=parts.amounts,
        earlier=earlier,
        vat=parts.taxes,
    )
    return _taken_back(invoice=invoice, note=note, standing=standing, record=record)


def _note_of(*, invoice: Invoice, reason: str, record: Record) -> Document:
    """Return the invoice as a credit note begins: its parties and lines, today, with the reason."""
    return replace(
        invoice.document(),
        number="",
        issued_on=_today(now=record.now),
        due_on=None,
        paid_minor=0,
        corrects=Preceding(number=invoice.number, issued_on=invoice.issued_on),
        reason=reason,
    )


def _taken_back(*, invoice: Invoice, note: Document, standing: Standing, record: Record) -> Invoice:
    """Finalise a credit note and count it; the row of the invoice's standing is locked. A step."""
    made = finalise(
        document=note,
        team=invoice.team,
        buyer=invoice.buyer,
        record=record,
        subject=invoice.subject,
        seller=invoice.series.seller.code,
    )
    standing.credited_minor += made.gross_minor
    if standing.open_minor >= 0:  # nothing was paid too much: no money has to go back
        Standing.objects.filter(pk=made.pk).update(settled_at=record.now)
    _settle(standing=standing, now=record.now)
    return made


def issue_credit(
    *, invoice: Invoice, amounts: Mapping[int, int] | None, reason: str, by: Actor, now: datetime
) -> Invoice:
    """Write a credit note, as one of the vendor's staff. Refuses what `credit` refuses."""
    if not (by.serves(Duty.MANAGE_MONEY) or by.is_system):
        raise Forbidden
    with change(by=by, now=now) as record:
        return credit(invoice=invoice, amounts=amounts, reason=reason, record=record)


def allocate(*, invoice: Invoice, amount_minor: int, record: Record) -> Standing:
    """Count money towards an invoice, in minor units; less than nothing takes it away again (a return).

    Whoever keeps the payments calls it with each allocation; the invoice is settled as soon as nothing is
    open, and open again where money went back.
    """
    # against another payment, and a credit note, at the same moment
    standing = Standing.objects.select_for_update().get(pk=invoice.pk)
    standing.invoice = invoice
    standing.paid_minor += amount_minor
    _settle(standing=standing, now=record.now)
    return standing


def _settle(*, standing: Standing, now: datetime) -> None:
    if standing.open_minor > 0:
        standing.settled_at = None
    elif standing.settled_at is None:
        standing.settled_at = now
    standing.save(update_fields=["paid_minor", "credited_minor", "settled_at"])


def _numbered(*, document: Document, series: Series) -> Invoice:
    """Return the unsaved row of the next number of a locked series."""
    day = max(document.issued_on, series.last_day or document.issued_on)
    position = series.last + 1
    prefix = series.seller.prefix + PREFIXES[document.kind]
    number = numbered(prefix=prefix, year=series.year, position=position)
    payment = document.payment
    if not payment.reference:
        payment = replace(payment, reference=creditor_reference(number=number))
    document = replace(document, number=number, issued_on=day, payment=payment)
    return Invoice(
        number=number,
        series=series,
        position=position,
        kind=document.kind,
        snapshot=document.stored(),
        language=document.language,
        issued_on=day,
        due_on=document.due_on,
        currency=document.currency,
        net_minor=document.net_minor,
        tax_minor=document.tax_minor,
        gross_minor=document.gross_minor,
        reference=payment.reference,
    )


def _fact(*, invoice: Invoice, document: Document) -> InvoiceIssued | CreditNoteIssued:
    if document.corrects is None:
        return InvoiceIssued(
            invoice=invoice.pk,
            number=invoice.number,
            gross_minor=invoice.gross_minor,
            currency=invoice.currency,
        )
    return CreditNoteIssued(
        invoice=invoice.pk,
        number=invoice.number,
        corrects=document.corrects.number,
        gross_minor=invoice.gross_minor,
        currency=invoice.currency,
    )


def _sign(amount: int) -> int:
    return 1 if amount > 0 else -1


def _today(*, now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
