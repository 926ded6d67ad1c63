"""The master key, who signs now, and what is published."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from licet.signing import rules
from licet.signing.errors import BadMasterKey, NoMasterKey, NoSigningKey, WrongMasterKey
from licet.signing.models import SigningKey
from licet.signing.states import Purpose


def master_key() -> bytes:
    """Return the 32 bytes under which private halves are sealed.

    From the setting; in the demonstration alone, where the setting is empty, from the key of the
    sessions. Raises NoMasterKey or BadMasterKey.
    """
    text: str = settings.LICET_MASTER_KEY
    if not text and settings.LICET_DEMO:
        return hashlib.sha256(b"demonstration " + settings.SECRET_KEY.encode()).digest()
    if not text:
        raise NoMasterKey
    try:
        return rules.master(text=text)
    except ValueError:
        raise BadMasterKey from None


def opened(*, key: SigningKey) -> rules.Signer:
    """Return the key ready to sign; WrongMasterKey when this installation cannot open it."""
    try:
        seed = rules.unseal(key=master_key(), kid=key.kid, sealed=key.sealed)
    except ValueError:
        raise WrongMasterKey(kid=key.kid) from None
    return rules.signer(
        kid=key.kid,
        seed=seed,
        certificate=key.certificate,
        until=key.ends_at,
        algorithm=settings.LICET_LEASE_ALGORITHM,
    )


def lease_signer(*, now: datetime) -> rules.Signer:
    """Return the key that signs leases at `now`; NoSigningKey where none may (one statement)."""
    key = SigningKey.objects.signing(now).filter(purpose=Purpose.LEASE, ends_at__gt=now).first()
    if key is None:
        raise NoSigningKey
    return opened(key=key)


def jwks(*, now: datetime) -> dict[str, Any]:
    """Return the published keys as a JWK set (RFC 7517): lease keys in `keys`, ours beside them.

    `certificates` has the key certificate of each lease key, `roots` the keys that applications
    pin; both are members that RFC 7517 section 5 lets others ignore.
    """
    lease, roots, certificates = [], [], {}
    for key in SigningKey.objects.published(now):
        jwk = {**key.public_jwk, "kid": key.kid, "use": "sig", "alg": settings.LICET_LEASE_ALGORITHM}
        if key.purpose == Purpose.ROOT:
            roots.append(jwk)
        else:
            lease.append(jwk)
            certificates[key.kid] = key.certificate
    return {"keys": lease, "certificates": certificates, "roots": roots}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """A key as the operator reads it."""

    kid: str
    purpose: str
    not_before: datetime
    ends_at: datetime | None
    standing: str  # next, signing, retired, ended


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
    if key.ends_at is not None and key.ends_at <= now:
        return "ended"
    if key.retired_at is not None:
        return "retired"
    return "next" if key.not_before > now else "signing"
