"""Answering a request with a license."""

import pytest

from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden, Missing
from licet.seats import requests
from licet.seats.errors import NoFreeSeat, RequestAnswered
from licet.seats.models import Seat, SeatRequest
from tests.seats.waiting import ask, queue
from tests.world import World


def test_who_asked_gets_a_seat_like_by_a_tick(world: World) -> None:
    pool = world.licenses().pool
    bob = world.member(world.bob)
    request = ask(world, pool, world.bob)
    seat = requests.grant_request(request=request, by=world.alice.actor(), now=world.now)
    assert (seat.member, seat.assigned_by) == (bob, world.alice)
    assert SeatRequest.objects.get().state == "granted"
    told = Event.objects.order_by("pk").values_list("name", flat=True)
    assert list(told)[-2:] == ["seat.assigned", "seat_request.granted"]


def test_an_administrator_may_pass_over_the_line(world: World) -> None:
    pool = world.licenses(seats=1).pool
    _first, second = queue(world, pool, 2)
    request = SeatRequest.objects.get(member=second)
    assert requests.grant_request(request=request, by=world.alice.actor(), now=world.now).member == second


def test_where_none_is_free_the_request_goes_on_waiting(world: World) -> None:
    pool = world.licenses(seats=1).pool
    world.seat(pool, world.member(world.alice))
    world.member(world.bob)
    request = ask(world, pool, world.bob)
    with pytest.raises(NoFreeSeat):
        requests.grant_request(request=request, by=world.alice.actor(), now=world.now)
    assert list(SeatRequest.objects.waiting()) == [request]


def test_a_request_is_answered_once(world: World) -> None:
    pool = world.licenses().pool
    world.member(world.bob)
    request = ask(world, pool, world.bob)
    requests.grant_request(request=request, by=world.alice.actor(), now=world.now)
    with pytest.raises(RequestAnswered):
        requests.grant_request(request=request, by=world.alice.actor(), now=world.now)
    assert Seat.objects.count() == 1


def test_only_who_may_assign_answers(world: World) -> None:
    pool = world.licenses().pool
    world.member(world.bob)
    request = ask(world, pool, world.bob)
    for person, refusal in ((world.bob, Forbidden), (world.charlie, Missing)):
        with pytest.raises(refusal):
            requests.grant_request(request=request, by=person.actor(), now=world.now)
