"""The basket as a value: what goes in, what is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.kernel.money import Money
from licet.orders.basket import Basket, check
from licet.orders.errors import MixedCurrency, QuantityOutOfRange, TooManyLines

TEN = Money(1_000, "EUR")


def test_the_same_plan_is_one_line_with_both_quantities_at_the_later_price() -> None:
    basket = Basket().add(plan="a", quantity=2, price=TEN).add(plan="b", quantity=1, price=TEN)
    basket = basket.add(plan="a", quantity=3, price=Money(1_100, "EUR"))
    assert [(line.plan, line.quantity, line.price.amount) for line in basket.lines] == [
        ("a", 5, 1_100),
        ("b", 1, 1_000),
    ]
    assert basket.total == Money(6_500, "EUR")


@pytest.mark.parametrize("quantity", [0, -1, 10_001, 1_000_000])
def test_a_quantity_outside_1_to_10000_is_refused(quantity: int) -> None:
    basket = Basket().add(plan="a", quantity=1, price=TEN)
    with pytest.raises(QuantityOutOfRange):
        basket.add(plan="b", quantity=quantity, price=TEN)
    with pytest.raises(QuantityOutOfRange):
        basket.change(plan="a", quantity=quantity)


def test_two_quantities_that_add_up_beyond_the_limit_are_refused() -> None:
    basket = Basket().add(plan="a", quantity=9_999, price=TEN)
    assert basket.add(plan="a", quantity=1, price=TEN).lines[0].quantity == 10_000
    with pytest.raises(QuantityOutOfRange):
        basket.add(plan="a", quantity=2, price=TEN)


def test_the_twenty_first_line_is_refused() -> None:
    basket = Basket()
    for number in range(20):
        basket = basket.add(plan=f"p{number}", quantity=1, price=TEN)
    with pytest.raises(TooManyLines):
        basket.add(plan="one-more", quantity=1, price=TEN)
    assert basket.add(plan="p7", quantity=1, price=TEN).lines[7].quantity == 2


def test_a_second_currency_is_refused() -> None:
    basket = Basket().add(plan="a", quantity=1, price=TEN)
    with pytest.raises(MixedCurrency):
        basket.add(plan="b", quantity=1, price=Money(1_000, "CHF"))
    emptied = basket.remove(plan="a")
    assert emptied.add(plan="b", quantity=1, price=Money(1_000, "CHF")).currency == "CHF"


def test_a_basket_made_by_hand_is_checked_like_any_other() -> None:
    row = {"plan": "a", "quantity": 1, "price": 100, "currency": "EUR"}
    for rows, refusal in [
        ([{**row, "quantity": 0}], QuantityOutOfRange),
        ([row, {**row, "currency": "CHF"}], MixedCurrency),
        ([row] * 21, TooManyLines),
    ]:
        with pytest.raises(refusal):
            check(basket=Basket.restored(rows))


def test_the_fingerprint_tells_another_quantity_price_or_plan() -> None:
    basket = Basket().add(plan="a", quantity=1, price=TEN)
    others = [
        basket.change(plan="a", quantity=2),
        basket.seen(prices={"a": Money(1_001, "EUR")}),
        Basket().add(plan="b", quantity=1, price=TEN),
    ]
    assert len({each.fingerprint() for each in [basket, *others]}) == 4
    assert basket.seen(prices={"z": TEN}).fingerprint() == basket.fingerprint()


lines = st.tuples(st.sampled_from("abcdef"), st.integers(1, 500), st.integers(0, 10**9))


@given(st.lists(lines, max_size=12))
def test_a_basket_comes_back_from_json_as_it_went(rows) -> None:
    basket = Basket()
    for plan, quantity, price in rows:
        basket = basket.add(plan=plan, quantity=quantity, price=Money(price, "EUR"))
    assert Basket.restored(json.loads(json.dumps(basket.stored()))) == basket
