"""An application as the tests play it: what a program does between the button and its tokens."""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import HttpResponse
from django.test import Client

from licet.accounts.models import Person
from licet.connect import actions as connect
from licet.connect.models import Application
from licet.eventlog.change import change
from tests.world import NOW, OPERATOR

VERIFIER = "v" * 20 + "erifier-of-the-tests_" + "0" * 20
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
REDIRECT = "http://127.0.0.1:49152/callback"
REDIRECTS = ["http://127.0.0.1/callback", "http://[::1]/callback", "example.maquette:/signed-in"]


def registered(client_id: str = "maquette", *, products: list[str] | None = None) -> Application:
    """Register an application as the vendor's file would."""
    with change(by=OPERATOR, now=NOW) as record:
        return connect.register(
            client_id=client_id,
            names={"en": f"{client_id.title()} Desktop"},
            redirects=REDIRECTS,
            products=products or [],
            record=record,
        )


def authorize_url(**changed: str | None) -> str:
    """Return the address that an application opens in the browser; None leaves a parameter out."""
    params = {
        "response_type": "code",
        "client_id": "maquette",
        "redirect_uri": REDIRECT,
        "state": "st/ate+1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changed,
    }
    return "/connect/authorize?" + urlencode({k: v for k, v in params.items() if v is not None})


def answered(response: HttpResponse) -> dict[str, str]:
    """Return the parameters with which the browser was sent to the application."""
    assert response.status_code == 302, response.content
    return {k: v[0] for k, v in parse_qs(urlsplit(response["Location"]).query).items()}


@dataclass
class Desktop:
    """The application on one person's computer."""

    person: Person
    http: Client = field(default_factory=lambda: Client(enforce_csrf_checks=False))

    def code(self, **changed: str | None) -> str:
        """Let the person say yes; return the code."""
        browser = Client()
        browser.force_login(self.person)
        response = browser.post(authorize_url(**changed), {"decision": "allow"})
        return answered(response)["code"]

    def post(self, path: str, **params: Any) -> HttpResponse:
        """Post a form as programs do."""
        return self.http.post(
            path, urlencode(params), content_type="application/x-www-form-urlencoded; charset=UTF-8"
        )

    def redeem(self, code: str, **changed: Any) -> HttpResponse:
        """Exchange a code."""
        params = {
            "grant_type": "authorization_code",
            "client_id": "maquette",
            "redirect_uri": REDIRECT,
            "code_verifier": VERIFIER,
            "code": code,
            **changed,
        }
        return self.post("/connect/token", **{k: v for k, v in params.items() if v is not None})

    def refresh(self, token: str, **changed: Any) -> HttpResponse:
        """Exchange a refresh token."""
        params = {"grant_type": "refresh_token", "client_id": "maquette", "refresh_token": token, **changed}
        return self.post("/connect/token", **params)

    def sign_in(self, **changed: str | None) -> dict[str, Any]:
        """Return the tokens of a whole sign-in."""
        return dict(self.redeem(self.code(**changed)).json())

    def me(self, access: str) -> HttpResponse:
        """Ask who is signed in: 200 as long as the access token is good."""
        return self.http.get("/api/v1/me", headers={"Authorization": f"Bearer {access}"})
