"""The basket of a visitor: filled, changed, emptied; and everything that does not fit into it."""

import pytest

from licet.catalog.rules import Period
from licet.orders.models import Order
from tests.web.shop.conftest import Visitor
from tests.world import World


def test_anybody_may_fill_a_basket(world: World, visitor: Visitor) -> None:
    answer = visitor.add(quantity=3)
    assert (answer.status_code, answer["Location"]) == (302, "/basket/")
    page = visitor.browser.get("/basket/").content.decode()
    assert world.product.name in page
    assert "€1,440.00" in page
    assert "3 licenses of Structure are in your basket now." in page


def test_an_empty_basket_says_what_to_do(world: World, visitor: Visitor) -> None:
    page = visitor.browser.get("/basket/").content.decode()
    assert "Your basket is empty" in page
    assert 'href="/"' in page


@pytest.mark.parametrize("quantity", ["0", "-1", "1000000", "abc", "", "1.5", "\u221e"])
def test_a_quantity_that_is_none_is_said_at_its_field_and_kept_as_typed(
    world: World, visitor: Visitor, quantity: str
) -> None:
    answer = visitor.add(quantity=quantity)
    assert answer.status_code == 422
    assert answer.context["form"].errors["quantity"] == [
        "Enter a number of licenses from 1 to 10,000. For more than that, contact us."
    ]
    page = answer.content.decode()
    assert f'value="{quantity}"' in page or not quantity
    assert 'aria-invalid="true"' in page
    assert visitor.basket() == []


def test_a_plan_of_another_product_or_of_none_is_refused_at_its_field(world: World, visitor: Visitor) -> None:
    for code in ("no-such-plan", world.plan(world.other_product).code, ""):
        data = {"product": world.product.code, "plan": code, "quantity": 1}
        answer = visitor.browser.post("/basket/add/", data)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["plan"]


def test_a_product_that_was_withdrawn_meanwhile_cannot_be_added(world: World, visitor: Visitor) -> None:
    plan = world.plan()
    plan.product.withdrawn_at = world.now
    plan.product.save()
    assert visitor.add(plan).status_code == 410
    assert visitor.browser.post("/basket/add/", {"product": "no-such-thing"}).status_code == 404
    assert visitor.basket() == []


def test_a_second_currency_is_refused(world: World, visitor: Visitor) -> None:
    visitor.add()
    other = world.plan(world.other_product)
    other.currency = "CHF"
    other.save()
    answer = visitor.add(other)
    assert answer.status_code == 422
    assert "EUR" in answer.context["form"].errors["plan"][0]


def test_adding_beyond_the_limit_is_refused_at_the_quantity(world: World, visitor: Visitor) -> None:
    visitor.add(quantity=9_999)
    answer = visitor.add(quantity=2)
    assert answer.status_code == 422
    assert "quantity" in answer.context["form"].errors
    assert visitor.basket() == [(world.plan().code, 9_999)]


def test_a_price_in_the_form_is_nobodys_business(world: World, visitor: Visitor) -> None:
    visitor.add(quantity=1, price="1", price_minor="1", unit_price="0", currency="CHF")
    assert visitor.browser.session["basket"] == [
        {"plan": world.plan().code, "quantity": 1, "price": 48_000, "currency": "EUR", "display": "net"}
    ]


def test_quantities_are_changed_and_a_line_is_removed(world: World, visitor: Visitor) -> None:
    year, month = world.plan(period=Period.YEAR), world.plan(period=Period.MONTH)
    visitor.add(year, 3)
    visitor.add(month, 1)
    numbers = {f"quantity-{year.code}": 5, f"quantity-{month.code}": 2}
    assert visitor.browser.post("/basket/change/", numbers)["Location"] == "/basket/"
    assert visitor.basket() == [(year.code, 5), (month.code, 2)]
    visitor.browser.post("/basket/change/", {"remove": year.code})
    assert visitor.basket() == [(month.code, 2)]
    visitor.browser.post("/basket/change/", {"remove": "no-such-plan"})
    assert visitor.basket() == [(month.code, 2)]


def test_going_on_keeps_the_numbers_that_were_typed(world: World, visitor: Visitor) -> None:
    plan = world.plan()
    visitor.add(plan, 3)
    answer = visitor.browser.post("/basket/change/", {f"quantity-{plan.code}": 7, "checkout": "yes"})
    assert answer["Location"] == "/checkout/"
    assert visitor.basket() == [(plan.code, 7)]


@pytest.mark.parametrize("quantity", ["0", "-1", "1000000", "abc", ""])
def test_a_wrong_number_in_the_basket_is_said_at_its_line(
    world: World, visitor: Visitor, quantity: str
) -> None:
    year, month = world.plan(period=Period.YEAR), world.plan(period=Period.MONTH)
    visitor.add(year, 3)
    visitor.add(month, 1)
    numbers = {f"quantity-{year.code}": quantity, f"quantity-{month.code}": "6"}
    answer = visitor.browser.post("/basket/change/", {**numbers, "checkout": "yes"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [f"quantity-{year.code}"]
    assert 'value="6"' in answer.content.decode()  # nothing typed is lost
    assert visitor.basket() == [(year.code, 3), (month.code, 1)]


def test_a_price_that_changed_is_told_and_counts_from_now_on(world: World, visitor: Visitor) -> None:
    plan = world.plan()
    visitor.add(plan, 1)
    plan.price_minor = 50_000
    plan.save()
    page = visitor.browser.get("/basket/").content.decode()
    assert "€500.00 per license instead of €480.00" in page
    assert "The price has changed" in page


def test_a_withdrawn_product_is_told_and_keeps_from_ordering(world: World, visitor: Visitor) -> None:
    plan = world.plan()
    visitor.add(plan, 1)
    plan.withdrawn_at = world.now
    plan.save()
    page = visitor.browser.get("/basket/").content.decode()
    assert "was withdrawn from the shop" in page
    assert visitor.browser.get("/checkout/")["Location"] == "/basket/"
    visitor.browser.post("/basket/change/", {"remove": plan.code})
    assert "Your basket is empty" in visitor.browser.get("/basket/").content.decode()


def test_looking_at_a_basket_orders_nothing(world: World, visitor: Visitor) -> None:
    visitor.add()
    visitor.browser.get("/basket/")
    assert not Order.objects.exists()
