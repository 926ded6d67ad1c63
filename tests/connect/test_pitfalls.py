"""What servers of this kind are known to stumble over, each in one test that no other file has."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from licet.connect.models import Grant
from tests.connect.desktop import REDIRECT, VERIFIER, Desktop, authorize_url, registered
from tests.connect.terminal import Terminal
from tests.world import World

FORMS = [
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded;charset=UTF-8",
    "application/x-www-form-urlencoded; charset=utf-8",
]


@pytest.fixture
def desktop(world: World) -> Desktop:
    """A registered application on Alice's computer."""
    registered()
    return Desktop(world.alice)


@pytest.mark.parametrize("resource", ["https://api.example/", "no address", "", "#", "a" * 3000])
def test_a_resource_that_we_do_not_know_fails_nothing(desktop: Desktop, resource: str) -> None:
    code = desktop.code(resource=resource)
    tokens = desktop.redeem(code, resource=resource)
    assert tokens.status_code == 200
    assert desktop.refresh(tokens.json()["refresh_token"], resource=resource).status_code == 200
    assert Terminal().ask(resource=resource).error(resource=resource) == "authorization_pending"


@pytest.mark.parametrize("content_type", FORMS)
def test_a_form_may_name_its_charset_at_every_endpoint(desktop: Desktop, content_type: str) -> None:
    asked = urlencode({"client_id": "maquette"})
    told = Client().post("/connect/device_authorization", asked, content_type=content_type)
    assert told.status_code == 200
    form = {
        "grant_type": "authorization_code",
        "client_id": "maquette",
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
        "code": desktop.code(),
    }
    tokens = Client().post("/connect/token", urlencode(form), content_type=content_type)
    assert tokens.status_code == 200
    ended = urlencode({"client_id": "maquette", "token": tokens.json()["access_token"]})
    assert Client().post("/connect/revoke", ended, content_type=content_type).status_code == 200
    assert Grant.objects.get().end_reason == "signed_out"


def test_one_application_signs_in_by_browser_and_by_code_of_a_device(desktop: Desktop) -> None:
    desktop.sign_in()
    terminal = Terminal().ask()
    terminal.answer(desktop.person)
    assert terminal.poll().status_code == 200
    assert Grant.objects.filter(application__client_id="maquette", ended_at=None).count() == 2


def test_a_forwarded_address_does_not_dodge_a_limit(desktop: Desktop) -> None:
    asked = urlencode({"client_id": "maquette"})
    answers = [
        Client().post(
            "/connect/device_authorization",
            asked,
            content_type=FORMS[0],
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
        )
        for number in range(31)
    ]
    assert answers[-1].status_code == 429


def test_a_grant_given_once_gives_no_code_without_being_asked_again(desktop: Desktop) -> None:
    desktop.sign_in()
    browser = Client()
    browser.force_login(desktop.person)
    page = browser.get(authorize_url())
    assert page.status_code == 200
    assert Grant.objects.count() == 1


def test_no_answer_of_an_endpoint_is_kept_by_a_cache(desktop: Desktop) -> None:
    terminal = Terminal()
    asked = terminal.post("/connect/device_authorization", client_id="maquette")
    assert asked["Cache-Control"] == "no-store"
    refused = terminal.post("/connect/token", grant_type="refresh_token", client_id="maquette")
    assert "no-store" in refused["Cache-Control"]


@pytest.mark.parametrize("grant", ["password", "client_credentials", "implicit", "urn:ietf:params:oauth:x"])
def test_no_other_grant_exists(desktop: Desktop, grant: str) -> None:
    answer = desktop.post(
        "/connect/token", grant_type=grant, client_id="maquette", username=desktop.person.email, password="x"
    )
    assert answer.json()["error"] == "unsupported_grant_type"
