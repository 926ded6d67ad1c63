"""Choosing who keeps a license when some end, and the banners before."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from licet.accounts.models import Person
from licet.licenses.models import Pool
from licet.seats.models import Seat
from tests.world import World

Browser = Callable[[Person], Client]


@pytest.fixture
def pool(world: World) -> Pool:
    """Two people, one license that goes on and one that ends in ten days."""
    world.licenses(seats=1)
    found: Pool = world.licenses(seats=1, valid_until=world.now + timedelta(days=10)).pool
    for member in world.people(world.team, 2):
        world.seat(found, member)
    return found


def page(world: World) -> str:
    return reverse("stay_choice", args=[world.team.public_id, world.product.code])


def test_the_page_shows_who_would_lose_the_license(world: World, signed_in: Browser, pool: Pool) -> None:
    text = signed_in(world.alice).get(page(world)).text
    assert "After that there is 1 license too few." in text
    assert text.count("Would lose it") == 1
    assert text.index("Person 002") < text.index("Would lose it") < text.index("Person 001")


def test_who_is_ticked_stays(world: World, signed_in: Browser, pool: Pool) -> None:
    second = Seat.objects.get(member__person__full_name="Person 002")
    browser = signed_in(world.alice)
    answer = browser.post(page(world), {"stays": [second.public_id]}, follow=True)
    assert "1 person keeps the license" in answer.text
    assert answer.text.index("Person 001") < answer.text.index("Person 002")


@pytest.mark.parametrize("days", [0, 12])
def test_the_grid_and_the_team_page_say_it_before_and_in_the_grace(
    world: World, signed_in: Browser, pool: Pool, now: datetime, days: int
) -> None:
    browser = signed_in(world.alice)
    with time_machine.travel(now + timedelta(days=days), tick=False):
        for name, args in (("team_members", [world.product.code]), ("team_home", [])):
            text = browser.get(reverse(name, args=[world.team.public_id, *args])).text
            assert page(world) in text
            assert ("ended on" if days else "end on") in text
            assert "Everything goes on working until" in text


@pytest.mark.parametrize(("days", "told"), [(0, False), (12, True)])
def test_a_member_is_told_in_the_grace_and_without_a_choice(
    world: World, signed_in: Browser, pool: Pool, now: datetime, days: int, told: bool
) -> None:
    browser = signed_in(Person.objects.get(full_name="Person 001"))
    with time_machine.travel(now + timedelta(days=days), tick=False):
        text = browser.get(reverse("team_home", args=[world.team.public_id])).text
    assert ("Everything goes on working until" in text) is told
    assert page(world) not in text


def test_where_there_is_enough_nothing_is_said(world: World, signed_in: Browser, pool: Pool) -> None:
    world.licenses(seats=1, valid_from=world.now + timedelta(days=10))
    browser = signed_in(world.alice)
    grid = reverse("team_members", args=[world.team.public_id, world.product.code])
    assert "Everything goes on working until" not in browser.get(grid).text
    assert "There are enough licenses" in browser.get(page(world)).text
