"""A device without a browser is signed in by its person at another one (RFC 8628)."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from licet.connect import rules
from licet.connect.models import Application, DeviceRequest, Grant, Token
from licet.eventlog.models import Event
from tests.connect.desktop import Desktop, registered
from tests.connect.terminal import CONFIRM, DONE, PAGE, Terminal, signed_in
from tests.world import World


@pytest.fixture
def terminal(world: World) -> Terminal:
    """A machine without a browser that waits to be signed in."""
    registered()
    return Terminal().ask()


def test_a_device_is_told_a_short_code_for_its_person_and_where_to_type_it(terminal: Terminal) -> None:
    told = terminal.told
    assert rules.typed_user_code(typed=told["user_code"]) == told["user_code"]
    assert told["verification_uri"].endswith(PAGE)
    assert told["verification_uri_complete"] == f"{told['verification_uri']}?user_code={told['user_code']}"
    assert (told["expires_in"], told["interval"]) == (15 * 60, 5)


def test_the_device_holds_tokens_once_its_person_has_said_yes(terminal: Terminal, world: World) -> None:
    assert terminal.error() == "authorization_pending"
    terminal.answer(world.alice)
    answer = terminal.poll()
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    tokens = answer.json()
    assert Desktop(world.alice).me(tokens["access_token"]).json()["id"] == world.alice.public_id
    assert Desktop(world.alice).refresh(tokens["refresh_token"]).status_code == 200
    assert Grant.objects.get().device_name == "Render node 4"


def test_a_no_is_told_to_the_device_and_stands(terminal: Terminal, world: World) -> None:
    browser = terminal.answer(world.alice, decision="deny")
    assert "no longer be used" in browser.get(DONE).content.decode()
    assert terminal.error() == "access_denied"
    assert terminal.enter(browser).status_code == 422
    assert not Token.objects.exists()


def test_nothing_but_the_button_for_yes_is_a_yes(terminal: Terminal, world: World) -> None:
    browser = signed_in(world.alice)
    terminal.enter(browser)
    browser.post(CONFIRM, {"same": "on"})
    assert terminal.error() == "access_denied"


def test_a_yes_without_having_compared_the_code_is_asked_again(terminal: Terminal, world: World) -> None:
    browser = signed_in(world.alice)
    terminal.enter(browser)
    answer = browser.post(CONFIRM, {"decision": "allow"})
    assert answer.status_code == 422
    assert "Compare the code with your device" in answer.content.decode()
    assert terminal.error() == "authorization_pending"


# --- the page cannot be forged ----------------------------------------------------------------------


def test_the_page_names_application_device_time_place_code_and_person(
    terminal: Terminal, world: World
) -> None:
    browser = signed_in(world.alice)
    terminal.enter(browser)
    page = browser.get(CONFIRM).content.decode()
    for shown in ("Maquette Desktop", "Render node 4", "127.0.0.1", terminal.user_code, world.alice.email):
        assert shown in page
    assert "The same network as this browser" in page
    assert "If somebody sent you the code" in page


def test_the_page_says_that_the_device_is_in_another_network(world: World) -> None:
    registered()
    terminal = Terminal(http=Client(REMOTE_ADDR="198.51.100.7")).ask()
    browser = signed_in(world.alice)
    terminal.enter(browser)
    page = browser.get(CONFIRM).content.decode()
    assert "198.51.100.7" in page
    assert "Another network than this browser" in page


def test_an_address_with_the_code_fills_it_in_and_answers_nothing(terminal: Terminal, world: World) -> None:
    browser = signed_in(world.alice)
    address = terminal.told["verification_uri_complete"].removeprefix("http://testserver")
    page = browser.get("/device/?user_code=" + terminal.user_code)
    assert address.endswith(terminal.user_code)
    assert f'value="{terminal.user_code}"' in page.content.decode()
    assert browser.get(CONFIRM)["Location"] == PAGE
    assert browser.post(CONFIRM, {"decision": "allow", "same": "on"})["Location"] == PAGE
    assert terminal.error() == "authorization_pending"


def test_the_question_opens_only_in_the_browser_where_the_code_was_entered(
    terminal: Terminal, world: World
) -> None:
    terminal.enter(signed_in(world.charlie))
    other = signed_in(world.alice)
    assert other.post(CONFIRM, {"decision": "allow", "same": "on"})["Location"] == PAGE
    assert terminal.error() == "authorization_pending"


@pytest.mark.parametrize("path", [PAGE, CONFIRM])
def test_a_forged_post_without_the_page_is_refused(terminal: Terminal, world: World, path: str) -> None:
    browser = signed_in(world.alice)
    terminal.enter(browser)
    browser.handler.enforce_csrf_checks = True
    asked = {"user_code": terminal.user_code, "decision": "allow", "same": "on"}
    answer = browser.post(path, asked, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert terminal.error() == "authorization_pending"


def test_who_signed_in_long_ago_proves_first_who_they_are(
    terminal: Terminal, world: World, now: datetime
) -> None:
    browser = signed_in(world.alice)
    with time_machine.travel(now + timedelta(minutes=11), tick=False):
        terminal.enter(browser)
        page = browser.get(CONFIRM)
        assert page["Location"].startswith("/account/reauthenticate/?next=")
        late = browser.post(CONFIRM, {"decision": "allow", "same": "on"})
        assert late["Location"] == CONFIRM
        assert terminal.error() == "authorization_pending"


def test_who_is_not_signed_in_signs_in_first_and_keeps_the_code(terminal: Terminal) -> None:
    answer = Client().get(f"{PAGE}?user_code={terminal.user_code}")
    assert answer["Location"] == f"/account/login/?next=/device/%3Fuser_code%3D{terminal.user_code}"


def test_nobody_guesses_a_code(terminal: Terminal, world: World) -> None:
    browser = signed_in(world.alice)
    for _try in range(10):
        assert "No device waits" in browser.post(PAGE, {"user_code": "BCDF-GHJK"}).content.decode()
    late = terminal.enter(browser)
    assert late.status_code == 429
    assert "Wait ten minutes" in late.content.decode()
    assert 1 <= int(late["Retry-After"]) <= 600
    assert terminal.enter(signed_in(world.charlie))["Location"] == CONFIRM


@pytest.mark.parametrize("typed", ["{}", "{lower}", " {plain} ", "{spaced}"])
def test_a_code_is_understood_however_it_is_typed(terminal: Terminal, world: World, typed: str) -> None:
    code = terminal.user_code
    forms = {"lower": code.lower(), "plain": code.replace("-", ""), "spaced": code.replace("-", " ")}
    answer = terminal.enter(signed_in(world.alice), user_code=typed.format(code, **forms))
    assert answer["Location"] == CONFIRM


# --- time, and use -----------------------------------------------------------------------------------


def test_a_device_that_asks_too_often_is_slowed_down_more_each_time(
    terminal: Terminal, now: datetime
) -> None:
    asked = [(0, "authorization_pending"), (2, "slow_down"), (8, "slow_down"), (22, "slow_down")]
    asked += [(43, "authorization_pending")]
    for seconds, expected in asked:
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            assert terminal.error() == expected, seconds


def test_after_a_quarter_of_an_hour_nobody_can_answer_any_more(
    terminal: Terminal, world: World, now: datetime
) -> None:
    browser = signed_in(world.alice)
    with time_machine.travel(now + timedelta(minutes=9), tick=False):
        terminal.enter(browser)
    with time_machine.travel(now + timedelta(minutes=15), tick=False):
        assert terminal.error() == "expired_token"
        assert browser.post(CONFIRM, {"decision": "allow", "same": "on"})["Location"] == PAGE
        assert "No device waits" in terminal.enter(browser).content.decode()


def test_a_yes_that_is_not_fetched_in_time_is_worth_nothing(
    terminal: Terminal, world: World, now: datetime
) -> None:
    terminal.answer(world.alice)
    with time_machine.travel(now + timedelta(minutes=15), tick=False):
        assert terminal.error() == "expired_token"


def test_a_device_code_that_is_seen_again_ends_the_grant(terminal: Terminal, world: World) -> None:
    terminal.answer(world.alice)
    tokens = terminal.poll().json()
    assert terminal.error() == "invalid_grant"
    assert Desktop(world.alice).me(tokens["access_token"]).status_code == 401
    assert Desktop(world.alice).refresh(tokens["refresh_token"]).status_code == 400
    assert Grant.objects.get().end_reason == "code_replayed"
    assert terminal.error() == "invalid_grant"


def test_another_application_cannot_fetch_the_tokens_nor_spoil_them(terminal: Terminal, world: World) -> None:
    registered("other")
    terminal.answer(world.alice)
    assert terminal.error(client_id="other") == "invalid_grant"
    assert terminal.poll().status_code == 200


@pytest.mark.parametrize("code", ["", "ldc_unknown", "x" * 5000])
def test_an_unknown_device_code_is_refused(terminal: Terminal, code: str) -> None:
    assert terminal.error(device_code=code) in ("invalid_grant", "invalid_request")


def test_only_a_registered_application_may_ask(terminal: Terminal) -> None:
    for client_id in ("unknown", ""):
        answer = terminal.post("/connect/device_authorization", client_id=client_id)
        assert answer.status_code == 400
        assert answer.json()["error"] == "invalid_client"


def test_an_application_that_is_withdrawn_meanwhile_signs_nobody_in(terminal: Terminal, world: World) -> None:
    terminal.answer(world.alice)
    Application.objects.update(withdrawn_at=world.now)
    assert terminal.error() == "invalid_client"
    assert not Token.objects.exists()


def test_a_closed_account_is_not_signed_in(terminal: Terminal, world: World) -> None:
    terminal.answer(world.alice)
    type(world.alice).objects.filter(pk=world.alice.pk).update(is_active=False)
    answer = terminal.poll()
    assert (answer.status_code, answer.json()["error_description"]) == (400, "account_closed")


def test_nothing_that_opens_anything_is_stored_or_told(terminal: Terminal, world: World) -> None:
    terminal.answer(world.alice)
    tokens = terminal.poll().json()
    secrets = [terminal.told["device_code"], terminal.user_code, tokens["access_token"]]
    rows = [*DeviceRequest.objects.values(), *Grant.objects.values(), *Event.objects.values()]
    assert not [secret for secret in secrets if secret in str(rows)]


def test_an_office_that_asks_without_end_is_told_to_wait(terminal: Terminal) -> None:
    asked = [terminal.post("/connect/device_authorization", client_id="maquette") for _ in range(30)]
    assert asked[0].status_code == 200
    assert asked[-1].status_code == 429
    assert asked[-1].json()["error"] == "temporarily_unavailable"
    assert 1 <= int(asked[-1]["Retry-After"]) <= 60
