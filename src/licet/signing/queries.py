"""The master key, who signs now, and what is published."""

import hashlib
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from licet.signing import rules
from licet.signing.errors import BadMasterKey, NoMasterKey, NoSigningKey, WrongMasterKey
from licet.signing.models import Keyring, SigningKey
from licet.signing.states import Purpose


def master_key() -> bytes:
    """Return the 32 bytes under which private halves are sealed.

    From the setting; in the demonstration alone, where the setting is empty, from the key of the
    sessions. Raises NoMasterKey or BadMasterKey.
    """
    return master_keys()[0]


def master_keys() -> list[bytes]:
    """Return the master key, and after it those that what was sealed before may still need."""
    text: str = settings.LICET_MASTER_KEY
    if not text and settings.LICET_DEMO:
        return [hashlib.sha256(b"demonstration " + settings.SECRET_KEY.encode()).digest()]
    if not text:
        raise NoMasterKey
    try:
        return [rules.master(text=each) for each in [text, *settings.LICET_MASTER_KEY_FALLBACKS]]
    except ValueError:
        raise BadMasterKey from None


def private_half(*, name: str, sealed: str) -> bytes:
    """Return what was sealed under this name; WrongMasterKey when no master key here opens it."""
    for key in master_keys():
        with suppress(ValueError):
            return rules.unseal(key=key, kid=name, sealed=sealed)
    raise WrongMasterKey(kid=name)


def opened(*, key: SigningKey) -> rules.Signer:
    """Return the key ready to sign; WrongMasterKey when this installation cannot open it."""
    return rules.signer(
        kid=key.kid,
        seed=private_half(name=key.kid, sealed=key.sealed),
        certificate=key.certificate,
        until=key.ends_at,
        algorithm=settings.LICET_LEASE_ALGORITHM,
    )


def names_this_site(key: SigningKey) -> bool:
    """Whether a certified key's certificate names the address that the site has now."""
    return bool(rules.parse(key.certificate).claims["iss"] == settings.LICET_BASE_URL)


def next_serial() -> int:
    """Return the number of the next certificate; call it under the keyring's lock."""
    last = SigningKey.objects.order_by("-serial").values_list("serial", flat=True).first()
    return (last or 0) + 1


def signer(*, purpose: Purpose, now: datetime) -> rules.Signer:
    """Return the key that signs for a purpose at `now`; NoSigningKey where none may (one statement)."""
    key = SigningKey.objects.signing(purpose, now).first()
    if key is None:
        raise NoSigningKey
    return opened(key=key)


def lease_signer(*, now: datetime) -> rules.Signer:
    """Return the key that signs leases at `now`; NoSigningKey where none may (one statement)."""
    return signer(purpose=Purpose.LEASE, now=now)


def base_secret() -> bytes:
    """Return the 32 bytes that the secrets of other packages are derived from (one statement).

    At first the master key itself. It stays what it was when the master key changes: what was hashed
    or encrypted under a secret derived from it goes on.
    """
    stored = Keyring.objects.filter(pk=Keyring.ONE).values_list("secret_name", "secret").first()
    if stored is None or not stored[1]:
        return master_keys()[-1]  # the one that was first, as long as nothing was sealed anew
    name, sealed = stored
    return private_half(name=name, sealed=sealed)


def secret(*, purpose: str) -> bytes:
    """Return the 32-byte secret of one purpose, by name. Whoever needs it often keeps it."""
    return rules.derived(key=base_secret(), purpose=purpose)


def jwks(*, now: datetime, purposes: Collection[Purpose] = (Purpose.LEASE,)) -> dict[str, Any]:
    """Return the published keys of these purposes, in their order, as a JWK set (RFC 7517), ours beside them.

    `certificates` has the certificate of each key, `roots` the keys that applications pin; both are
    members that RFC 7517 section 5 lets others ignore.
    """
    keys, roots, certificates = [], [], {}
    wanted = [Purpose.ROOT, *purposes]
    found = SigningKey.objects.published(now).filter(purpose__in=wanted)
    for key in sorted(found, key=lambda each: wanted.index(Purpose(each.purpose))):
        jwk = {**key.public_jwk, "kid": key.kid, "use": "sig", "alg": settings.LICET_LEASE_ALGORITHM}
        if key.purpose == Purpose.ROOT:
            roots.append(jwk)
        else:
            keys.append(jwk)
            certificates[key.kid] = key.certificate
    roots.reverse()  # the one that certifies first
    return {"keys": keys, "certificates": certificates, "roots": roots}


def manifest() -> dict[str, str] | None:
    """Return the published list of keys and the certificate of the key that signed it; None without one."""
    ring = Keyring.objects.filter(pk=Keyring.ONE).first()
    if ring is None or not ring.manifest:
        return None
    return {"manifest": ring.manifest, "certificate": ring.manifest_certificate}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """A key as the operator reads it."""

    kid: str
    purpose: str
    not_before: datetime
    ends_at: datetime | None
    standing: str  # requested, next, signing, retired, revoked, ended; of a root: certifies, offline


def listed(*, now: datetime) -> list[KeyRow]:
    """Return every key, the newest first."""
    return [
        KeyRow(
            kid=key.kid,
            purpose=key.purpose,
            not_before=key.not_before,
            ends_at=key.ends_at,
            standing=_standing(key, now),
        )
        for key in SigningKey.objects.order_by("-not_before", "-pk")
    ]


def _standing(key: SigningKey, now: datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    if key.ends_at is not None and key.ends_at <= now:
        return "ended"
    if key.retired_at is not None:
        return "retired"
    if key.purpose == Purpose.ROOT:
        return "certifies" if key.sealed else "offline"
    if not key.certificate:
        return "requested"
    return "next" if key.not_before > now else "signing"
