"""Orders in the same moment: one form is one order, numbers have no gaps, a pool is made once."""

from collections.abc import Callable

import pytest

from licet.licenses.models import License, Pool
from licet.orders.models import Order
from tests.orders.conftest import Shop, basket_of
from tests.races import together
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]

RACERS = 12


def ready(world: World) -> tuple[Shop, dict[str, object]]:
    """Build everything before the threads start."""
    shop = Shop(world)
    return shop, {
        "basket": basket_of((world.plan(), 2)),
        "team": world.team,
        "by": world.alice.actor(),
    }


def test_a_form_sent_by_twelve_hands_at_once_is_one_order(world: World) -> None:
    shop, values = ready(world)
    outcomes = together([lambda: shop.place(**values).pk] * RACERS)
    assert [outcome.raised for outcome in outcomes if outcome.raised] == []
    assert len({outcome.value for outcome in outcomes}) == 1
    assert (Order.objects.count(), License.objects.count(), Pool.objects.count()) == (1, 1, 1)


def test_a_form_that_founds_a_team_founds_one(world: World) -> None:
    shop, values = ready(world)
    values.update(team=None, team_name="Bureau Sud")
    outcomes = together([lambda: shop.place(**values).team_id] * RACERS)
    assert [outcome.raised for outcome in outcomes if outcome.raised] == []
    assert len({outcome.value for outcome in outcomes}) == 1


def test_different_orders_at_once_take_numbers_without_gaps_and_share_one_pool(world: World) -> None:
    shop, values = ready(world)

    def order(index: int) -> Callable[[], int]:
        return lambda: shop.place(**values, checkout_key=f"checkout-{index:04}").number

    outcomes = together([order(index) for index in range(RACERS)])
    assert [outcome.raised for outcome in outcomes if outcome.raised] == []
    assert sorted(outcome.value for outcome in outcomes) == list(range(10_001, 10_001 + RACERS))
    assert Pool.objects.get().capacity(world.now) == 2 * RACERS
