"""Two administrators who dismiss each other at the same moment: one is left."""

import pytest

from licet.accounts import serving
from licet.accounts.errors import LastAdministrator
from tests.races import together
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]


def test_two_administrators_who_dismiss_each_other_leave_one(world: World) -> None:
    one, other = world.victor, world.person("zoe@vendor.example", "Zoe", staff=True)
    outcomes = together(
        [
            lambda: serving.set_roles(person=other, roles=[], by=one.actor(), now=world.now),
            lambda: serving.set_roles(person=one, roles=[], by=other.actor(), now=world.now),
        ]
    )
    assert [type(each.raised) for each in outcomes if each.raised] == [LastAdministrator]
    assert len(serving.staff()) == 1
