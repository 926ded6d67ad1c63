"""Releasing, from afar, what a device runs under a license."""

from datetime import timedelta

import pytest

from licet.eventlog.models import Event
from licet.kernel.refusal import Missing
from licet.leases import actions
from licet.leases.models import Device, Lease
from tests.gateway.conftest import stage
from tests.world import World


def test_every_process_of_the_device_ends_and_the_device_stays_registered(world: World) -> None:
    scene = stage(world)
    machine = scene.machine()
    for process in ("main", "second"):
        machine.checkout(scene.product.code, process=process)
    ended = actions.release_device(
        device=machine.device, seat=scene.seat, by=world.bob.actor(), now=world.now
    )
    assert ended == 2
    assert not Lease.objects.running(world.now).exists()
    assert Device.objects.get(pk=machine.device.pk).state == "active"
    event = Event.objects.get(name="device.released")
    assert event.team == world.team.pk
    assert event.sentence() == f"Bob Keller released {scene.product.name} on Desk from afar."


def test_lost_or_broken_computer(world: World) -> None:
    scene = stage(world, devices_per_person=1)
    lost, other = scene.machine(), scene.machine(name="Laptop")
    lost.checkout(scene.product.code)
    assert other.checkout(scene.product.code).code == "device_limit"
    actions.release_device(device=lost.device, seat=scene.seat, by=world.bob.actor(), now=world.now)
    assert other.checkout(scene.product.code).status == 200


def test_the_application_learns_it_at_its_next_contact(world: World) -> None:
    scene = stage(world)
    machine = scene.machine()
    reply = machine.checkout(scene.product.code)
    actions.release_device(device=machine.device, seat=scene.seat, by=world.bob.actor(), now=world.now)
    assert machine.renew(reply).code == "lease_ended"


def test_another_device_goes_on(world: World) -> None:
    scene = stage(world)
    machines = scene.machine(), scene.machine(name="Laptop")
    for machine in machines:
        machine.checkout(scene.product.code)
    actions.release_device(device=machines[0].device, seat=scene.seat, by=world.bob.actor(), now=world.now)
    assert [lease.device for lease in Lease.objects.running(world.now)] == [machines[1].device]


@pytest.mark.parametrize("after", [timedelta(0), timedelta(hours=2)])
def test_where_nothing_runs_nothing_changes(world: World, after: timedelta) -> None:
    scene = stage(world)
    machine = scene.machine()
    if after:
        machine.checkout(scene.product.code)
    before = Event.objects.count()
    ended = actions.release_device(
        device=machine.device, seat=scene.seat, by=world.bob.actor(), now=world.now + after
    )
    assert (ended, Event.objects.count()) == (0, before)


def test_a_stranger_releases_nothing(world: World) -> None:
    scene = stage(world)
    machine = scene.machine()
    machine.checkout(scene.product.code)
    with pytest.raises(Missing):
        actions.release_device(device=machine.device, seat=scene.seat, by=world.alice.actor(), now=world.now)
    assert Lease.objects.running(world.now).exists()
