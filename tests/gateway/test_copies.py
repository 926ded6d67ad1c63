"""A copied state folder: two machines with one device key, one counter and one lease.

Whichever of them calls first goes on; the other one is found out at its first call, and told. Whatever it
tries next, the first one finds out in turn: there is no order of calls in which both go on unseen.
"""

import copy
from datetime import timedelta

import pytest

from licet.eventlog.models import Event
from licet.leases.models import Lease
from tests.doorway import Machine, Reply
from tests.gateway.conftest import Scene
from tests.leases.borrowing import borrow, give_back

DAY = timedelta(days=1)


def online(scene: Scene) -> tuple[Machine, Reply]:
    machine = scene.machine()
    return machine, machine.checkout(scene.product.code)


def borrowed(scene: Scene) -> tuple[Machine, Reply]:
    machine = scene.machine()
    borrow(machine, scene.product, until=scene.world.now + 9 * DAY)
    return machine, machine.checkout(scene.product.code)


def noticed() -> int:
    return Event.objects.filter(name="device.copy_noticed").count()


@pytest.fixture(params=[online, borrowed])
def twins(request: pytest.FixtureRequest, scene: Scene) -> tuple[Machine, Machine, Reply]:
    """A machine and its copy, with the lease that both hold."""
    machine, reply = request.param(scene)
    return machine, copy.copy(machine), reply


@pytest.fixture(params=["the original first", "the copy first"])
def pair(
    request: pytest.FixtureRequest, twins: tuple[Machine, Machine, Reply]
) -> tuple[Machine, Machine, Reply]:
    """The same two, in the order in which they call."""
    original, other, reply = twins
    return (original, other, reply) if "original" in request.param else (other, original, reply)


def test_the_second_to_renew_is_found_out(pair: tuple[Machine, Machine, Reply]) -> None:
    first, second, reply = pair
    first.counter += 5  # it has lived a little longer
    assert first.renew(reply).status == 200
    refused = second.renew(reply)
    assert (refused.status, refused.code) == (409, "lease_superseded")
    assert noticed() == 1


def test_checking_out_with_the_same_counter_does_not_help_the_second(
    scene: Scene, pair: tuple[Machine, Machine, Reply]
) -> None:
    first, second, _reply = pair
    assert first.checkout(scene.product.code).status == 200
    refused = second.checkout(scene.product.code)
    assert (refused.status, refused.code) == (409, "device_copied")
    assert "in use in two places" in refused.values["detail"]
    assert noticed() == 1


def test_a_second_that_leaps_ahead_is_found_out_by_the_first(
    scene: Scene, pair: tuple[Machine, Machine, Reply]
) -> None:
    first, second, reply = pair
    held = first.renew(reply)
    second.counter += 100
    assert second.checkout(scene.product.code).status == 200
    assert first.renew(held).code == "lease_superseded"
    assert noticed() == 1
    assert first.checkout(scene.product.code).code == "device_copied"


def test_a_lost_answer_is_no_copy(twins: tuple[Machine, Machine, Reply]) -> None:
    machine, _other, reply = twins
    body = machine.keyed("renew", reply)
    lost = machine.call("/v1/leases/renew", body)
    again = machine.call("/v1/leases/renew", body)
    assert again.values["lease"] == lost.values["lease"]
    assert noticed() == 0


def test_borrowing_on_both_is_found_out(scene: Scene) -> None:
    original, _reply = online(scene)
    other = copy.copy(original)
    lease = borrow(original, scene.product, until=scene.world.now + DAY)
    assert other.checkout(scene.product.code).code == "device_copied"
    assert noticed() == 1
    assert Lease.objects.get(pk=lease.pk).released_at is None


def test_what_one_copy_gave_back_the_other_cannot_renew(scene: Scene) -> None:
    original, reply = borrowed(scene)
    other = copy.copy(original)
    give_back(Lease.objects.select_related("device__person", "seat__member__person").get(), now=original.now)
    assert other.renew(reply).code == "lease_ended"
    held = original.checkout(scene.product.code)
    assert other.checkout(scene.product.code).status == 200, "its counter has grown meanwhile"
    assert original.renew(held).code == "lease_superseded"
    assert noticed() == 1
