"""A closed account: nobody signs in with it, and every application of it is signed out at once."""

import pytest
from django.core.management import CommandError, call_command

from licet.accounts import actions as accounts
from licet.connect import ending
from licet.connect.models import Grant
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden, Missing
from tests.connect.desktop import Desktop, registered
from tests.connect.terminal import signed_in
from tests.world import OPERATOR, World


@pytest.fixture
def desktop(world: World) -> Desktop:
    """A registered application on Alice's computer."""
    registered()
    return Desktop(world.alice)


def close(desktop: Desktop) -> None:
    ending.deactivate(person=desktop.person, by=OPERATOR, now=Event.objects.latest("pk").at)


def test_access_stops_at_once(desktop: Desktop) -> None:
    tokens, code = desktop.sign_in(), desktop.code()
    close(desktop)
    assert desktop.me(tokens["access_token"]).status_code == 401
    assert desktop.refresh(tokens["refresh_token"]).status_code == 400
    assert desktop.redeem(code).status_code == 400
    assert Grant.objects.get().end_reason == "person_deactivated"


def test_browsers_are_signed_out_too(desktop: Desktop) -> None:
    browser = signed_in(desktop.person)
    assert browser.get("/account/").status_code == 200
    close(desktop)
    assert browser.get("/account/")["Location"].startswith("/account/login/")
    assert signed_in(desktop.person).get("/account/").status_code == 302


def test_only_an_operator_closes_an_account(desktop: Desktop, world: World) -> None:
    with pytest.raises(Missing):
        ending.deactivate(person=desktop.person, by=world.victor.actor(), now=world.now)
    with pytest.raises(Forbidden):
        accounts.reopen(person=desktop.person, by=world.victor.actor(), now=world.now)


def test_the_command_closes_and_opens_again(desktop: Desktop) -> None:
    desktop.sign_in()
    call_command("account", "close", desktop.person.email)
    assert signed_in(desktop.person).get("/account/").status_code == 302
    call_command("account", "reopen", desktop.person.email)
    assert signed_in(desktop.person).get("/account/").status_code == 200
    assert Grant.objects.get().ended_at is not None
    with pytest.raises(CommandError):
        call_command("account", "close", "nobody@elsewhere.example")
