"""A vendor may sign people in and verify leases without our client: with other people's libraries alone.

oauthlib speaks OAuth 2 (code with PKCE, device grant, refresh, revocation), PyJWT verifies ID token, lease
and certificate, the standard library talks to a server that `licet run` serves.
"""

import base64
import hashlib
import json
import re
import secrets
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from oauthlib.oauth2 import DeviceClient, OAuth2Token, WebApplicationClient

from licet.config.demonstration import BOB, PASSWORD
from tests.browser import Server

pytestmark = pytest.mark.real_clock

CLIENT_ID = "maquette-desktop"
REDIRECT = "http://127.0.0.1:49152/callback"
SCOPE = "licenses openid profile email"


class StayHere(urllib.request.HTTPRedirectHandler):
    """Follow redirects on the site; an answer to the application is looked at instead."""

    def redirect_request(self, request: Any, body: Any, code: int, text: str, headers: Any, url: str) -> Any:
        """Follow, unless it leads to the application."""
        leaves = url.startswith(REDIRECT)
        return None if leaves else super().redirect_request(request, body, code, text, headers, url)


class Browser:
    """What a person's browser does, without Chromium: pages, cookies, forms."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), StayHere())

    def open(self, url: str, form: dict[str, str] | None = None) -> str:
        """Return a page, or the address of the application that the browser was sent to."""
        address = url if url.startswith("http") else self.site + url
        data = urlencode(form).encode() if form else None
        try:
            with self.opener.open(address, data, timeout=30) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as sent:
            if sent.code != 302:
                raise
            return str(sent.headers["Location"])

    def submit(self, url: str, **form: str) -> str:
        """Fill in the form of a page and send it."""
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.open(url))
        assert found is not None
        return self.open(url, {"csrfmiddlewaretoken": found[1], **form})


@dataclass
class Site:
    """The server as its discovery document tells it, and Bob's browser."""

    told: dict[str, Any]
    browser: Browser

    def ask(
        self, url: str, body: str = "", *, token: str = "", json_body: Any = None, **headers: str
    ) -> dict[str, Any]:
        """Ask as a program: a form, a JSON object, or nothing."""
        request = urllib.request.Request(url, headers=headers)
        if body:
            request.data = body.encode()
        if json_body is not None:
            request.data = json.dumps(json_body).encode()
            request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return dict(json.loads(answer.read() or b"{}"))
        except urllib.error.HTTPError as refused:
            return dict(json.loads(refused.read()))


@pytest.fixture
def site(server: Server, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The server, discovered, with Bob signed in."""
    # oauthlib wants TLS everywhere; between two ends of one machine there is none
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with urllib.request.urlopen(f"{server.url}/.well-known/openid-configuration", timeout=30) as answer:
        told = json.load(answer)
    assert told["issuer"] == server.url
    browser = Browser(server.url)
    browser.submit("/account/login/", login=BOB.email, password=PASSWORD)
    return Site(told, browser)


def identity(site: Site, tokens: OAuth2Token, **expected: Any) -> dict[str, Any]:
    """Verify the ID token with PyJWT and the published keys; return its claims."""
    key = jwt.PyJWKClient(site.told["jwks_uri"]).get_signing_key_from_jwt(tokens["id_token"])
    algorithms = site.told["id_token_signing_alg_values_supported"]
    claims = jwt.decode(
        tokens["id_token"], key, algorithms=algorithms, audience=CLIENT_ID, issuer=site.told["issuer"]
    )
    assert expected.items() <= claims.items()
    return dict(claims)


def signed_in(site: Site, scope: str = SCOPE) -> tuple[WebApplicationClient, OAuth2Token, str]:
    """Sign Bob in by code and PKCE, as oauthlib does it; return client, tokens and nonce."""
    client = WebApplicationClient(CLIENT_ID)
    verifier, state, nonce = client.create_code_verifier(64), secrets.token_urlsafe(), secrets.token_urlsafe()
    question = client.prepare_request_uri(
        site.told["authorization_endpoint"],
        redirect_uri=REDIRECT,
        scope=scope,
        state=state,
        code_challenge=client.create_code_challenge(verifier, "S256"),
        code_challenge_method="S256",
        nonce=nonce,
        device_name="Bob's desk",
    )
    answer = site.browser.submit(question, decision="allow")
    told = client.parse_request_uri_response(answer, state=state)
    assert told["iss"] == site.told["issuer"]
    body = client.prepare_request_body(redirect_uri=REDIRECT, code_verifier=verifier)
    tokens = client.parse_request_body_response(
        json.dumps(site.ask(site.told["token_endpoint"], body)), scope=scope
    )
    return client, tokens, nonce


def test_code_with_pkce_id_token_userinfo_refresh_and_revocation(site: Site) -> None:
    client, tokens, nonce = signed_in(site)
    claims = identity(site, tokens, nonce=nonce)
    assert time.time() - claims["auth_time"] < 300
    told = site.ask(site.told["userinfo_endpoint"], token=tokens["access_token"])
    assert told == {
        "sub": claims["sub"],
        "name": BOB.name,
        "locale": BOB.language,
        "email": BOB.email,
        "email_verified": True,
    }
    again = site.ask(
        site.told["token_endpoint"], client.prepare_refresh_body(client_id=CLIENT_ID, scope=SCOPE)
    )
    assert again["refresh_token"] != tokens["refresh_token"]
    url, _headers, body = client.prepare_token_revocation_request(
        site.told["revocation_endpoint"],
        again["refresh_token"],
        "refresh_token",
        client_id=CLIENT_ID,
    )
    site.ask(url, body)
    assert site.ask(site.told["userinfo_endpoint"], token=again["access_token"])["code"] == "unauthenticated"


def test_device_grant_with_its_page(site: Site) -> None:
    client = DeviceClient(CLIENT_ID)
    asked = {"client_id": CLIENT_ID, "scope": SCOPE, "device_name": "Render node 4"}
    told = site.ask(site.told["device_authorization_endpoint"], urlencode(asked))
    body = client.prepare_request_body(told["device_code"], include_client_id=True)
    assert site.ask(site.told["token_endpoint"], body)["error"] == "authorization_pending"
    page = site.browser.submit(told["verification_uri"], user_code=told["user_code"])
    assert "Render node 4" in page
    done = site.browser.submit("/device/confirm/", decision="allow", same="on")
    assert "Your device is signed in" in done
    answer = site.ask(site.told["token_endpoint"], body)
    tokens = client.parse_request_body_response(json.dumps(answer), scope=SCOPE)
    assert identity(site, tokens)["sub"].startswith("person_")


def b64(data: bytes) -> str:
    """URL-safe base 64 without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_a_lease_is_got_and_verified(site: Site, server: Server) -> None:
    _client, tokens, _nonce = signed_in(site, scope="licenses")
    token, key = tokens["access_token"], Ed25519PrivateKey.generate()
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": b64(key.public_key().public_bytes_raw())}

    def proof(url: str, nonce: str, seq: int) -> str:
        claims = {
            "htm": "POST",
            "htu": url,
            "iat": int(time.time()),
            "jti": nonce,
            "ath": b64(hashlib.sha256(token.encode()).digest()),
            "seq": seq,
        }
        return jwt.encode(claims, key, algorithm="EdDSA", headers={"typ": "dpop+jwt", "jwk": jwk})

    url = f"{server.url}/api/v1/devices"
    device = site.ask(url, token=token, json_body={"name": "Desk"}, DPoP=proof(url, "n-1", 1))
    (product,) = [each["code"] for each in site.ask(f"{server.url}/api/v1/me", token=token)["products"]]
    url, asked = f"{server.url}/v1/leases/checkout", {"product": product, "process": "main"}
    got = site.ask(url, token=token, json_body=asked, DPoP=proof(url, "n-2", 2))

    published = site.ask(f"{server.url}/.well-known/jwks.json")
    roots = {each["kid"]: jwt.PyJWK(each) for each in published["roots"]}
    kid = jwt.get_unverified_header(got["certificate"])["kid"]
    certificate = jwt.decode(got["certificate"], roots[kid], algorithms=["EdDSA"], issuer=server.url)
    assert certificate["use"] == "lease"
    lease_key = jwt.PyJWK({**certificate["jwk"], "alg": "EdDSA"})
    lease = jwt.decode(got["lease"], lease_key, algorithms=["EdDSA"], audience=CLIENT_ID, issuer=server.url)
    assert jwt.get_unverified_header(got["lease"])["typ"] == "lease+jwt"
    assert (lease["product"], lease["nonce"], lease["cnf"]["jkt"]) == (product, "n-2", device["jkt"])
    with pytest.raises(jwt.InvalidTokenError):
        jwt.decode(tokens["refresh_token"], lease_key, algorithms=["EdDSA"])
