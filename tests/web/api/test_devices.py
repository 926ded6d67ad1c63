"""An application registers the device it runs on, and proves that it holds the device's key."""

import base64
import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.http import HttpResponse
from django.test import Client

from licet.leases.models import Device
from tests.connect.desktop import Desktop, registered
from tests.world import NOW, World

URL = "http://testserver/api/v1/devices"


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Machine:
    """A computer with its key."""

    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.generate()
        self.jwk = {"kty": "OKP", "crv": "Ed25519", "x": b64(self.key.public_key().public_bytes_raw())}

    def proof(self, token: str, *, header: dict[str, Any] | None = None, **changed: Any) -> str:
        """Return a proof for the token; `changed` replaces claims, `header` members of the header."""
        head = {"typ": "dpop+jwt", "alg": "EdDSA", "jwk": self.jwk, **(header or {})}
        claims = {
            "htm": "POST",
            "htu": URL,
            "iat": int(NOW.timestamp()),
            "jti": "n-1",
            "ath": b64(hashlib.sha256(token.encode()).digest()),
            **changed,
        }
        message = ".".join(b64(json.dumps(part).encode()) for part in (head, claims))
        return f"{message}.{b64(self.key.sign(message.encode()))}"


@pytest.fixture
def token(world: World) -> str:
    """An access token for Alice."""
    registered()
    return str(Desktop(world.alice).sign_in()["access_token"])


def enroll(token: str, proof: str, body: Any = None, **changed: Any) -> HttpResponse:
    data = body if body is not None else json.dumps({"name": "Desk 7", "platform": "Linux"})
    return Client().post(
        "/api/v1/devices",
        data,
        content_type=changed.get("content_type", "application/json"),
        headers={"Authorization": f"Bearer {token}", "DPoP": proof},
    )


def test_a_device_is_registered_by_its_proven_key(token: str, world: World) -> None:
    machine = Machine()
    answer = enroll(token, machine.proof(token))
    assert answer.status_code == 201, answer.content
    device = Device.objects.get()
    assert answer.json() == {"id": device.public_id, "name": "Desk 7", "jkt": device.jkt}
    assert device.person == world.alice
    assert device.public_jwk == machine.jwk


def test_registering_again_changes_only_the_name(token: str) -> None:
    machine = Machine()
    first = enroll(token, machine.proof(token)).json()
    second = enroll(token, machine.proof(token), json.dumps({"name": "Desk 8", "jwk": machine.jwk})).json()
    assert (second["id"], second["name"]) == (first["id"], "Desk 8")


@pytest.mark.parametrize(
    "changed",
    [
        {"htm": "GET"},
        {"htu": "https://elsewhere.example/api/v1/devices"},
        {"ath": "x"},
        {"ath": None},
        {"ath": "\ud800"},
        {"htu": ["x"]},
        {"iat": "now"},
        {"header": {"typ": "JWT"}},
        {"header": {"alg": "none"}},
        {"header": {"alg": "HS256"}},
        {"header": {"jwk": {"kty": "oct", "k": "AAAA"}}},
        {"header": {"jwk": Machine().jwk}},
        {"header": {"jwk": []}},
        {"header": {"crit": ["x"]}},
    ],
)
def test_a_proof_that_does_not_fit_is_refused(token: str, changed: dict[str, Any]) -> None:
    answer = enroll(token, Machine().proof(token, **changed))
    assert (answer.status_code, answer.json()["code"]) == (422, "device_proof_invalid")
    assert not Device.objects.exists()


@pytest.mark.parametrize("proof", ["", "x", "a.b.c", "é.é.é", "x" * 5000])
def test_what_is_no_proof_is_refused(token: str, proof: str) -> None:
    assert enroll(token, proof).json()["code"] == "device_proof_invalid"


@pytest.mark.parametrize("seconds", [-3600, 3600, 10**400])
def test_a_proof_made_at_another_time_is_refused(token: str, seconds: int) -> None:
    late = Machine().proof(token, iat=int(NOW.timestamp()) + seconds)
    assert enroll(token, late).json()["code"] == "device_clock_off"


def test_the_key_in_the_body_is_the_proven_one(token: str) -> None:
    body = json.dumps({"name": "Desk", "jwk": Machine().jwk})
    assert enroll(token, Machine().proof(token), body).json()["code"] == "bad_device_key"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (" ", 400),
        ("{", 400),
        ("[]", 400),
        ('"text"', 400),
        ('{"name": NaN}', 400),
        ('{"name": "a", "name": "b"}', 400),
        ('{"name": "\\ud800"}', 400),
        ('{"name": "\\u0000"}', 400),
        (b'{"name": "\xff"}', 400),
        ("[" * 8000, 400),
        ('{"name": "' + "x" * 20_000 + '"}', 413),
        ('{"name": 7}', 422),
        ('{"name": " "}', 422),
        ('{"name": "' + "x" * 81 + '"}', 422),
        ("{}", 422),
    ],
)
def test_a_bad_body_is_a_problem_in_json(token: str, body: str | bytes, status: int) -> None:
    answer = enroll(token, Machine().proof(token), body)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert not Device.objects.exists()


def test_another_media_type_is_refused(token: str) -> None:
    answer = enroll(token, "", "{}", content_type="text/plain")
    assert answer.status_code == 415
