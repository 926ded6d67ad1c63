"""Payments and what they pay: events and bank entries find their order, pay it, and lose it again.

The locks come in one order: what told of the money (an event or an entry), the teams, the payment, the order.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from licet.eventlog.change import Record, change
from licet.eventlog.models import Event
from licet.invoices import actions as invoices
from licet.invoices.models import Invoice, Standing
from licet.kernel.actor import Actor, system
from licet.kernel.refusal import Forbidden
from licet.orders import dunning
from licet.orders.events import OrderUnpaid
from licet.orders.fulfilling import settle
from licet.orders.models import Order
from licet.orders.recognising import closed
from licet.orders.states import OrderState
from licet.payments import actions as payments
from licet.payments import receiving
from licet.payments.banking import BankEntry
from licet.payments.events import EntryBooked as EntryBookedFact
from licet.payments.matching import Book, Open, Told
from licet.payments.models import Allocation, Payment, ProviderEvent
from licet.payments.receiving import note
from licet.payments.statements import to_review
from licet.payments.states import PAID, EntryState, EventState, PaymentState
from licet.payments.states import Told as Fact
from licet.teams.models import Team

BY_BANK = "invoice"
"""Under this provider stands what came by transfer."""


class _Nothing(Exception):
    """Leaves a transaction that has nothing to write: somebody was quicker."""


def open_minor(*, order: Order) -> int:
    """Return what is still to be paid of an order, in minor units; below zero where too much was.

    An order that is invoiced stands as its invoice does: what a credit note took off is not to be paid.
    """
    if order.state == OrderState.CANCELLED:
        return 0
    standing = standings(subjects=[order.public_id]).get(order.public_id)
    if standing is not None:
        return standing.open_minor
    return order.gross_minor - Allocation.objects.on_subject(subject=order.public_id)


def open_amounts(*, orders: Sequence[Order]) -> dict[str, int]:
    """Return what is to be paid of placed orders, by public id, in minor units (two statements)."""
    if not orders:
        return {}
    subjects = [each.public_id for each in orders]
    known, paid = standings(subjects=subjects), Allocation.objects.filter(subject__in=subjects).sums()
    return {
        each.public_id: known[each.public_id].open_minor
        if each.public_id in known
        else each.gross_minor - paid.get(each.public_id, 0)
        for each in orders
    }


def standings(*, subjects: Collection[str] | QuerySet[Any]) -> dict[str, Standing]:
    """Return how the invoices of orders stand, by the order's public id (one statement)."""
    rows = Standing.objects.filter(invoice__subject__in=subjects, invoice__corrects=None)
    return {each.invoice.subject: each for each in rows.select_related("invoice").order_by("-invoice")}


def credit_noted(*, event: Event, now: datetime) -> None:
    """Settle an order of which a credit note has left nothing to pay. For the worker."""
    note = Invoice.objects.get(pk=event.facts["invoice"])
    order = Order.objects.filter(public_id=note.subject, state=OrderState.PLACED).first()
    if order is None or open_minor(order=order) > 0:
        return
    with suppress(_Nothing), change(by=system(label="invoices"), now=now) as record:
        # against money that arrives at this moment, and another worker with the same delivery
        order = locked_orders(orders=[order])[order.pk]
        if order.state != OrderState.PLACED or open_minor(order=order) > 0:
            raise _Nothing
        settle(order=order, record=record)


def event_stored(*, event: Event, now: datetime) -> None:
    """Apply what a provider told."""
    row = ProviderEvent.objects.get(pk=event.facts["event"])
    if row.state == EventState.STORED:
        apply_event(event=row, by=system(label=row.provider), now=now)


def apply_event(*, event: ProviderEvent, by: Actor, now: datetime) -> ProviderEvent:
    """Add what a provider told to its payment, and let the order follow; once, in any order. For the worker.

    What does not fit (an unknown payment, another amount or currency) is put before a person instead.
    """
    if not by.is_system:
        raise Forbidden
    with suppress(_Nothing), change(by=by, now=now) as record:
        # another worker with the same delivery
        event = ProviderEvent.objects.select_for_update(of=("self",), no_key=True).get(pk=event.pk)
        payment = receiving.payment_of(event=event)
        if event.state != EventState.STORED:
            raise _Nothing
        if payment is None:
            receiving.review(event=event, why="payment_unknown", record=record)
        else:
            _apply(event=event, payment=payment, record=record)
            # What came before its payment was known by this name, a dispute before the session's end.
            for early in receiving.early(payment=Payment.objects.get(pk=payment.pk)):
                _apply(event=early, payment=payment, record=record)
    return event


def _apply(*, event: ProviderEvent, payment: Payment, record: Record) -> None:
    # The locks that placing, paying and the bank's entries take: team first, then the payment.
    Team.objects.locked(payment.team_id)
    payment = Payment.objects.locked(payment.pk)
    before = payment.refunded_minor
    state = receiving.tell(event=event, payment=payment, record=record)
    # a dispute that is won brings the money again, also where a part of it had gone back before
    won = event.told == Fact.REINSTATED and state in PAID
    if state is PaymentState.SETTLED or won:
        left = _pay(payment=payment, order=_order_of(payment), record=record)
        if left:
            receiving.review(event=event, why="paid_already", record=record)
    elif state is PaymentState.CHARGED_BACK:
        _take_back(payment=payment, record=record)
    elif event.told == Fact.REFUNDED and payment.refunded_minor > max(
        before, receiving.refunds_of(payment=payment)
    ):
        receiving.review(event=event, why="refunded_elsewhere", record=record)


def _order_of(payment: Payment) -> Order | None:
    # against the worker who writes its invoice: it counts this money, or this money counts towards it
    return Order.objects.select_for_update(no_key=True).filter(public_id=payment.subject).first()


def _pay(*, payment: Payment, order: Order | None, record: Record) -> int:
    """Book what is free of a payment on an order, as much as is open; return what is left. A step."""
    free = payment.amount_minor - Allocation.objects.of_payment(payment=payment.pk)
    if order is None or order.currency != payment.currency:
        return free
    part = min(free, max(open_minor(order=order), 0))
    book(payment=payment, order=order, amount_minor=part, record=record)
    return free - part


def book(*, payment: Payment, order: Order, amount_minor: int, record: Record) -> None:
    """Book so much of a payment on an order; paid in full it is settled, and what it held is let go. A step.

    The caller holds the locks of the order's team and of the payment.
    """
    if amount_minor <= 0:
        return
    subject = order.public_id
    payments.allocate(payment=payment, subject=subject, amount_minor=amount_minor, record=record)
    _count(order=order, amount_minor=amount_minor, record=record)
    if open_minor(order=order) <= 0:
        settle(order=order, record=record)
        for each in Payment.objects.open_of(subject=subject).exclude(pk=payment.pk):
            payments.close(payment=each, record=record)


def _count(*, order: Order, amount_minor: int, record: Record) -> None:
    """Count the money towards the order's invoice, where there is one by now."""
    invoice = Invoice.objects.filter(subject=order.public_id, corrects=None).order_by("pk").first()
    if invoice is not None:
        invoices.allocate(invoice=invoice, amount_minor=amount_minor, record=record)


def _take_back(*, payment: Payment, record: Record) -> None:
    """The bank took the money back: what it paid is open again, dunning goes on where it stood. A step."""
    for subject, amount in Allocation.objects.booked(payment=payment.pk).items():
        payments.allocate(payment=payment, subject=subject, amount_minor=-amount, record=record)
        order = Order.objects.filter(public_id=subject).first()
        if order is None:
            continue
        Team.objects.locked(order.team_id)
        order = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        _count(order=order, amount_minor=-amount, record=record)
        if order.state == OrderState.PAID and open_minor(order=order) > 0:
            order.decide(OrderState.PLACED)
            order.decided_at = None
            order.save(update_fields=["state", "decided_at"])
            record(OrderUnpaid(order=order.pk, number=str(order.number)), team=order.buyer_id)
            if order.fulfilled_at is not None:
                dunning.watch(order=order)


# --- the bank ------------------------------------------------------------------------------------


def statement_read(*, event: Event, now: datetime) -> None:
    """Book what can surely be booked of a statement's new entries; the others are put on the list."""
    fresh = BankEntry.objects.filter(statement__file=event.facts["file"], state=EntryState.NEW)
    keys = list(fresh.order_by("pk").values_list("pk", flat=True))
    if not keys:
        return
    known, by = open_book(), system(label="bank")
    for key in keys:
        match_entry(entry=BankEntry.objects.get(pk=key), book=known, by=by, now=now)


def open_book() -> Book:
    """Return everything that waits for money, and what it may be called on a transfer (four statements)."""
    waiting = Order.objects.filter(state=OrderState.PLACED, gross_minor__gt=0)
    orders = {each.public_id: each for each in waiting.order_by("pk")}
    subjects = waiting.values("public_id")
    paid = Allocation.objects.filter(subject__in=subjects).sums()
    known = standings(subjects=subjects)
    numbers = {subject: [each.invoice.number, each.invoice.reference] for subject, each in known.items()}
    collected = Payment.objects.filter(provider="sepa_debit", subject__in=subjects)
    collections: dict[str, list[str]] = {}
    for subject, number in collected.values_list("subject", "public_id"):
        collections.setdefault(subject, []).append(number)
    return Book(
        items=[
            Open(
                subject=subject,
                reference=order.reference,
                names=(str(order.number), *numbers.get(subject, ())),
                amount=known[subject].open_minor
                if subject in known
                else order.gross_minor - paid.get(subject, 0),
                currency=order.currency,
                collections=tuple(collections.get(subject, ())),
            )
            for subject, order in orders.items()
        ]
    )


def match_entry(*, entry: BankEntry, book: Book, by: Actor, now: datetime) -> BankEntry:
    """Book an entry where its words and its amount say surely what it pays, else put it on the list.

    For the worker; an entry that was dealt with is left alone.
    """
    if not by.is_system:
        raise Forbidden
    told = told_of(entry=entry)
    found = book.match(told=told)
    if found.why == "not_found":
        found = closed(told=told) or found
    with suppress(_Nothing), change(by=by, now=now) as record:
        # another worker with the same statement, staff with the list open
        entry = BankEntry.objects.locked(entry.pk)
        if entry.state != EntryState.NEW:
            raise _Nothing
        if entry.amount_minor <= 0:
            _returned(entry=entry, record=record)
        elif not found.sure:
            to_review(entry=entry, why=found.why, record=record)
        else:
            wanted = [(Order.objects.get(public_id=subject), part) for subject, part in found.parts]
            orders = locked_orders(orders=[order for order, _ in wanted])
            short = [part for order, part in wanted if open_minor(order=orders[order.pk]) != part]
            if short:  # paid otherwise since the list was made
                to_review(entry=entry, why="paid_already", record=record)
            else:
                parts = [(orders[order.pk], part) for order, part in wanted]
                enter(entry=entry, parts=parts, record=record)
    return entry


def told_of(*, entry: BankEntry) -> Told:
    """Return an entry as matching reads it."""
    return Told(
        amount=entry.amount_minor,
        currency=entry.currency,
        reference=entry.reference,
        end_to_end=entry.end_to_end,
        text=" ".join(filter(None, (entry.reference, entry.end_to_end, entry.text))),
    )


def enter(
    *, entry: BankEntry, parts: Sequence[tuple[Order, int]], record: Record, of: Order | None = None
) -> Payment:
    """Make an entry of the bank a payment and book it on orders. A step; all of them are locked.

    `of`: the order whose customer keeps it where it pays none.
    """
    first = of or parts[0][0]
    payment = _expected(entry=entry, orders=[order for order, _ in parts])
    if payment is None:
        payment = Payment.objects.create(
            team=first.team,
            provider=BY_BANK,
            subject=first.public_id,
            title=title_of(order=first),
            reference=entry.reference,
            amount_minor=entry.amount_minor,
            currency=entry.currency,
            language=first.language,
            created_at=record.now,
            # closed to begin with: only one payment of a subject may be open at a time
            state=PaymentState.FAILED,
        )
    payments.arrive(payment=payment, provider_ref=payment.provider_ref or entry.public_id, record=record)
    for order, amount in parts:
        book(payment=payment, order=order, amount_minor=amount, record=record)
    entry.decide(EntryState.BOOKED)
    entry.payment, entry.why = payment, ""
    entry.save(update_fields=["state", "payment", "why"])
    subjects = ", ".join(str(order.number) for order, _ in parts) or payment.title
    record(EntryBookedFact(entry=entry.pk, payment=payment.pk, subjects=subjects), team=first.team_id)
    return payment


def _expected(*, entry: BankEntry, orders: Sequence[Order]) -> Payment | None:
    """Return the payment that was waiting for just this money: our own collection, or a transfer told of."""
    if len(orders) != 1:
        return None
    theirs = Payment.objects.open_of(subject=orders[0].public_id).filter(
        amount_minor=entry.amount_minor, currency=entry.currency, provider__in=[BY_BANK, "sepa_debit"]
    )
    found = theirs.filter(public_id=entry.end_to_end).first() or theirs.filter(provider=BY_BANK).first()
    return Payment.objects.locked(found.pk) if found else None


def _returned(*, entry: BankEntry, record: Record) -> None:
    """A debit that came back: the payment of that number is taken back, where number and amount agree."""
    payment = Payment.objects.filter(provider="sepa_debit", public_id=entry.end_to_end).first()
    if payment is None or (payment.amount_minor, payment.currency) != (-entry.amount_minor, entry.currency):
        to_review(entry=entry, why="returned", record=record)
        return
    Team.objects.locked(payment.team_id)
    payment = Payment.objects.locked(payment.pk)
    was_paid = payment.state in PAID
    told = Fact.CHARGED_BACK if was_paid else Fact.FAILED
    if payment.tell(told=told, amount_minor=payment.amount_minor):
        payment.note = entry.return_reason
        payment.save()
        note(payment=payment, state=PaymentState(payment.state), record=record)
    if was_paid:
        _take_back(payment=payment, record=record)
    entry.decide(EntryState.BOOKED)
    entry.payment, entry.why = payment, ""
    entry.save(update_fields=["state", "payment", "why"])
    fact = EntryBookedFact(entry=entry.pk, payment=payment.pk, subjects=payment.title)
    record(fact, team=payment.team_id)


def locked_orders(*, orders: Sequence[Order]) -> dict[int, Order]:
    """Lock the teams of orders, always in one sequence, then the orders; return them by key. A step."""
    for team in sorted({order.team_id for order in orders}):
        Team.objects.locked(team)
    keys = sorted(order.pk for order in orders)
    return {key: Order.objects.select_for_update(no_key=True).get(pk=key) for key in keys}


def title_of(*, order: Order) -> str:
    """Return what a payment for an order is called, in the order's language."""
    with translation.override(order.language):
        return _("Order %(number)s") % {"number": order.number}
