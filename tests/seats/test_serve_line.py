"""What becomes free goes to those who wait, in their order, where an administrator chose so."""

from datetime import timedelta

import pytest

from licet.eventlog import worker
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses.models import Pool
from licet.seats import actions as seats
from licet.seats import requests
from licet.seats.models import Seat, SeatRequest
from licet.teams.models import Member
from tests.seats.waiting import queue
from tests.world import OPERATOR, World


def automatic(world: World, pool: Pool) -> None:
    requests.switch_offers(pool=pool, automatic=True, by=world.alice.actor(), now=world.now)


def serve(world: World, *, minutes: int = 5) -> int:
    return requests.serve_all_lines(by=OPERATOR, now=world.now + timedelta(minutes=minutes))


def holders() -> list[Member]:
    return [seat.member for seat in Seat.objects.held().order_by("pk")]


def test_nothing_is_given_where_nobody_chose_so(world: World) -> None:
    pool = world.licenses(seats=3).pool
    queue(world, pool, 2)
    serve(world)
    assert holders() == []


def test_once_it_is_chosen_those_who_wait_get_what_is_free_in_their_order(world: World) -> None:
    pool = world.licenses(seats=2).pool
    people = queue(world, pool, 3)
    automatic(world, pool)
    serve(world)
    assert holders() == people[:2]
    assert [each.member for each in SeatRequest.objects.in_line()] == people[2:]


def test_a_license_that_is_taken_back_goes_to_the_first_in_line(world: World) -> None:
    pool = world.licenses(seats=1).pool
    seat = world.seat(pool, world.member(world.alice))
    people = queue(world, pool, 2)
    automatic(world, pool)
    serve(world)
    assert holders() == [world.member(world.alice)]
    seats.release(seat=seat, by=world.alice.actor(), now=world.now + timedelta(minutes=6))
    serve(world, minutes=7)
    assert holders() == people[:1]


def test_licenses_that_are_bought_go_to_the_first_in_line(world: World) -> None:
    pool = world.licenses(seats=1).pool
    world.seat(pool, world.member(world.alice))
    people = queue(world, pool, 3)
    automatic(world, pool)
    world.licenses(seats=2)
    serve(world)
    assert holders()[1:] == people[:2]


def test_licenses_that_begin_go_to_the_first_in_line(world: World) -> None:
    pool = world.licenses(seats=1, valid_from=world.now + timedelta(days=3)).pool
    people = queue(world, pool, 2)
    automatic(world, pool)
    serve(world)
    assert holders() == []
    later = world.now + timedelta(days=3)
    assert requests.serve_all_lines(by=OPERATOR, now=later) == 1
    assert requests.serve_all_lines(by=OPERATOR, now=later) == 0
    assert holders() == people[:1]


def test_a_freed_seat_is_offered_once_however_often_the_schedule_looks(world: World) -> None:
    pool = world.licenses(seats=1).pool
    seat = world.seat(pool, world.member(world.alice))
    people = queue(world, pool, 3)
    automatic(world, pool)
    seats.release(seat=seat, by=world.alice.actor(), now=world.now)
    assert [serve(world, minutes=each) for each in (5, 5, 6)] == [1, 0, 0]
    assert holders() == people[:1]


def test_the_person_reads_that_it_was_their_turn(world: World, mailoutbox: list[object]) -> None:
    pool = world.licenses(seats=1).pool
    [first] = queue(world, pool, 1)
    automatic(world, pool)
    serve(world)
    worker.drain(now=world.now + timedelta(minutes=5))
    bodies = [mail.body for mail in mailoutbox if mail.to == [first.person.email]]  # type: ignore[attr-defined]
    assert any("You were the first in line" in body for body in bodies)


def test_only_who_may_assign_chooses(world: World) -> None:
    pool = world.licenses().pool
    world.member(world.bob)
    for person, refusal in ((world.bob, Forbidden), (world.charlie, Missing)):
        with pytest.raises(refusal):
            requests.switch_offers(pool=pool, automatic=True, by=person.actor(), now=world.now)
