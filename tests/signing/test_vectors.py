"""The published vectors: what our client, PyJWT and joserfc make of them."""

import json
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from licet_client import InvalidLease, verify
from licet_client.trust import Trust, read_manifest, taken_back
from tests.signing import vectors

DOCUMENT: dict[str, Any] = json.loads(vectors.PATH.read_text())
VECTORS: list[dict[str, Any]] = DOCUMENT["vectors"]
NOW = datetime.fromtimestamp(DOCUMENT["now"], tz=UTC)


def test_the_file_is_what_the_server_signs_today() -> None:
    assert vectors.PATH.read_text() == vectors.text(), "run: python -m tests.signing.vectors"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_client_judges_as_the_file_says(vector: dict[str, Any]) -> None:
    given = {
        "certificate": vector["certificate"],
        "roots": DOCUMENT["roots"],
        "revoked": DOCUMENT["revoked"],
        "issuer": DOCUMENT["issuer"],
        "audience": DOCUMENT["audience"],
        "product": DOCUMENT["product"],
        "device": DOCUMENT["device"],
        "now": NOW,
    }
    if vector["valid"]:
        assert verify(vector["lease"], **given).allows("export")
        return
    with pytest.raises(InvalidLease) as caught:
        verify(vector["lease"], **given)
    assert reason(caught.value) == vector["reason"]


def reason(error: InvalidLease) -> str:
    return "expired" if error.code == "lease_expired" else str(error.values["reason"])


@pytest.mark.parametrize("vector", DOCUMENT["status_lists"], ids=lambda vector: vector["name"])
def test_the_client_reads_status_lists_as_the_file_says(vector: dict[str, Any]) -> None:
    given = {"status": vector["status"], "roots": DOCUMENT["roots"], "issuer": DOCUMENT["issuer"], "now": NOW}
    if vector["valid"]:
        assert taken_back(vector["list"], **given) is vector["taken_back"]
        return
    with pytest.raises(InvalidLease):
        taken_back(vector["list"], **given)


@pytest.mark.parametrize("vector", DOCUMENT["manifests"], ids=lambda vector: vector["name"])
def test_the_client_reads_manifests_as_the_file_says(vector: dict[str, Any]) -> None:
    seen = Trust(serial=vector["seen_serial"], revoked=frozenset({"earlier"}), next_update=NOW)
    given = {
        "certificate": vector["certificate"],
        "roots": DOCUMENT["roots"],
        "issuer": DOCUMENT["issuer"],
        "known": seen if vector["seen_serial"] else None,
    }
    if vector["valid"]:
        trust = read_manifest(vector["manifest"], **given)
        assert set(DOCUMENT["revoked"]) <= trust.revoked
        assert ("earlier" in trust.revoked) is bool(vector["seen_serial"])  # what was revoked once stays so
        return
    with pytest.raises(InvalidLease) as caught:
        read_manifest(vector["manifest"], **given)
    assert reason(caught.value) == vector["reason"]


def test_a_manifest_key_that_was_revoked_revokes_nothing() -> None:
    vector = DOCUMENT["manifests"][0]
    given = {"certificate": vector["certificate"], "roots": DOCUMENT["roots"], "issuer": DOCUMENT["issuer"]}
    for kid in (vectors.MANIFEST.kid, vectors.ROOT.kid):
        known = Trust(serial=1, revoked=frozenset({kid}), next_update=NOW)
        with pytest.raises(InvalidLease):
            read_manifest(vector["manifest"], known=known, **given)


@pytest.mark.parametrize("text", ["", "a", "a.b.c", "e30.e30.", "e30.W10.AAAA"])
def test_whatever_is_no_manifest_is_refused(text: str) -> None:
    with pytest.raises(InvalidLease):
        read_manifest(text, certificate=text, roots=DOCUMENT["roots"], issuer=DOCUMENT["issuer"])


@pytest.mark.parametrize("name", ["good", "good, signed by the key before a rotation"])
def test_independent_libraries_follow_the_chain(name: str) -> None:
    vector = next(each for each in VECTORS if each["name"] == name)
    root = DOCUMENT["roots"][0]
    paper = jwt.decode(
        vector["certificate"],
        jwt.PyJWK(root, algorithm="EdDSA"),
        algorithms=["EdDSA"],
        options={"verify_exp": False, "verify_nbf": False},
    )
    assert paper["sub"] == jwt.get_unverified_header(vector["lease"])["kid"]
    claims = jwt.decode(
        vector["lease"],
        jwt.PyJWK(paper["jwk"], algorithm="EdDSA"),
        algorithms=["EdDSA"],
        audience=DOCUMENT["audience"],
        issuer=DOCUMENT["issuer"],
        options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
    )
    assert claims["product"] == DOCUMENT["product"]
    with pytest.warns(Warning, match="EdDSA"):  # joserfc would rather have the name Ed25519
        read = jws.deserialize_compact(vector["lease"], OKPKey.import_key(paper["jwk"]), algorithms=["EdDSA"])
    assert json.loads(read.payload) == claims


def test_joserfc_verifies_the_new_name_of_the_algorithm() -> None:
    vector = next(each for each in VECTORS if "new name" in each["name"])
    paper = jwt.decode(vector["certificate"], options={"verify_signature": False})
    read = jws.deserialize_compact(vector["lease"], OKPKey.import_key(paper["jwk"]), algorithms=["Ed25519"])
    assert json.loads(read.payload)["product"] == DOCUMENT["product"]
