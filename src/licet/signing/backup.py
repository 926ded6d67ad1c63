"""All keys in one encrypted file, back from it, and under another master key."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings

from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.signing import envelope, rules
from licet.signing.errors import (
    BadKeyFile,
    BundleOfAnotherServer,
    KeysPresent,
    NothingToReseal,
    WrongMasterKey,
)
from licet.signing.events import KeyLost, KeysExported, KeysResealed, KeysRestored
from licet.signing.manifest import publish
from licet.signing.models import Keyring, SigningKey
from licet.signing.policy import require_operator
from licet.signing.queries import base_secret, master_key, master_keys, private_half

BUNDLE = "licet-keys/1"
_MOMENTS = ("created_at", "not_before", "ends_at", "retired_at", "revoked_at")
_PLAIN = ("kid", "purpose", "public_jwk", "serial", "certificate")


def export(*, passphrase: str, chance: Callable[[int], bytes], by: Actor, now: datetime) -> str:
    """Return the text of a file (`licet-keys/1`) with every key and what other secrets come from.

    Operators only; refuses PassphraseTooShort, and WrongMasterKey where a key cannot be opened.
    """
    require_operator(by)
    with change(by=by, now=now) as record:
        ring = Keyring.objects.locked()
        keys = [_told(key) for key in SigningKey.objects.order_by("pk")]
        content = {"secret": rules.b64(base_secret()), "serial": ring.serial, "keys": keys}
        about = {"format": BUNDLE, "server": settings.LICET_BASE_URL, "made_at": now.isoformat()}
        record(KeysExported(keys=len(keys)))
        return envelope.lock(
            about=about, content=content, passphrase=passphrase, chance=chance(envelope.CHANCE)
        )


def restore(*, text: str, file: str, passphrase: str, by: Actor, now: datetime) -> int:
    """Bring keys back from a file of `export`, sealed under the master key of now; return how many.

    Into an empty installation, or over the same installation's keys when their master key was lost:
    then private halves come back, and no key that was retired or revoked since comes back to life.
    Operators only. Refuses BadKeyFile, WrongPassphrase, BundleOfAnotherServer, and KeysPresent where there
    are keys that work and none of them is in the file.
    """
    require_operator(by)
    about, content = envelope.unlock(text=text, form=BUNDLE, passphrase=passphrase, file=file)
    if about.get("server") != settings.LICET_BASE_URL:
        raise BundleOfAnotherServer(server=str(about.get("server"))[:200])
    try:
        secret, told = rules.unb64(content["secret"]), {each["kid"]: each for each in content["keys"]}
        rows = [_read(each) for each in told.values()]
        serial = int(content["serial"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadKeyFile(file=file, form=BUNDLE) from None
    with change(by=by, now=now) as record:
        ring = Keyring.objects.locked()
        same = SigningKey.objects.filter(kid__in=told).exists()
        if not same and any(_opens(key) for key in SigningKey.objects.all()):
            raise KeysPresent
        for row, seed in rows:
            _brought_back(row, seed)
        ring.serial = max(ring.serial, serial)
        _keep_secret(ring, secret)
        ring.save(update_fields=["serial", "secret", "secret_name"])
        record(KeysRestored(keys=len(rows)))
        publish(record=record)
    return len(rows)


def reseal(*, by: Actor, now: datetime) -> int:
    """Seal everything under the first master key that is sealed under an earlier one; return how many keys.

    The secrets of other packages stay what they were. Operators only. Refuses NothingToReseal where
    everything is, and WrongMasterKey, with nothing changed, where a key opens under none of them.
    """
    require_operator(by)
    with change(by=by, now=now) as record:
        ring = Keyring.objects.locked()
        changed = 0
        for key in SigningKey.objects.exclude(sealed=""):
            seed = private_half(name=key.kid, sealed=key.sealed)
            sealed = rules.seal(key=master_key(), kid=key.kid, seed=seed)
            if sealed != key.sealed:
                SigningKey.objects.filter(pk=key.pk).update(sealed=sealed)
                changed += 1
        before = ring.secret
        if ring.secret or len(master_keys()) > 1:
            _keep_secret(ring, base_secret())
            ring.save(update_fields=["secret", "secret_name"])
        if not changed and ring.secret == before:
            raise NothingToReseal
        record(KeysResealed(keys=changed))
    return changed


def give_up_lost(*, by: Actor, now: datetime) -> list[SigningKey]:
    """Retire every key whose private half opens under no master key here, after that one was lost.

    What they signed stays verifiable. A root among them certifies no more. Operators only; changes
    nothing where every key opens.
    """
    require_operator(by)
    lost: list[SigningKey] = []
    with suppress(_NoneLost), change(by=by, now=now) as record:
        ring = Keyring.objects.locked()
        for key in SigningKey.objects.exclude(sealed="").filter(retired_at=None):
            if not _opens(key):
                lost.append(_given_up(key, record=record))
        if not lost:
            raise _NoneLost
        try:
            base_secret()
        except WrongMasterKey:
            ring.secret = ring.secret_name = ""  # what was derived from it is lost with it
            ring.save(update_fields=["secret", "secret_name"])
        publish(record=record)
    return lost


class _NoneLost(Exception):
    pass


def _given_up(key: SigningKey, *, record: Record) -> SigningKey:
    key.retired_at = record.now
    key.save(update_fields=["retired_at"])
    record(KeyLost(key=key.pk, kid=key.kid, purpose=key.purpose))
    return key


def _brought_back(row: dict[str, Any], seed: bytes) -> None:
    sealed = rules.seal(key=master_key(), kid=row["kid"], seed=seed) if seed else ""
    known = SigningKey.objects.filter(kid=row["kid"])
    if not known.exists():
        SigningKey.objects.create(**row, sealed=sealed)
    else:
        known.exclude(sealed="").update(sealed=sealed)  # a root that was taken offline since stays there


def _keep_secret(ring: Keyring, secret: bytes) -> None:
    """Seal the secret that others are derived from, under a name that is bound to it."""
    ring.secret_name = rules.b64(rules.derived(key=secret, purpose="name of this secret"))
    ring.secret = rules.seal(key=master_key(), kid=ring.secret_name, seed=secret)


def _opens(key: SigningKey) -> bool:
    try:
        return bool(key.sealed and private_half(name=key.kid, sealed=key.sealed))
    except WrongMasterKey:
        return False


def _told(key: SigningKey) -> dict[str, Any]:
    seed = private_half(name=key.kid, sealed=key.sealed) if key.sealed else b""
    moments = {name: getattr(key, name) for name in _MOMENTS}
    return {
        **{name: getattr(key, name) for name in _PLAIN},
        **{name: moment and moment.isoformat() for name, moment in moments.items()},
        "seed": rules.b64(seed),
    }


def _read(told: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return a key's columns and its private half; ValueError and the like for what does not fit together."""
    seed = rules.unb64(told["seed"])
    if rules.thumbprint(jwk=told["public_jwk"]) != told["kid"]:
        raise ValueError("not the key that it names")
    if seed and rules.public_jwk(seed=seed)["x"] != told["public_jwk"]["x"]:
        raise ValueError("the halves do not belong together")
    moments = {name: told[name] and datetime.fromisoformat(told[name]) for name in _MOMENTS}
    return {**{name: told[name] for name in _PLAIN}, **moments}, seed
