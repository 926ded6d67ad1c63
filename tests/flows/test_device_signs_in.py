"""A machine without a browser shows a code; its person opens a page elsewhere, compares, and answers."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from licet.config.demonstration import BOB, PASSWORD
from tests.browser import PHONE, Server, Visitor

pytestmark = pytest.mark.browser

Seat = Callable[..., Visitor]
CLIENT_ID = "maquette-desktop"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class Machine:
    """An application where nobody can open a browser."""

    def __init__(self, server: Server, *, name: str) -> None:
        self.server = server
        self.told = self.ask("/connect/device_authorization", client_id=CLIENT_ID, device_name=name)

    def ask(self, path: str, **form: str) -> dict[str, Any]:
        """Post a form."""
        request = urllib.request.Request(self.server.url + path, urlencode(form).encode())
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as refused:
            return dict(json.load(refused))

    def poll(self) -> dict[str, Any]:
        """Ask for the tokens."""
        return self.ask(
            "/connect/token", grant_type=GRANT, client_id=CLIENT_ID, device_code=self.told["device_code"]
        )


def test_a_person_types_the_code_compares_and_signs_the_machine_in(visitor: Seat, server: Server) -> None:
    machine = Machine(server, name="Render node 4")
    bob = visitor()
    bob.sign_in(email=BOB.email, password=PASSWORD)
    page = bob.page
    page.goto(machine.told["verification_uri"])
    bob.examine_both_schemes()
    page.get_by_label("Code").fill("bcdf ghjk")
    page.keyboard.press("Enter")
    page.get_by_text("No device waits with this code.").first.wait_for()
    bob.examine()
    page.get_by_label("Code").fill(machine.told["user_code"].lower())
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/device/confirm/"))
    assert (
        page.get_by_role("heading", level=1).inner_text() == "Sign in to Maquette Atelier on Render node 4?"
    )
    assert page.get_by_role("main").get_by_text(machine.told["user_code"], exact=True).is_visible()
    bob.examine_both_schemes()
    assert machine.poll()["error"] == "authorization_pending"
    page.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your device is signed in").wait_for()
    bob.examine()
    assert machine.poll()["token_type"] == "Bearer"


def test_who_follows_a_link_still_has_to_compare_and_may_say_no(visitor: Seat, server: Server) -> None:
    machine = Machine(server, name="Somebody's laptop")
    bob = visitor(language="fr", viewport=PHONE)
    bob.sign_in(email=BOB.email, password=PASSWORD)
    page = bob.page
    page.goto(machine.told["verification_uri_complete"])
    assert page.locator("input[name=user_code]").input_value() == machine.told["user_code"]
    bob.examine_both_schemes()
    page.locator("main form button.button").first.click()
    page.wait_for_url(re.compile("/device/confirm/"))
    page.locator("button[value=allow]").click()
    page.locator("main .error").first.wait_for()
    bob.examine_both_schemes()
    page.locator("button[value=deny]").click()
    page.wait_for_url(re.compile("/device/done/"))
    bob.examine()
    assert machine.poll()["error"] == "access_denied"
