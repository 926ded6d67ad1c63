"""Many at once, on both databases: never a device more than the terms allow, never a lost renewal."""

import pytest

from licet.leases.models import Device, Lease
from tests.gateway.conftest import stage
from tests.races import together
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]


def test_twelve_devices_and_two_places(world: World) -> None:
    scene = stage(world)
    machines = [scene.machine(name=str(number)) for number in range(12)]
    calls = [lambda machine=machine: machine.checkout(scene.product.code) for machine in machines]
    replies = [outcome.value for outcome in together(calls)]
    assert sorted(reply.status for reply in replies) == [200] * 2 + [409] * 10
    assert {reply.code for reply in replies if reply.status != 200} == {"device_limit"}
    assert Lease.objects.running(world.now).count() == 2


def test_one_device_that_asks_many_times_at_once_has_one_lease(world: World) -> None:
    scene = stage(world)
    machine = scene.machine()
    proofs = [machine.proof() for _ in range(8)]
    calls = [lambda proof=proof: machine.checkout(scene.product.code, proof=proof) for proof in proofs]
    replies = [outcome.value for outcome in together(calls)]
    assert {reply.status for reply in replies} <= {200, 409}
    granted = [reply for reply in replies if reply.status == 200]
    assert granted
    assert Lease.objects.count() == 1
    assert Lease.objects.get().public_id == max(granted, key=lambda reply: reply.claims["seq"]).claims["jti"]
    assert Device.objects.get().counter == max(reply.claims["seq"] for reply in granted)


def test_of_many_renewals_of_one_lease_exactly_one_goes_on(world: World) -> None:
    scene = stage(world)
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    bodies = [machine.keyed("renew", first) for _ in range(8)]
    calls = [lambda body=body: machine.call("/v1/leases/renew", body) for body in bodies]
    replies = [outcome.value for outcome in together(calls)]
    assert sorted(reply.status for reply in replies) == [200] + [409] * 7
    assert {reply.code for reply in replies if reply.status != 200} == {"lease_superseded"}


def test_a_release_of_the_seat_and_a_checkout_end_in_one_of_two_ways(world: World) -> None:
    from licet.seats import actions as seats

    scene = stage(world)
    machine = scene.machine()
    machine.checkout(scene.product.code)
    outcomes = together(
        [
            lambda: machine.checkout(scene.product.code),
            lambda: seats.release(seat=scene.seat, by=world.alice.actor(), now=world.now),
        ]
    )
    assert outcomes[1].raised is None
    assert outcomes[0].value.status in {200, 410}
    assert machine.checkout(scene.product.code).code == "seat_released"


def test_a_block_among_renewals_ends_them_and_nobody_waits_in_a_circle(world: World) -> None:
    from licet.leases import actions as leases

    scene = stage(world)
    machine = scene.machine()
    held = [machine.checkout(scene.product.code, process=str(number)) for number in range(6)]
    bodies = [machine.keyed("renew", reply) for reply in held]
    calls = [lambda body=body: machine.call("/v1/leases/renew", body) for body in bodies]
    block = lambda: leases.block(device=machine.device, by=world.bob.actor(), now=world.now)  # noqa: E731
    outcomes = together([*calls[:3], block, *calls[3:]])
    assert [outcome.raised for outcome in outcomes] == [None] * 7
    replies = [outcome.value for index, outcome in enumerate(outcomes) if index != 3]
    assert {(reply.status, reply.values.get("code")) for reply in replies} <= {
        (200, None),
        (403, "device_blocked"),
    }
    assert not Lease.objects.running(world.now).exists()
