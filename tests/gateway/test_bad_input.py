"""Whatever comes in: problem+json with a code, never a trace, and the next call works."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licet.gateway.answers import EXACT, STATUS
from licet.gateway.door import Door
from licet.kernel.refusal import Refusal
from licet.leases.errors import LeaseRefusal
from licet.web import answers as pages
from tests.doorway import Machine
from tests.gateway.conftest import Scene

PATHS = ["/v1/leases/checkout", "/v1/leases/renew", "/v1/leases/release"]


def credentials(machine: Machine) -> dict[str, Any]:
    return {"proof": machine.proof(), "authorization": f"DPoP {machine.token}"}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed_json"),
        (b"{", 400, "malformed_json"),
        (b"[]", 400, "malformed_json"),
        (b'"text"', 400, "malformed_json"),
        (b"\xff\xfe", 400, "malformed_json"),
        (b'{"product": NaN}', 400, "malformed_json"),
        (b"[" * 16_000, 400, "malformed_json"),
        (b'{"a":' * 3_000, 400, "malformed_json"),
        (b" " * 16_385, 413, "body_too_large"),
        (b"{}", 422, "bad_member"),
        (b'{"product": 7, "lease": 7}', 422, "bad_member"),
        (b'{"product": "\\u0000", "lease": "\\u0000"}', 422, "bad_member"),
        (b'{"product": "\\ud800", "lease": "\\ud800"}', 400, "malformed_json"),
    ],
)
def test_a_bad_body(scene: Scene, path: str, body: bytes, status: int, code: str) -> None:
    machine = scene.machine()
    reply = machine.call(path, body, **credentials(machine))
    assert (reply.status, reply.code) == (status, code)
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.values["detail"]
    assert machine.checkout(scene.product.code).status == 200


def test_another_method_and_another_content_type(scene: Scene) -> None:
    machine = scene.machine()
    reply = machine.call(PATHS[0], {}, method="GET")
    assert (reply.status, reply.headers["Allow"]) == (405, "POST")
    assert machine.call(PATHS[0], {}, content_type="text/plain").status == 415
    assert machine.checkout(scene.product.code, content_type="application/json; charset=utf-8").status == 200


@pytest.mark.parametrize(
    "authorization", ["", "DPoP", "DPoP wrong", "Basic eDp5", "DPoP \xe9", "DPoP " + "x" * 9000]
)
def test_a_bad_token(scene: Scene, authorization: str) -> None:
    machine = scene.machine()
    reply = machine.checkout(scene.product.code, authorization=authorization)
    assert reply.status == 401
    assert reply.code in {"invalid_token", "invalid_proof"}
    assert reply.headers["WWW-Authenticate"].startswith("DPoP ")


def test_a_token_that_is_spent_or_has_ended(scene: Scene) -> None:
    machine = scene.machine()
    machine.row.spent_at = scene.world.now
    machine.row.save()
    assert machine.checkout(scene.product.code).code == "invalid_token"
    machine.row.spent_at, machine.row.expires_at = None, scene.world.now
    machine.row.save()
    assert machine.checkout(scene.product.code).code == "invalid_token"


def test_a_refresh_token_does_not_open_the_door(scene: Scene) -> None:
    machine = scene.machine()
    machine.row.kind = "refresh"
    machine.row.save()
    assert machine.checkout(scene.product.code).code == "invalid_token"


def test_the_token_of_one_person_with_the_device_of_another(scene: Scene) -> None:
    bob, alice = scene.machine(), scene.machine(scene.world.alice)
    bob.token = alice.token
    reply = bob.checkout(scene.product.code)
    assert (reply.status, reply.code) == (403, "device_unknown")


@pytest.mark.parametrize(
    "changes",
    [
        {"htm": "GET"},
        {"htu": "https://elsewhere.example/v1/leases/checkout"},
        {"htu": "http://127.0.0.1:8000/v1/leases/renew"},
        {"htu": "http://[broken/v1/leases/checkout"},
        {"htu": 5},
        {"ath": "x"},
        {"ath": None},
        {"ath": "é"},
        {"ath": "\ud800"},
        {"jti": ""},
        {"jti": 5},
        {"jti": "x" * 65},
        {"iat": "now"},
        {"seq": 0},
        {"seq": -1},
        {"seq": "1"},
        {"seq": True},
        {"seq": 2**53},
        {"header": {"typ": "JWT"}},
        {"header": {"jwk": {"kty": "RSA"}}},
        {"header": {"jwk": "text"}},
        {"header": {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}}},
        {"header": {"crit": ["exp"]}},
    ],
)
def test_a_proof_that_does_not_fit(scene: Scene, changes: dict[str, Any]) -> None:
    machine = scene.machine()
    reply = machine.checkout(scene.product.code, proof=machine.proof(**changes))
    assert (reply.status, reply.code) == (401, "invalid_proof")


@pytest.mark.parametrize("proof", ["", "a.b", "a.b.c", "....", "x" * 5000, "eyJ9.e30.AA"])
def test_what_is_no_proof(scene: Scene, proof: str) -> None:
    assert scene.machine().checkout(scene.product.code, proof=proof).code == "invalid_proof"


def test_a_proof_that_was_tampered_with(scene: Scene) -> None:
    machine = scene.machine()
    head, body, signature = machine.proof().split(".")
    other = machine.proof(seq=99).split(".")[1]
    assert machine.checkout(scene.product.code, proof=f"{head}.{other}.{signature}").code == "invalid_proof"
    assert body != other


@pytest.mark.parametrize("minutes", [-6, 6, 10**400, -(10**400)])
def test_a_wrong_clock_is_told_the_right_time(scene: Scene, minutes: int) -> None:
    machine = scene.machine()
    iat = int(scene.world.now.timestamp()) + minutes * 60
    reply = machine.checkout(scene.product.code, proof=machine.proof(iat=iat))
    assert (reply.status, reply.code) == (401, "clock_off")
    assert reply.values["server_time"] == int(scene.world.now.timestamp())


def test_a_proof_is_good_once(scene: Scene) -> None:
    machine = scene.machine()
    proof = machine.proof()
    assert machine.checkout(scene.product.code, proof=proof).status == 200
    assert machine.checkout(scene.product.code, proof=proof).code == "device_copied"


@pytest.mark.parametrize(
    ("asked", "language"),
    [("fr-CH, fr;q=0.9", "fr"), ("de", "de"), ("xx, en;q=0.1", "en"), ("*", "en"), (";;;q=", "en")],
)
def test_the_language_of_a_sentence(scene: Scene, asked: str, language: str) -> None:
    machine = scene.machine(scene.world.alice)
    reply = machine.checkout(scene.product.code, languages=asked)
    assert reply.headers["Content-Language"] == language


def test_a_fault_of_ours_is_told_without_detail_and_the_next_call_works(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = scene.machine()

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret detail")

    with monkeypatch.context() as patched:
        patched.setattr("licet.gateway.store.Store.do", broken)
        reply = machine.checkout(scene.product.code)
    assert (reply.status, reply.code) == (500, "server_error")
    assert "secret" not in json.dumps(reply.values)
    assert machine.checkout(scene.product.code).status == 200


def test_without_a_signing_key_the_door_says_busy(scene: Scene) -> None:
    from licet.signing.models import SigningKey

    machine = scene.machine()
    SigningKey.objects.all().delete()
    reply = machine.checkout(scene.product.code)
    assert (reply.status, reply.code) == (503, "busy")
    assert int(reply.headers["Retry-After"]) > 0


def test_kinds_have_the_statuses_of_the_pages() -> None:
    assert STATUS == pages.STATUS
    assert set(EXACT) <= {each.code for each in every(LeaseRefusal)}


def every(cls: type[Refusal]) -> list[type[Refusal]]:
    """Return all classes below."""
    return [found for sub in cls.__subclasses__() for found in (sub, *every(sub))]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
members = st.sampled_from(["product", "process", "team", "lease", "seq", "nonce", "mac"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(PATHS),
    body=st.binary(max_size=200)
    | st.dictionaries(members, json_values, max_size=7).map(lambda values: json.dumps(values).encode()),
    proof=st.text(max_size=100) | st.just("real"),
    authorization=st.text(max_size=50) | st.just("real"),
)
def test_nothing_makes_the_door_fail(
    scene: Scene, path: str, body: bytes, proof: str, authorization: str
) -> None:
    machine = ONE.setdefault(id(scene), scene.machine())
    machine.door = DOOR
    reply = machine.call(
        path,
        body,
        proof=machine.proof() if proof == "real" else proof,
        authorization=f"DPoP {machine.token}" if authorization == "real" else authorization,
    )
    assert reply.status in {200, 400, 401, 403, 404, 409, 410, 422}
    assert "Traceback" not in json.dumps(reply.values)


ONE: dict[int, Machine] = {}
DOOR = Door()
