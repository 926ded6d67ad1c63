"""The VAT of an order: where the buyer is, what is known of the VAT number, the price list of the day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from licet.catalog.models import PriceList
from licet.orders.drafting import today
from licet.orders.errors import PriceChanged
from licet.orders.queries import basket_of, placed, priced
from licet.orders.rules import Address
from licet.taxes.models import VatNumber
from tests.orders.conftest import ADDRESS, Shop
from tests.world import World

pytestmark = pytest.mark.django_db

BERLIN = replace(ADDRESS, company="Muster Bau GmbH", postal_code="10115", city="Berlin", country="DE")
NUMBER = "DE136695976"


def known(number: str, status: str, world: World) -> None:
    VatNumber.objects.create(number=number, status=status, answered_at=world.now)


@pytest.mark.parametrize(
    ("address", "status", "category", "rate"),
    [
        (ADDRESS, "", "S", "20"),
        (replace(BERLIN, vat_number=NUMBER), "valid", "AE", "0"),
        (replace(BERLIN, vat_number=NUMBER), "invalid", "S", "19"),
        (replace(BERLIN, vat_number=NUMBER), "", "S", "19"),
        (BERLIN, "", "S", "19"),
        (replace(BERLIN, company=""), "", "S", "19"),
        (replace(ADDRESS, country="FR", postal_code="97400"), "", "S", "8.5"),
        (replace(ADDRESS, country="CH", postal_code="8001"), "", "O", "0"),
        # a number of another state than that of the address proves nothing
        (replace(BERLIN, country="IT", vat_number=NUMBER), "valid", "S", "22"),
    ],
)
def test_the_buyer_decides_the_vat(
    world: World, shop: Shop, address: Address, status: str, category: str, rate: str
) -> None:
    if status:
        known(NUMBER, status, world)
    order = shop.place(address=address)
    row = order.tax_lines[0]
    assert (row["category"], row["rate"]) == (category, rate)
    assert order.gross_minor == order.net_minor + order.tax_minor
    assert bool(placed(order=order).taxes[0].wording) == (rate == "0")


def test_an_order_has_its_vat_number_checked_and_does_not_wait(world: World, shop: Shop) -> None:
    shop.place(address=replace(BERLIN, vat_number="de 136.695.976"))
    assert VatNumber.objects.get(number=NUMBER).due_at == world.now


def test_a_basket_kept_over_the_first_day_of_a_price_list_is_asked_again(world: World, shop: Shop) -> None:
    plan, tomorrow = world.plan(), world.now + timedelta(days=1)
    basket = basket_of(wanted={plan.code: 1}, on=today(now=world.now))
    PriceList.objects.create(
        code="spring", currency="EUR", tax="net", audience="public", starts_on=date(2026, 3, 3),
        prices={plan.code: plan.price_minor + 1},
    )  # fmt: skip
    assert not priced(basket=basket, on=today(now=world.now)).changed
    with pytest.raises(PriceChanged):
        shop.place(basket=basket, now=tomorrow)
    seen = priced(basket=basket, on=today(now=tomorrow)).shown()
    order = shop.place(basket=seen, now=tomorrow)
    assert order.net_minor == plan.price_minor + 1
