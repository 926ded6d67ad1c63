"""24 people, 4 free licenses, one moment: exactly 4 get one, on both databases, by every path."""

from collections import Counter
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.licenses.models import Pool
from licet.seats import actions as seats
from licet.seats.errors import NoFreeSeat
from licet.seats.models import Seat
from licet.teams.models import Member
from licet.teams.states import Role
from tests.races import together
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]

FREE = 4
PEOPLE = 24


def check_that_exactly_four_got_one(pool: Pool) -> None:
    pool.refresh_from_db()
    assert Seat.objects.held().filter(pool=pool).count() == FREE
    assert (pool.held, pool.allowed) == (FREE, FREE)
    assert Event.objects.filter(name="seat.assigned").count() == FREE


def test_the_verb_gives_four_and_refuses_twenty(world: World) -> None:
    pool = world.licenses(seats=FREE).pool
    people = world.people(world.team, PEOPLE)
    by = world.alice.actor()

    def tick(member: Member) -> Callable[[], Seat]:
        return lambda: seats.assign(pool=pool, member=member, by=by, now=world.now)

    outcomes = together([tick(member) for member in people])
    refused = [outcome.raised for outcome in outcomes if outcome.raised]
    assert [type(each) for each in refused] == [NoFreeSeat] * (PEOPLE - FREE)
    check_that_exactly_four_got_one(pool)


def test_the_check_box_gives_four_and_refuses_twenty(
    world: World, signed_in: Callable[[Person], Client]
) -> None:
    pool = world.licenses(seats=FREE).pool
    people = world.people(world.team, PEOPLE)

    def tick(member: Member) -> Callable[[], int]:
        browser = signed_in(world.alice)
        path = reverse("seat_toggle", args=[world.team.public_id, pool.product.code, member.public_id])
        return lambda: browser.post(path, {"wanted": "on"}, headers={"HX-Request": "true"}).status_code

    outcomes = together([tick(member) for member in people])
    assert [outcome.raised for outcome in outcomes if outcome.raised] == []
    assert Counter(outcome.value for outcome in outcomes) == {
        HTTPStatus.OK: FREE,
        HTTPStatus.CONFLICT: PEOPLE - FREE,
    }
    check_that_exactly_four_got_one(pool)


def test_two_admins_tick_the_last_seat_at_once_and_the_second_is_told_who_took_it(world: World) -> None:
    pool = world.licenses(seats=1).pool
    ada = world.person("ada@atelier.example", "Ada Berg")
    world.join(world.team, ada, role=Role.ADMIN)
    first, second = world.people(world.team, 2)

    def tick(member: Member, by: Person) -> Callable[[], Seat]:
        return lambda: seats.assign(pool=pool, member=member, by=by.actor(), now=world.now)

    outcomes = together([tick(first, world.alice), tick(second, ada)])
    assert [outcome.raised is None for outcome in outcomes].count(True) == 1
    winner, refused = (world.alice, outcomes[1].raised) if outcomes[1].raised else (ada, outcomes[0].raised)
    assert isinstance(refused, NoFreeSeat)
    assert winner.full_name in str(refused)
    assert Seat.objects.held().get().pool == pool


def test_two_who_tick_the_same_box_give_one_seat_and_both_see_it_ticked(world: World) -> None:
    pool = world.licenses(seats=FREE).pool
    bob = world.member(world.bob)
    by = world.alice.actor()
    outcomes = together([lambda: seats.assign(pool=pool, member=bob, by=by, now=world.now)] * 8)
    assert [outcome.raised for outcome in outcomes if outcome.raised] == []
    assert len({outcome.value.pk for outcome in outcomes}) == 1
    assert Pool.objects.get(pk=pool.pk).held == 1
    assert Event.objects.filter(name="seat.assigned").count() == 1


def test_many_who_untick_the_same_box_free_one_seat(world: World) -> None:
    pool = world.licenses(seats=FREE).pool
    seat = world.seat(pool, world.member(world.bob))
    by = world.alice.actor()

    def untick() -> Seat:
        return seats.release(seat=Seat.objects.get(pk=seat.pk), by=by, now=world.now)

    outcomes = together([untick] * 8)
    assert [outcome.raised for outcome in outcomes if outcome.raised] == []
    assert Pool.objects.get(pk=pool.pk).held == 0
    assert Event.objects.filter(name="seat.released").count() == 1


def test_ticks_and_unticks_at_once_leave_the_count_equal_to_the_rows(world: World) -> None:
    pool = world.licenses(seats=FREE).pool
    people = world.people(world.team, 12)
    by = world.alice.actor()
    for member in people[:FREE]:
        world.seat(pool, member)

    def swap(member: Member, leaving: Seat | None) -> Callable[[], Seat]:
        if leaving:
            return lambda: seats.release(seat=leaving, by=by, now=world.now)
        return lambda: seats.assign(pool=pool, member=member, by=by, now=world.now)

    held = {seat.member_id: seat for seat in Seat.objects.held().select_related("team")}
    outcomes = together([swap(member, held.get(member.pk)) for member in people])
    assert {type(outcome.raised) for outcome in outcomes if outcome.raised} <= {NoFreeSeat}
    pool.refresh_from_db()
    assert pool.held == Seat.objects.held().filter(pool=pool).count() <= FREE
