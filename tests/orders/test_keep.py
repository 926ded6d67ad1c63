"""Too little, too much, twice: what comes by the bank and does not fit waits, and has a way out."""

import pytest
from django.core import mail

from licet.invoices.actions import issue_credit
from licet.invoices.correcting import credit_sum
from licet.invoices.models import Invoice
from licet.kernel.refusal import Forbidden
from licet.orders import booking, deciding, invoicing, keeping, payment_mail, settling
from licet.orders.models import Order
from licet.orders.states import OrderState
from licet.payments.banking import BankEntry
from licet.payments.errors import AmountOutOfRange, EntryBooked, PaymentOver
from licet.payments.models import Payment
from licet.payments.states import EntryState, PaymentState
from tests.orders.conftest import Shop
from tests.orders.money import Till, entry, imported, statement, work
from tests.world import OPERATOR, World


@pytest.fixture
def order(shop: Shop) -> Order:
    return shop.place()


def came(world: World, order: Order, amount: int, *, number: str = "STM-1", **other: str) -> BankEntry:
    """Let so much come with the order's reference (or with `text`), and return the entry."""
    told = {"text": other["text"]} if "text" in other else {"reference": order.reference}
    imported(world, statement(entry(**told, amount=f"{amount / 100:.2f}"), number=number))
    return BankEntry.objects.latest("pk")


def paid(world: World, order: Order) -> None:
    came(world, order, order.gross_minor, number="STM-0")
    assert Order.objects.get(pk=order.pk).state == OrderState.PAID


def booked(world: World, found: BankEntry, *parts: tuple[Order, int]) -> Payment:
    return booking.book_entry(entry=found, parts=parts, by=world.victor.actor(), now=world.now)


def kept(world: World, found: BankEntry, order: Order) -> Payment:
    return keeping.keep_entry(entry=found, order=order, by=world.victor.actor(), now=world.now)


def rest(world: World, payment: Payment, order: Order, amount: int) -> Payment:
    return keeping.book_rest(
        payment=payment, order=order, amount_minor=amount, by=world.victor.actor(), now=world.now
    )


# --- too little ------------------------------------------------------------------------------------


def test_less_than_is_open_waits_and_once_booked_the_customer_is_asked_for_the_rest(
    world: World, order: Order
) -> None:
    world.alice.language = "en"
    world.alice.save()
    found = came(world, order, order.gross_minor - 5_000)
    assert (found.state, found.why) == (EntryState.REVIEW, "part_paid")
    booked(world, found, (order, found.amount_minor))
    work(world.now, {"payment.allocated": [payment_mail.part_paid]})
    (letter,) = mail.outbox
    assert letter.to == [world.alice.email]
    assert "€50.00 are still to be paid" in letter.body
    assert order.public_id in letter.body
    assert settling.open_minor(order=order) == 5_000


def test_the_rest_pays_the_order_by_itself(world: World, order: Order) -> None:
    booked(world, came(world, order, order.gross_minor - 5_000), (order, order.gross_minor - 5_000))
    assert came(world, order, 5_000, number="STM-2").state == EntryState.BOOKED
    order.refresh_from_db()
    assert order.state == OrderState.PAID


def test_who_has_paid_everything_is_asked_for_nothing(world: World, order: Order) -> None:
    paid(world, order)
    work(world.now, {"payment.allocated": [payment_mail.part_paid]})
    assert mail.outbox == []


def test_what_was_credited_needs_not_be_paid(world: World, order: Order) -> None:
    invoice = invoicing.issue(order=order, by=OPERATOR, now=world.now)
    assert invoice is not None
    credit_sum(invoice=invoice, gross_minor=5_000, reason="Gesture", by=world.victor.actor(), now=world.now)
    assert settling.open_minor(order=order) == order.gross_minor - 5_000
    assert came(world, order, order.gross_minor - 5_000).state == EntryState.BOOKED
    order.refresh_from_db()
    assert order.state == OrderState.PAID


def test_an_order_that_is_credited_whole_waits_for_no_money(world: World, order: Order) -> None:
    invoice = invoicing.issue(order=order, by=OPERATOR, now=world.now)
    assert invoice is not None
    issue_credit(invoice=invoice, amounts=None, reason="Error", by=world.victor.actor(), now=world.now)
    for _ in range(2):
        work(world.now, {"invoice.credited": [settling.credit_noted]})
    order.refresh_from_db()
    assert order.state == OrderState.PAID
    assert settling.open_book().items == []


# --- too much --------------------------------------------------------------------------------------


def test_more_than_is_open_waits_and_the_rest_can_go_back_without_a_credit_note(
    world: World, order: Order
) -> None:
    invoicing.issue(order=order, by=OPERATOR, now=world.now)
    found = came(world, order, order.gross_minor + 700)
    assert (found.state, found.why) == (EntryState.REVIEW, "over_paid")
    with pytest.raises(AmountOutOfRange):
        booked(world, found, (order, found.amount_minor))
    payment = booked(world, found, (order, order.gross_minor))
    assert booking.surplus(payment=payment) == 700
    booking.refund(
        payment=payment,
        amount_minor=700,
        reason="Paid too much",
        end_licenses=False,
        by=world.victor.actor(),
        now=world.now,
    )
    assert booking.surplus(payment=payment) == 0
    assert not Invoice.objects.exclude(corrects=None).exists()


def test_or_it_pays_another_order_later(world: World, shop: Shop, order: Order) -> None:
    payment = booked(world, came(world, order, order.gross_minor + 700), (order, order.gross_minor))
    other = shop.place(checkout_key="checkout-0002")
    rest(world, payment, other, 700)
    assert settling.open_minor(order=other) == other.gross_minor - 700
    for amount in (0, 1):  # nothing is left
        with pytest.raises(AmountOutOfRange):
            rest(world, payment, other, amount)


# --- twice -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["reference", "order", "invoice"])
def test_what_is_paid_a_second_time_says_so_and_names_the_order(world: World, order: Order, how: str) -> None:
    invoice = invoicing.issue(order=order, by=OPERATOR, now=world.now)
    assert invoice is not None
    paid(world, order)
    texts = {"order": f"order {order.number}", "invoice": f"inv {invoice.number}"}
    told = {"text": texts[how]} if how in texts else {}
    found = came(world, order, order.gross_minor, number="STM-2", **told)
    assert (found.state, found.why) == (EntryState.REVIEW, "paid_already")


def test_it_is_kept_for_the_customer_and_goes_back_or_pays_the_next_order(
    world: World, shop: Shop, order: Order
) -> None:
    paid(world, order)
    found = came(world, order, order.gross_minor, number="STM-2")
    with pytest.raises(Forbidden):
        keeping.keep_entry(entry=found, order=order, by=world.alice.actor(), now=world.now)
    payment = kept(world, found, order)
    assert (payment.state, booking.surplus(payment=payment)) == (PaymentState.SETTLED, order.gross_minor)
    with pytest.raises(EntryBooked):
        kept(world, found, order)
    other = shop.place(checkout_key="checkout-0002")
    rest(world, payment, other, other.gross_minor)
    other.refresh_from_db()
    assert other.state == OrderState.PAID


def test_money_for_a_cancelled_order_says_that_the_order_is_closed(world: World, order: Order) -> None:
    deciding.cancel_order(order=order, reason="Asked for it", by=world.victor.actor(), now=world.now)
    found = came(world, order, order.gross_minor)
    assert (found.state, found.why) == (EntryState.REVIEW, "subject_closed")


def test_a_number_that_nobody_knows_stays_unknown(world: World, order: Order) -> None:
    found = came(world, order, 100, text="thanks for 999999 and 1")
    assert found.why == "not_found"


def test_only_money_that_is_here_is_booked(world: World, order: Order) -> None:
    payment = Till(world).begin(order, "invoice")
    with pytest.raises(PaymentOver):
        rest(world, payment, order, 1)
    with pytest.raises(Forbidden):
        keeping.book_rest(payment=payment, order=order, amount_minor=1, by=world.alice.actor(), now=world.now)
