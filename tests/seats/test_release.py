"""Taking a license back."""

from datetime import timedelta

import pytest

from licet.eventlog.models import Delivery, Event
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses.models import Pool
from licet.seats import actions as seats
from licet.seats import queries
from licet.seats.models import Seat
from tests.world import World


def test_a_license_taken_back_is_free_at_once(world: World) -> None:
    pool = world.licenses(seats=1).pool
    seat = world.seat(pool, world.member(world.bob))
    seats.release(seat=seat, by=world.alice.actor(), now=world.now)
    pool.refresh_from_db()
    assert queries.counts(team=world.team, product=pool.product.code, now=world.now).free == 1
    assert world.seat(pool, world.member(world.alice)).released_at is None


def test_the_holding_is_kept_with_the_moment_of_its_end(world: World) -> None:
    seat = world.seat(world.licenses().pool, world.member(world.bob))
    later = world.now + timedelta(hours=2)
    released = seats.release(seat=seat, by=world.alice.actor(), now=later)
    assert released.released_at == later
    assert Seat.objects.get(pk=seat.pk).released_at == later
    assert not Seat.objects.held().exists()


def test_taking_back_is_told_in_the_log_and_to_the_person(world: World) -> None:
    seat = world.seat(world.licenses().pool, world.member(world.bob))
    seats.release(seat=seat, by=world.alice.actor(), now=world.now)
    event = Event.objects.get(name="seat.released")
    product = world.product.name
    assert event.sentence() == f"Alice Martin took the license of {product} back from Bob Keller."
    told = Delivery.objects.filter(event=event).values_list("handler", flat=True)
    assert set(told) == {"licet.seats.mail.license_taken_back", "licet.seats.mail.line_waits"}


def test_taking_back_twice_changes_nothing(world: World) -> None:
    pool = world.licenses().pool
    seat = world.seat(pool, world.member(world.bob))
    seats.release(seat=seat, by=world.alice.actor(), now=world.now)
    again = seats.release(
        seat=Seat.objects.get(pk=seat.pk), by=world.alice.actor(), now=world.now + timedelta(hours=1)
    )
    assert again.released_at == world.now
    assert Event.objects.filter(name="seat.released").count() == 1
    assert Pool.objects.get(pk=pool.pk).held == 0


def test_a_license_is_taken_back_even_when_the_teams_licenses_have_ended(world: World) -> None:
    license = world.licenses(seats=1)
    seat = world.seat(license.pool, world.member(world.bob))
    later = license.usable_until + timedelta(days=400)
    assert seats.release(seat=seat, by=world.alice.actor(), now=later).released_at == later


def test_a_member_without_the_right_takes_nothing_back(world: World) -> None:
    seat = world.seat(world.licenses().pool, world.member(world.bob))
    with pytest.raises(Forbidden):
        seats.release(seat=seat, by=world.bob.actor(), now=world.now)
    assert Seat.objects.held().count() == 1


def test_a_stranger_does_not_learn_that_the_seat_exists(world: World) -> None:
    seat = world.seat(world.licenses().pool, world.member(world.bob))
    with pytest.raises(Missing):
        seats.release(seat=seat, by=world.charlie.actor(), now=world.now)
