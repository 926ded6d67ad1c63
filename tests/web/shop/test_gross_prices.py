"""A private person reads prices with VAT on every page, a company without; the pages always say which."""

from typing import Any

import pytest

from licet.catalog.models import PriceList, Vendor
from licet.orders.models import Contract, Order
from licet.orders.promises import Quote
from tests.web.shop.conftest import Visitor
from tests.world import World

PRIVATE = {"buyer": "private", "company": ""}
BERLIN = {"country": "DE", "postal_code": "10115", "city": "Berlin"}


def read(visitor: Visitor, path: str) -> str:
    return visitor.browser.get(path).content.decode()


def choose(visitor: Visitor, buyer: str, **other: str) -> Any:
    return visitor.browser.post("/buyer/", {"buyer": buyer, **other})


def holds(text: str, *words: str) -> None:
    for each in words:
        assert each in text, each


def test_a_visitor_chooses_whose_prices_are_shown(world: World, visitor: Visitor) -> None:
    product = f"/products/{world.plan().product.code}/"
    holds(read(visitor, "/"), "All prices excl. VAT.", 'value="business" aria-pressed="true"')
    assert choose(visitor, "private", next=product)["Location"] == product
    holds(read(visitor, "/"), "All prices incl. VAT.", 'value="private" aria-pressed="true"')
    holds(read(visitor, product), "€576.00", "€57.60", "Prices incl. 20 % VAT.")
    visitor.add()
    holds(
        read(visitor, "/basket/"), "Price incl. VAT", "€1,728.00", "Total incl. VAT", "20 % VAT is included."
    )
    choose(visitor, "business")
    holds(read(visitor, "/basket/"), "€1,440.00", "Total excl. VAT")


@pytest.mark.parametrize("buyer", ["", "nonsense"])
def test_nonsense_changes_nothing_and_leads_nowhere_else(world: World, visitor: Visitor, buyer: str) -> None:
    world.plan()
    assert choose(visitor, buyer, next="https://elsewhere.example/")["Location"] == "/"
    holds(read(visitor, "/"), "All prices excl. VAT.")


def test_a_vendor_says_whose_prices_come_first_and_may_sell_to_companies_only(
    world: World, visitor: Visitor
) -> None:
    world.plan()
    row = Vendor.objects.get()
    row.brand = {**row.brand, "shows": "gross"}
    row.save()
    holds(read(visitor, "/"), "All prices incl. VAT.")
    row.brand = {**row.brand, "consumers": False}
    row.save()
    text = read(visitor, "/")
    holds(text, "All prices excl. VAT.")
    assert "/buyer/" not in text
    choose(visitor, "private")
    holds(read(visitor, "/"), "All prices excl. VAT.")


def test_a_private_person_pays_what_every_page_showed(alice: Visitor) -> None:
    choose(alice, "private")
    alice.add()
    holds(read(alice, "/checkout/"), "€1,728.00", "Total incl. VAT")
    alice.tell(**PRIVATE)
    text = read(alice, "/checkout/review/")
    holds(text, "€576.00", "€1,728.00", "of which VAT 20 %", "€288.00", "at €1,728.00 incl. VAT")
    assert "from here on" not in text
    alice.order(start="on")
    order, contract = Order.objects.get(), Contract.objects.get()
    assert (order.gross_minor, order.display, contract.display) == (172_800, "gross", "gross")
    holds(
        read(alice, f"/orders/{order.public_id}/"), "Price incl. VAT", "€576.00", "€1,728.00", "of which VAT"
    )
    here = f"/teams/{order.team.public_id}/contracts/"
    page = f"{here}{contract.public_id}/"
    holds(read(alice, page), "Price incl. VAT", "€576.00", "€1,728.00")
    offered = alice.browser.post(f"{page}add/", {"plan": "atelier-structure-year", "quantity": "1"})
    holds(offered.content.decode(), "Price incl. VAT", "€576.00", "of which VAT 20 %")
    holds(read(alice, f"{page}atelier-structure-year/change/"), "€348.00", "Prices incl. VAT.")


def test_a_company_that_turns_into_a_person_at_the_checkout_is_shown_and_asked_again(alice: Visitor) -> None:
    alice.add()
    alice.tell()
    earlier = alice.review()
    alice.tell(**PRIVATE)
    holds(
        read(alice, "/checkout/review/"),
        "Prices incl. VAT from here on",
        "You are buying as a private person: €1,728.00 incl. VAT.",
        "€1,440.00 excl. VAT",
    )
    answer = alice.order(earlier, start="on")
    assert answer.status_code == 422
    holds(answer.content.decode(), "Your order has changed since this page was shown.")
    assert not Order.objects.exists()
    alice.order(start="on")
    assert Order.objects.get().gross_minor == 172_800


def test_a_person_who_turns_into_a_company_reads_net_prices_again(alice: Visitor) -> None:
    choose(alice, "private")
    alice.add()
    alice.tell()
    holds(read(alice, "/checkout/review/"), "Prices excl. VAT from here on", "€1,440.00", "VAT 20 %")
    alice.order()
    assert Order.objects.get().display == "net"


def test_who_changes_the_prices_after_the_address_is_asked_for_it_again(alice: Visitor) -> None:
    alice.add()
    alice.tell()
    choose(alice, "private")
    assert alice.browser.get("/checkout/review/")["Location"] == "/checkout/"


def test_without_a_gross_list_the_vat_of_the_address_counts_and_a_dearer_price_is_said(
    world: World, alice: Visitor
) -> None:
    world.plan()
    PriceList.objects.filter(tax="gross").update(withdrawn_at=world.now)
    choose(alice, "private")
    alice.add()
    holds(read(alice, "/basket/"), "€576.00")
    alice.tell(**PRIVATE, **{**BERLIN, "country": "SE", "postal_code": "11120", "city": "Stockholm"})
    text = read(alice, "/checkout/review/")
    holds(text, "The price has changed", "€600.00 per license instead of €576.00", "of which VAT 25 %")
    alice.order(start="on")
    assert Order.objects.get().gross_minor == 180_000


def test_a_quote_for_a_private_person_is_gross(alice: Visitor) -> None:
    choose(alice, "private")
    alice.add()
    alice.tell(**PRIVATE)
    alice.order(do="quote")
    holds(read(alice, f"/quotes/{Quote.objects.get().public_id}/"), "Price incl. VAT", "€1,728.00")


def test_the_page_of_a_contract_says_that_its_prices_have_vat_from_now_on(alice: Visitor) -> None:
    alice.add()
    alice.tell()
    alice.order()
    contract = Contract.objects.get()
    page = f"/teams/{contract.team.public_id}/contracts/{contract.public_id}/"
    typed = {**contract.billed_to, "company": "", "payment_method": "invoice"}
    answer = alice.browser.post(f"{page}billing/", typed, follow=True)
    holds(answer.content.decode(), "the prices of this contract include VAT", "Price incl. VAT", "€576.00")
