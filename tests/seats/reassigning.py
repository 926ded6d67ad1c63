"""Licenses under a rule of reassignment, and seats that were used."""

from datetime import timedelta
from typing import Any

from licet.catalog.rules import Reassignment
from licet.licenses.models import License, Pool
from licet.projects import inviting
from licet.seats import actions as seats
from licet.seats.models import Seat
from licet.teams.models import Member
from licet.teams.states import Role
from tests.world import World

WEEK = Reassignment(cooldown_days=7)
DAY = timedelta(days=1)
PLAIN = 4  # statements that the effect of many changes costs without a rule


def once(quota: int = 1) -> Reassignment:
    return Reassignment(quota=quota)


def pool_of(world: World, rule: Reassignment | None, *, count: int = 1, **more: Any) -> Pool:
    license: License = world.licenses(seats=count, reassignment=rule, **more)
    return license.pool


def use(seat: Seat) -> Seat:
    Seat.objects.filter(pk=seat.pk, first_used_at=None).update(first_used_at=seat.assigned_at)
    return seat


def give(world: World, pool: Pool, member: Member, *, days: float = 0) -> Seat:
    return seats.assign(pool=pool, member=member, by=world.alice.actor(), now=world.now + days * DAY)


def take_back(world: World, seat: Seat, *, days: float = 0) -> None:
    seats.release(seat=seat, by=world.alice.actor(), now=world.now + days * DAY)


def passed_on(world: World, pool: Pool, people: list[Member], *, days: float = 0) -> None:
    """Let each of them have and use the seat in turn."""
    for member in people:
        take_back(world, use(give(world, pool, member, days=days)), days=days)


def invite(world: World, pool: Pool, email: str, *, days: float = 0) -> Any:
    return inviting.invite(
        team=world.team,
        emails=[email],
        role=Role.MEMBER,
        message="",
        language="en",
        pools=[pool],
        by=world.alice.actor(),
        now=world.now + days * DAY,
    )
