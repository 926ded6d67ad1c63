"""What the vendor's staff does with money: book an entry of the bank, record a payment, send money back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from licet.eventlog.change import Record, change
from licet.invoices import actions as invoices
from licet.invoices.models import Invoice
from licet.kernel.actor import Actor
from licet.kernel.money import Money
from licet.kernel.refusal import Forbidden
from licet.licenses import actions as licenses
from licet.licenses.states import LicenseState
from licet.orders.dunning import licenses_of
from licet.orders.events import OrderRefunded
from licet.orders.models import ContractItem, Order
from licet.orders.settling import book, enter, locked_orders, open_minor, title_of
from licet.payments import actions as payments
from licet.payments.banking import BankEntry
from licet.payments.errors import AmountOutOfRange, EntryBooked, PaymentOver, ReasonMissing
from licet.payments.events import PaymentRecorded
from licet.payments.models import Allocation, Payment, Refund
from licet.payments.states import EntryState, PaymentState
from licet.teams.models import Team

BY_HAND = "manual"


def book_entry(*, entry: BankEntry, parts: Sequence[tuple[Order, int]], by: Actor, now: datetime) -> Payment:
    """Book an entry of the bank on orders, so much on each (minor units). For staff.

    Less than is open leaves the rest open; what is not booked stays with the payment and can be sent back.
    Refuses EntryBooked, AmountOutOfRange for more than the entry has or an order has open, and orders in
    another currency.
    """
    if not by.is_staff:
        raise Forbidden
    with change(by=by, now=now) as record:
        # against another one of the staff with the same list
        entry = BankEntry.objects.locked(entry.pk)
        if entry.state not in (EntryState.REVIEW, EntryState.DISMISSED) or entry.amount_minor <= 0:
            raise EntryBooked
        orders = locked_orders(orders=[order for order, _ in parts])
        wanted: dict[int, int] = {}
        for order, amount in parts:
            wanted[order.pk] = wanted.get(order.pk, 0) + amount
        if not wanted or sum(wanted.values()) > entry.amount_minor:
            raise AmountOutOfRange(most=entry.amount)
        for key, amount in wanted.items():
            most = open_minor(order=orders[key]) if orders[key].currency == entry.currency else 0
            if not 0 < amount <= most:
                raise AmountOutOfRange(most=Money(max(most, 0), entry.currency))
        rows = [(orders[key], amount) for key, amount in wanted.items()]
        return enter(entry=entry, parts=rows, record=record)


def record_payment(*, order: Order, amount_minor: int, reason: str, by: Actor, now: datetime) -> Payment:
    """Record money for an order that came otherwise, such as a cheque. For staff.

    Refuses ReasonMissing, PaymentOver, AmountOutOfRange for more than is open.
    """
    if not by.is_staff:
        raise Forbidden
    reason = _told(reason)
    with change(by=by, now=now) as record:
        order = locked_orders(orders=[order])[order.pk]
        most = open_minor(order=order)
        if most <= 0:
            raise PaymentOver
        if not 0 < amount_minor <= most:
            raise AmountOutOfRange(most=Money(most, order.currency))
        payment = Payment.objects.create(
            team=order.team,
            provider=BY_HAND,
            subject=order.public_id,
            title=title_of(order=order),
            amount_minor=amount_minor,
            currency=order.currency,
            language=order.language,
            created_at=now,
            note=reason,
            # closed to begin with: only one payment of a subject may be open at a time
            state=PaymentState.FAILED,
        )
        payments.arrive(payment=payment, provider_ref="", record=record)
        book(payment=payment, order=order, amount_minor=amount_minor, record=record)
        fact = PaymentRecorded(
            payment=payment.pk,
            amount_minor=amount_minor,
            currency=order.currency,
            title=payment.title,
            reason=reason,
        )
        record(fact, team=order.team_id)
    return payment


def refund(
    *, payment: Payment, amount_minor: int, reason: str, end_licenses: bool, by: Actor, now: datetime
) -> Refund:
    """Send money of a payment back, with a credit note where it had paid an invoice. For staff.

    What paid nothing goes first, and needs no credit note. `end_licenses`: the licenses of the order end at
    once. Refuses ReasonMissing, PaymentOver, AmountOutOfRange.
    """
    if not by.is_staff:
        raise Forbidden
    reason = _told(reason)
    with change(by=by, now=now) as record:
        # against another refund of the same payment, and against its event
        Team.objects.locked(payment.team_id)
        payment = Payment.objects.locked(payment.pk)
        booked = Allocation.objects.booked(payment=payment.pk)
        surplus = payment.amount_minor - sum(booked.values()) - _free_refunds(payment=payment)
        credited = amount_minor > max(surplus, 0)
        made = payments.refund(
            payment=payment, amount_minor=amount_minor, reason=reason, credited=credited, record=record
        )
        order = Order.objects.filter(public_id__in=booked).order_by("pk").first()
        if order is None:
            return made
        if end_licenses:
            _end(order=order, record=record)
        fact = OrderRefunded(
            order=order.pk,
            number=str(order.number),
            amount_minor=amount_minor,
            currency=payment.currency,
            ended=end_licenses,
        )
        record(fact, team=order.team_id)
        if credited:
            _credit(order=order, amount_minor=amount_minor - max(surplus, 0), reason=reason, record=record)
    return made


def _free_refunds(*, payment: Payment) -> int:
    rows = payment.refunds.filter(credited=False).exclude(state="failed")
    return sum(each.amount_minor for each in rows)


def _end(*, order: Order, record: Record) -> None:
    """End the licenses of an order at once; in the contract they are no more. A step."""
    theirs = licenses_of(order=order)
    for license in theirs:
        licenses.decide(license=license, to=LicenseState.REVOKED, record=record)
    items = ContractItem.objects.current().filter(license__in=[each.pk for each in theirs])
    items.update(ended_at=record.now, renews=False)


def _credit(*, order: Order, amount_minor: int, reason: str, record: Record) -> None:
    """Write the credit note of a refund: the whole rest of the invoice, or as much of its lines. A step."""
    invoice = Invoice.objects.filter(subject=order.public_id, corrects=None).order_by("pk").first()
    if invoice is None:
        return
    left = invoice.gross_minor - invoice.standing.credited_minor
    amounts = None if amount_minor >= left else _shares(invoice=invoice, gross_minor=amount_minor)
    note = invoices.credit(invoice=invoice, amounts=amounts, reason=reason, record=record)
    # the money that goes back no longer counts as paid
    invoices.allocate(invoice=invoice, amount_minor=-note.gross_minor, record=record)


def _shares(*, invoice: Invoice, gross_minor: int) -> Mapping[int, int]:
    """Spread an amount with VAT over the invoice's lines, as net amounts by line.

    Rounding may leave the credit note a cent from the money: it stands by line, without VAT.
    """
    lines = invoice.document().lines
    net = (2 * gross_minor * invoice.net_minor + invoice.gross_minor) // (2 * invoice.gross_minor)
    whole = sum(line.amount_minor for line in lines if line.amount_minor > 0)
    shares: dict[int, int] = {}
    given = before = 0
    for place, line in enumerate(lines):
        if line.amount_minor <= 0:
            continue
        before += line.amount_minor
        until = net * before // whole
        shares[place] = min(until - given, line.amount_minor)
        given = until
    return {place: share for place, share in shares.items() if share}


def _told(reason: str) -> str:
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise ReasonMissing
    return reason
