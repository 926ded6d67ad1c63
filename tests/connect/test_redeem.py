"""A code works once, for a minute; whoever shows it again ends what it led to."""

from datetime import datetime, timedelta

import pytest
import time_machine

from licet.connect.models import Grant, Token
from licet.eventlog.models import Event
from tests.connect.desktop import REDIRECT, VERIFIER, Desktop, registered
from tests.races import together
from tests.world import World


@pytest.fixture
def desktop(world: World) -> Desktop:
    """A registered application on Alice's computer."""
    registered()
    return Desktop(world.alice)


def test_a_code_works_once_and_its_replay_ends_the_grant(desktop: Desktop) -> None:
    code = desktop.code()
    tokens = desktop.redeem(code).json()
    again = desktop.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert desktop.me(tokens["access_token"]).status_code == 401
    assert desktop.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert Grant.objects.get().end_reason == "code_replayed"


def test_a_replay_counts_even_with_the_wrong_verifier(desktop: Desktop) -> None:
    code = desktop.code()
    tokens = desktop.redeem(code).json()
    assert desktop.redeem(code, code_verifier="w" * 60).status_code == 400
    assert desktop.me(tokens["access_token"]).status_code == 401


def test_a_third_showing_tells_nothing_new(desktop: Desktop) -> None:
    code = desktop.code()
    desktop.redeem(code)
    desktop.redeem(code)
    before = Event.objects.count()
    assert desktop.redeem(code).status_code == 400
    assert Event.objects.count() == before


def test_a_code_lives_a_minute(desktop: Desktop, now: datetime) -> None:
    early, late = desktop.code(), desktop.code()
    with time_machine.travel(now + timedelta(seconds=59), tick=False):
        assert desktop.redeem(early).status_code == 200
    with time_machine.travel(now + timedelta(seconds=60), tick=False):
        assert desktop.redeem(late).json()["error_description"] == "code_expired"


def test_a_closed_account_redeems_nothing(desktop: Desktop) -> None:
    code = desktop.code()
    type(desktop.person).objects.filter(pk=desktop.person.pk).update(is_active=False)
    assert desktop.redeem(code).json()["error_description"] == "account_closed"


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_of_eight_parallel_redeems_of_one_code_exactly_one_wins() -> None:
    registered()
    desktop = Desktop(World().alice)
    code = desktop.code()
    outcomes = together([lambda: Desktop(desktop.person).redeem(code).status_code] * 8)
    assert [each.raised for each in outcomes if each.raised] == []
    assert sorted(each.value for each in outcomes) == [200] + [400] * 7
    assert Grant.objects.count() == 1
    assert Token.objects.count() == 2


def test_the_helpers_are_what_a_client_sends() -> None:
    assert REDIRECT.startswith("http://127.0.0.1:")
    assert 43 <= len(VERIFIER) <= 128
