"""All keys in one file and back, another master key, and what is left when a master key is lost."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from licet.eventlog.models import Event
from licet.signing import actions, backup, certification, queries, rules
from licet.signing.errors import (
    BadKeyFile,
    BundleOfAnotherServer,
    KeysPresent,
    NothingToReseal,
    WrongMasterKey,
    WrongPassphrase,
)
from licet.signing.models import Keyring, SigningKey
from licet.signing.states import SIGNING, Purpose
from tests.signing.chance import dice
from tests.signing.vectors import values
from tests.world import OPERATOR

pytestmark = pytest.mark.django_db
PASSPHRASE = "four words in order"
OLD, NEW = rules.b64(b"m" * 32), rules.b64(b"n" * 32)


def ensure(now: datetime, name: str = "first") -> SigningKey:
    chance = dice(name)
    key = actions.ensure(root_seed=chance(32), seed=chance(32), by=OPERATOR, now=now)
    assert key is not None
    return key


def export(now: datetime) -> str:
    return backup.export(passphrase=PASSPHRASE, chance=dice("export"), by=OPERATOR, now=now)


def restore(text: str, now: datetime, *, passphrase: str = PASSPHRASE) -> int:
    return backup.restore(text=text, file="keys.json", passphrase=passphrase, by=OPERATOR, now=now)


def manifest_serial() -> int:
    published = queries.manifest()
    assert published is not None
    return int(rules.parse(published["manifest"]).claims["serial"])


def empty() -> None:
    """What a fresh machine has: tables with nothing in them."""
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)


def test_the_drill_into_an_empty_installation(now: datetime, settings: Settings) -> None:
    """Old leases verify, new ones are made, renewals go on, and the manifest's number has grown."""
    ensure(now)
    before = queries.lease_signer(now=now)
    old_lease = before.sign(values())
    renewal = queries.secret(purpose="renewal of leases")
    roots = queries.jwks(now=now)["roots"]
    serial = manifest_serial()
    text = export(now)

    empty()
    settings.LICET_MASTER_KEY = NEW
    later = now + timedelta(hours=1)
    assert restore(text, later) == 2 + len(SIGNING)

    published = queries.jwks(now=later)
    assert published["roots"] == roots
    jwk = next(key for key in published["keys"] if key["kid"] == before.kid)
    assert rules.parse(old_lease).signed_by(jwk=jwk)
    new_lease = rules.parse(queries.lease_signer(now=later).sign(values()))
    assert new_lease.signed_by(jwk=jwk)
    assert queries.secret(purpose="renewal of leases") == renewal
    assert manifest_serial() > serial
    assert Event.objects.filter(name="key.restored").count() == 1
    actions.rotate(seed=b"9" * 32, by=OPERATOR, now=later)  # the root came back, too


def test_an_export_shows_no_private_half(now: datetime) -> None:
    ensure(now)
    text = export(now)
    chance = dice("first")
    chance(32)
    assert rules.b64(chance(32)) not in text
    assert set(json.loads(text)) == {"format", "server", "made_at", "kdf", "cipher", "box"}
    assert Event.objects.filter(name="key.exported").count() == 1


def test_a_wrong_passphrase_restores_nothing(now: datetime) -> None:
    ensure(now)
    text = export(now)
    empty()
    with pytest.raises(WrongPassphrase):
        restore(text, now, passphrase="other words in order")
    assert not SigningKey.objects.exists()


@pytest.mark.parametrize(
    "damage", [lambda text: text[:-50], lambda text: "{}", lambda text: text.replace("keys/1", "keys/2")]
)
def test_a_broken_file_restores_nothing(now: datetime, damage: Callable[[str], str]) -> None:
    ensure(now)
    text = damage(export(now))
    empty()
    with pytest.raises(BadKeyFile):
        restore(text, now)


def test_keys_of_another_server_are_refused(now: datetime, settings: Settings) -> None:
    ensure(now)
    text = export(now)
    empty()
    settings.LICET_BASE_URL = "https://elsewhere.example"
    with pytest.raises(BundleOfAnotherServer):
        restore(text, now)


def test_an_installation_with_keys_of_its_own_is_left_alone(now: datetime) -> None:
    ensure(now)
    text = export(now)
    empty()
    ensure(now, "another installation")
    with pytest.raises(KeysPresent):
        restore(text, now)


def test_restoring_brings_no_revoked_key_and_no_offline_root_back_to_life(now: datetime) -> None:
    stolen = ensure(now)
    text = export(now)
    certification.take_roots_offline(periods=1, chance=dice("ahead"), by=OPERATOR, now=now)
    actions.revoke(kid=stolen.kid, seed=b"9" * 32, by=OPERATOR, now=now)
    restore(text, now)
    stolen.refresh_from_db()
    assert stolen.revoked_at == now
    assert [root.sealed for root in SigningKey.objects.roots()] == ["", ""]


def test_another_master_key_in_two_steps(now: datetime, settings: Settings) -> None:
    ensure(now)
    kid, secret = queries.lease_signer(now=now).kid, queries.secret(purpose="license codes")
    settings.LICET_MASTER_KEY, settings.LICET_MASTER_KEY_FALLBACKS = NEW, [OLD]
    assert queries.secret(purpose="license codes") == secret
    assert backup.reseal(by=OPERATOR, now=now) == 2 + len(SIGNING)
    settings.LICET_MASTER_KEY_FALLBACKS = []
    assert queries.lease_signer(now=now).kid == kid
    assert queries.secret(purpose="license codes") == secret  # codes and renewals go on
    with pytest.raises(NothingToReseal):
        backup.reseal(by=OPERATOR, now=now)


def test_a_master_key_can_be_changed_again_and_again(now: datetime, settings: Settings) -> None:
    ensure(now)
    secret = queries.secret(purpose="license codes")
    keys = [rules.b64(letter * 32) for letter in (b"m", b"n", b"o", b"p")]
    for old, new in pairwise(keys):
        settings.LICET_MASTER_KEY, settings.LICET_MASTER_KEY_FALLBACKS = new, [old]
        backup.reseal(by=OPERATOR, now=now)
    settings.LICET_MASTER_KEY_FALLBACKS = []
    assert queries.secret(purpose="license codes") == secret
    assert queries.lease_signer(now=now)


def test_a_new_master_key_without_the_old_one_changes_nothing(now: datetime, settings: Settings) -> None:
    ensure(now)
    settings.LICET_MASTER_KEY = NEW
    with pytest.raises(WrongMasterKey):
        backup.reseal(by=OPERATOR, now=now)
    settings.LICET_MASTER_KEY = OLD
    assert queries.lease_signer(now=now)


def test_with_the_old_master_key_lost_an_export_brings_the_keys_back(
    now: datetime, settings: Settings
) -> None:
    kid = ensure(now).kid
    text = export(now)
    settings.LICET_MASTER_KEY = NEW
    with pytest.raises(WrongMasterKey):
        queries.lease_signer(now=now)
    restore(text, now)
    assert queries.lease_signer(now=now).kid == kid


def test_with_everything_lost_old_leases_stay_verifiable_and_new_keys_are_made(
    now: datetime, settings: Settings
) -> None:
    lost = ensure(now)
    Keyring.objects.update(secret_name="x", secret="AAAA")
    settings.LICET_MASTER_KEY = NEW
    given_up = backup.give_up_lost(by=OPERATOR, now=now)
    assert len(given_up) == 2 + len(SIGNING)
    assert lost.kid in {key["kid"] for key in queries.jwks(now=now)["keys"]}
    assert queries.secret(purpose="renewal of leases")
    actions.make_root(seed=b"8" * 32, by=OPERATOR, now=now)
    assert ensure(now, "second").kid != lost.kid
    assert backup.give_up_lost(by=OPERATOR, now=now) == []


def test_giving_up_what_is_lost_leaves_what_opens(now: datetime) -> None:
    key = ensure(now)
    assert backup.give_up_lost(by=OPERATOR, now=now) == []
    assert queries.signer(purpose=Purpose.LEASE, now=now).kid == key.kid
