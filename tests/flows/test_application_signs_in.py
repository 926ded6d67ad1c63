"""An application signs a person in through their own browser, and is answered on this computer.

The application is played here: it listens on a loopback address, opens the browser, and trades the
code that comes back for its tokens, as RFC 8252 describes it for programs that are installed.
"""

import base64
import hashlib
import json
import re
import secrets
import socket
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from licet.config.demonstration import BOB, PASSWORD
from tests.browser import PHONE, Server, Visitor

pytestmark = pytest.mark.browser

Seat = Callable[..., Visitor]
CLIENT_ID = "maquette-desktop"


@dataclass
class Listener:
    """The application's ear: one loopback address, everything that came to it."""

    host: str
    heard: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def address(self) -> str:
        """Where the browser is to bring the answer."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/callback"


@contextmanager
def listening(host: str) -> Iterator[Listener]:
    """Listen on a free port of a loopback address."""
    listener = Listener(host)

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/callback":
                listener.heard.append({k: v[0] for k, v in parse_qs(parts.query).items()})
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            # the empty icon keeps the browser from asking for one when nobody listens any more
            icon = b'<link rel="icon" href="data:,">'
            self.wfile.write(b"<!DOCTYPE html><title>Done</title>" + icon + b"<p>You can close this window.")

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    class Family(HTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

    with Family((host, 0), Ear) as server:
        listener.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield listener
        finally:
            server.shutdown()
            thread.join()


class Application:
    """An installed program, between its button "Sign in" and its tokens."""

    def __init__(self, server: Server, listener: Listener, *, device: str = "") -> None:
        self.server = server
        self.listener = listener
        self.verifier = secrets.token_urlsafe(48)
        self.state = secrets.token_urlsafe(16)
        digest = hashlib.sha256(self.verifier.encode()).digest()
        self.question = "/connect/authorize?" + urlencode(
            {
                "response_type": "code",
                "client_id": CLIENT_ID,
                "redirect_uri": listener.address,
                "state": self.state,
                "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
                "code_challenge_method": "S256",
                **({"device_name": device} if device else {}),
            }
        )

    def answer(self) -> dict[str, str]:
        """Return what the browser brought, which is the answer to our own question."""
        (heard,) = self.listener.heard
        assert heard["state"] == self.state
        assert heard["iss"] == self.ask("/.well-known/oauth-authorization-server")["issuer"]
        return heard

    def ask(self, path: str, *, token: str = "", **form: str) -> dict[str, Any]:
        """Ask the server as programs do; a form makes it a POST."""
        request = urllib.request.Request(self.server.url + path)
        if form:
            request.data = urlencode(form).encode()
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(request, timeout=20) as response:
            return dict(json.load(response))

    def redeem(self, code: str) -> dict[str, Any]:
        """Trade the code for tokens."""
        return self.ask(
            "/connect/token",
            grant_type="authorization_code",
            client_id=CLIENT_ID,
            redirect_uri=self.listener.address,
            code_verifier=self.verifier,
            code=code,
        )


def sign_in_where_asked(guest: Visitor) -> None:
    """Fill the sign-in page that stands in between; it must lead back to the question."""
    page = guest.page
    page.locator("input[name=login]").fill(BOB.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(re.compile("/connect/authorize"))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_the_browser_asks_the_person_and_brings_the_application_its_answer(
    visitor: Seat, server: Server, host: str
) -> None:
    with listening(host) as listener:
        application = Application(server, listener, device="Desk by the window")
        bob = visitor()
        bob.open(application.question)
        sign_in_where_asked(bob)
        heading = bob.page.get_by_role("heading", level=1)
        assert heading.inner_text() == "Sign in to Maquette Atelier on Desk by the window?"
        assert bob.page.get_by_role("main").get_by_text(BOB.email).is_visible()
        bob.examine_both_schemes()
        bob.page.get_by_role("button", name="Sign in", exact=True).click()
        bob.page.wait_for_url(listener.address + "?**")
        tokens = application.redeem(application.answer()["code"])
    told = application.ask("/api/v1/me", token=tokens["access_token"])
    assert told["name"] == BOB.name
    assert [each["code"] for each in told["products"]] == ["atelier-structure"]


def test_cancel_is_told_to_the_application_too(visitor: Seat, server: Server) -> None:
    with listening("127.0.0.1") as listener:
        application = Application(server, listener)
        bob = visitor(language="fr", viewport=PHONE)
        bob.sign_in(email=BOB.email, password=PASSWORD)
        bob.open(application.question)
        bob.examine()
        bob.page.locator("button[value=deny]").click()
        bob.page.wait_for_url(listener.address + "?**")
        answer = application.answer()
    assert answer["error"] == "access_denied"
    assert "code" not in answer


def test_who_is_somebody_else_changes_the_account_and_keeps_the_question(
    visitor: Seat, server: Server
) -> None:
    with listening("127.0.0.1") as listener:
        application = Application(server, listener)
        guest = visitor()
        guest.sign_in(email="victor@maquette.example", password=PASSWORD)
        guest.open(application.question)
        guest.page.get_by_role("button", name="Use another account").click()
        guest.page.wait_for_url(re.compile("/account/login/"))
        sign_in_where_asked(guest)
        assert guest.page.get_by_role("main").get_by_text(BOB.email).is_visible()
        assert listener.heard == []
