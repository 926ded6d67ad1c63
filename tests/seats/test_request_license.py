"""Asking for a license."""

from datetime import timedelta

import pytest

from licet.eventlog.models import Delivery, Event
from licet.kernel.refusal import Missing
from licet.seats import actions as seats
from licet.seats import waiting
from licet.seats.errors import AlreadyHeld
from licet.seats.models import SeatRequest
from licet.seats.states import RequestState
from licet.teams.errors import MessageTooLong
from licet.teams.models import Member
from tests.seats.waiting import ask, queue
from tests.world import World


def test_a_member_asks_with_a_message_and_stands_in_the_line(world: World) -> None:
    pool = world.licenses().pool
    world.member(world.bob)
    request = ask(world, pool, world.bob, message=" For the bridge. ")
    assert (request.state, request.message, request.asked_at) == ("waiting", "For the bridge.", world.now)
    assert [row.name for row in waiting.lines(team=world.team)[world.product.code]] == ["Bob Keller"]
    assert Event.objects.get(name="seat_request.sent").sentence() == (
        f"Bob Keller asked for a license of {world.product.name}."
    )


def test_those_who_manage_the_team_are_told(world: World) -> None:
    pool = world.licenses().pool
    world.member(world.bob)
    ask(world, pool, world.bob)
    told = Delivery.objects.filter(event__name="seat_request.sent").values_list("handler", flat=True)
    assert "licet.seats.mail.license_asked_for" in told


def test_asking_again_keeps_the_place(world: World) -> None:
    pool = world.licenses().pool
    first, _second = queue(world, pool, 2)
    again = ask(world, pool, first.person, minutes=9)
    assert again.asked_at == world.now
    assert SeatRequest.objects.count() == 2
    assert waiting.own(person=first.person)[pool.pk].place == 1


def test_everybody_sees_the_own_place(world: World) -> None:
    pool = world.licenses().pool
    people = queue(world, pool, 3)
    assert [waiting.own(person=each.person)[pool.pk].place for each in people] == [1, 2, 3]


def test_who_has_a_license_needs_no_request(world: World) -> None:
    pool = world.licenses().pool
    world.seat(pool, world.member(world.bob))
    with pytest.raises(AlreadyHeld):
        ask(world, pool, world.bob)


def test_a_tick_answers_the_request(world: World) -> None:
    pool = world.licenses().pool
    ask(world, pool, world.member(world.bob).person)
    world.seat(pool, world.member(world.bob))
    assert not SeatRequest.objects.waiting().exists()


def test_who_lost_the_license_again_may_ask_anew_at_the_end_of_the_line(world: World) -> None:
    pool = world.licenses().pool
    bob = world.member(world.bob)
    first = ask(world, pool, world.bob)
    seat = seats.assign(pool=pool, member=bob, by=world.alice.actor(), now=world.now + timedelta(minutes=1))
    seats.release(seat=seat, by=world.alice.actor(), now=world.now + timedelta(minutes=2))
    assert not SeatRequest.objects.waiting().exists()
    second = ask(world, pool, world.bob, minutes=3)
    assert second != first
    assert SeatRequest.objects.get(pk=first.pk).state == RequestState.GRANTED
    assert list(SeatRequest.objects.in_line()) == [second]


def test_who_leaves_the_team_leaves_the_line(world: World) -> None:
    pool = world.licenses().pool
    bob = world.member(world.bob)
    ask(world, pool, world.bob)
    Member.objects.filter(pk=bob.pk).update(left_at=world.now)
    assert not SeatRequest.objects.waiting().exists()


def test_a_stranger_cannot_ask(world: World) -> None:
    pool = world.licenses().pool
    for stranger in (world.charlie, world.victor):
        with pytest.raises(Missing):
            ask(world, pool, stranger)


def test_a_message_has_its_length(world: World) -> None:
    pool = world.licenses().pool
    world.member(world.bob)
    with pytest.raises(MessageTooLong):
        ask(world, pool, world.bob, message="x" * 10_000)
