"""What can open nothing any more is deleted, and nothing that a replay could still betray."""

from datetime import datetime, timedelta

import pytest
import time_machine

from licet.connect import requests as connect
from licet.connect.models import Code, DeviceRequest, Grant, Token
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden
from tests.connect.desktop import Desktop, registered
from tests.connect.terminal import Terminal
from tests.world import OPERATOR, World


@pytest.fixture
def desktop(world: World) -> Desktop:
    """A registered application on Alice's computer."""
    registered()
    return Desktop(world.alice)


def left() -> tuple[int, int, int]:
    return Code.objects.count(), DeviceRequest.objects.count(), Token.objects.count()


def test_a_day_after_their_end_unused_codes_requests_and_access_tokens_go(
    desktop: Desktop, now: datetime
) -> None:
    desktop.code()
    Terminal().ask()
    desktop.sign_in()
    assert connect.sweep(by=OPERATOR, now=now + timedelta(hours=23)) == 0
    assert left() == (2, 1, 2)
    assert connect.sweep(by=OPERATOR, now=now + timedelta(days=2)) == 3
    assert left() == (1, 0, 1)
    assert connect.sweep(by=OPERATOR, now=now + timedelta(days=2)) == 0
    assert Event.objects.get(name="connect.swept").facts == {"codes": 1, "requests": 1, "tokens": 1}


def test_a_replay_still_ends_the_grant_after_sweeping(desktop: Desktop, now: datetime) -> None:
    code = desktop.code()
    first = desktop.redeem(code).json()
    with time_machine.travel(now + timedelta(days=20), tick=False):
        second = desktop.refresh(first["refresh_token"]).json()
        connect.sweep(by=OPERATOR, now=now + timedelta(days=20))
        desktop.redeem(code)
        assert desktop.me(second["access_token"]).status_code == 401


def test_everything_of_an_ended_grant_goes(desktop: Desktop, now: datetime) -> None:
    desktop.sign_in()
    connect.sweep(by=OPERATOR, now=now + timedelta(days=400))
    assert left() == (0, 0, 0)
    assert Grant.objects.count() == 1


def test_only_the_schedule_sweeps(desktop: Desktop, now: datetime) -> None:
    with pytest.raises(Forbidden):
        connect.sweep(by=desktop.person.actor(), now=now)
