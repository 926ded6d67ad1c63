"""Rivals for places that others used: exactly as many get one as the terms allow, on both databases."""

from collections.abc import Callable
from typing import Any

import pytest

from licet.catalog.rules import Reassignment
from licet.licenses.models import Pool
from licet.projects import inviting
from licet.seats import actions as seats
from licet.seats import bulk, requests
from licet.seats.errors import CoolingDown, NotEnoughFree, NotYetReassignable, ReassignmentsUsedUp
from licet.seats.models import Reservation, Seat
from licet.seats.wishes import Mode, Wish
from licet.teams.models import Member
from licet.teams.states import Role
from tests.races import together
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]

LICENSES, QUOTA, RIVALS = 8, 3, 12


def used_by_others(world: World, rule: Reassignment) -> tuple[Pool, list[Member]]:
    """Return a pool whose every place was used and given up, and people who never had one."""
    pool = world.licenses(seats=LICENSES, reassignment=rule).pool
    by = world.alice.actor()
    before = world.crowd(world.team, LICENSES)
    held = [seats.assign(pool=pool, member=each, by=by, now=world.now) for each in before]
    Seat.objects.update(first_used_at=world.now)
    for seat in held:
        seats.release(seat=seat, by=by, now=world.now)
    return pool, world.crowd(world.team, RIVALS, start=100)


def tick(world: World, pool: Pool, member: Member) -> Callable[[], Any]:
    return lambda: seats.assign(pool=pool, member=member, by=world.alice.actor(), now=world.now)


def batch(world: World, pool: Pool, member: Member) -> Callable[[], Any]:
    wishes = [Wish(member.public_id, pool.product.code, held=True)]

    def run() -> None:
        done = bulk.apply(
            team=world.team, wishes=wishes, mode=Mode.AS_MANY_AS_FIT, by=world.alice.actor(), now=world.now
        )
        for line in done.effects.refused:
            assert line.why is not None
            raise line.why

    return run


def request(world: World, pool: Pool, member: Member) -> Callable[[], Any]:
    asked = requests.request_license(pool=pool, message="", by=member.person.actor(), now=world.now)
    return lambda: requests.grant_request(request=asked, by=world.alice.actor(), now=world.now)


def invitation(world: World, pool: Pool, member: Member) -> Callable[[], Any]:
    return lambda: inviting.invite(
        team=world.team,
        emails=[f"new.{member.person.email}"],
        role=Role.MEMBER,
        message="",
        language="en",
        pools=[pool],
        by=world.alice.actor(),
        now=world.now,
    )


WAYS = (tick, batch, request, invitation)


def test_exactly_the_quota_whatever_the_way(world: World) -> None:
    pool, rivals = used_by_others(world, Reassignment(quota=QUOTA))
    calls = [WAYS[number % len(WAYS)](world, pool, member) for number, member in enumerate(rivals)]
    outcomes = together(calls)
    refused = [each.raised for each in outcomes if each.raised]
    assert {type(each) for each in refused} <= {ReassignmentsUsedUp, NotEnoughFree}
    assert len(refused) == RIVALS - QUOTA
    held, kept = Seat.objects.held().filter(pool=pool), Reservation.objects.kept().filter(pool=pool)
    assert held.count() + kept.count() == QUOTA
    taken_up = list(held.values_list("replaces", flat=True))
    assert None not in taken_up
    assert len(set(taken_up)) == len(taken_up)


def test_nobody_but_who_used_one_while_it_cools_down(world: World) -> None:
    pool, rivals = used_by_others(world, Reassignment(cooldown_days=7))
    before = Member.objects.filter(pk__in=Seat.objects.values("member")).select_related("person")
    outcomes = together([tick(world, pool, each) for each in [*rivals[:6], *before[:6]]])
    refused = [each.raised for each in outcomes if each.raised]
    assert [type(each) for each in refused] == [CoolingDown] * 6
    assert all(isinstance(each, NotYetReassignable) for each in refused)
    assert set(Seat.objects.held().values_list("member", flat=True)) == {each.pk for each in before[:6]}
