"""A person sees the applications they are signed in to, and signs them out from afar."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

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


def test_signing_out_of_all_ends_every_one(desktop: Desktop, signed_in: Browser) -> None:
    tokens = [desktop.sign_in(), desktop.sign_in()]
    browser = signed_in(desktop.person)
    assert "Sign out of all" in browser.get(PAGE).content.decode()
    answer = browser.post(f"{PAGE}end/", follow=True)
    assert "You are signed out of all applications." in answer.content.decode()
    assert [desktop.me(each["access_token"]).status_code for each in tokens] == [401, 401]


# --- an administrator looks at a member ------------------------------------------------------------------


@pytest.fixture
def member_page(world: World) -> None:
    """Bob has a license and is signed in on two computers, and in an application of his own."""
    registered(products=[world.product.code])
    registered("private")
    world.seat(world.licenses().pool, world.member(world.bob))
    bob = Desktop(world.bob)
    bob.sign_in(device_name="Desk 7")
    bob.sign_in(device_name="Laptop")
    bob.redeem(bob.code(client_id="private", device_name="At home"), client_id="private")


def member_url(world: World) -> str:
    return reverse("member", args=[world.team.public_id, world.member(world.bob).public_id])


@pytest.mark.usefixtures("member_page")
def test_an_administrator_sees_where_a_member_is_signed_in_under_the_teams_licenses(
    world: World, signed_in: Browser
) -> None:
    page = signed_in(world.alice).get(member_url(world)).content.decode()
    assert "Desk 7" in page
    assert "Laptop" in page
    assert "At home" not in page
    assert "Private" not in page


@pytest.mark.usefixtures("member_page")
def test_an_administrator_signs_a_member_out_of_one(world: World, signed_in: Browser) -> None:
    grant = Grant.objects.get(device_name="Laptop")
    url = reverse("member_sign_out", args=[world.team.public_id, world.member(world.bob).public_id])
    answer = signed_in(world.alice).post(url, {"grant": grant.public_id}, follow=True)
    assert "Bob Keller" in answer.content.decode()
    assert "Laptop" not in answer.content.decode()
    assert set(Grant.objects.filter(ended_at=None).values_list("device_name", flat=True)) == {
        "Desk 7",
        "At home",
    }


@pytest.mark.usefixtures("member_page")
def test_what_is_the_persons_own_stays(world: World, signed_in: Browser) -> None:
    grant = Grant.objects.get(device_name="At home")
    url = reverse("member_sign_out", args=[world.team.public_id, world.member(world.bob).public_id])
    assert signed_in(world.alice).post(url, {"grant": grant.public_id}).status_code == 404
    assert Grant.objects.filter(ended_at=None).count() == 3
