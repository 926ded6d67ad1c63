"""Keeping a license free for somebody who is not there yet, or to whom one is offered."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from licet.eventlog.change import change
from licet.eventlog.models import Event
from licet.kernel.refusal import Missing
from licet.licenses.models import Pool
from licet.seats import actions as seats
from licet.seats import queries
from licet.seats.errors import NoFreeSeat, NoUsableLicense
from licet.seats.models import Reservation, Seat
from licet.seats.rules import Counts
from licet.teams import actions as teams
from licet.teams.models import Invitation, Member
from licet.teams.states import Role
from tests.world import World

WEEK = timedelta(days=7)


def invited(world: World, email: str = "new@atelier.example") -> Invitation:
    teams.invite(
        team=world.team,
        emails=[email],
        role=Role.MEMBER,
        message="",
        language="en",
        by=world.alice.actor(),
        now=world.now,
    )
    return Invitation.objects.get(team=world.team, email=email)


def reserve(
    world: World, pool: Pool, receiver: Invitation | Member, *, after: timedelta = timedelta(0)
) -> Reservation:
    now = world.now + after
    with change(by=world.alice.actor(), now=now) as record:
        return seats.reserve(
            pool=pool,
            invitation=receiver if isinstance(receiver, Invitation) else None,
            member=receiver if isinstance(receiver, Member) else None,
            expires_at=now + WEEK,
            record=record,
        )


def counts(world: World, pool: Pool, *, after: timedelta = timedelta(0)) -> Counts:
    return queries.counts(team=pool.team, product=pool.product.code, now=world.now + after)


def test_a_reserved_license_is_counted_and_not_free(world: World) -> None:
    pool = world.licenses(seats=3).pool
    world.seat(pool, world.member(world.bob))
    reserve(world, pool, invited(world))
    assert counts(world, pool) == Counts(bought=3, assigned=1, reserved=1)
    assert counts(world, pool).free == 1


def test_the_grid_counts_what_is_reserved(world: World) -> None:
    pool = world.licenses(seats=3).pool
    reserve(world, pool, invited(world))
    opened = queries.grid(team=world.team, product=None, search="", show=queries.Show.ALL, now=world.now)
    assert opened.tab
    assert opened.tab.counts == Counts(bought=3, assigned=0, reserved=1)


def test_nobody_else_gets_a_reserved_license_and_the_refusal_says_that_one_is_kept(world: World) -> None:
    pool = world.licenses(seats=1).pool
    reserve(world, pool, invited(world))
    with pytest.raises(NoFreeSeat) as refused:
        world.seat(pool, world.member(world.bob))
    assert "1 is reserved" in str(refused.value)


def test_no_more_are_reserved_than_are_free(world: World) -> None:
    pool = world.licenses(seats=2).pool
    world.seat(pool, world.member(world.bob))
    reserve(world, pool, invited(world))
    with pytest.raises(NoFreeSeat):
        reserve(world, pool, invited(world, "second@atelier.example"))
    assert Reservation.objects.count() == 1


def test_without_a_usable_license_nothing_is_reserved(world: World) -> None:
    license = world.licenses(seats=2)
    with pytest.raises(NoUsableLicense):
        reserve(world, license.pool, invited(world), after=timedelta(days=800))


def test_an_expired_reservation_is_free_again_without_anybody_doing_anything(world: World) -> None:
    pool = world.licenses(seats=1).pool
    reserve(world, pool, invited(world))
    assert counts(world, pool, after=WEEK - timedelta(seconds=1)).free == 0
    assert counts(world, pool, after=WEEK).free == 1
    seat = seats.assign(
        pool=pool, member=world.member(world.bob), by=world.alice.actor(), now=world.now + WEEK
    )
    pool.refresh_from_db()
    assert (seat.released_at, pool.held, pool.reserved) == (None, 1, 0)


def test_an_expired_reservation_gives_way_to_the_next(world: World) -> None:
    pool = world.licenses(seats=1).pool
    first = reserve(world, pool, invited(world))
    second = reserve(world, pool, invited(world, "second@atelier.example"), after=WEEK)
    first.refresh_from_db()
    pool.refresh_from_db()
    assert first.ended_at == world.now + WEEK
    assert second.is_open(world.now + WEEK)
    assert pool.reserved == 1


def test_reserving_again_for_the_same_keeps_one_until_the_new_end(world: World) -> None:
    pool = world.licenses(seats=1).pool
    asked = invited(world)
    first = reserve(world, pool, asked)
    again = reserve(world, pool, asked, after=timedelta(days=2))
    pool.refresh_from_db()
    assert (again.pk, again.expires_at, pool.reserved) == (first.pk, world.now + timedelta(days=9), 1)


def test_a_member_uses_up_what_is_kept_for_him(world: World) -> None:
    pool = world.licenses(seats=1).pool
    bob = world.member(world.bob)
    kept = reserve(world, pool, bob)
    seat = world.seat(pool, bob)
    kept.refresh_from_db()
    pool.refresh_from_db()
    assert (seat.member, kept.ended_at) == (bob, world.now)
    assert (pool.held, pool.reserved) == (1, 0)


def test_who_was_invited_uses_up_what_is_kept_for_the_invitation(world: World) -> None:
    pool = world.licenses(seats=1).pool
    asked = invited(world)
    reserve(world, pool, asked)
    bob = world.member(world.bob)
    with change(by=world.alice.actor(), now=world.now) as record:
        seats.take(pool=pool, member=bob, invitation=asked, record=record)
    pool.refresh_from_db()
    assert (pool.held, pool.reserved) == (1, 0)


def test_when_capacity_fell_reservations_give_way_before_people(world: World) -> None:
    pool = world.licenses(seats=1).pool
    world.licenses(seats=1, valid_until=world.now + timedelta(days=2), grace_days=0)
    world.seat(pool, world.member(world.bob))
    asked = invited(world)
    reserve(world, pool, asked)
    later = world.now + timedelta(days=3)
    alice = world.member(world.alice)
    with pytest.raises(NoFreeSeat), change(by=world.alice.actor(), now=later) as record:
        seats.take(pool=pool, member=alice, invitation=asked, record=record)
    assert Seat.objects.held().count() == 1


def test_a_place_that_is_given_up_is_free_at_once_and_giving_it_up_twice_changes_nothing(
    world: World,
) -> None:
    pool = world.licenses(seats=1).pool
    kept = reserve(world, pool, invited(world))
    with change(by=world.alice.actor(), now=world.now) as record:
        assert seats.free_reservation(reservation=kept, record=record)
        assert not seats.free_reservation(reservation=kept, record=record)
    assert counts(world, pool) == Counts(bought=1, assigned=0, reserved=0)
    assert Pool.objects.get(pk=pool.pk).reserved == 0


def test_reserving_and_giving_up_are_told_in_the_log(world: World) -> None:
    pool = world.licenses(seats=1).pool
    kept = reserve(world, pool, invited(world))
    with change(by=world.alice.actor(), now=world.now) as record:
        seats.free_reservation(reservation=kept, record=record)
    told = [each.sentence() for each in Event.objects.filter(name__contains="reserv").order_by("pk")]
    product = world.product.name
    assert told == [
        f"Alice Martin reserved a license of {product} for new@atelier.example.",
        f"The license of {product} that was reserved for new@atelier.example is free again.",
    ]


def test_nothing_is_reserved_for_another_team(world: World) -> None:
    pool = world.licenses(world.other_team, seats=1).pool
    with pytest.raises(Missing):
        reserve(world, pool, invited(world))


def test_the_database_itself_refuses_to_reserve_too_many(world: World) -> None:
    pool = world.licenses(seats=2).pool
    world.seat(pool, world.member(world.bob))
    reserve(world, pool, invited(world))
    with pytest.raises(IntegrityError), transaction.atomic():
        Pool.objects.filter(pk=pool.pk).update(reserved=F("reserved") + 1)


def test_the_database_itself_refuses_a_reservation_for_nobody_and_for_two(world: World) -> None:
    pool = world.licenses(seats=2).pool
    asked, bob = invited(world), world.member(world.bob)
    for receivers in ({}, {"invitation": asked, "member": bob}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reservation.objects.create(
                team=pool.team, pool=pool, reserved_at=world.now, expires_at=world.now + WEEK, **receivers
            )


def test_reserving_costs_the_same_however_many_are_kept(world: World) -> None:
    pool = world.licenses(seats=9).pool
    costs = []
    for number in range(8):
        asked = invited(world, f"new{number}@atelier.example")
        with CaptureQueriesContext(connection) as statements:
            reserve(world, pool, asked)
        costs.append(len(statements))
    assert len(set(costs[1:])) == 1
