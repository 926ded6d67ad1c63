"""Ticks, invitations that keep licenses, and acceptances at one moment: never more than there are."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from licet.accounts.models import Person
from licet.licenses.models import Pool
from licet.projects import inviting
from licet.seats import actions as seats
from licet.seats.errors import NoFreeSeat, NotEnoughFree
from licet.seats.models import Reservation, Seat
from licet.teams.errors import InvitationIsDecided, InvitationWasWithdrawn
from licet.teams.models import Member
from tests.projects.shared import invitation, invite
from tests.races import together
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]

FREE = 4
WAITING = 4


def tick(world: World, pool: Pool, member: Member) -> Callable[[], Any]:
    by = world.alice.actor()
    return lambda: seats.assign(pool=pool, member=member, by=by, now=world.now)


def keep(world: World, pool: Pool, email: str) -> Callable[[], Any]:
    return lambda: invite(world, email, pools=[pool])


def accept(world: World, person: Person) -> Callable[[], Any]:
    asked = invitation(world, person.email)
    return lambda: inviting.accept(invitation=asked, by=person.actor(), now=world.now)


def rivals(world: World, pool: Pool, count: int) -> list[Callable[[], Any]]:
    """Return as many who tick and as many who keep one for somebody they invite."""
    members = world.people(world.team, count)
    ticks = [tick(world, pool, member) for member in members]
    return ticks + [keep(world, pool, f"rival{number}@elsewhere.example") for number in range(count)]


def check_the_books(pool: Pool, *, seats_and_kept: int) -> None:
    pool.refresh_from_db()
    assert pool.held == Seat.objects.held().filter(pool=pool).count()
    assert pool.reserved == Reservation.objects.kept().filter(pool=pool).count()
    assert pool.held + pool.reserved == seats_and_kept <= pool.allowed


def test_ticks_and_invitations_share_exactly_what_is_free(world: World) -> None:
    pool = world.licenses(seats=FREE).pool
    outcomes = together(rivals(world, pool, 10))
    refused = [outcome.raised for outcome in outcomes if outcome.raised]
    assert {type(each) for each in refused} <= {NoFreeSeat, NotEnoughFree}
    assert len(outcomes) - len(refused) == FREE
    check_the_books(pool, seats_and_kept=FREE)


def test_who_accepts_gets_what_was_kept_however_many_want_the_rest(world: World) -> None:
    pool = world.licenses(seats=FREE + WAITING).pool
    guests = [world.person(f"guest{number}@elsewhere.example") for number in range(WAITING)]
    invite(world, *[guest.email for guest in guests], pools=[pool])
    calls = [accept(world, guest) for guest in guests] + rivals(world, pool, 8)
    outcomes = together(calls)
    arrived = outcomes[:WAITING]
    assert [len(outcome.value.seats) if outcome.value else outcome for outcome in arrived] == [1] * WAITING
    refused = [outcome.raised for outcome in outcomes if outcome.raised]
    assert {type(each) for each in refused} <= {NoFreeSeat, NotEnoughFree}
    assert len(outcomes) - len(refused) == WAITING + FREE
    check_the_books(pool, seats_and_kept=FREE + WAITING)


def test_expired_reservations_are_given_on_once(world: World) -> None:
    pool = world.licenses(seats=FREE).pool
    invite(world, *[f"late{number}@elsewhere.example" for number in range(FREE)], pools=[pool])
    members = world.people(world.team, 12)
    by, later = world.alice.actor(), world.now + timedelta(days=15)
    outcomes = together(
        [
            (lambda member=member: seats.assign(pool=pool, member=member, by=by, now=later))
            for member in members
        ]
    )
    assert sum(outcome.raised is None for outcome in outcomes) == FREE
    check_the_books(pool, seats_and_kept=FREE)


def test_accepting_and_withdrawing_at_once_gives_a_seat_or_frees_it(world: World) -> None:
    pool = world.licenses(seats=1).pool
    guest = world.person("guest@elsewhere.example")
    invite(world, guest.email, pools=[pool])
    asked, by = invitation(world, guest.email), world.alice.actor()

    def withdraw() -> Any:
        return inviting.withdraw(invitation=asked, by=by, now=world.now)

    outcomes = together([accept(world, guest), withdraw] * 4)
    raised = {type(outcome.raised) for outcome in outcomes if outcome.raised}
    assert raised in ({InvitationIsDecided}, {InvitationWasWithdrawn})
    check_the_books(pool, seats_and_kept=1 if raised == {InvitationIsDecided} else 0)


def test_two_products_are_locked_in_one_order_by_everybody(world: World) -> None:
    pools = [world.licenses(product=each, seats=6).pool for each in (world.product, world.other_product)]
    members = world.people(world.team, 6)
    calls = [tick(world, pools[number % 2], member) for number, member in enumerate(members)]
    for number in range(6):
        order = pools if number % 2 else pools[::-1]
        calls.append(
            lambda order=order, number=number: invite(world, f"two{number}@elsewhere.example", pools=order)
        )
    outcomes = together(calls)
    raised = [outcome.raised for outcome in outcomes if outcome.raised]
    assert {type(each) for each in raised} <= {NoFreeSeat, NotEnoughFree}
    for pool in pools:
        pool.refresh_from_db()
        assert pool.held + pool.reserved <= 6
        assert pool.reserved == Reservation.objects.kept().filter(pool=pool).count()
