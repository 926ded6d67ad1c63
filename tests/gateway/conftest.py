"""A person with a seat, an application and a machine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from licet.catalog.models import Product
from tests import doorway
from tests.doorway import Machine
from tests.world import World


@dataclass
class Scene:
    """What most tests of the door begin with: Bob has a seat of the product."""

    world: World
    product: Product
    pool: Any
    seat: Any
    machine: Callable[..., Machine]


@pytest.fixture
def scene(world: World) -> Scene:
    """Bob holds one of three seats; two devices at once, leases of an hour."""
    return stage(world)


def stage(world: World, **terms: Any) -> Scene:
    """Build a scene under these terms."""
    doorway.keys(now=world.now)
    app = doorway.application(products=[world.product, world.other_product], now=world.now)
    pool = world.licenses(seats=3, **{"features": ("export",), "edition": "pro", **terms}).pool
    seat = world.seat(pool, world.member(world.bob))

    def machine(person: Any = None, name: str = "Desk") -> Machine:
        return Machine(person=person or world.bob, app=app, now=world.now, name=name)

    return Scene(world, world.product, pool, seat, machine)
