"""The button pressed by an impatient hand: several requests of one browser at the same moment."""

from collections.abc import Callable

import pytest
from django.test import Client

from licet.accounts.models import Person
from licet.catalog.queries import seller
from licet.licenses.models import License
from licet.orders.models import Order
from tests.races import together
from tests.web.shop.conftest import Visitor
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]


def test_six_presses_at_once_are_one_order_and_one_answer(
    world: World, signed_in: Callable[[Person], Client]
) -> None:
    alice = Visitor(world, signed_in(world.alice))
    world.team  # noqa: B018
    alice.add()
    alice.tell()
    form = alice.review()

    def press() -> str:
        window = Client()
        window.cookies = alice.browser.cookies.copy()
        return str(window.post("/checkout/review/", {"terms": seller().terms.version, **form})["Location"])

    outcomes = together([press] * 6)
    assert [outcome.raised for outcome in outcomes if outcome.raised] == []
    order = Order.objects.get()
    assert {outcome.value for outcome in outcomes} == {f"/orders/{order.public_id}/?placed=1"}
    assert License.objects.count() == 1
