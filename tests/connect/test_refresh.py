"""A refresh token works once, for thirty days at a time and half a year in all."""

from datetime import datetime, timedelta

import pytest
import time_machine

from licet.connect.models import Grant, Token
from tests.connect.desktop import Desktop, registered
from tests.races import together
from tests.world import World


@pytest.fixture
def desktop(world: World) -> Desktop:
    """A registered application on Alice's computer."""
    registered()
    return Desktop(world.alice)


def test_refreshing_gives_two_new_tokens_and_spends_the_old_one(desktop: Desktop) -> None:
    first = desktop.sign_in()
    second = desktop.refresh(first["refresh_token"]).json()
    assert {first["access_token"], first["refresh_token"]}.isdisjoint(
        {second["access_token"], second["refresh_token"]}
    )
    assert desktop.me(second["access_token"]).status_code == 200


def test_a_spent_refresh_token_seen_again_ends_the_grant(desktop: Desktop) -> None:
    first = desktop.sign_in()
    second = desktop.refresh(first["refresh_token"]).json()
    again = desktop.refresh(first["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert desktop.me(second["access_token"]).status_code == 401
    assert desktop.refresh(second["refresh_token"]).status_code == 400
    assert Grant.objects.get().end_reason == "refresh_replayed"


def test_an_access_token_lasts_thirty_minutes(desktop: Desktop, now: datetime) -> None:
    tokens = desktop.sign_in()
    with time_machine.travel(now + timedelta(minutes=29, seconds=59), tick=False):
        assert desktop.me(tokens["access_token"]).status_code == 200
    with time_machine.travel(now + timedelta(minutes=30), tick=False):
        assert desktop.me(tokens["access_token"]).status_code == 401


def test_thirty_days_without_refreshing_end_the_sign_in(desktop: Desktop, now: datetime) -> None:
    tokens = desktop.sign_in()
    with time_machine.travel(now + timedelta(days=30), tick=False):
        assert desktop.refresh(tokens["refresh_token"]).json()["error_description"] == "token_expired"


def test_refreshing_slides_the_thirty_days_up_to_half_a_year(desktop: Desktop, now: datetime) -> None:
    tokens = desktop.sign_in()
    for days in range(25, 180, 25):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            tokens = desktop.refresh(tokens["refresh_token"]).json()
            assert "refresh_token" in tokens, days
    with time_machine.travel(now + timedelta(days=180) - timedelta(minutes=10), tick=False):
        tokens = desktop.refresh(tokens["refresh_token"]).json()
        assert tokens["expires_in"] == 600
    with time_machine.travel(now + timedelta(days=180), tick=False):
        assert desktop.me(tokens["access_token"]).status_code == 401
        assert desktop.refresh(tokens["refresh_token"]).json()["error_description"] == "grant_ended"


def test_an_access_token_refreshes_nothing_and_a_refresh_token_opens_nothing(desktop: Desktop) -> None:
    tokens = desktop.sign_in()
    assert desktop.refresh(tokens["access_token"]).status_code == 400
    assert desktop.me(tokens["refresh_token"]).status_code == 401


def test_another_application_cannot_refresh_nor_end_it(desktop: Desktop) -> None:
    registered("other")
    first = desktop.sign_in()
    second = desktop.refresh(first["refresh_token"]).json()
    assert desktop.refresh(first["refresh_token"], client_id="other").status_code == 400
    assert desktop.refresh(second["refresh_token"], client_id="other").status_code == 400
    assert desktop.me(second["access_token"]).status_code == 200


def test_a_closed_account_refreshes_nothing(desktop: Desktop) -> None:
    tokens = desktop.sign_in()
    type(desktop.person).objects.filter(pk=desktop.person.pk).update(is_active=False)
    assert desktop.refresh(tokens["refresh_token"]).json()["error_description"] == "account_closed"
    assert desktop.me(tokens["access_token"]).status_code == 401


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_of_eight_parallel_refreshes_with_one_token_exactly_one_wins() -> None:
    registered()
    desktop = Desktop(World().alice)
    token = desktop.sign_in()["refresh_token"]
    outcomes = together([lambda: Desktop(desktop.person).refresh(token).status_code] * 8)
    assert [each.raised for each in outcomes if each.raised] == []
    assert sorted(each.value for each in outcomes) == [200] + [400] * 7
    assert Token.objects.filter(kind="refresh").count() == 2
