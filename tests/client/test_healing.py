"""What one contact with the server heals: a clock that stays behind, and spoilt state."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from licet_client import Client, ClockSetBack, InvalidLease, NoLease, NotSignedIn
from tests.client.conftest import Installation

pytestmark = [pytest.mark.real_clock, pytest.mark.django_db(transaction=True)]


def test_one_contact_heals_a_clock_that_stays_behind(
    installation: Installation, client: Client, tmp_path: Path
) -> None:
    client.checkout(installation.product)
    set_back = 3600.0
    behind = installation.client(tmp_path, clock=lambda: datetime.now(UTC).timestamp() - set_back)
    with pytest.raises(ClockSetBack):
        behind.status(installation.product)
    lease = behind.renew(installation.product)
    assert behind.status(installation.product) == lease
    assert abs(behind.moment() - datetime.now(UTC)) < timedelta(seconds=5)
    assert behind.checkout(installation.product).product == installation.product
    set_back = 7200.0
    with pytest.raises(ClockSetBack):
        behind.status(installation.product)
    set_back = 3600.0 - 3600
    with pytest.raises(InvalidLease):  # an hour ahead now, until the next contact
        behind.status(installation.product)
    behind.renew(installation.product)
    assert behind.moment() <= datetime.now(UTC)


@pytest.mark.parametrize(
    "spoilt",
    ["", "a", 7, None, [], {}, {"lease": "a.b.c"}, {"lease": 7, "certificate": 7, "renew_key": 7}, "cut"],
)
def test_whatever_became_of_what_is_stored_one_contact_heals_it(
    installation: Installation, client: Client, spoilt: Any
) -> None:
    client.checkout(installation.product)
    with client._state.open() as values:
        slot = f"main/{installation.product}"
        whole = values["leases"][slot]
        cut = {**whole, "lease": whole["lease"][:-400]}
        values["leases"][slot] = cut if spoilt == "cut" else spoilt
    with pytest.raises((InvalidLease, NoLease)):
        client.status(installation.product)
    with client.keep(installation.product) as keeper:
        assert keeper.standing.lease == client.status(installation.product)
        with client._state.open() as values:
            values["leases"][slot] = spoilt
        client.checkout(installation.product)
        with client._state.open() as values:
            values["leases"][slot] = spoilt
    assert client.products() == []


@pytest.mark.parametrize(
    "spoilt", ["", "[]", "7", "{", '{"leases": 7}', '{"device": 7, "tokens": []}', "\x00"]
)
def test_a_spoilt_state_asks_to_sign_in(installation: Installation, client: Client, spoilt: str) -> None:
    client.checkout(installation.product)
    (client._state.folder / "state.json").write_text(spoilt)
    with pytest.raises(NoLease):
        client.status(installation.product)
    with pytest.raises(NotSignedIn):
        client.checkout(installation.product)
