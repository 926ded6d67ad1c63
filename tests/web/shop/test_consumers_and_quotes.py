"""Who buys, what comes on top, coupons and quotes on the pages; and what consumers can declare there."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from licet.orders import coupons
from licet.orders.coupons import Terms
from licet.orders.declarations import Declaration
from licet.orders.models import Contract, Order
from licet.orders.promises import Quote
from licet.taxes.actions import settle
from licet.taxes.models import VatNumber
from tests.web.shop.conftest import Visitor
from tests.world import World

PRIVATE = {"buyer": "private", "company": "Left over", "vat_number": "FR11999999998"}


def page(visitor: Visitor, path: str = "/checkout/review/") -> str:
    return visitor.browser.get(path).content.decode()


def test_a_business_reads_net_prices_then_vat(alice: Visitor) -> None:
    alice.add()
    alice.tell()
    text = page(alice)
    for words in ("€480.00", "Total excl. VAT", "€1,440.00", "VAT 20 %", "€288.00", "€1,728.00"):
        assert words in text, words


def test_a_private_person_reads_prices_with_vat_and_is_a_consumer(alice: Visitor) -> None:
    alice.add()
    alice.tell(**PRIVATE)
    text = page(alice)
    for words in ("€576.00", "€1,728.00", "of which VAT 20 %", "withdraw within 14 days"):
        assert words in text, words
    assert "Left over" not in text
    answer = alice.order()
    assert list(answer.context["form"].errors) == ["start"]
    assert not Order.objects.exists()
    alice.order(start="on")
    order = Order.objects.get()
    assert order.is_consumer
    assert order.gross_minor == 172_800
    assert order.agreed["start"]["words"]


def test_a_company_of_another_state_with_a_valid_number_accounts_for_vat_itself(
    world: World, alice: Visitor
) -> None:
    number = VatNumber.objects.create(number="DE123456788")
    settle(number=number, status="valid", note="Asked by telephone.", by=world.victor.actor(), now=world.now)
    alice.add()
    alice.tell(country="DE", postal_code="10115", city="Berlin", vat_number="de 123 456 788")
    text = page(alice)
    assert "Reverse charge" in text
    alice.order()
    order = Order.objects.get()
    assert (order.net_minor, order.tax_minor) == (144_000, 0)
    assert "Reverse charge" in page(alice, f"/orders/{order.public_id}/")


def test_digits_that_cannot_be_right_are_said_at_the_field(alice: Visitor) -> None:
    alice.add()
    answer = alice.tell(vat_number="FR12345678901")
    assert list(answer.context["form"].errors) == ["vat_number"]


def test_a_company_needs_its_name(alice: Visitor) -> None:
    alice.add()
    assert list(alice.tell(company="").context["form"].errors) == ["company"]


def test_an_earlier_address_is_picked_and_nothing_else_is_lost(alice: Visitor) -> None:
    alice.add()
    alice.tell(street="9 rue Basse")
    alice.order()
    alice.add()
    order = Order.objects.get()
    answer = alice.tell(
        use="yes", saved=order.public_id, street="typed", purchase_order="PO-1", team="new", team_name="Sud"
    )
    initial = answer.context["form"].initial
    assert (initial["street"], initial["purchase_order"], initial["team_name"]) == (
        "9 rue Basse",
        "PO-1",
        "Sud",
    )
    assert answer.status_code == 200


def test_the_terms_of_sale_must_be_ticked_in_the_version_in_force(alice: Visitor) -> None:
    alice.add()
    alice.tell()
    for wrong in ("", "1999"):
        assert list(alice.order(terms=wrong).context["form"].errors) == ["terms"]
    assert not Order.objects.exists()


def test_a_method_that_pays_at_once_leads_to_the_payment(alice: Visitor, settings: Any) -> None:
    settings.LICET_PAYMENTS = ("invoice", "testcard")
    settings.LICET_DEMO = True
    alice.add()
    alice.tell()
    answer = alice.order(method="testcard")
    assert answer["Location"].startswith("/payments/card/pay_")
    assert Order.objects.get().fulfilled_at is None


def test_a_method_that_is_not_offered_is_refused(alice: Visitor) -> None:
    alice.add()
    alice.tell()
    assert list(alice.order(method="manual").context["form"].errors) == ["method"]
    assert not Order.objects.exists()


def test_a_coupon_counts_before_the_order_and_says_why_not(world: World, alice: Visitor) -> None:
    coupons.make(code="SPRING", terms=Terms(percent=25), by=world.victor.actor(), now=world.now)
    alice.add()
    alice.tell()
    alice.order(do="coupon", coupon="nonsense")
    assert "We do not know this coupon code." in page(alice)
    alice.order(coupon="spring")  # typed, and the wrong button pressed: shown first
    assert not Order.objects.exists()
    assert "€360.00" in page(alice)
    alice.order()
    assert Order.objects.get().net_minor == 108_000


def test_a_quote_from_the_basket_is_accepted_from_its_page(world: World, alice: Visitor) -> None:
    alice.add()
    alice.tell()
    answer = alice.order(do="quote")
    quote = Quote.objects.get()
    path = f"/quotes/{quote.public_id}/"
    assert answer["Location"] == path
    assert "€1,440.00" in Client().get(path).content.decode()
    answer = alice.browser.post(path, {"terms": "2026-01", "purchase_order": "PO-3", "price": "1"})
    order = Order.objects.get()
    assert answer["Location"] == f"/orders/{order.public_id}/?placed=1"
    assert (order.net_minor, order.purchase_order) == (144_000, "PO-3")
    assert "Accepted" in page(alice, path)


def test_the_buyer_sees_what_a_withdrawal_costs_before_the_button(
    world: World, alice: Visitor, client: Client
) -> None:
    alice.add()
    alice.tell(**PRIVATE)
    alice.order(start="on")
    order = Order.objects.get()
    begun = world.now - timedelta(days=10)
    Order.objects.update(placed_at=begun)
    order.lines.update(starts_on=begun.date())
    form = {"name": "Alice", "number": str(order.number), "email": world.alice.email}
    text = " ".join(alice.browser.post("/withdraw/", form).content.decode().split())
    assert "10 of 365 days are over: €47.34 are due for them" in text
    stranger = " ".join(client.post("/withdraw/", form).content.decode().split())
    assert "€47.34" not in stranger
    assert "the days until today are to be paid" in stranger
    assert not Declaration.objects.exists()


@pytest.mark.parametrize("path", ["/withdraw/", "/cancel/"])
def test_declaring_takes_two_steps_and_tells_everybody_the_same(alice: Visitor, path: str) -> None:
    alice.add()
    alice.tell(**PRIVATE)
    alice.order(start="on")
    number = (Order if path == "/withdraw/" else Contract).objects.get().number
    guest = Client()
    typed = {"name": "Alice", "number": str(number), "email": alice.world.alice.email}
    first = guest.post(path, typed)
    assert not Declaration.objects.exists()
    assert "confirm" in first.content.decode()
    done = guest.post(path, {**typed, "confirm": "yes"})
    unknown = guest.post(path, {**typed, "number": "99999", "confirm": "yes"})
    assert done["Location"] == unknown["Location"]
    assert Declaration.objects.count() == 1
