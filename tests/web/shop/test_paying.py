"""Paying an order on its pages: honest at every step, and paid only when the provider has told."""

import json

import pytest
from django.urls import reverse

from licet.orders import settling
from licet.orders.models import Order
from licet.orders.states import OrderState
from licet.payments.models import Payment, ProviderEvent
from licet.payments.providers.testcard import provider as testcard
from licet.payments.states import Told
from tests.orders.conftest import Shop
from tests.orders.money import SITE, Till


@pytest.fixture
def order(world):
    return Shop(world).place(payment_method="testcard")


@pytest.fixture
def alice(world, signed_in):
    return signed_in(world.alice)


def work(world):
    for event in ProviderEvent.objects.filter(state="stored"):
        settling.apply_event(event=event, by=SITE, now=world.now)


def test_the_ways_that_fit_are_offered(order, alice):
    page = alice.get(reverse("pay", args=[order.public_id])).content.decode()
    assert 'value="invoice"' in page
    assert 'value="testcard"' in page
    assert "stripe" not in page


def test_a_transfer_shows_account_reference_and_code(order, alice):
    answer = alice.post(reverse("pay", args=[order.public_id]), {"method": "invoice"}, follow=True)
    page = answer.content.decode()
    assert "FR76 3000 6000 0112 3456 7890 189" in page
    assert order.reference[:4] in page
    assert "<svg" in page
    assert Order.objects.get().state == OrderState.PLACED


def test_the_test_card_pays_once_the_event_is_applied_and_not_before(world, order, alice):
    answer = alice.post(reverse("pay", args=[order.public_id]), {"method": "testcard"})
    assert answer.url == reverse("test_card", args=[Payment.objects.get().public_id])
    answer = alice.post(answer.url, {"number": "4242 4242 4242 4242"})
    waiting = alice.get(answer.url).content.decode()
    assert "We wait for the payment service" in waiting
    assert Order.objects.get().state == OrderState.PLACED
    work(world)
    assert "This order is paid" in alice.get(answer.url).content.decode()
    assert Order.objects.get().state == OrderState.PAID


def test_coming_back_to_the_success_page_pays_nothing(order, alice):
    alice.post(reverse("pay", args=[order.public_id]), {"method": "testcard"})
    back = reverse("payment", args=[order.public_id, Payment.objects.get().public_id])
    for _ in range(3):
        assert alice.get(back).status_code == 200
    assert Order.objects.get().state == OrderState.PLACED


def test_a_declined_card_says_so_and_can_be_tried_again(world, order, alice):
    card = alice.post(reverse("pay", args=[order.public_id]), {"method": "testcard"}).url
    back = alice.post(card, {"number": "4000000000000002"}).url
    work(world)
    assert "did not work" in alice.get(back).content.decode()
    again = alice.post(reverse("pay", args=[order.public_id]), {"method": "testcard"}).url
    assert again != card


def test_a_bank_that_asks_first_is_asked_and_may_be_told_no(world, order, alice):
    card = alice.post(reverse("pay", args=[order.public_id]), {"method": "testcard"}).url
    assert "Your bank asks" in alice.post(card, {"number": "4000000000003220"}).content.decode()
    assert not ProviderEvent.objects.exists()
    alice.post(card, {"number": "4000000000003220", "step": "decline"})
    assert ProviderEvent.objects.get().told == Told.FAILED


@pytest.mark.parametrize("number", ["", "1", "4111111111111111", "x" * 400])
def test_no_other_number_works(order, alice, number):
    card = alice.post(reverse("pay", args=[order.public_id]), {"method": "testcard"}).url
    assert alice.post(card, {"number": number}).status_code == 422


@pytest.mark.parametrize("method", ["", "manual", "stripe", "gold", "x" * 50])
def test_a_way_that_is_not_offered_is_refused(order, alice, method):
    assert alice.post(reverse("pay", args=[order.public_id]), {"method": method}).status_code == 422


def test_outside_of_the_demonstration_there_is_no_test_card(order, alice, settings):
    card = alice.post(reverse("pay", args=[order.public_id]), {"method": "testcard"}).url
    settings.LICET_DEMO = False
    assert alice.get(card).status_code == 422
    assert alice.post(card, {"number": "4242424242424242"}).status_code == 422
    assert not ProviderEvent.objects.exists()


def test_a_mandate_is_asked_for_before_the_first_debit(order, alice, settings):
    settings.LICET_PAYMENTS, settings.LICET_SEPA_CREDITOR = ("sepa_debit",), "DE98ZZZ09999999999"
    url = alice.post(reverse("pay", args=[order.public_id]), {"method": "sepa_debit"}).url
    assert url == reverse("pay_mandate", args=[order.public_id])
    wrong = {"holder": "Alice Martin", "iban": "FR1420041010050500013M02607"}
    assert "typing error" in alice.post(url, wrong).content.decode()
    page = alice.post(url, {**wrong, "iban": "FR14 2004 1010 0505 0001 3M02 606"}, follow=True)
    assert "FR•• •••• 2606" in page.content.decode()
    assert "FR1420041010050500013M02606" not in page.content.decode()


# --- where providers call -----------------------------------------------------------------------


def call(client, payment, *, forge=False, amount=None):
    from licet.kernel.clock import read

    headers, body = testcard.event(
        payment=payment.public_id, told=Told.SETTLED, amount=amount or payment.amount, at=read()
    )
    body = body.replace(b"settled", b"failed") if forge else body
    return client.post(
        reverse("payment_events", args=["testcard"]),
        body,
        content_type="application/json",
        headers={"Testcard-Signature": headers["testcard-signature"]},
    )


def test_a_signed_call_is_stored_and_acknowledged_and_no_more(world, order, client):
    payment = Till(world).begin(order)
    for fresh in (1, 0, 0):
        answer = call(client, payment)
        assert (answer.status_code, json.loads(answer.content)) == (200, {"received": fresh})
    assert Order.objects.get().state == OrderState.PLACED


def test_a_forged_call_is_refused_and_leaves_nothing(world, order, client):
    answer = call(client, Till(world).begin(order), forge=True)
    assert (answer.status_code, answer.json()["code"]) == (403, "signature_wrong")
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize("provider", ["stripe", "gold", "manual", "invoice"])
def test_nobody_listens_for_a_provider_that_is_off(client, provider, db):
    assert (
        client.post(reverse("payment_events", args=[provider]), b"{}", content_type="x/y").status_code == 404
    )
