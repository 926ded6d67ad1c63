"""Signing an application in, over HTTP: what is asked, what is answered, what is refused."""

import logging

import pytest
from django.test import Client

from licet.config import settings as configuration
from licet.connect.models import Code, Grant, Token
from licet.eventlog.models import Event
from tests.connect.desktop import REDIRECT, VERIFIER, Desktop, answered, authorize_url, registered
from tests.world import World


@pytest.fixture
def desktop(world: World) -> Desktop:
    """A registered application on Alice's computer."""
    registered()
    return Desktop(world.alice)


def browser_of(desktop: Desktop) -> Client:
    browser = Client()
    browser.force_login(desktop.person)
    return browser


def test_a_person_says_yes_and_the_application_holds_tokens_for_them(desktop: Desktop) -> None:
    answer = desktop.redeem(desktop.code(device_name="Desk by the window"))
    assert answer.status_code == 200
    tokens = answer.json()
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 30 * 60
    assert answer["Cache-Control"] == "no-store"
    assert desktop.me(tokens["access_token"]).json()["name"] == desktop.person.name
    assert Grant.objects.get().device_name == "Desk by the window"


def test_the_page_names_the_application_the_person_and_the_device(desktop: Desktop) -> None:
    page = browser_of(desktop).get(authorize_url(device_name="Desk <b>7</b>\n")).content.decode()
    assert "Maquette Desktop" in page
    assert desktop.person.email in page
    assert "Desk &lt;b&gt;7&lt;/b&gt;" in page


def test_the_answer_carries_state_and_issuer(desktop: Desktop) -> None:
    params = answered(browser_of(desktop).post(authorize_url(), {"decision": "allow"}))
    assert params["state"] == "st/ate+1"
    assert params["iss"] == configuration.LICET_BASE_URL
    assert set(params) == {"code", "state", "iss"}


def test_a_no_is_told_to_the_application_and_leaves_nothing(desktop: Desktop) -> None:
    params = answered(browser_of(desktop).post(authorize_url(), {"decision": "deny"}))
    assert params["error"] == "access_denied"
    assert (params["state"], params["iss"]) == ("st/ate+1", configuration.LICET_BASE_URL)
    assert not Code.objects.exists()


def test_anything_but_the_button_for_yes_is_a_no(desktop: Desktop) -> None:
    assert "error" in answered(browser_of(desktop).post(authorize_url()))


def test_who_is_not_signed_in_signs_in_first_and_keeps_the_request(desktop: Desktop) -> None:
    response = Client().get(authorize_url())
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/?next=/connect/authorize%3Fresponse_type")
    assert "code_challenge" in response["Location"]


def test_a_forged_post_without_the_page_is_refused(desktop: Desktop) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(desktop.person)
    assert browser.post(authorize_url(), {"decision": "allow"}).status_code == 403
    assert not Code.objects.exists()


def test_the_page_lets_its_form_lead_to_the_one_address_asked_for(desktop: Desktop) -> None:
    policy = browser_of(desktop).get(authorize_url())["Content-Security-Policy"]
    assert "form-action 'self' http://127.0.0.1:49152;" in policy + ";"
    assert "49152" not in Client().get("/account/login/")["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("redirect", "source"),
    [
        ("http://127.0.0.1:49152/callback", "http://127.0.0.1:49152"),
        # the grammar of policies has no IPv6 addresses: there only the port can be named
        ("http://[::1]:49152/callback", "http://*:49152"),
        ("example.maquette:/signed-in", "example.maquette:"),
    ],
)
def test_the_policy_names_each_kind_of_address(desktop: Desktop, redirect: str, source: str) -> None:
    policy = browser_of(desktop).get(authorize_url(redirect_uri=redirect))["Content-Security-Policy"]
    (actions,) = [each.strip() for each in policy.split(";") if each.strip().startswith("form-action")]
    assert actions == f"form-action 'self' {source}"


# --- PKCE ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge": None},
        {"code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
        {"code_challenge": "a" * 43 + "\n"},
        {"code_challenge": "é" * 43},
    ],
)
def test_a_request_without_an_s256_challenge_is_told_so(
    desktop: Desktop, changed: dict[str, str | None]
) -> None:
    params = answered(Client().get(authorize_url(**changed)))
    assert params["error"] == "invalid_request"
    assert (params["state"], params["iss"]) == ("st/ate+1", configuration.LICET_BASE_URL)


@pytest.mark.parametrize("verifier", [None, "", "w" * 60, "short", "é" * 50, VERIFIER + "\n"])
def test_a_code_is_worth_nothing_without_its_verifier(desktop: Desktop, verifier: str | None) -> None:
    code = desktop.code()
    answer = desktop.redeem(code, code_verifier=verifier)
    assert answer.status_code == 400
    assert answer.json()["error"] in ("invalid_grant", "invalid_request")
    assert not Token.objects.exists()


# --- where the answer goes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "redirect",
    [
        "http://127.0.0.1:49152/callback?x=1",
        "http://127.0.0.1:49152/callback;x",
        "http://127.0.0.1:49152/callback\n",
        "http://127.0.0.1:49152/callback\x00",
        "http://127.0.0.1:49152/callback#x",
        "http://127.0.0.1:49152/callback/",
        "http://127.0.0.1:49152/Callback",
        "http://127.0.0.1:49152\\callback",
        "http://127.0.0.1:49152@evil.example/callback",
        "http://127.0.0.1:0/callback",
        "http://127.0.0.1:65536/callback",
        "http://127.0.0.1:/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://localhost:49152/callback",
        "https://127.0.0.1:49152/callback",
        "example.maquette:/signed-in/elsewhere",
        'http://127.0.0.1:49152/"callback',
        "javascript:alert(1)",
        "",
    ],
)
def test_an_address_that_is_not_registered_gets_no_answer(desktop: Desktop, redirect: str) -> None:
    response = browser_of(desktop).post(authorize_url(redirect_uri=redirect), {"decision": "allow"})
    assert response.status_code == 422
    assert "Location" not in response
    assert not Code.objects.exists()


@pytest.mark.parametrize(
    "redirect",
    [
        "http://127.0.0.1/callback",
        "http://127.0.0.1:1/callback",
        "http://[::1]:65535/callback",
        "example.maquette:/signed-in",
    ],
)
def test_registered_addresses_are_answered_loopback_on_any_port(desktop: Desktop, redirect: str) -> None:
    response = browser_of(desktop).post(authorize_url(redirect_uri=redirect), {"decision": "allow"})
    assert response["Location"].startswith(redirect + "?code=")
    code = answered(response)["code"]
    assert desktop.redeem(code, redirect_uri=redirect).status_code == 200


def test_a_code_is_redeemed_with_the_address_it_was_sent_to(desktop: Desktop) -> None:
    code = desktop.code()
    answer = desktop.redeem(code, redirect_uri="http://127.0.0.1:50000/callback")
    assert answer.json()["error"] == "invalid_grant"


@pytest.mark.parametrize("client_id", ["unknown", "maquette\x00", "m" * 200, ""])
def test_an_unknown_application_is_told_to_the_person_not_to_an_address(
    desktop: Desktop, client_id: str
) -> None:
    response = browser_of(desktop).get(authorize_url(client_id=client_id))
    assert response.status_code == 422
    assert "Location" not in response


@pytest.mark.parametrize("response_type", ["token", "code id_token", 'x"y', None])
def test_only_the_code_flow_is_offered(desktop: Desktop, response_type: str | None) -> None:
    params = answered(Client().get(authorize_url(response_type=response_type)))
    assert params["error"] == "unsupported_response_type"
    assert params["iss"] == configuration.LICET_BASE_URL


def test_a_repeated_parameter_is_refused(desktop: Desktop) -> None:
    page = browser_of(desktop).get(authorize_url() + "&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback")
    assert page.status_code == 422
    code = desktop.code()
    body = (
        f"grant_type=authorization_code&client_id=maquette&code={code}&code={code}"
        f"&redirect_uri={REDIRECT}&code_verifier={VERIFIER}"
    )
    answer = Client().post("/connect/token", body, content_type="application/x-www-form-urlencoded")
    assert answer.json()["error"] == "invalid_request"


# --- the token endpoint ---------------------------------------------------------------------------


def test_parameters_in_the_address_do_not_count(desktop: Desktop) -> None:
    code = desktop.code()
    answer = desktop.post(
        f"/connect/token?grant_type=authorization_code&client_id=maquette&code={code}"
        f"&redirect_uri={REDIRECT}&code_verifier={VERIFIER}"
    )
    assert answer.status_code == 400


def test_another_application_cannot_redeem_the_code_nor_spoil_it(desktop: Desktop) -> None:
    registered("other")
    code = desktop.code()
    assert desktop.redeem(code, client_id="other").json()["error"] == "invalid_grant"
    assert desktop.redeem(code).status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("", "application/x-www-form-urlencoded"),
        ("grant_type=password&username=a&password=b&client_id=maquette", "application/x-www-form-urlencoded"),
        ("grant_type=client_credentials&client_id=maquette", "application/x-www-form-urlencoded"),
        ('{"grant_type": "authorization_code"}', "application/json"),
        ("--x", "multipart/form-data; boundary=x"),
        ("grant_type=authorization_code&client_id=%00", "application/x-www-form-urlencoded"),
        ("grant_type=authorization_code&client_id=maquette&code=%ff%00", "application/x-www-form-urlencoded"),
        ("grant_type=refresh_token&client_id=maquette", "application/x-www-form-urlencoded"),
    ],
)
def test_nonsense_is_answered_as_the_protocol_says(desktop: Desktop, body: str, content_type: str) -> None:
    answer = Client().post("/connect/token", body.encode(), content_type=content_type)
    assert answer.status_code == 400
    assert answer.json()["error"] in (
        "invalid_request",
        "unsupported_grant_type",
        "invalid_client",
        "invalid_grant",
    )


def test_an_unknown_charset_is_no_fault_of_ours(desktop: Desktop) -> None:
    answer = Client().generic(
        "POST", "/connect/token", "client_id=x", content_type="application/x-www-form-urlencoded; charset=no"
    )
    assert answer.json()["error"] == "unsupported_grant_type"


def test_a_get_of_the_token_endpoint_is_a_problem_in_json(desktop: Desktop) -> None:
    answer = Client().get("/connect/token")
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Allow"] == "POST"


@pytest.mark.django_db
def test_the_metadata_say_what_is_offered(client: Client) -> None:
    told = client.get("/.well-known/oauth-authorization-server").json()
    assert told["issuer"] == configuration.LICET_BASE_URL
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["response_types_supported"] == ["code"]
    assert told["authorization_response_iss_parameter_supported"] is True
    for name in ("authorization_endpoint", "token_endpoint", "revocation_endpoint"):
        path = told[name].removeprefix(configuration.LICET_BASE_URL)
        assert client.get(path).status_code in (405, 422), name


def test_no_secret_is_stored_logged_or_told(desktop: Desktop, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    code = desktop.code()
    tokens = desktop.redeem(code).json()
    more = desktop.refresh(tokens["refresh_token"]).json()
    desktop.refresh(tokens["refresh_token"])
    secrets = [code, *(each[k] for each in (tokens, more) for k in ("access_token", "refresh_token"))]
    written = [
        *Code.objects.values_list("code_hash", flat=True),
        *Token.objects.values_list("token_hash", flat=True),
        *(str(event.facts) + str(event.labels) for event in Event.objects.all()),
        caplog.text,
    ]
    assert not [secret for secret in secrets for text in written if secret in text]
