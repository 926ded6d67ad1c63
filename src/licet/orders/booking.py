"""What the vendor's staff does with money: book an entry of the bank, record a payment, send money back."""

from collections.abc import Sequence
from datetime import datetime

from licet.eventlog.change import Record, change
from licet.invoices import actions as invoices
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.money import Money
from licet.kernel.refusal import Forbidden
from licet.licenses import actions as licenses
from licet.licenses.states import LicenseState
from licet.orders.dunning import licenses_of
from licet.orders.events import OrderRefunded
from licet.orders.invoicing import invoiced
from licet.orders.models import ContractItem, Order
from licet.orders.settling import book, enter, locked_orders, open_minor, title_of
from licet.orders.undoing import exchanges, undo
from licet.payments import actions as payments
from licet.payments.banking import BankEntry
from licet.payments.errors import AmountOutOfRange, EntryBooked, PaymentOver, ReasonMissing
from licet.payments.events import PaymentRecorded
from licet.payments.models import Allocation, Payment, Refund
from licet.payments.states import EntryState, PaymentState, RefundState
from licet.teams.models import Team

BY_HAND = "manual"


def book_entry(*, entry: BankEntry, parts: Sequence[tuple[Order, int]], by: Actor, now: datetime) -> Payment:
    """Book an entry of the bank on orders, so much on each (minor units). For staff.

    Less than is open leaves the rest open; what is not booked stays with the payment and can be sent back.
    Refuses EntryBooked, AmountOutOfRange for more than the entry has or an order has open, and orders in
    another currency.
    """
    if not by.serves(Duty.MANAGE_MONEY):
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
    if not by.serves(Duty.MANAGE_MONEY):
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
            team=order.buyer,
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
    if not by.serves(Duty.MANAGE_MONEY):
        raise Forbidden
    reason = _told(reason)
    with change(by=by, now=now) as record:
        # against another refund of the same payment, and against its event
        Team.objects.locked(payment.team_id)
        payment = Payment.objects.locked(payment.pk)
        free = surplus(payment=payment)
        credited = amount_minor > free
        made = payments.refund(
            payment=payment, amount_minor=amount_minor, reason=reason, credited=credited, record=record
        )
        if end_licenses:
            for order in paid_orders(payment=payment)[:1]:
                end_licenses_of(order=order, record=record)
        tell(payment=payment, amount_minor=amount_minor, ended=end_licenses, record=record)
        if credited:
            credit_paid(payment=payment, amount_minor=amount_minor - free, reason=reason, record=record)
    return made


def surplus(*, payment: Payment) -> int:
    """Return how much of a payment pays nothing and has not gone back, in minor units: no credit is due."""
    booked = sum(Allocation.objects.booked(payment=payment.pk).values())
    free = payment.refunds.filter(credited=False).exclude(state=RefundState.FAILED)
    return max(payment.amount_minor - booked - sum(each.amount_minor for each in free), 0)


def paid_orders(*, payment: Payment) -> list[Order]:
    """Return what a payment pays, the oldest order first."""
    booked = Allocation.objects.booked(payment=payment.pk)
    return list(Order.objects.filter(public_id__in=booked).order_by("pk"))


def tell(*, payment: Payment, amount_minor: int, ended: bool, record: Record) -> None:
    """Record, on the first order of a payment, that money goes back. A step."""
    for order in paid_orders(payment=payment)[:1]:
        fact = OrderRefunded(
            order=order.pk,
            number=str(order.number),
            amount_minor=amount_minor,
            currency=payment.currency,
            ended=ended,
        )
        record(fact, team=order.team_id)


def end_licenses_of(*, order: Order, record: Record) -> None:
    """End the licenses of an order at once; in the contract they are no more. A step.

    Of an order that changed a plan, the plan before comes back.
    """
    if exchanges(order=order):
        undo(order=order, record=record)
        return
    theirs = licenses_of(order=order)
    for license in theirs:
        licenses.decide(license=license, to=LicenseState.REVOKED, record=record)
    items = ContractItem.objects.current().filter(license__in=[each.pk for each in theirs])
    items.update(ended_at=record.now, renews=False)


def credit_paid(*, payment: Payment, amount_minor: int, reason: str, record: Record) -> None:
    """Credit what a payment had paid: order by order, the oldest first, what it paid of each. A step."""
    booked, rest = Allocation.objects.booked(payment=payment.pk), amount_minor
    for order in paid_orders(payment=payment):
        part = min(rest, booked[order.public_id])
        if part > 0:
            rest -= credit(order=order, amount_minor=part, reason=reason, record=record)


def credit(*, order: Order, amount_minor: int, reason: str, record: Record) -> int:
    """Write the credit note of so much (with VAT) of an order; return how much of it that was. A step, at
    the end of a change.

    Exact to the minor unit, and never more than the invoice has left. An order that has no invoice yet gets
    it before; where that cannot be written, nothing is credited.
    """
    invoice = invoiced(order=order, record=record)
    if invoice is None:
        return 0
    part = min(amount_minor, invoice.gross_minor - invoice.standing.credited_minor)
    if part > 0:
        invoices.credit_amount(invoice=invoice, gross_minor=part, reason=reason, record=record)
        # the money that goes back no longer counts as paid
        invoices.allocate(invoice=invoice, amount_minor=-part, record=record)
    return part


def _told(reason: str) -> str:
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise ReasonMissing
    return reason
