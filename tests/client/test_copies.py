"""The folder of the state, copied to another computer: neither copy can go on without being found out."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from licet.connect.models import Grant
from licet.eventlog.models import Event
from licet_client import Client, LicetError, NotSignedIn, Refused
from tests.client.conftest import Installation

pytestmark = [pytest.mark.real_clock, pytest.mark.django_db(transaction=True)]

ROUNDS = 3


def check_out(client: Client, product: str) -> None:
    client.checkout(product)


def borrow(client: Client, product: str) -> None:
    client.borrow(product, until=datetime.now(UTC) + timedelta(days=2))
    client.checkout(product)  # online again for a moment: it may be renewed


@pytest.fixture(params=[check_out, borrow])
def pair(
    request: pytest.FixtureRequest, installation: Installation, client: Client, tmp_path: Path
) -> tuple[Client, Client]:
    """A client with a lease, online or borrowed, and one on a copy of its folder."""
    take: Callable[[Client, str], None] = request.param
    take(client, installation.product)
    folder = tmp_path.parent / f"{tmp_path.name}-copy"
    shutil.copytree(tmp_path, folder)
    return client, installation.client(folder)


def said(client: Client, product: str) -> str:
    """Renew, and return the code of the error; an empty text for none."""
    try:
        client.renew(product)
    except LicetError as error:
        return error.code
    return ""


@pytest.mark.parametrize("first", ["original", "copy"])
def test_both_have_to_sign_in_again(
    installation: Installation, pair: tuple[Client, Client], first: str
) -> None:
    turns = pair if first == "original" else pair[::-1]
    answers = [said(each, installation.product) for _ in range(ROUNDS) for each in turns]
    assert all(answers[-2:]), f"somebody goes on: {answers}"
    assert not Grant.objects.filter(ended_at=None).exists()
    assert Event.objects.filter(name="device.copy_noticed").exists()
    for client in turns:
        with pytest.raises(NotSignedIn):
            client.checkout(installation.product)


def test_a_copy_whose_counter_is_ahead_is_found_out_all_the_same(
    installation: Installation, pair: tuple[Client, Client]
) -> None:
    original, copy = pair
    for leap in (100, 1000, 10_000, 100_000):
        for client in (copy, original):
            with client._state.open() as values:
                values["counter"] += leap
            said(client, installation.product)
    assert not Grant.objects.filter(ended_at=None).exists()


def test_whoever_is_told_ends_the_sign_in_of_both(
    installation: Installation, pair: tuple[Client, Client]
) -> None:
    original, copy = pair
    original.checkout(installation.product)
    with pytest.raises(Refused) as caught:
        copy.checkout(installation.product)
    assert caught.value.code == "device_copied"
    assert said(original, installation.product) == "signed_out"
    with pytest.raises(NotSignedIn):
        original.checkout(installation.product)


def test_after_a_lost_answer_of_a_check_out_nobody_has_to_sign_in(
    installation: Installation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.checkout(installation.product)
    with monkeypatch.context() as cut:
        cut.setattr(client._held, "accept", lambda *values, **more: pytest.fail("not reached"))
        cut.setattr(client._held, "call", _lost(client))
        with pytest.raises(LicetError):
            client.checkout(installation.product)
    assert client.renew(installation.product).product == installation.product
    assert client.renew(installation.product).product == installation.product


def _lost(client: Client) -> Callable[..., object]:
    whole = client._held.call

    def call(*values: object, **more: object) -> object:
        whole(*values, **more)  # type: ignore[arg-type]
        raise LicetError("unreachable")

    return call
