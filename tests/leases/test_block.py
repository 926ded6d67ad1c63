"""Block and unblock a device."""

import pytest

from licet.kernel.refusal import Missing
from licet.leases import actions, queries
from licet.leases.models import Lease
from tests.gateway.conftest import stage
from tests.world import World


def test_blocking_ends_what_runs_on_the_device(world: World) -> None:
    scene = stage(world)
    machine = scene.machine()
    machine.checkout(scene.product.code)
    actions.block(device=machine.device, by=world.bob.actor(), now=world.now)
    lease = Lease.objects.get()
    assert (lease.released_at, lease.end_reason) == (world.now, "device_blocked")
    row = queries.devices(person=world.bob, now=world.now)[0]
    assert (row.state, row.in_use_until) == ("blocked", None)


def test_the_list_of_devices_says_until_when_each_is_in_use(world: World) -> None:
    scene = stage(world)
    machine = scene.machine()
    reply = machine.checkout(scene.product.code)
    row = queries.devices(person=world.bob, now=world.now)[0]
    assert row.in_use_until is not None
    assert int(row.in_use_until.timestamp()) == reply.claims["exp"]


def test_blocking_twice_and_unblocking(world: World) -> None:
    scene = stage(world)
    device = scene.machine().device
    for _ in range(2):
        device = actions.block(device=device, by=world.bob.actor(), now=world.now)
    assert actions.unblock(device=device, by=world.bob.actor(), now=world.now).state == "active"


def test_a_stranger_blocks_nothing(world: World) -> None:
    device = stage(world).machine().device
    with pytest.raises(Missing):
        actions.block(device=device, by=world.alice.actor(), now=world.now)
