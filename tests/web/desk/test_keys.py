"""What the desk's first page says about keys."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from licet.accounts.models import Person
from licet.signing import actions, certification, rules
from tests.signing.chance import dice
from tests.world import OPERATOR, World

SignedIn = Callable[[Person], Client]


@pytest.fixture
def page(world: World, signed_in: SignedIn, settings: Settings) -> Callable[[], str]:
    """Return the function that reads the page as staff."""
    settings.LICET_MASTER_KEY = rules.b64(b"m" * 32)
    browser = signed_in(world.victor)

    def read() -> str:
        return browser.get("/desk/").content.decode()

    return read


def offline(world: World) -> None:
    chance = dice("keys")
    actions.ensure(root_seed=chance(32), seed=chance(32), by=OPERATOR, now=world.now)
    certification.take_roots_offline(periods=1, chance=chance, by=OPERATOR, now=world.now)


def test_roots_in_the_database_are_named_with_the_way_to_take_them_offline(
    world: World, page: Callable[[], str]
) -> None:
    actions.ensure(root_seed=b"r" * 32, seed=b"l" * 32, by=OPERATOR, now=world.now)
    text = page()
    assert "The root keys lie in the database" in text
    assert "licet keys offline" in text
    assert "alert-warn" not in text


def test_with_the_roots_elsewhere_the_page_says_until_when_everything_can_be_signed(
    world: World, page: Callable[[], str]
) -> None:
    offline(world)
    text = page()
    assert "until 10 July 2026" in text
    assert "kept away from this server" in text


@pytest.mark.parametrize(("days", "alert"), [(31, ""), (30, "alert-warn"), (0, "alert-bad")])
def test_the_page_warns_from_thirty_days_before_the_end(
    world: World, page: Callable[[], str], days: int, alert: str, signed_in: SignedIn
) -> None:
    offline(world)
    end = world.now + rules.ROTATE_AFTER + rules.SLACK
    with time_machine.travel(end - timedelta(days=days), tick=False):
        text = signed_in(world.victor).get("/desk/").content.decode()
    assert [kind for kind in ("alert-warn", "alert-bad") if kind in text] == ([alert] if alert else [])


def test_without_any_key_the_page_says_that_nothing_can_be_signed(page: Callable[[], str]) -> None:
    assert "alert-bad" in page()
