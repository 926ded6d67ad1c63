"""What the pages say of the rule of reassignment before a click, and after one that goes too far."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licet.accounts.models import Person
from licet.catalog.rules import Reassignment
from licet.licenses.models import Pool
from licet.seats import actions as seats
from licet.seats.models import Seat
from tests.world import World

pytestmark = pytest.mark.django_db

Browser = Callable[[Person], Client]
HX = {"HX-Request": "true"}


@pytest.fixture
def pool(world: World) -> Pool:
    """One license with a cool-down of a week, which Bob used and gave up; Person 001 wants it."""
    pool: Pool = world.licenses(seats=1, reassignment=Reassignment(cooldown_days=7)).pool
    seat = world.seat(pool, world.member(world.bob))
    Seat.objects.filter(pk=seat.pk).update(first_used_at=world.now)
    seats.release(seat=seat, by=world.alice.actor(), now=world.now)
    world.people(world.team, 1)
    return pool


def english(browser: Client) -> Client:
    browser.cookies["django_language"] = "en"
    return browser


def grid(world: World, pool: Pool) -> str:
    return reverse("subscriptions", args=[world.team.public_id, pool.product.code])


def test_the_grid_says_the_rule_and_what_waits(world: World, pool: Pool, signed_in: Browser) -> None:
    page = english(signed_in(world.alice)).get(grid(world, pool)).content.decode()
    assert "can go to another person after 7 days" in page
    assert "Bob Keller had it until 2 Mar 2026. Others can have it from 9 Mar 2026, 10:00 on." in page
    assert "is free at once" not in page


def test_a_member_sees_nothing_of_it(world: World, pool: Pool, signed_in: Browser) -> None:
    page = english(signed_in(world.bob)).get(grid(world, pool)).content.decode()
    assert "after 7 days" not in page


def test_a_grid_without_a_rule_says_nothing(world: World, signed_in: Browser) -> None:
    page = english(signed_in(world.alice)).get(grid(world, world.licenses().pool)).content.decode()
    assert 'id="turnover"' not in page


def test_a_tick_that_comes_too_early_is_refused_with_the_date(
    world: World, pool: Pool, signed_in: Browser
) -> None:
    other = world.team.members.get(person__full_name="Person 001")
    url = reverse("seat_toggle", args=[world.team.public_id, pool.product.code, other.public_id])
    answer = english(signed_in(world.alice)).post(url, {"wanted": "on"}, headers=HX)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "from 9 Mar 2026, 10:00 on" in answer.content.decode()
    assert not Seat.objects.held().exists()


def test_the_effect_of_pasted_people_says_it_before_anything_happens(
    world: World, pool: Pool, signed_in: Browser
) -> None:
    form = {"people": "person001@atelier.example", "products": [pool.product.code], "do": "give"}
    browser, team = english(signed_in(world.alice)), world.team.public_id
    shown = browser.post(reverse("matrix_paste", args=[team]), form)
    assert "from 9 Mar 2026, 10:00 on" in shown.content.decode()
    assert reverse("matrix_apply", args=[team]) not in shown.content.decode(), "nothing is left to apply"


def test_the_grid_costs_the_same_for_one_and_for_many_places_that_wait(
    world: World, signed_in: Browser
) -> None:
    pool: Pool = world.licenses(seats=30, reassignment=Reassignment(cooldown_days=7)).pool
    people, browser = world.crowd(world.team, 30), signed_in(world.alice)
    browser.get(grid(world, pool))
    costs = []
    for some in (people[:1], people[1:]):
        for member in some:
            seat = world.seat(pool, member)
            Seat.objects.filter(pk=seat.pk).update(first_used_at=world.now)
            seats.release(seat=seat, by=world.alice.actor(), now=world.now + timedelta(minutes=1))
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(grid(world, pool)).status_code == HTTPStatus.OK
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 23
