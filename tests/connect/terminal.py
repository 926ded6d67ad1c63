"""A device without a browser as the tests play it, and its person at another one."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from licet.accounts.models import Person
from tests.connect.desktop import Desktop
from tests.world import PASSWORD

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
PAGE, CONFIRM, DONE = "/device/", "/device/confirm/", "/device/done/"


def signed_in(person: Person) -> Client:
    """Return a browser in which English was chosen, and the person has just given the password."""
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    browser.post("/account/login/", {"login": person.email, "password": PASSWORD})
    return browser


@dataclass
class Terminal:
    """An application on a machine without a browser."""

    client_id: str = "maquette"
    http: Client = field(default_factory=Client)
    told: dict[str, Any] = field(default_factory=dict)

    def post(self, path: str, **params: Any) -> HttpResponse:
        """Post a form as programs do."""
        return Desktop.post(self, path, **params)  # type: ignore[arg-type]

    def ask(self, **changed: Any) -> "Terminal":
        """Ask to be signed in; keep what was told."""
        params = {"client_id": self.client_id, "device_name": "Render node 4", **changed}
        answer = self.post("/connect/device_authorization", **params)
        assert answer.status_code == 200, answer.content
        self.told = answer.json()
        return self

    @property
    def user_code(self) -> str:
        """What the device shows."""
        return str(self.told["user_code"])

    def poll(self, **changed: Any) -> HttpResponse:
        """Ask for the tokens."""
        params = {
            "grant_type": DEVICE_GRANT,
            "client_id": self.client_id,
            "device_code": self.told["device_code"],
            **changed,
        }
        return self.post("/connect/token", **params)

    def error(self, **changed: Any) -> str:
        """Poll and return what the protocol calls the reason why there are no tokens."""
        answer = self.poll(**changed)
        assert answer.status_code == 400, answer.content
        return str(answer.json()["error"])

    def enter(self, browser: Client, **changed: Any) -> HttpResponse:
        """Let the person type the code."""
        return browser.post(PAGE, {"user_code": self.user_code, **changed})

    def answer(self, person: Person, *, decision: str = "allow") -> Client:
        """Let the person enter the code, compare and answer; return their browser."""
        browser = signed_in(person)
        assert self.enter(browser)["Location"] == CONFIRM
        answer = browser.post(CONFIRM, {"decision": decision, "same": "on"})
        assert answer["Location"] == DONE, answer.content
        return browser
