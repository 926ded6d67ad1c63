"""With the money goes the debt: credit notes of refunds, exact to the cent; refunds made at the provider."""

from dataclasses import replace

import pytest

from licet.invoices.models import Invoice, Standing
from licet.kernel.money import Money
from licet.kernel.refusal import Forbidden
from licet.orders import adopting, booking, invoicing, settling
from licet.orders.models import Order
from licet.orders.states import OrderState
from licet.payments.actions import refund_asked
from licet.payments.errors import EventDealtWith, ReasonMissing
from licet.payments.models import Payment, ProviderEvent, Refund
from licet.payments.states import EventState, PaymentState, RefundState, Told
from tests.orders.conftest import ADDRESS, Shop
from tests.orders.money import Till, entry, imported, statement, work
from tests.world import OPERATOR, World

FRENCH = replace(ADDRESS, vat_number="FR52987654324")


@pytest.fixture
def paid(world: World, shop: Shop) -> Payment:
    till = Till(world)
    return till.apply(till.begin(shop.place(payment_method="testcard", address=FRENCH)), Told.SETTLED)


def refund(world: World, payment: Payment, amount: int) -> Refund:
    return booking.refund(
        payment=payment,
        amount_minor=amount,
        reason="Too many",
        end_licenses=False,
        by=world.victor.actor(),
        now=world.now,
    )


def notes() -> list[int]:
    found = Invoice.objects.exclude(corrects=None).order_by("pk")
    return [each.gross_minor for each in found]


@pytest.mark.parametrize("amount", [1, 2, 1_000, 33_333])
def test_the_credit_note_is_the_money_that_goes_back(world: World, paid: Payment, amount: int) -> None:
    order = Order.objects.get()
    invoice = invoicing.issue(order=order, by=OPERATOR, now=world.now)
    assert invoice is not None
    refund(world, paid, amount)
    refund(world, paid, amount)
    refund(world, paid, paid.amount_minor - 2 * amount)
    assert notes() == [amount, amount, paid.amount_minor - 2 * amount]
    standing = Standing.objects.get(pk=invoice.pk)
    assert (standing.paid_minor, standing.credited_minor, standing.open_minor) == (0, invoice.gross_minor, 0)


def test_a_refund_before_the_invoice_was_written_is_credited_all_the_same(
    world: World, paid: Payment
) -> None:
    assert not Invoice.objects.exists()
    refund(world, paid, 1_000)
    assert notes() == [1_000]
    invoice = invoicing.issue(order=Order.objects.get(), by=OPERATOR, now=world.now)
    assert Invoice.objects.filter(corrects=None).get() == invoice


def test_a_payment_of_two_orders_is_credited_on_both(world: World, shop: Shop) -> None:
    orders = [shop.place(checkout_key=f"checkout-000{number}", address=FRENCH) for number in range(2)]
    much = orders[0].gross_minor
    text = f"{orders[0].number} {orders[1].number}"
    imported(world, statement(entry(text=text, amount=f"{2 * much / 100:.2f}")))
    payment = Payment.objects.get()
    refund(world, payment, much + 500)
    assert notes() == [much, 500]
    found = Invoice.objects.exclude(corrects=None).order_by("pk").values_list("corrects__subject", flat=True)
    assert list(found) == [each.public_id for each in orders]


def test_a_dispute_that_is_won_after_a_refund_pays_the_rest_again(world: World, paid: Payment) -> None:
    refund(world, paid, 1_000)
    work(world.now, {"refund.asked": [refund_asked]})
    till, order = Till(world), Order.objects.get()
    standing = Standing.objects.get(invoice__corrects=None)
    till.apply(paid, Told.CHARGED_BACK)
    standing.refresh_from_db()
    assert settling.open_minor(order=order) == standing.open_minor == order.gross_minor
    till.apply(paid, Told.REINSTATED)
    standing.refresh_from_db()
    assert settling.open_minor(order=order) == standing.open_minor == 0
    assert Payment.objects.get().state == PaymentState.PARTLY_REFUNDED
    assert Order.objects.get().state == OrderState.PAID


# --- made at the provider -----------------------------------------------------------------------


@pytest.fixture
def elsewhere(world: World, paid: Payment) -> ProviderEvent:
    """The provider tells of a refund of ten euros that nobody made here."""
    Till(world).apply(paid, Told.REFUNDED, amount=Money(1_000, paid.currency))
    event = ProviderEvent.objects.get(told=Told.REFUNDED)
    assert (event.state, event.why) == (EventState.REVIEW, "refunded_elsewhere")
    return event


def test_one_click_makes_it_ours_with_its_credit_note(
    world: World, paid: Payment, elsewhere: ProviderEvent
) -> None:
    by = world.victor.actor()
    assert adopting.adoptable(event=elsewhere) == 1_000
    made = adopting.adopt_refund(event=elsewhere, reason="Goodwill", by=by, now=world.now)
    assert (made.state, made.amount_minor, made.credited, made.by_hand) == (
        RefundState.DONE,
        1_000,
        True,
        False,
    )
    assert notes() == [1_000]
    paid.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (paid.state, paid.refunded_minor) == (PaymentState.PARTLY_REFUNDED, 1_000)
    assert (elsewhere.state, adopting.adoptable(event=elsewhere)) == (EventState.APPLIED, 0)
    with pytest.raises(EventDealtWith):
        adopting.adopt_refund(event=elsewhere, reason="Goodwill", by=by, now=world.now)


def test_staff_and_a_reason_are_needed(world: World, elsewhere: ProviderEvent) -> None:
    with pytest.raises(Forbidden):
        adopting.adopt_refund(event=elsewhere, reason="x", by=world.alice.actor(), now=world.now)
    with pytest.raises(ReasonMissing):
        adopting.adopt_refund(event=elsewhere, reason=" ", by=world.victor.actor(), now=world.now)


def test_only_a_refund_is_taken_over(world: World, paid: Payment) -> None:
    (event,) = ProviderEvent.objects.all()
    with pytest.raises(EventDealtWith):
        adopting.adopt_refund(event=event, reason="x", by=world.victor.actor(), now=world.now)


def test_two_who_click_at_once_make_one(world: World, elsewhere: ProviderEvent) -> None:
    stale = ProviderEvent.objects.get(pk=elsewhere.pk)
    adopting.adopt_refund(event=elsewhere, reason="x", by=world.victor.actor(), now=world.now)
    with pytest.raises(EventDealtWith):
        adopting.adopt_refund(event=stale, reason="x", by=world.victor.actor(), now=world.now)
    assert Refund.objects.count() == 1
