"""Money that pays nothing: kept for the customer who sent it, sent back, or booked on an order later."""

from datetime import datetime

from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.money import Money
from licet.kernel.refusal import Forbidden
from licet.orders.booking import surplus
from licet.orders.models import Order
from licet.orders.settling import book, enter, locked_orders, open_minor
from licet.payments.banking import BankEntry
from licet.payments.errors import AmountOutOfRange, EntryBooked, PaymentOver
from licet.payments.models import Payment
from licet.payments.states import PAID, EntryState


def keep_entry(*, entry: BankEntry, order: Order, by: Actor, now: datetime) -> Payment:
    """Keep an entry of the bank for the customer of an order, such as one that paid twice. For staff.

    It becomes a payment that pays nothing yet: it can be sent back without a credit note, or booked on an
    order later (`book_rest`). Refuses EntryBooked.
    """
    if not by.serves(Duty.MANAGE_MONEY):
        raise Forbidden
    with change(by=by, now=now) as record:
        # against another one of the staff with the same list
        entry = BankEntry.objects.locked(entry.pk)
        if entry.state not in (EntryState.REVIEW, EntryState.DISMISSED) or entry.amount_minor <= 0:
            raise EntryBooked
        order = locked_orders(orders=[order])[order.pk]
        return enter(entry=entry, parts=[], of=order, record=record)


def book_rest(*, payment: Payment, order: Order, amount_minor: int, by: Actor, now: datetime) -> Payment:
    """Book what a payment has left on an order. For staff.

    Refuses PaymentOver where no money is here, AmountOutOfRange for more than is left or than the order has
    open, and for an order in another currency.
    """
    if not by.serves(Duty.MANAGE_MONEY):
        raise Forbidden
    with change(by=by, now=now) as record:
        # against a refund of the same money, and money that arrives for the order; team, payment, order
        order = locked_orders(orders=[order])[order.pk]
        payment = Payment.objects.locked(payment.pk)
        if payment.state not in PAID:
            raise PaymentOver
        most = min(surplus(payment=payment), open_minor(order=order))
        if order.currency != payment.currency:
            most = 0
        if not 0 < amount_minor <= most:
            raise AmountOutOfRange(most=Money(max(most, 0), payment.currency))
        book(payment=payment, order=order, amount_minor=amount_minor, record=record)
    return payment
