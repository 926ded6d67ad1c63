"""When the client asks for the list of keys, and what it keeps of it."""

import json
from typing import Any

import pytest

from licet_client.errors import InvalidLease, Unreachable
from licet_client.held import Held
from tests.signing import vectors

DOCUMENT: dict[str, Any] = json.loads(vectors.PATH.read_text())
GOOD = DOCUMENT["manifests"][0]
LEASES = {vector["name"]: vector for vector in DOCUMENT["vectors"]}


class Server:
    """Answers with the good manifest, and counts how often."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> dict[str, Any]:
        self.asked += 1
        return {"manifest": GOOD["manifest"], "certificate": GOOD["certificate"]}


@pytest.fixture
def held() -> Held:
    return Held(
        server=DOCUMENT["issuer"],
        application=DOCUMENT["audience"],
        process="main",
        roots=DOCUMENT["roots"],
        released_on=None,
        clock=lambda: DOCUMENT["now"],
    )


def stored(name: str) -> dict[str, Any]:
    """Return the state of an application that holds the lease of a vector."""
    vector = LEASES[name]
    lease = {"lease": vector["lease"], "certificate": vector["certificate"]}
    return {"device": {"jkt": DOCUMENT["device"]}, "leases": {f"main/{DOCUMENT['product']}": lease}}


def test_the_list_is_read_once_and_again_when_its_time_is_over(held: Held) -> None:
    server, values = Server(), stored("good")
    paper = LEASES["good"]["certificate"]
    for _ in range(3):
        held.learn(values, server, certificate=paper)
    assert server.asked == 1
    values["trust"]["next_update"] = DOCUMENT["now"]
    held.learn(values, server, certificate=paper)
    assert server.asked == 2


def test_a_certificate_that_is_new_here_is_reason_to_ask(held: Held) -> None:
    server, values = Server(), stored("good")
    held.learn(values, server, certificate=LEASES["good"]["certificate"])
    held.learn(values, server, certificate=LEASES["good, certified by the spare root"]["certificate"])
    assert server.asked == 2


def test_a_lease_of_a_revoked_key_holds_until_the_list_was_read(held: Held) -> None:
    values = stored("revoked key")
    assert held.now(values, DOCUMENT["product"])
    held.learn(values, Server())
    with pytest.raises(InvalidLease) as caught:
        held.now(values, DOCUMENT["product"])
    assert caught.value.values["reason"] == "revoked"


def test_a_list_that_cannot_be_had_or_believed_changes_nothing(held: Held) -> None:
    values = stored("good")
    held.learn(values, Server())
    before = dict(values["trust"])

    def unreachable() -> dict[str, Any]:
        raise Unreachable

    for answer in (unreachable, dict, lambda: {"manifest": "x", "certificate": "y"}):
        held.learn(values, answer, certificate="another one")
    assert values["trust"] == before


def test_a_smaller_number_than_one_that_was_seen_is_not_believed(held: Held) -> None:
    values = stored("good")
    values["trust"] = {"serial": 2**40, "revoked": [], "next_update": 0, "kid": "another"}
    held.learn(values, Server())
    assert values["trust"]["serial"] == 2**40
