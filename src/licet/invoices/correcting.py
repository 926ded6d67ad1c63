"""Credit notes that the vendor's people write: over the rest, over some licenses, over an amount."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from licet.eventlog.change import change
from licet.invoices import actions
from licet.invoices.crediting import licenses_left, of_licenses, remaining
from licet.invoices.document import Document, Line
from licet.invoices.errors import CreditOfCredit, NothingToCredit
from licet.invoices.models import Invoice, Standing
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.money import Money
from licet.kernel.refusal import Forbidden


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLeft:
    """What is left of a line of an invoice: licenses and net amount; `place`: 0 is the first line."""

    place: int
    line: Line
    licenses: int
    amount: Money


def lines_left(*, invoice: Invoice) -> list[LineLeft]:
    """Return the lines of which licenses can still be taken back (one statement)."""
    if invoice.is_credit:
        return []
    document = invoice.document()
    left = remaining(document=document, earlier=_earlier(invoice))
    return [
        LineLeft(place=at, line=line, licenses=many, amount=Money(left[at], invoice.currency))
        for at, line in enumerate(document.lines)
        if at in left and (many := licenses_left(line=line, left_minor=left[at]))
    ]


def credit_licenses(
    *, invoice: Invoice, quantities: Mapping[int, int], reason: str, by: Actor, now: datetime
) -> Invoice:
    """Write a credit note over so many licenses of each line, by the line's place. For staff.

    Refuses NothingToCredit, CreditTooHigh for more than are left of a line, CreditOfCredit.
    """
    if not by.serves(Duty.MANAGE_MONEY):
        raise Forbidden
    with change(by=by, now=now) as record:
        if invoice.is_credit:
            raise CreditOfCredit(number=invoice.number)
        # against a second credit note for the same licenses at the same moment
        Standing.objects.select_for_update().get(pk=invoice.pk)
        document = invoice.document()
        amounts = of_licenses(document=document, earlier=_earlier(invoice), quantities=quantities)
        return actions.credit(invoice=invoice, amounts=amounts, reason=reason, record=record)


def credit_sum(*, invoice: Invoice, gross_minor: int, reason: str, by: Actor, now: datetime) -> Invoice:
    """Write a credit note over an amount with VAT, in minor units. For staff.

    Refuses NothingToCredit, CreditTooHigh for more than is left, CreditOfCredit.
    """
    if not by.serves(Duty.MANAGE_MONEY):
        raise Forbidden
    if gross_minor <= 0:
        raise NothingToCredit
    with change(by=by, now=now) as record:
        return actions.credit_amount(invoice=invoice, gross_minor=gross_minor, reason=reason, record=record)


def _earlier(invoice: Invoice) -> list[Document]:
    return [each.document() for each in Invoice.objects.filter(corrects=invoice)]
