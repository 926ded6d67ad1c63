"""Whatever is sent to sign-in for applications: an answer in its form, never a failure of ours."""

import json
from typing import Any

import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from authlib.oauth2.rfc9207 import AuthorizationServerMetadata as IssuerMetadata
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.connect.desktop import CHALLENGE, REDIRECT, VERIFIER, Desktop, registered
from tests.connect.terminal import DEVICE_GRANT
from tests.world import World

NAMES = ["response_type", "client_id", "redirect_uri", "state", "scope", "code_challenge", "device_name"]
NAMES += ["code_challenge_method", "grant_type", "code", "refresh_token", "code_verifier", "token", "prompt"]
NAMES += ["nonce", "max_age", "request", "device_code", "user_code"]
GOOD = ["code", "maquette", REDIRECT, CHALLENGE, VERIFIER, "S256", "authorization_code", "refresh_token"]
GOOD += [DEVICE_GRANT, "openid email", "none", "BCDF-GHJK"]
VALUE = st.sampled_from(GOOD) | st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
ENDPOINTS = ["/connect/token", "/connect/revoke", "/connect/device_authorization"]
PARAMETERS = st.dictionaries(st.sampled_from(NAMES), VALUE)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def browser(world: World) -> Client:
    """Alice's browser; the application is registered."""
    registered()
    client = Client()
    client.force_login(world.alice)
    return client


@pytest.fixture
def token(browser: Client, world: World) -> str:
    """A good access token of Alice's."""
    return str(Desktop(world.alice).sign_in()["access_token"])


@FEW
@given(PARAMETERS)
def test_the_page_answers_any_question(browser: Client, values: dict[str, str]) -> None:
    answer = browser.get("/connect/authorize", values)
    assert answer.status_code in (200, 302, 422)
    if answer.status_code == 302:
        assert answer["Location"].startswith((REDIRECT + "?", "http://127.0.0.1"))


@FEW
@given(PARAMETERS, st.sampled_from(ENDPOINTS))
def test_the_endpoints_answer_any_form_in_json(browser: Client, values: dict[str, str], path: str) -> None:
    answer = Desktop.post(Desktop(None, browser), path, **values)  # type: ignore[arg-type]
    assert answer.status_code in (200, 400, 429)
    assert isinstance(json.loads(answer.content), dict)


@FEW
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.booleans())
def test_the_page_for_devices_answers_whatever_is_typed(browser: Client, typed: str, came: bool) -> None:
    answer = (
        browser.get("/device/", {"user_code": typed})
        if came
        else browser.post("/device/", {"user_code": typed})
    )
    assert answer.status_code in (200, 422, 429)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@FEW
@given(st.dictionaries(st.sampled_from(["name", "platform", "jwk", "x"]), JSON) | JSON, st.text(max_size=200))
def test_a_device_is_never_registered_by_chance(token: str, body: Any, proof: str) -> None:
    answer = Client().post(
        "/api/v1/devices",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "DPoP": proof.encode().decode("latin-1")},
    )
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] in ("body_unreadable", "member_invalid", "device_proof_invalid")


@pytest.mark.django_db
def test_the_metadata_satisfy_a_reader_that_is_not_ours(client: Client, settings: Any) -> None:
    settings.LICET_BASE_URL = "https://licenses.example"
    told = client.get("/.well-known/oauth-authorization-server").json()
    AuthorizationServerMetadata(told).validate(metadata_classes=[IssuerMetadata])
    assert told["token_endpoint"] == "https://licenses.example/connect/token"
