"""The manifest: a signed, numbered list of every key, which ones are believed and which are not.

Who verifies refuses one with a smaller number than the last it has seen, so that nobody can bring back
a key that was revoked. Format: docs/keys.md.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from licet.eventlog.change import Record
from licet.signing import rules
from licet.signing.events import ManifestPublished
from licet.signing.models import Keyring, SigningKey
from licet.signing.queries import opened
from licet.signing.states import Purpose

LASTS = timedelta(days=2)
"""`next_update`: by then, whoever is online asks for the next one."""

AGAIN = timedelta(days=1)
"""It is signed anew this often, even when nothing changes."""


def publish(*, record: Record) -> None:
    """Sign the list as it is now, with a greater number. A step, the last one under the keyring's lock.

    Without a key to sign it, the last list stays published, unless its key is no longer believed.
    """
    ring = Keyring.objects.locked()
    key = SigningKey.objects.signing(Purpose.MANIFEST, record.now).first()
    if key is not None:
        # the moment as number: it grows also after a restore of yesterday's backup
        ring.serial = max(ring.serial + 1, int(record.now.timestamp()))
        claims = _claims(ring.serial, now=record.now)
        ring.manifest = opened(key=key).sign(claims, kind=rules.MANIFEST_TYPE)
        ring.manifest_certificate, ring.published_at = key.certificate, record.now
        record(ManifestPublished(serial=ring.serial, kid=key.kid))
    elif ring.manifest and not _believed(ring):
        ring.manifest, ring.manifest_certificate, ring.published_at = "", "", None
    ring.save(update_fields=["serial", "manifest", "manifest_certificate", "published_at"])


def is_due(*, now: datetime) -> bool:
    """Whether the manifest is missing or a day old."""
    ring = Keyring.objects.filter(pk=Keyring.ONE).first()
    return ring is None or ring.published_at is None or ring.published_at <= now - AGAIN


def _believed(ring: Keyring) -> bool:
    kid = rules.parse(ring.manifest).header["kid"]
    return SigningKey.objects.filter(kid=kid, revoked_at=None).exists()


def _claims(serial: int, *, now: datetime) -> dict[str, Any]:
    keys = SigningKey.objects.published(now)
    return {
        "iss": settings.LICET_BASE_URL,
        "serial": serial,
        "iat": int(now.timestamp()),
        "next_update": int((now + LASTS).timestamp()),
        "roots": [{**root.public_jwk, "kid": root.kid} for root in SigningKey.objects.roots()],
        "keys": [_line(key, now=now) for key in keys.exclude(purpose=Purpose.ROOT).exclude(certificate="")],
        "revoked": [
            {"kid": key.kid, "at": int(key.revoked_at.timestamp())}
            for key in SigningKey.objects.exclude(revoked_at=None).order_by("pk")
            if key.revoked_at is not None
        ],
    }


def _line(key: SigningKey, *, now: datetime) -> dict[str, Any]:
    state = "retired" if key.retired_at else "next" if key.not_before > now else "signing"
    return {"kid": key.kid, "use": key.purpose, "state": state, "certificate": key.certificate}
