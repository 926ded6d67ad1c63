"""What a provider tells becomes money on an order: once, in any order, or a person looks at it."""

from itertools import permutations

import pytest

from licet.eventlog.models import Event
from licet.kernel.money import Money
from licet.orders import paying, settling
from licet.orders.models import Order
from licet.orders.states import OrderState
from licet.payments import receiving
from licet.payments.errors import MethodUnknown, PaymentOver, SignatureWrong
from licet.payments.models import Allocation, Payment, ProviderEvent
from licet.payments.providers.testcard import provider as testcard
from licet.payments.states import EventState, PaymentState, Told
from tests.orders.conftest import Shop
from tests.orders.money import SITE, Till
from tests.world import World


@pytest.fixture
def till(world: World) -> Till:
    return Till(world)


@pytest.fixture
def order(shop: Shop) -> Order:
    """Waits for its card."""
    return shop.place(payment_method="testcard")


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def test_beginning_and_handing_over_pays_nothing(order: Order, till: Till) -> None:
    payment = till.begin(order)
    payment.refresh_from_db()
    assert payment.state == PaymentState.PENDING
    assert (fresh(order).state, fresh(order).fulfilled_at) == (OrderState.PLACED, None)


def test_pressed_twice_it_is_one_payment(order: Order, till: Till) -> None:
    assert till.begin(order).pk == till.begin(order).pk
    assert Payment.objects.count() == 1


def test_the_settled_event_pays_the_order_and_brings_its_licenses(order: Order, till: Till) -> None:
    payment = till.apply(till.begin(order), Told.SETTLED)
    order = fresh(order)
    assert payment.state == PaymentState.SETTLED
    assert order.state == OrderState.PAID
    assert order.fulfilled_at is not None
    assert settling.open_minor(order=order) == 0
    assert order.lines.get().license is not None


def test_an_event_that_comes_twice_is_stored_and_applied_once(order: Order, till: Till) -> None:
    payment = till.begin(order)
    event = till.tell(payment, Told.SETTLED)
    headers, body = testcard.event(
        payment=payment.public_id, told=Told.SETTLED, amount=payment.amount, at=till.world.now
    )
    assert receiving.receive(code="testcard", headers=headers, body=body, by=SITE, now=till.world.now) == 0
    for _ in range(2):
        settling.apply_event(event=event, by=SITE, now=till.world.now)
    assert (ProviderEvent.objects.count(), Allocation.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "told",
    list(permutations([Told.PENDING, Told.SETTLED, Told.CHARGED_BACK])),
    ids=" ".join,
)
def test_in_whatever_order_they_come_the_end_is_the_same(
    order: Order, till: Till, told: tuple[Told, ...]
) -> None:
    payment = till.apply(till.begin(order), *told)
    assert payment.state == PaymentState.CHARGED_BACK
    assert fresh(order).state == OrderState.PLACED
    assert Allocation.objects.on_subject(subject=order.public_id) == 0


def test_a_charge_back_opens_the_order_again_and_a_won_dispute_pays_it(order: Order, till: Till) -> None:
    payment = till.apply(till.begin(order), Told.SETTLED, Told.CHARGED_BACK)
    assert fresh(order).state == OrderState.PLACED
    assert Event.objects.filter(name="order.unpaid").count() == 1
    till.apply(payment, Told.REINSTATED)
    assert fresh(order).state == OrderState.PAID


def test_a_late_failure_changes_nothing(order: Order, till: Till) -> None:
    payment = till.apply(till.begin(order), Told.SETTLED, Told.FAILED)
    assert payment.state == PaymentState.SETTLED
    assert fresh(order).state == OrderState.PAID


def test_after_a_declined_card_another_one_may_be_tried(order: Order, till: Till) -> None:
    declined = till.apply(till.begin(order), Told.FAILED)
    again = till.begin(order)
    assert again.pk != declined.pk
    till.apply(again, Told.SETTLED)
    assert fresh(order).state == OrderState.PAID


@pytest.mark.parametrize(
    ("amount", "why"),
    [
        (Money(1, "EUR"), "amount_differs"),
        (Money(144_001, "EUR"), "amount_differs"),
        (Money(144_000, "USD"), "currency_differs"),
    ],
)
def test_another_amount_or_currency_books_nothing_and_is_looked_at(
    order: Order, till: Till, amount: Money, why: str
) -> None:
    payment = till.apply(till.begin(order), Told.SETTLED, amount=amount)
    event = ProviderEvent.objects.get()
    assert (event.state, event.why) == (EventState.REVIEW, why)
    assert payment.state == PaymentState.PENDING
    assert fresh(order).state == OrderState.PLACED
    assert not Allocation.objects.exists()


def test_an_event_of_an_unknown_payment_is_looked_at(order: Order, till: Till) -> None:
    payment = till.begin(order)
    event = till.tell(payment, Told.SETTLED)
    ProviderEvent.objects.update(payment_ref="pay_0000000000000000")
    settling.apply_event(event=event, by=SITE, now=till.world.now)
    event.refresh_from_db()
    assert (event.state, event.why) == (EventState.REVIEW, "payment_unknown")


def test_a_forged_or_old_signature_stores_nothing(order: Order, till: Till) -> None:
    payment = till.begin(order)
    headers, body = testcard.event(
        payment=payment.public_id, told=Told.SETTLED, amount=payment.amount, at=till.world.now
    )
    with pytest.raises(SignatureWrong):
        receiving.receive(code="testcard", headers=headers, body=body + b" ", by=SITE, now=till.world.now)
    assert not ProviderEvent.objects.exists()


def test_money_that_comes_twice_is_looked_at(order: Order, till: Till) -> None:
    payment = till.begin(order)
    till.apply(payment, Told.FAILED)
    till.apply(till.begin(order), Told.SETTLED)
    late = till.apply(payment, Told.SETTLED)
    assert late.state == PaymentState.SETTLED
    assert ProviderEvent.objects.get(state=EventState.REVIEW).why == "paid_already"
    assert Allocation.objects.on_subject(subject=order.public_id) == order.gross_minor


def test_what_is_paid_is_not_begun_again(order: Order, till: Till) -> None:
    till.apply(till.begin(order), Told.SETTLED)
    with pytest.raises(PaymentOver):
        till.begin(order)


def test_a_method_that_is_not_offered_is_refused(order: Order, till: Till) -> None:
    for method in ("manual", "stripe", "gold"):
        with pytest.raises(MethodUnknown):
            till.begin(order, method)


def test_the_test_card_is_offered_in_the_demonstration_alone(order: Order, till: Till, settings) -> None:  # type: ignore[no-untyped-def]
    purchase, seller = paying.purchase_of(order=order), paying.seller_of(order=order)
    assert [each.code for each in paying.methods(purchase=purchase, seller=seller)] == ["invoice", "testcard"]
    settings.LICET_DEMO = False
    assert [each.code for each in paying.methods(purchase=purchase, seller=seller)] == ["invoice"]
