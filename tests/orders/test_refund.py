"""Money goes back with a reason, as far as it is there; a payment by hand is recorded with one, too."""

import pytest

from licet.kernel.refusal import Forbidden
from licet.licenses.models import License
from licet.licenses.states import LicenseState
from licet.orders import booking
from licet.orders.models import Order
from licet.orders.states import OrderState
from licet.payments.actions import refund_asked, refund_made
from licet.payments.errors import AmountOutOfRange, PaymentOver, ReasonMissing
from licet.payments.models import Payment, Refund
from licet.payments.states import PaymentState, RefundState, Told
from tests.orders.conftest import Shop
from tests.orders.money import Till, entry, imported, only_entry, statement, work
from tests.world import World


@pytest.fixture
def paid(world: World, shop: Shop) -> Payment:
    """Paid by card."""
    till = Till(world)
    return till.apply(till.begin(shop.place(payment_method="testcard")), Told.SETTLED)


def refund(world: World, payment: Payment, amount: int, **other: object) -> Refund:
    values = {"reason": "Ordered twice", "end_licenses": False, "by": world.victor.actor(), "now": world.now}
    return booking.refund(payment=payment, amount_minor=amount, **{**values, **other})  # type: ignore[arg-type]


def test_the_worker_has_the_provider_send_it_back(world: World, paid: Payment) -> None:
    made = refund(world, paid, 1_000)
    assert (made.state, made.by_hand, made.credited) == (RefundState.ASKED, False, True)
    work(world.now, {"refund.asked": [refund_asked]})
    made.refresh_from_db()
    paid.refresh_from_db()
    assert made.state == RefundState.DONE
    assert (paid.state, paid.refunded_minor) == (PaymentState.PARTLY_REFUNDED, 1_000)


def test_never_more_than_was_paid(world: World, paid: Payment) -> None:
    refund(world, paid, paid.amount_minor - 1)
    for amount in (2, 0, -1):
        with pytest.raises(AmountOutOfRange):
            refund(world, paid, amount)
    refund(world, paid, 1)
    work(world.now, {"refund.asked": [refund_asked]})
    paid.refresh_from_db()
    assert paid.state == PaymentState.REFUNDED
    with pytest.raises(PaymentOver):
        refund(world, paid, 1)


def test_with_the_money_the_licenses_can_end(world: World, paid: Payment) -> None:
    refund(world, paid, paid.amount_minor, end_licenses=True)
    assert License.objects.get().state == LicenseState.REVOKED


def test_the_licenses_stay_where_nobody_ends_them(world: World, paid: Payment) -> None:
    refund(world, paid, paid.amount_minor)
    assert License.objects.get().state == LicenseState.ISSUED


def test_a_reason_and_staff_are_needed(world: World, paid: Payment) -> None:
    with pytest.raises(ReasonMissing):
        refund(world, paid, 1, reason=" ")
    with pytest.raises(Forbidden):
        refund(world, paid, 1, by=world.alice.actor())


def test_what_was_paid_too_much_goes_back_without_a_credit_note(world: World, shop: Shop) -> None:
    order = shop.place()
    amount = f"{(order.gross_minor + 500) / 100:.2f}"
    imported(world, statement(entry(order.reference, amount=amount)))
    by = world.victor.actor()
    payment = booking.book_entry(entry=only_entry(), parts=[(order, order.gross_minor)], by=by, now=world.now)
    made = refund(world, payment, 500)
    assert (made.credited, made.by_hand) == (False, True)
    refund_made(refund=made, provider_ref="", by=by, now=world.now)
    payment.refresh_from_db()
    assert payment.refunded_minor == 500
    assert Order.objects.get().state == OrderState.PAID


def test_a_cheque_pays_the_order(world: World, shop: Shop) -> None:
    order, by = shop.place(), world.victor.actor()
    with pytest.raises(AmountOutOfRange):
        booking.record_payment(
            order=order, amount_minor=order.gross_minor + 1, reason="cheque", by=by, now=world.now
        )
    booking.record_payment(
        order=order, amount_minor=order.gross_minor, reason="cheque 17", by=by, now=world.now
    )
    assert Order.objects.get().state == OrderState.PAID
    with pytest.raises(PaymentOver):
        booking.record_payment(order=order, amount_minor=1, reason="cheque 17", by=by, now=world.now)
