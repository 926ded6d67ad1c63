"""Money in the same moment: an event, an entry, a refund count once."""

import pytest

from licet.invoices.models import Standing
from licet.orders import booking, invoicing, settling
from licet.orders.models import Order
from licet.orders.states import OrderState
from licet.payments import receiving
from licet.payments.banking import BankEntry
from licet.payments.models import Allocation, Payment, ProviderEvent, Refund
from licet.payments.providers.testcard import provider as testcard
from licet.payments.states import EventState, Told
from tests.orders.conftest import Shop
from tests.orders.money import SITE, Till, entry, imported, statement
from tests.races import together
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]
RACERS = 6


def test_the_same_event_stored_and_applied_by_six_hands_is_one(world: World) -> None:
    till = Till(world)
    payment = till.begin(Shop(world).place(payment_method="testcard"))
    headers, body = testcard.event(
        payment=payment.public_id, told=Told.SETTLED, amount=payment.amount, at=world.now
    )

    def call() -> int:
        return receiving.receive(code="testcard", headers=headers, body=body, by=SITE, now=world.now)

    stored = together([call] * RACERS)
    assert [each.raised for each in stored if each.raised] == []
    assert sum(each.value for each in stored) == 1
    event = ProviderEvent.objects.get()

    def apply() -> None:
        settling.apply_event(event=event, by=SITE, now=world.now)

    assert [each.raised for each in together([apply] * RACERS) if each.raised] == []
    assert Allocation.objects.count() == 1
    assert Order.objects.get().state == OrderState.PAID


def test_two_events_of_one_payment_end_the_same_whoever_is_first(world: World) -> None:
    till = Till(world)
    payment = till.begin(Shop(world).place(payment_method="testcard"))
    events = [till.tell(payment, told) for told in (Told.SETTLED, Told.CHARGED_BACK, Told.PENDING)]

    def apply(event: ProviderEvent) -> None:
        settling.apply_event(event=event, by=SITE, now=world.now)

    calls = [lambda event=event: apply(event) for event in events]
    assert [each.raised for each in together(calls) if each.raised] == []
    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {EventState.APPLIED}
    assert Allocation.objects.on_subject(subject=payment.subject) == 0
    assert Order.objects.get().state == OrderState.PLACED


def test_an_invoice_written_while_money_comes_counts_it_once(world: World) -> None:
    till = Till(world)
    payment = till.begin(Shop(world).place())
    event, order = till.tell(payment, Told.SETTLED), Order.objects.get()

    def apply() -> None:
        settling.apply_event(event=event, by=SITE, now=world.now)

    def write() -> None:
        invoicing.issue(order=order, by=SITE, now=world.now)

    assert [each.raised for each in together([apply, write, write]) if each.raised] == []
    standing = Standing.objects.get()
    assert (standing.paid_minor, standing.open_minor) == (order.gross_minor, 0)


def test_card_and_transfer_at_once_pay_the_order_once(world: World) -> None:
    till = Till(world)
    order = Shop(world).place(payment_method="testcard")
    event = till.tell(till.begin(order), Told.SETTLED)
    imported(world, statement(entry(order.reference, amount="1.00")))
    by = world.victor.actor()
    waiting = BankEntry.objects.get()

    def transfer() -> None:
        booking.book_entry(entry=waiting, parts=[(order, 100)], by=by, now=world.now)

    def card() -> None:
        settling.apply_event(event=event, by=SITE, now=world.now)

    together([transfer, card])
    assert Allocation.objects.on_subject(subject=order.public_id) == order.gross_minor
    assert Order.objects.get().state == OrderState.PAID


def test_six_refunds_at_once_never_send_back_more_than_came(world: World) -> None:
    till = Till(world)
    payment = till.apply(till.begin(Shop(world).place(payment_method="testcard")), Told.SETTLED)
    by, half = world.victor.actor(), payment.amount_minor // 2

    def refund() -> None:
        booking.refund(
            payment=payment, amount_minor=half, reason="race", end_licenses=False, by=by, now=world.now
        )

    outcomes = together([refund] * RACERS)
    assert sum(each.raised is None for each in outcomes) == 2
    assert Refund.objects.count() == 2


def test_a_button_pressed_by_six_hands_begins_one_payment(world: World) -> None:
    till = Till(world)
    order = Shop(world).place()
    outcomes = together([lambda: till.begin(order, "invoice").pk] * RACERS)
    assert [each.raised for each in outcomes if each.raised] == []
    assert Payment.objects.count() == 1
