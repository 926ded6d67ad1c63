"""The page of use: a drawing, the same as a table, and a sentence about what would fit."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from licet.accounts.models import Person
from licet.leases.models import UseDay
from licet.web.chart import drawn, scale
from tests.world import World

Browser = Callable[[Person], Client]


def address(world: World) -> str:
    return reverse("team_usage", args=[world.team.public_id])


def test_it_says_what_would_fit(world: World, signed_in: Browser) -> None:
    pool = world.licenses(seats=3, valid_from=world.now - timedelta(days=20)).pool
    seat = world.seat(pool, world.member(world.bob))
    browser = signed_in(world.alice)
    assert "Nobody used it in the last 30 days." in browser.get(address(world)).text
    UseDay.objects.create(team=world.team, seat=seat, day=world.now.date())
    page = browser.get(address(world)).text
    assert "1 license would have been enough:" in page
    assert "3 bought, 1 assigned, at most 1 used on one day" in page
    assert page.count("<tr>") == 31


def test_it_does_not_call_new_licenses_too_many(world: World, signed_in: Browser) -> None:
    world.seat(world.licenses(seats=3).pool, world.member(world.bob))
    page = signed_in(world.alice).get(address(world)).text
    assert "Some of these licenses are new." in page
    assert "Nobody used it" not in page


def test_a_team_without_licenses_is_led_to_the_shop(world: World, signed_in: Browser) -> None:
    assert reverse("shop_home") in signed_in(world.alice).get(address(world)).text


def test_only_administrators_see_it(world: World, signed_in: Browser) -> None:
    assert signed_in(world.bob).get(address(world)).status_code == HTTPStatus.FORBIDDEN
    assert signed_in(world.charlie).get(address(world)).status_code == HTTPStatus.NOT_FOUND


def test_the_highest_value_fits_into_the_drawing() -> None:
    chart = drawn(bars=[0, 5, 2], upper=[5, 5, 5], lower=[1, 2, 2])
    assert len(chart.bars) == 2
    assert all(bar.y + bar.height == chart.base and bar.y >= 0 for bar in chart.bars)
    assert [rung.value for rung in chart.rungs] == [0, 3, 6]
    assert len(chart.upper.split()) == 6


@pytest.mark.parametrize(
    ("most", "end"), [(1, 1), (2, 2), (3, 4), (5, 6), (7, 10), (11, 20), (1000, 1000), (1001, 2000)]
)
def test_the_scale_ends_at_a_round_number(most: int, end: int) -> None:
    assert scale(most=most) == end
