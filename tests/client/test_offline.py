"""The client without network: borrowed leases, files, the time of an outage, the day of a release."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from licet.leases.models import Lease as Row
from licet.licenses.models import License
from licet_client import Client, Condition, InvalidLease, LicetError, NoLease, Refused, Unreachable
from tests.client.conftest import Installation

pytestmark = [pytest.mark.real_clock, pytest.mark.django_db(transaction=True)]


def soon(days: int = 7) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def at(moment: datetime) -> Any:
    return moment.timestamp


def unplugged(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*given: Any, **headers: Any) -> dict[str, Any]:
        raise Unreachable

    monkeypatch.setattr(client._wire, "post", lost)
    monkeypatch.setattr(client._wire, "get", lost)
    monkeypatch.setattr(client._wire, "form", lost)


def terms(license: License, **changes: Any) -> None:
    license.terms.update(changes)
    license.save(update_fields=["terms"])


def test_a_borrowed_lease_holds_without_network_until_its_date(
    installation: Installation, client: Client, tmp_path: Path
) -> None:
    lease = client.borrow(installation.product, until=soon())
    assert lease.borrowed
    assert lease.expires_at - datetime.now(UTC) > timedelta(days=6)
    later = installation.client(tmp_path, clock=at(lease.expires_at - timedelta(minutes=1)), timeout=0.001)
    assert later.status(installation.product) == lease
    ended = installation.client(tmp_path, clock=at(lease.expires_at))
    with pytest.raises(InvalidLease) as caught:
        ended.status(installation.product)
    assert caught.value.code == "lease_expired"


def test_a_borrowed_lease_is_brought_back_before_its_date(installation: Installation, client: Client) -> None:
    client.borrow(installation.product, until=soon())
    client.release(installation.product)
    assert not Row.objects.filter(released_at=None).exists()
    with pytest.raises(NoLease):
        client.status(installation.product)
    assert not client.checkout(installation.product).borrowed


def test_the_keeper_leaves_a_borrowed_lease_alone_at_the_end(
    installation: Installation, client: Client
) -> None:
    client.borrow(installation.product, until=soon())
    with client.keep(installation.product) as keeper:
        assert keeper.standing.condition is Condition.GOOD
    assert client.status(installation.product).borrowed


def test_the_keeper_leaves_what_was_borrowed_since_its_last_step(
    installation: Installation, client: Client
) -> None:
    with client.keep(installation.product):
        client.borrow(installation.product, until=soon())
    assert client.status(installation.product).borrowed


def test_a_date_beyond_the_terms_is_refused_with_the_last_possible_one(
    installation: Installation, client: Client
) -> None:
    with pytest.raises(Refused) as caught:
        client.borrow(installation.product, until=soon(days=4000))
    assert caught.value.code == "borrow_too_long"
    assert any(character.isdigit() for character in caught.value.sentence())


def test_an_outage_lets_work_go_on_as_long_as_the_server_signed(
    installation: Installation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease = client.checkout(installation.product)
    assert lease.outage_until > lease.expires_at
    monkeypatch.setattr(client._held, "clock", at(lease.expires_at))
    with pytest.raises(InvalidLease):  # nobody has asked the server yet
        client.status(installation.product)
    unplugged(client, monkeypatch)
    with pytest.raises(Unreachable):
        client.renew(installation.product)
    assert client.status(installation.product) == lease
    monkeypatch.setattr(client._held, "clock", at(lease.outage_until))
    with pytest.raises(InvalidLease):
        client.status(installation.product)


def test_a_refusal_ends_the_time_of_an_outage(
    installation: Installation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease = client.checkout(installation.product)
    with monkeypatch.context() as cut:
        unplugged(client, cut)
        with pytest.raises(Unreachable):
            client.renew(installation.product)
    License.objects.update(state="suspended")
    with pytest.raises(Refused):
        client.renew(installation.product)
    monkeypatch.setattr(client._held, "clock", at(lease.expires_at))
    with pytest.raises(NoLease):
        client.status(installation.product)


def test_a_release_that_the_maintenance_does_not_cover(installation: Installation, tmp_path: Path) -> None:
    terms(installation.license, maintenance_days=30)
    end = (installation.license.valid_from + timedelta(days=30)).date()
    old = installation.signed_in(tmp_path, released_on=end - timedelta(days=2))
    lease = old.checkout(installation.product)
    assert lease.maintenance_until
    young = installation.client(tmp_path, released_on=end + timedelta(days=2))
    with pytest.raises(InvalidLease) as caught:
        young.status(installation.product)
    assert caught.value.code == "maintenance_ended"
    with pytest.raises(Refused) as refused:
        young.checkout(installation.product)
    assert refused.value.code == "maintenance_ended"
    assert installation.client(tmp_path, released_on=date(2020, 1, 1)).status(installation.product) == lease


def test_a_file_that_is_no_answer_says_so(client: Client, installation: Installation) -> None:
    for text in ("", "{}", "[]", json.dumps({"lease": 1}), "x" * 100_000):
        with pytest.raises(LicetError) as caught:
            client.accept_file(installation.product, text)
        assert caught.value.code == "bad_file"


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_every_error_has_a_sentence_in_every_language(language: str) -> None:
    for code, values in {
        "maintenance_ended": {"last": "2026-03-02"},
        "bad_file": {},
        "no_sign_in_elsewhere": {},
        "clock_set_back": {},
    }.items():
        assert len(LicetError(code, **values).sentence(language)) > 20
