"""Who leaves at the moment at which others give, take and hand over: the ledger stays true."""

from collections.abc import Callable
from typing import Any

import pytest

from licet.leases import offboarding
from licet.licenses.models import Pool
from licet.seats import actions as seats
from licet.seats.errors import NoFreeSeat, NotAMember
from licet.seats.models import Seat
from licet.teams.errors import LastOwnerStays
from licet.teams.models import Member
from licet.teams.states import Role
from tests.races import together
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]


def test_ten_owners_who_leave_at_once_leave_one_behind(world: World) -> None:
    owners = [world.alice]
    for number in range(9):
        owners.append(world.person(f"owner{number}@atelier.example", f"Owner {number}"))
        world.join(world.team, owners[-1], role=Role.OWNER)

    def go(member: Member) -> Callable[[], Any]:
        by = member.person.actor()
        return lambda: offboarding.leave(member=member, by=by, now=world.now)

    outcomes = together([go(world.member(person)) for person in owners])
    assert [type(each.raised) for each in outcomes if each.raised] == [LastOwnerStays]
    assert Member.objects.owners(world.team.pk).count() == 1


def test_who_is_removed_while_others_give_seats_holds_none_after(world: World) -> None:
    pools = [world.licenses(product=product, seats=4).pool for product in world.catalog[:3]]
    people = world.people(world.team, 4)
    by = world.alice.actor()

    def give(pool: Pool, member: Member) -> Callable[[], Any]:
        return lambda: seats.assign(pool=pool, member=member, by=by, now=world.now)

    def remove(member: Member) -> Callable[[], Any]:
        return lambda: offboarding.remove(member=member, by=by, now=world.now)

    calls = [give(pool, member) for member in people for pool in pools]
    outcomes = together([*calls[:6], *[remove(member) for member in people[:3]], *calls[6:]])
    assert {type(each.raised) for each in outcomes if each.raised} <= {NotAMember, NoFreeSeat}
    assert not Seat.objects.held().filter(member__in=people[:3]).exists()
    assert Seat.objects.held().filter(member=people[3]).count() == 3
    for pool in Pool.objects.all():
        assert pool.held == Seat.objects.held().filter(pool=pool).count()


def test_two_who_remove_the_same_member_free_each_seat_once(world: World) -> None:
    pools = [world.licenses(product=product, seats=2).pool for product in world.catalog[:2]]
    member = world.member(world.bob)
    for pool in pools:
        world.seat(pool, member)
    by = world.alice.actor()
    outcomes = together([lambda: offboarding.remove(member=member, by=by, now=world.now)] * 6)
    assert [each.raised for each in outcomes if each.raised] == []
    assert {pool.held for pool in Pool.objects.all()} == {0}
    assert Seat.objects.exclude(released_at=None).count() == 2
