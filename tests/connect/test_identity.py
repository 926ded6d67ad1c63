"""OpenID Connect: who the person is, told to applications that ask for it and to no other."""

import json
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
import time_machine
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from django.test import Client

from licet.config import settings as configuration
from licet.connect.models import Code
from licet.signing.models import SigningKey
from licet.signing.states import Purpose
from tests import doorway
from tests.connect.desktop import Desktop, answered, authorize_url, registered
from tests.connect.terminal import Terminal, signed_in
from tests.world import World


@pytest.fixture
def desktop(world: World) -> Desktop:
    """A registered application on Alice's computer; the server has its keys."""
    registered()
    doorway.keys(now=world.now)
    return Desktop(world.alice)


def claims_of(token: str, *, now: datetime) -> dict[str, Any]:
    """Verify an ID token as an application does."""
    published = Client().get("/connect/jwks.json").json()
    key = jwt.PyJWKSet(published["keys"])[jwt.get_unverified_header(token)["kid"]]
    options = {"verify_exp": False, "verify_iat": False}
    issuer = configuration.LICET_BASE_URL
    claims = jwt.decode(token, key, algorithms=["EdDSA"], audience="maquette", issuer=issuer, options=options)
    assert claims["exp"] - claims["iat"] == 600
    assert claims["iat"] == int(now.timestamp())
    return dict(claims)


def userinfo(access: str, *, method: str = "GET") -> Any:
    """Ask the userinfo endpoint."""
    headers = {"Authorization": f"Bearer {access}"}
    return Client().generic(method, "/connect/userinfo", headers=headers)


def test_who_asks_for_openid_gets_an_id_token(desktop: Desktop, now: datetime) -> None:
    tokens = desktop.sign_in(scope="openid", nonce="n-0S6_WzA2Mj")
    claims = claims_of(tokens["id_token"], now=now)
    assert claims["sub"] == desktop.person.public_id
    assert claims["nonce"] == "n-0S6_WzA2Mj"
    assert tokens["scope"] == "licenses openid"
    assert not {"name", "email"} & claims.keys()


def test_who_does_not_ask_gets_none_and_learns_nothing_more(desktop: Desktop) -> None:
    tokens = desktop.sign_in(scope="profile email whatever")
    assert "id_token" not in tokens
    assert tokens["scope"] == "licenses"
    answer = userinfo(tokens["access_token"])
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


@pytest.mark.parametrize(
    ("scope", "known"),
    [
        ("openid", {"sub"}),
        ("openid profile", {"sub", "name", "locale"}),
        ("openid email", {"sub", "email", "email_verified"}),
        ("email openid profile", {"sub", "name", "locale", "email", "email_verified"}),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_userinfo_tells_what_the_page_listed(
    desktop: Desktop, scope: str, known: set[str], method: str
) -> None:
    told = userinfo(desktop.sign_in(scope=scope)["access_token"], method=method).json()
    assert told.keys() == known
    assert told["sub"] == desktop.person.public_id


def test_the_page_lists_what_will_be_known(desktop: Desktop, world: World) -> None:
    browser = signed_in(world.charlie)
    plain = browser.get(authorize_url()).content.decode()
    assert "It learns your name" in plain
    assert "e-mail address" not in plain
    asked = browser.get(authorize_url(scope="openid email profile")).content.decode()
    assert f"It learns your e-mail address, {world.charlie.email}." in asked
    assert "It learns the language" in asked


def test_a_device_gets_an_id_token_too(desktop: Desktop, now: datetime) -> None:
    terminal = Terminal().ask(scope="openid")
    terminal.answer(desktop.person)
    claims = claims_of(terminal.poll().json()["id_token"], now=now)
    assert claims["sub"] == desktop.person.public_id
    assert claims["auth_time"] == int(now.timestamp())


def test_refreshing_keeps_what_was_allowed_and_cannot_add_to_it(desktop: Desktop) -> None:
    tokens = desktop.sign_in(scope="openid")
    more = desktop.refresh(tokens["refresh_token"], scope="licenses openid email")
    assert more.json()["error"] == "invalid_scope"
    again = desktop.refresh(tokens["refresh_token"]).json()
    assert again["scope"] == "licenses openid"
    assert userinfo(again["access_token"]).json().keys() == {"sub"}


def test_id_tokens_and_leases_have_keys_of_their_own(desktop: Desktop) -> None:
    kid = jwt.get_unverified_header(desktop.sign_in(scope="openid")["id_token"])["kid"]
    assert SigningKey.objects.get(kid=kid).purpose == Purpose.ID
    assert kid not in str(Client().get("/.well-known/jwks.json").json()["keys"])


def test_without_a_key_the_application_is_told_to_wait_and_its_code_stays_good(desktop: Desktop) -> None:
    code = desktop.code(scope="openid")
    SigningKey.objects.filter(purpose=Purpose.ID).update(retired_at=desktop.person.date_joined)
    answer = desktop.redeem(code)
    assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")
    SigningKey.objects.filter(purpose=Purpose.ID).update(retired_at=None)
    assert desktop.redeem(code).status_code == 200


# --- what an application may ask the page ----------------------------------------------------------------


def test_no_code_without_a_page_that_the_person_saw(desktop: Desktop) -> None:
    desktop.sign_in()
    url = authorize_url(prompt="none")
    assert answered(Client().get(url))["error"] == "login_required"
    assert answered(signed_in(desktop.person).get(url))["error"] == "interaction_required"
    assert answered(signed_in(desktop.person).post(url, {"decision": "allow"}))["error"]
    assert Code.objects.count() == 1


@pytest.mark.parametrize("asked", [{"prompt": "login"}, {"max_age": "60"}, {"max_age": "0"}])
def test_an_application_may_want_a_fresh_proof_of_who_it_is(
    desktop: Desktop, now: datetime, asked: dict[str, str]
) -> None:
    browser = signed_in(desktop.person)
    assert browser.get(authorize_url(**asked)).status_code == 200
    with time_machine.travel(now + timedelta(minutes=2), tick=False):
        assert browser.get(authorize_url(**asked))["Location"].startswith("/account/reauthenticate/")
        assert browser.get(authorize_url()).status_code == 200


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"nonce": "n" * 201}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "9" * 30}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"request_uri": "https://example.com/r"}, "request_uri_not_supported"),
    ],
)
def test_what_we_do_not_do_is_said(desktop: Desktop, asked: dict[str, str], error: str) -> None:
    told = answered(Client().get(authorize_url(**asked)))
    assert told["error"] == error
    assert (told["state"], told["iss"]) == ("st/ate+1", configuration.LICET_BASE_URL)


@pytest.mark.django_db
def test_both_discovery_documents_say_the_same_and_what_is_offered(client: Client, settings: Any) -> None:
    settings.LICET_BASE_URL = "https://licenses.example"
    told = client.get("/.well-known/openid-configuration").json()
    assert told == client.get("/.well-known/oauth-authorization-server").json()
    AuthorizationServerMetadata(told).validate()
    assert told["device_authorization_endpoint"] == "https://licenses.example/connect/device_authorization"
    assert "urn:ietf:params:oauth:grant-type:device_code" in told["grant_types_supported"]
    assert told["scopes_supported"] == ["licenses", "openid", "profile", "email"]
    assert told["id_token_signing_alg_values_supported"] == ["EdDSA"]
    assert told["request_uri_parameter_supported"] is False
    offered = [
        told[each].removeprefix("https://licenses.example")
        for each in told
        if "endpoint" in each and isinstance(told[each], str)
    ]
    assert [path for path in offered if client.get(path).status_code == 404] == []
    assert json.loads(client.get(told["jwks_uri"].removeprefix("https://licenses.example")).content)
