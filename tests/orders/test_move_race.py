"""Moving licenses away while they are given to people: never more held than there are, on both databases."""

from collections.abc import Callable

import pytest

from licet.kernel.refusal import Refusal
from licet.licenses.models import License, Pool
from licet.orders import moving
from licet.orders.errors import TooFewToMove
from licet.seats import actions as seats
from licet.seats.errors import NoFreeSeat, NoUsableLicense
from licet.seats.models import Seat
from licet.teams.models import Member, Team
from tests.races import together
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]

BOUGHT = 4


def test_move_against_assign_is_never_oversold(world: World) -> None:
    license = world.licenses(seats=BOUGHT)
    workshop = world.found("Atelier Sud", owner=world.alice)
    people = world.people(world.team, 6)

    def tick(member: Member) -> Callable[[], Seat]:
        return lambda: seats.assign(pool=license.pool, member=member, by=world.alice.actor(), now=world.now)

    def away(count: int) -> Callable[[], License]:
        return lambda: moving.move(
            license=license, seats=count, to=workshop, by=world.alice.actor(), now=world.now
        )

    outcomes = together([away(1), *map(tick, people), away(2), away(1)])
    refused = [each.raised for each in outcomes if each.raised]
    assert all(isinstance(each, NoFreeSeat | NoUsableLicense | TooFewToMove) for each in refused)
    here = Pool.objects.get(pk=license.pool_id)
    there = Pool.objects.filter(team=workshop).first()
    stayed, moved = here.capacity(world.now), there.capacity(world.now) if there else 0
    assert stayed + moved == BOUGHT
    assert Seat.objects.held().filter(pool=here).count() == here.held <= stayed


def test_two_moves_to_and_fro_at_once_wait_for_each_other(world: World) -> None:
    workshop = world.found("Atelier Sud", owner=world.alice)
    north, south = world.licenses(seats=2), world.licenses(workshop, seats=2)
    by = world.alice.actor()

    def away(license: License, to: Team) -> Callable[[], License]:
        return lambda: moving.move(license=license, seats=1, to=to, by=by, now=world.now)

    outcomes = together([away(north, workshop), away(south, world.team)] * 3)
    assert [each.raised for each in outcomes if each.raised and not isinstance(each.raised, Refusal)] == []
    total = sum(each.capacity(world.now) for each in Pool.objects.all())
    assert total == 4
