"""The client signs in with a license code, against a real server."""

from datetime import timedelta
from pathlib import Path

import pytest

from licet.licenses import codes
from licet_client import Refused
from tests.client.conftest import Installation
from tests.licenses.shared import chance, issued, text
from tests.world import OPERATOR

pytestmark = [pytest.mark.real_clock, pytest.mark.django_db(transaction=True)]


def test_a_typed_code_brings_its_holder_and_a_lease(installation: Installation, tmp_path: Path) -> None:
    world = installation.world
    issued(world, license=installation.license, member=world.member(world.bob))
    client = installation.client(tmp_path)
    assert client.activate(text(1).lower().replace("-", " ")).name == "Bob Keller"
    assert client.checkout(installation.product).allows("export")


def test_a_no_carries_the_servers_own_code_and_sentence(installation: Installation, tmp_path: Path) -> None:
    world = installation.world
    license = installation.license
    codes.revoke(
        code=issued(world, license=license, member=world.member(world.bob)), by=OPERATOR, now=world.now
    )
    client = installation.client(tmp_path)
    with pytest.raises(Refused) as caught:
        client.activate(text(1))
    assert caught.value.code == "code_revoked"
    assert caught.value.sentence() == (
        "This code was revoked and no longer works. Ask the vendor why, or for another code."
    )


def test_a_replaced_one_names_its_successor(installation: Installation, tmp_path: Path) -> None:
    world = installation.world
    old = issued(world, license=installation.license, member=world.member(world.bob))
    codes.supersede(code=old, chance=chance(2), overlap=timedelta(0), by=OPERATOR, now=world.now)
    with pytest.raises(Refused) as caught:
        installation.client(tmp_path).activate(text(1))
    assert caught.value.code == "code_superseded"
    assert f"ends in {text(2)[-4:]}" in caught.value.sentence()


def test_who_tries_too_often_is_told_when_to_come_back(installation: Installation, tmp_path: Path) -> None:
    client = installation.client(tmp_path)
    for number in range(20):
        with pytest.raises(Refused) as caught:
            client.activate(text(number))
        assert caught.value.code == "code_unknown"
    with pytest.raises(Refused) as caught:
        client.activate(text(99))
    assert (caught.value.code, caught.value.retry_after) == ("too_many_attempts", 900)
