"""Giving a borrowed license back before its time."""

from datetime import timedelta

import pytest

from licet.eventlog.models import Event
from licet.kernel.refusal import Missing
from licet.leases import borrowing
from licet.leases.errors import NothingBorrowed
from licet.leases.models import Lease
from licet.licenses.models import Pool
from licet.seats import actions as seats
from licet.seats.models import Reservation, Seat
from tests.gateway.conftest import Scene, stage
from tests.leases.borrowing import borrow, give_back
from tests.world import World

DAY = timedelta(days=1)


@pytest.fixture
def scene(world: World) -> Scene:
    """Bob holds one of three seats; two devices at once, 30 days offline."""
    return stage(world)


def test_giving_it_back_makes_an_ordinary_seat_of_it(scene: Scene) -> None:
    lease = borrow(scene.machine(), scene.product, until=scene.world.now + DAY)
    done = give_back(lease, now=scene.world.now)
    assert (done.end_reason, done.released_at) == ("returned", scene.world.now)
    assert Seat.objects.get().borrowed_until is None
    assert Event.objects.filter(name="lease.returned", team=scene.world.team.pk).count() == 1


def test_giving_it_back_twice_is_as_good_as_once(scene: Scene) -> None:
    lease = borrow(scene.machine(), scene.product, until=scene.world.now + DAY)
    give_back(give_back(lease, now=scene.world.now), now=scene.world.now)
    assert Event.objects.filter(name="lease.returned").count() == 1


def test_giving_it_back_after_the_seat_was_taken_back_frees_the_place(scene: Scene) -> None:
    lease = borrow(scene.machine(), scene.product, until=scene.world.now + DAY)
    seats.release(seat=scene.seat, by=scene.world.alice.actor(), now=scene.world.now)
    give_back(lease, now=scene.world.now)
    assert not Reservation.objects.kept().exists()
    pool = Pool.objects.get(pk=scene.pool.pk)
    assert (pool.held, pool.reserved) == (0, 0)


def test_giving_one_of_two_back_keeps_the_place_for_the_other(scene: Scene) -> None:
    until = scene.world.now + DAY
    long = borrow(scene.machine(name="Laptop"), scene.product, until=until + DAY)
    borrow(scene.machine(name="Desk"), scene.product, until=until)
    give_back(long, now=scene.world.now)
    assert Seat.objects.get().borrowed_until == until


def test_there_is_nothing_to_give_back_after_the_date_nor_of_an_online_lease(scene: Scene) -> None:
    laptop = scene.machine()
    lease = borrow(laptop, scene.product, until=scene.world.now + DAY)
    with pytest.raises(NothingBorrowed):
        give_back(lease, now=scene.world.now + DAY)
    scene.machine(name="Desk").checkout(scene.product.code)
    online = Lease.objects.select_related("device__person", "seat__member__person").get(borrowed_until=None)
    with pytest.raises(NothingBorrowed):
        give_back(online, now=scene.world.now)


def test_nobody_gives_back_what_another_person_borrowed(scene: Scene) -> None:
    lease = borrow(scene.machine(), scene.product, until=scene.world.now + DAY)
    with pytest.raises(Missing):
        borrowing.give_back(lease=lease, by=scene.world.alice.actor(), now=scene.world.now)
