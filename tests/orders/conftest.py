"""What every order needs: a basket, an address, and the rest of the words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from licet.catalog.models import Plan
from licet.orders import actions as orders
from licet.orders.basket import Basket
from licet.orders.models import Order
from licet.orders.pricing import public_prices, sort_of
from licet.orders.rules import Address
from tests.world import NOW, World

if TYPE_CHECKING:
    from tests.orders.contracts import Deal

ADDRESS = Address(
    company="Atelier Nord SARL",
    name="Alice Martin",
    street="1 rue Haute",
    postal_code="67000",
    city="Strasbourg",
    country="FR",
)


def basket_of(*wanted: tuple[Plan, int], address: Address = ADDRESS) -> Basket:
    """Return a basket at the prices of this moment, as whoever has this address reads them."""
    basket = Basket()
    display = sort_of(address=address)
    prices = public_prices(
        plans=[plan for plan, _ in wanted], on=NOW.date(), display=display, address=address
    )
    for plan, quantity in wanted:
        price = prices[plan.code].money
        basket = basket.add(plan=plan.code, quantity=quantity, price=price, display=display)
    return basket


@dataclass
class Shop:
    """Places an order; every part of it can be another one."""

    world: World

    def place(self, **other: Any) -> Order:
        world = self.world
        values: dict[str, Any] = {
            "team": world.team,
            "team_name": "",
            "address": ADDRESS,
            "checkout_key": "checkout-0001",
            "language": "en",
            "by": world.alice.actor(),
            "now": world.now,
        }
        if "basket" not in other:
            values["basket"] = basket_of((world.plan(), 3), address=other.get("address", ADDRESS))
        return orders.place(**{**values, **other})


@pytest.fixture
def shop(world: World) -> Shop:
    """The shop of this test's world."""
    return Shop(world)


@pytest.fixture
def basket() -> Callable[..., Basket]:
    """The function that fills a basket with (plan, quantity) pairs."""
    return basket_of


@pytest.fixture
def deal(world: World) -> "Deal":
    """Three licenses for a year, bought on the first day."""
    from tests.orders.contracts import Deal

    return Deal(world, world.now)
