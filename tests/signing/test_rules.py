"""Forms and formulas: what is accepted as a key, as base 64, as a JWS."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OKPKey

from licet.signing import rules
from licet.signing.states import Purpose


@given(st.binary(max_size=100))
def test_base_64_there_and_back(data: bytes) -> None:
    assert rules.unb64(rules.b64(data)) == data


@pytest.mark.parametrize("text", ["A", "A=", "AB==", "A+", "A/", "QQ\n", "QR", "é"])
def test_base_64_has_one_spelling(text: str) -> None:
    with pytest.raises(ValueError, match=r"base 64|spelling"):
        rules.unb64(text)


@pytest.mark.parametrize("key", [OKPKey.generate_key("Ed25519"), ECKey.generate_key("P-256")])
def test_thumbprints_agree_with_another_library(key: OKPKey | ECKey) -> None:
    assert rules.thumbprint(jwk=dict(key.as_dict(private=False))) == key.thumbprint()


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "RSA"},
        {"kty": "OKP", "crv": "X25519", "x": "A" * 43},
        {"kty": "OKP", "crv": "Ed25519"},
        {"kty": "OKP", "crv": "Ed25519", "x": 5},
        {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"},
        {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43, "d": "A" * 43},
        {"kty": "EC", "crv": "P-256", "x": "A" * 43},
        {"kty": ["OKP"], "crv": "Ed25519", "x": "A" * 43},
    ],
)
def test_other_keys_are_refused(jwk: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        rules.thumbprint(jwk=jwk)


def test_an_es256_signature_of_another_library_is_verified() -> None:
    import jwt
    from cryptography.hazmat.primitives.asymmetric import ec

    private = ec.generate_private_key(ec.SECP256R1())
    text = jwt.encode({"a": 1}, private, algorithm="ES256")
    jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(private.public_key()))
    assert rules.parse(text).signed_by(jwk=jwk)
    other = jwt.encode({"a": 1}, ec.generate_private_key(ec.SECP256R1()), algorithm="ES256")
    assert not rules.parse(other).signed_by(jwk=jwk)


def test_an_algorithm_that_does_not_suit_the_key_is_refused() -> None:
    made = rules.signer(kid="k", seed=b"k" * 32)
    jwk = rules.public_jwk(seed=b"k" * 32)
    parsed = rules.parse(made.sign({}))
    assert parsed.signed_by(jwk=jwk)
    for algorithm in ("none", "HS256", "ES256", None):
        wrong = rules.Parsed({**parsed.header, "alg": algorithm}, {}, parsed.message, parsed.signature)
        assert not wrong.signed_by(jwk=jwk)


@given(st.text(max_size=200))
def test_whatever_is_no_jws_raises_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        rules.parse(text)


def test_sealing_is_bound_to_the_key() -> None:
    sealed = rules.seal(key=b"m" * 32, kid="one", seed=b"s" * 32)
    assert rules.unseal(key=b"m" * 32, kid="one", sealed=sealed) == b"s" * 32
    for key, kid in ((b"m" * 32, "two"), (b"n" * 32, "one")):
        with pytest.raises(ValueError, match="another key"):
            rules.unseal(key=key, kid=kid, sealed=sealed)


def test_a_key_is_verifiable_as_long_as_the_longest_lease_that_a_vendor_may_allow() -> None:
    from licet.catalog.document import TermsPart

    longest = next(
        limit.le for limit in TermsPart.model_fields["offline_days"].metadata if hasattr(limit, "le")
    )
    assert rules.OVERLAP[Purpose.LEASE] > timedelta(days=longest)
