"""The machine apart: roots in files, requests that prove themselves, what a root signs and what not."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.signing import ceremony, envelope, rules
from licet.signing.errors import (
    BadKeyFile,
    PassphraseTooShort,
    RequestFromAnotherTime,
    RequestRefused,
    WrongPassphrase,
)
from licet.signing.states import Purpose

PASSPHRASE = "four words in order"
SEED, ONE = b"r" * 32, b"1" * 32
HERE = "https://licenses.vendor.example"


def root_file(now: datetime, **changes: Any) -> str:
    given = {"seed": SEED, "passphrase": PASSPHRASE, "chance": b"c" * envelope.CHANCE, "now": now}
    return ceremony.root_file(**{**given, **changes})


def piece(now: datetime, *, seed: bytes = ONE, **claims: Any) -> str:
    """Return one piece of a request, with other claims where a test wants them."""
    text = ceremony.request(
        seed=seed, issuer=HERE, purpose=Purpose.LEASE, serial=7, until=now + timedelta(days=400), now=now
    )
    if not claims:
        return text
    parsed = rules.parse(text)
    made = rules.signer(kid=str(parsed.header["kid"]), seed=seed)
    return made.sign({**parsed.claims, **claims}, kind=rules.REQUEST_TYPE)


def request(*pieces: str, issuer: str = HERE) -> str:
    return ceremony.request_file(issuer=issuer, requests=list(pieces))


def test_a_root_comes_back_out_of_its_file_with_the_passphrase_alone(now: datetime) -> None:
    text = root_file(now)
    assert rules.b64(SEED) not in text
    root = ceremony.open_root(text=text, passphrase=PASSPHRASE, file="root.json")
    assert root.kid == json.loads(text)["kid"] == rules.thumbprint(jwk=rules.public_jwk(seed=SEED))
    with pytest.raises(WrongPassphrase):
        ceremony.open_root(text=text, passphrase=PASSPHRASE + "!", file="root.json")


def test_a_short_passphrase_is_refused(now: datetime) -> None:
    with pytest.raises(PassphraseTooShort):
        root_file(now, passphrase="short")


def test_accents_typed_in_two_ways_are_one_passphrase(now: datetime) -> None:
    text = root_file(now, passphrase="caf\u00e9 au lait, oui")
    assert ceremony.open_root(text=text, passphrase="cafe\u0301 au lait, oui", file="root.json")


@pytest.mark.parametrize("member", ["kid", "made_at", "jwk", "kdf", "cipher"])
def test_what_can_be_read_in_a_file_cannot_be_changed(now: datetime, member: str) -> None:
    values = json.loads(root_file(now))
    if isinstance(values[member], dict):
        values[member]["more"] = "x"
    else:
        values[member] = "x"
    with pytest.raises(WrongPassphrase):
        ceremony.open_root(text=json.dumps(values), passphrase=PASSPHRASE, file="root.json")


@pytest.mark.parametrize(
    "kdf",
    [
        None,
        {"name": "scrypt"},
        {"name": "pbkdf2", "n": 4, "r": 8, "p": 1, "salt": "AAAA"},
        {"name": "scrypt", "n": 2**40, "r": 8, "p": 1, "salt": "AAAA"},
        {"name": "scrypt", "n": 5, "r": 8, "p": 1, "salt": "AAAA"},
        {"name": "scrypt", "n": "4", "r": 8, "p": 1, "salt": "AAAA"},
        {"name": "scrypt", "n": 4, "r": 8, "p": 1, "salt": "="},
    ],
)
def test_a_file_cannot_ask_for_more_work_than_is_sensible(now: datetime, kdf: Any) -> None:
    values = {**json.loads(root_file(now)), "kdf": kdf}
    with pytest.raises(BadKeyFile):
        ceremony.open_root(text=json.dumps(values), passphrase=PASSPHRASE, file="root.json")


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda data: data.decode(errors="replace")))
def test_whatever_is_no_file_of_ours_is_refused(text: str) -> None:
    with pytest.raises(BadKeyFile):
        ceremony.open_root(text=text, passphrase=PASSPHRASE, file="x")
    with pytest.raises(BadKeyFile):
        ceremony.read_public(text=text, file="x")


@pytest.mark.parametrize("cut", [1, 40, -30])
def test_half_a_file_is_refused(now: datetime, cut: int) -> None:
    with pytest.raises(BadKeyFile):
        ceremony.open_root(text=root_file(now)[:cut], passphrase=PASSPHRASE, file="root.json")


def test_the_public_half_is_read_back_and_must_be_the_key_that_it_names(now: datetime) -> None:
    public = ceremony.public_file(text=root_file(now), file="root.json")
    assert "box" not in public
    assert ceremony.read_public(text=public, file="p") == rules.public_jwk(seed=SEED)
    other = json.loads(public) | {"kid": "A" * 43}
    with pytest.raises(BadKeyFile):
        ceremony.read_public(text=json.dumps(other), file="p")


def test_a_request_is_read_with_who_asks_for_what_until_when(now: datetime) -> None:
    issuer, asked = ceremony.read_request(text=request(piece(now)), file="r", now=now)
    assert issuer == HERE
    assert [(each.purpose, each.serial, each.until) for each in asked] == [
        (Purpose.LEASE, 7, now + timedelta(days=400))
    ]


def test_the_answer_is_a_certificate_by_the_root_for_exactly_what_was_asked(now: datetime) -> None:
    root = ceremony.open_root(text=root_file(now), passphrase=PASSPHRASE, file="root.json")
    issuer, asked = ceremony.read_request(text=request(piece(now)), file="r", now=now)
    values = json.loads(ceremony.certificates_file(root=root, issuer=issuer, asked=asked))
    paper = rules.parse(values["certificates"][0])
    assert paper.signed_by(jwk=rules.public_jwk(seed=SEED))
    assert paper.claims == {
        "iss": HERE,
        "sub": asked[0].kid,
        "use": "lease",
        "serial": 7,
        "nbf": int(now.timestamp()),
        "exp": int((now + timedelta(days=400)).timestamp()),
        "jwk": rules.public_jwk(seed=ONE),
    }


@pytest.mark.parametrize(
    "claims",
    [
        {"use": "root"},
        {"exp": 2_000_000_000},
        {"exp": 1},
        {"serial": 0},
        {"sub": "A" * 43},
        {"iss": "https://elsewhere.example"},
        {"jwk": rules.public_jwk(seed=b"2" * 32)},
    ],
)
def test_a_root_signs_nothing_that_does_not_prove_itself(now: datetime, claims: dict[str, Any]) -> None:
    with pytest.raises(RequestRefused):
        ceremony.read_request(text=request(piece(now, **claims)), file="r", now=now)


@pytest.mark.parametrize("claims", [{"use": "everything"}, {"iat": "now"}, {"exp": 10**30}, {"jwk": None}])
def test_a_request_of_another_form_is_refused(now: datetime, claims: dict[str, Any]) -> None:
    with pytest.raises(BadKeyFile):
        ceremony.read_request(text=request(piece(now, **claims)), file="r", now=now)


def test_an_empty_request_is_refused(now: datetime) -> None:
    with pytest.raises(BadKeyFile):
        ceremony.read_request(text=request(), file="r", now=now)


def test_a_lease_cannot_be_passed_off_as_a_request(now: datetime) -> None:
    parsed = rules.parse(piece(now))
    kid = str(parsed.header["kid"])
    other_type = rules.signer(kid=kid, seed=ONE).sign(parsed.claims, kind=rules.LEASE_TYPE)
    with pytest.raises(RequestRefused):
        ceremony.read_request(text=request(other_type), file="r", now=now)


@pytest.mark.parametrize("days", [-31, 31])
def test_a_clock_that_is_far_off_is_noticed_before_anything_is_signed(now: datetime, days: int) -> None:
    with pytest.raises(RequestFromAnotherTime):
        ceremony.read_request(text=request(piece(now)), file="r", now=now + timedelta(days=days))
