"""The line under load: many who give, few places, on both databases."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from licet.eventlog.models import Event
from licet.licenses.models import Pool
from licet.seats import requests
from licet.seats.errors import NoFreeSeat
from licet.seats.models import Seat, SeatRequest
from tests.races import together
from tests.seats.waiting import ask, queue
from tests.world import OPERATOR, World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]

FREE = 4
PEOPLE = 16


def check_that_exactly_four_got_one(pool: Pool) -> None:
    pool.refresh_from_db()
    assert Seat.objects.held().filter(pool=pool).count() == pool.held == FREE
    assert Event.objects.filter(name="seat_request.granted").count() == FREE
    assert SeatRequest.objects.waiting().count() == PEOPLE - FREE


def test_sixteen_grants_give_four_licenses(world: World) -> None:
    pool = world.licenses(seats=FREE).pool
    queue(world, pool, PEOPLE)
    by = world.alice.actor()

    def grant(request: SeatRequest) -> Callable[[], Seat]:
        return lambda: requests.grant_request(request=request, by=by, now=world.now + timedelta(hours=1))

    asked = SeatRequest.objects.select_related("team", "pool")
    outcomes = together([grant(request) for request in asked])
    refused = [outcome.raised for outcome in outcomes if outcome.raised]
    assert [type(each) for each in refused] == [NoFreeSeat] * (PEOPLE - FREE)
    check_that_exactly_four_got_one(pool)


def test_eight_workers_give_four_licenses_to_the_first_four(world: World) -> None:
    pool = world.licenses(seats=FREE).pool
    people = queue(world, pool, PEOPLE)
    requests.switch_offers(pool=pool, automatic=True, by=world.alice.actor(), now=world.now)

    def serve() -> list[Seat]:
        return requests.serve_line(pool=pool, by=OPERATOR, now=world.now + timedelta(hours=1))

    outcomes = together([serve] * 8)
    assert [outcome.raised for outcome in outcomes if outcome.raised] == []
    assert [seat.member for seat in Seat.objects.order_by("pk")] == people[:FREE]
    check_that_exactly_four_got_one(pool)


def test_one_person_who_asks_eight_times_at_once_stands_in_the_line_once(world: World) -> None:
    pool = world.licenses().pool
    world.member(world.bob)
    outcomes = together([lambda: ask(world, pool, world.bob)] * 8)
    assert [outcome.raised for outcome in outcomes if outcome.raised] == []
    assert SeatRequest.objects.count() == 1
