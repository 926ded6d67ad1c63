"""A seat that a device uses offline: losing it frees no place before the date, bringing it back does."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import translation

from licet.eventlog.change import change
from licet.eventlog.models import Event
from licet.leases import offboarding, shortage
from licet.leases.events import LeaseReturned
from licet.licenses.models import Pool
from licet.seats import actions as seats
from licet.seats.borrowing import set_borrowed
from licet.seats.errors import NoFreeSeat
from licet.seats.models import Reservation, Seat
from licet.teams.models import Member
from tests.races import together
from tests.world import OPERATOR, World

WEEK = timedelta(days=7)


def lend(world: World, seat: Seat, until: datetime | None) -> None:
    """Take the step that a device takes which borrows or brings back."""
    with change(by=world.bob.actor(), now=world.now) as record:
        set_borrowed(pool=seat.pool, member=seat.member, until=until, record=record)
        record(
            LeaseReturned(
                lease="", device=0, seat=seat.pk, product="", device_name="Laptop", product_name="Studio"
            )
        )


@pytest.fixture
def borrowed(world: World) -> Seat:
    """Bob holds the only seat, and a device of his uses it offline for a week."""
    seat: Seat = world.seat(world.licenses(seats=1).pool, world.member(world.bob))
    Seat.objects.filter(pk=seat.pk).update(borrowed_until=world.now + WEEK)
    return seat


def kept(seat: Seat) -> Reservation:
    return Reservation.objects.kept().get(pool=seat.pool, member=seat.member)


def release(world: World, seat: Seat) -> None:
    seats.release(seat=seat, by=world.alice.actor(), now=world.now)


def test_taking_a_borrowed_seat_back_keeps_its_place_until_the_date(world: World, borrowed: Seat) -> None:
    release(world, borrowed)
    assert (kept(borrowed).reason, kept(borrowed).expires_at) == ("borrowed", world.now + WEEK)
    pool = Pool.objects.get(pk=borrowed.pool_id)
    assert (pool.held, pool.reserved) == (0, 1)
    with pytest.raises(NoFreeSeat):
        seats.assign(pool=pool, member=world.member(world.alice), by=world.alice.actor(), now=world.now)
    told = Event.objects.get(name="seat.stays_borrowed")
    assert told.facts["until"] == (world.now + WEEK).isoformat()


def test_who_gets_none_is_told_who_uses_it_and_when_it_is_free(world: World, borrowed: Seat) -> None:
    release(world, borrowed)
    with pytest.raises(NoFreeSeat) as refused:
        world.seat(borrowed.pool, world.member(world.alice))
    with translation.override("en"):
        assert "Bob Keller still uses one offline; it is free on 9 Mar" in str(refused.value)


def test_the_place_is_free_by_itself_when_the_date_has_come(world: World, borrowed: Seat) -> None:
    release(world, borrowed)
    later = world.now + WEEK
    seat = seats.assign(
        pool=borrowed.pool, member=world.member(world.alice), by=world.alice.actor(), now=later
    )
    assert seat.released_at is None
    assert not Reservation.objects.kept().exists()


def test_giving_it_back_to_the_same_person_takes_the_kept_place_over(world: World, borrowed: Seat) -> None:
    release(world, borrowed)
    again = world.seat(borrowed.pool, world.member(world.bob))
    assert Seat.objects.get(pk=again.pk).borrowed_until == world.now + WEEK
    pool = Pool.objects.get(pk=borrowed.pool_id)
    assert (pool.held, pool.reserved) == (1, 0)
    release(world, again)
    assert kept(borrowed).expires_at == world.now + WEEK, "the place stays kept, however often it is ticked"


def test_a_seat_that_was_borrowed_until_a_date_that_is_over_is_free_at_once(
    world: World, borrowed: Seat
) -> None:
    seats.release(seat=borrowed, by=world.alice.actor(), now=world.now + WEEK)
    assert not Reservation.objects.kept().exists()


def test_bringing_it_back_while_the_seat_is_held_leaves_an_ordinary_seat(
    world: World, borrowed: Seat
) -> None:
    lend(world, borrowed, None)
    release(world, borrowed)
    assert not Reservation.objects.kept().exists()


def test_bringing_it_back_after_the_seat_was_taken_back_frees_the_place(world: World, borrowed: Seat) -> None:
    release(world, borrowed)
    lend(world, borrowed, None)
    pool = Pool.objects.get(pk=borrowed.pool_id)
    assert (pool.held, pool.reserved) == (0, 0)
    assert Event.objects.filter(name="seat.brought_back", team=world.team.pk).count() == 1
    assert world.seat(pool, world.member(world.alice))


def test_bringing_one_of_two_back_shortens_the_kept_place(world: World, borrowed: Seat) -> None:
    release(world, borrowed)
    sooner = world.now + timedelta(days=2)
    lend(world, borrowed, sooner)
    assert (kept(borrowed).reason, kept(borrowed).expires_at) == ("borrowed", sooner)


def test_who_is_removed_from_the_team_keeps_no_seat_but_the_place_stays_taken(
    world: World, borrowed: Seat
) -> None:
    offboarding.remove(member=borrowed.member, by=world.alice.actor(), now=world.now)
    assert not Seat.objects.held().exists()
    assert kept(borrowed).reason == "borrowed"
    with pytest.raises(NoFreeSeat):
        world.seat(borrowed.pool, world.member(world.alice))


def test_a_shortage_neither_drops_what_is_in_use_offline_nor_takes_more_for_it(world: World) -> None:
    ending = world.now + timedelta(days=10)
    world.licenses(seats=2, valid_until=ending, grace_days=0)
    pool = world.licenses(seats=1).pool
    bob, first, second = world.member(world.bob), *world.people(world.team, 2)
    held = [world.seat(pool, each) for each in (bob, first, second)]
    Seat.objects.filter(pk=held[0].pk).update(borrowed_until=ending + WEEK)
    release(world, held[0])
    assert Pool.objects.get(pk=pool.pk).reserved == 1
    lost = shortage.settle_shortage(pool=pool, by=OPERATOR, now=ending)
    assert len(lost) == 1, "one of the two who hold one stays"
    assert shortage.settle_shortage(pool=pool, by=OPERATOR, now=ending) == []
    assert kept(held[0]).reason == "borrowed"


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_whoever_races_for_the_place_of_a_borrowed_seat_that_is_taken_back_gets_none(world: World) -> None:
    pool = world.licenses(seats=1).pool
    seat = world.seat(pool, world.member(world.bob))
    Seat.objects.filter(pk=seat.pk).update(borrowed_until=world.now + WEEK)
    people, by = world.people(world.team, 8), world.alice.actor()

    def tick(member: Member) -> Callable[[], Seat]:
        return lambda: seats.assign(pool=pool, member=member, by=by, now=world.now)

    calls: list[Callable[[], Seat]] = [
        lambda: seats.release(seat=seat, by=by, now=world.now),
        *map(tick, people),
    ]
    outcomes = together(calls)
    assert [type(each.raised) for each in outcomes[1:]] == [NoFreeSeat] * 8
    pool.refresh_from_db()
    assert (pool.held, pool.reserved) == (0, 1)


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_lending_and_taking_back_at_once_never_lose_the_date(world: World) -> None:
    pool = world.licenses(seats=1).pool
    bob = world.member(world.bob)
    seat = world.seat(pool, bob)
    by = world.alice.actor()

    def borrow() -> bool:
        with change(by=world.bob.actor(), now=world.now) as record:
            Pool.objects.locked(pool.pk)
            held = Seat.objects.held().filter(pk=seat.pk).exists()
            if held:
                set_borrowed(pool=pool, member=bob, until=world.now + WEEK, record=record)
            record(
                LeaseReturned(
                    lease="", device=0, seat=seat.pk, product="", device_name="Laptop", product_name="Studio"
                )
            )
        return held

    lent, _released = together([borrow, lambda: seats.release(seat=seat, by=by, now=world.now)])
    place = Reservation.objects.kept().filter(pool=pool, member=bob, reason="borrowed")
    assert place.exists() == bool(lent.value)
