"""A person sees the applications they are signed in to, and signs them out from afar."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from licet.accounts.models import Person
from licet.connect.models import Grant
from tests.connect.desktop import Desktop, registered
from tests.world import World

PAGE = "/account/applications/"
Browser = Callable[[Person], Client]


@pytest.fixture
def desktop(world: World) -> Desktop:
    """A registered application on Alice's computer."""
    registered()
    return Desktop(world.alice)


def test_the_page_names_application_and_computer(desktop: Desktop, signed_in: Browser) -> None:
    desktop.sign_in(device_name="Desk 7")
    page = signed_in(desktop.person).get(PAGE).content.decode()
    assert "Maquette Desktop" in page
    assert "Desk 7" in page


def test_signing_out_ends_it_at_once(desktop: Desktop, signed_in: Browser) -> None:
    tokens = desktop.sign_in()
    grant = Grant.objects.get()
    answer = signed_in(desktop.person).post(f"{PAGE}{grant.public_id}/end/", follow=True)
    assert "Maquette Desktop is signed out." in answer.content.decode()
    assert desktop.me(tokens["access_token"]).status_code == 401
    assert grant.public_id not in answer.content.decode()


def test_what_has_ended_by_itself_is_not_shown(desktop: Desktop, signed_in: Browser, now: datetime) -> None:
    desktop.sign_in(device_name="Desk 7")
    with time_machine.travel(now + timedelta(days=180), tick=False):
        assert "Desk 7" not in signed_in(desktop.person).get(PAGE).content.decode()


def test_a_strangers_application_does_not_exist(desktop: Desktop, world: World, signed_in: Browser) -> None:
    tokens = desktop.sign_in()
    answer = signed_in(world.charlie).post(f"{PAGE}{Grant.objects.get().public_id}/end/")
    assert answer.status_code == 404
    assert desktop.me(tokens["access_token"]).status_code == 200
