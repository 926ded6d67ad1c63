"""Writes docs/lease-vectors.json: leases that a verifier in any language has to judge alike.

    python -m tests.signing.vectors

Every key and moment is fixed, so that the file changes only when the format does.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from licet.leases.rules import STATUS_LIST_SIZE, Right, claims, period
from licet.signing.rules import (
    MANIFEST_TYPE,
    STATUS_TYPE,
    Signer,
    b64,
    certificate,
    compact_json,
    packed_bits,
    public_jwk,
    signer,
    thumbprint,
    unb64,
)
from licet.signing.states import Purpose

PATH = Path(__file__).parents[2] / "docs" / "lease-vectors.json"
ISSUER, AUDIENCE, PRODUCT = "https://licenses.vendor.example", "example-studio", "render"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DEVICE = thumbprint(jwk=public_jwk(seed=b"d" * 32))


def key(
    letter: bytes,
    *,
    root: Signer | None = None,
    start: datetime = NOW - timedelta(days=10),
    serial: int = 1,
    purpose: Purpose = Purpose.LEASE,
) -> Signer:
    """Return the key of a seed of this letter, certified by `root` where there is one."""
    seed = letter * 32
    jwk = public_jwk(seed=seed)
    kid = thumbprint(jwk=jwk)
    if root is None:
        return signer(kid=kid, seed=seed)
    text = certificate(
        root=root, issuer=ISSUER, kid=kid, jwk=jwk, serial=serial, start=start, purpose=purpose
    )
    return signer(kid=kid, seed=seed, certificate=text)


def values(*, borrowed_until: datetime | None = None, **changes: Any) -> dict[str, Any]:
    """Return the claims of the vectors' lease."""
    right = Right(
        team=1,
        team_id="team_0000000000000001",
        seat=1,
        seat_id="seat_0000000000000001",
        license=1,
        license_id="lic_0000000000000001",
        state="issued",
        valid_from=NOW - timedelta(days=30),
        valid_until=NOW + timedelta(days=335),
        usable_until=NOW + timedelta(days=349),
        terms={"edition": "pro", "features": ["export"], "lease_minutes": 60},
    )
    row, mark = 1, 1
    made = claims(
        right=right,
        period=period(right=right, mark=mark, key_until=None, borrowed_until=borrowed_until, now=NOW),
        issuer=ISSUER,
        audience=AUDIENCE,
        person="person_0000000000000001",
        product=PRODUCT,
        row=row,
        mark=mark,
        jkt=DEVICE,
        seq=7,
        nonce="6f2c1d",
    )
    return {**made, **changes}


ROOT, SPARE, UNPINNED = key(b"r"), key(b"s"), key(b"t")
LEASE = key(b"l", root=ROOT)
ROTATED = key(b"m", root=ROOT, start=NOW - timedelta(days=100), serial=2)
BY_SPARE = key(b"o", root=SPARE, serial=3)
REVOKED = key(b"v", root=ROOT, serial=4)
STRANGER = key(b"n", root=UNPINNED)
STATUS = key(b"u", root=ROOT, serial=5, purpose=Purpose.STATUS)
MANIFEST = key(b"w", root=ROOT, serial=6, purpose=Purpose.MANIFEST)


def document() -> dict[str, Any]:
    """Return the file's content."""
    return {
        "about": "docs/lease-format.md says how to read this; verify at `now`. `reason`: what fails.",
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "product": PRODUCT,
        "device": DEVICE,
        "now": _seconds(NOW),
        "roots": [{**public_jwk(seed=letter * 32), "kid": root.kid} for letter, root in PINNED],
        "revoked": [REVOKED.kid],
        "vectors": [*_good(), *_wrong_claims(), *_wrong_keys()],
        "status_lists": _status_lists(),
        "manifests": _manifests(),
    }


PINNED = [(b"r", ROOT), (b"s", SPARE)]


def _vector(name: str, lease: str, *, reason: str = "", paper: str = LEASE.certificate) -> dict[str, Any]:
    made = {"name": name, "lease": lease, "certificate": paper, "valid": not reason}
    return {**made, "reason": reason} if reason else made


def _good() -> list[dict[str, Any]]:
    borrowed = LEASE.sign(values(borrowed_until=NOW + timedelta(days=14)))
    return [
        _vector("good", LEASE.sign(values())),
        _vector(
            "good, signed by the key before a rotation", ROTATED.sign(values()), paper=ROTATED.certificate
        ),
        _vector("good, certified by the spare root", BY_SPARE.sign(values()), paper=BY_SPARE.certificate),
        _vector("good, borrowed offline", borrowed),
        _vector("good, algorithm under its new name", _renamed(LEASE).sign(values())),
    ]


def _wrong_claims() -> list[dict[str, Any]]:
    long_ago, sign = _seconds(NOW - timedelta(hours=2)), LEASE.sign
    head, body, signature = sign(values()).split(".")
    more = {**json.loads(unb64(body)), "features": ["export", "all"]}
    tampered = ".".join([head, b64(compact_json(more)), signature])
    bare = {"alg": "none", "typ": "lease+jwt", "kid": LEASE.kid}
    unsigned = ".".join([b64(compact_json(bare)), body, ""])
    return [
        _vector("expired", sign(values(iat=long_ago, nbf=long_ago, exp=long_ago + 3600)), reason="expired"),
        _vector("not valid yet", sign(values(nbf=_seconds(NOW) + 3600)), reason="nbf"),
        _vector("wrong audience", sign(values(aud="another-application")), reason="aud"),
        _vector("wrong issuer", sign(values(iss="https://elsewhere.example")), reason="iss"),
        _vector("wrong product", sign(values(product="terrain")), reason="product"),
        _vector("another device", sign(values(cnf={"jkt": ROOT.kid})), reason="device"),
        _vector("tampered", tampered, reason="signature"),
        _vector("unsigned", unsigned, reason="signature"),
        _vector("wrong type", sign(values(), kind="JWT"), reason="signature"),
    ]


def _wrong_keys() -> list[dict[str, Any]]:
    other_use = key(b"i", root=ROOT, serial=7, purpose=Purpose.ID)
    too_long = values(exp=_seconds(NOW + timedelta(days=500)))
    before = _seconds(NOW - timedelta(days=20))
    return [
        _vector(
            "wrong key: certified by a root that is not pinned",
            STRANGER.sign(values()),
            paper=STRANGER.certificate,
            reason="certificate",
        ),
        _vector("wrong key: not the one of the certificate", STRANGER.sign(values()), reason="certificate"),
        _vector(
            "wrong key: certified for something else",
            other_use.sign(values()),
            paper=other_use.certificate,
            reason="certificate",
        ),
        _vector("a root must not sign leases", ROOT.sign(values()), reason="certificate"),
        _vector("revoked key", REVOKED.sign(values()), paper=REVOKED.certificate, reason="revoked"),
        _vector("older than the certificate", LEASE.sign(values(iat=before)), reason="certificate"),
        _vector(
            "longer than the certificate",
            ROTATED.sign(too_long),
            paper=ROTATED.certificate,
            reason="certificate",
        ),
    ]


def _status_lists() -> list[dict[str, Any]]:
    """Lists about the lease of `values`, whose bit is 1."""
    place = values()["status"]
    claims = {
        "iss": ISSUER,
        "sub": place["status_list"]["uri"],
        "iat": _seconds(NOW),
        "exp": _seconds(NOW + timedelta(days=2)),
        "ttl": 300,
        "status_list": {"bits": 1, "lst": packed_bits(indexes=[], size=STATUS_LIST_SIZE)},
        "certificate": STATUS.certificate,
    }
    ended = {"status_list": {"bits": 1, "lst": packed_bits(indexes=[1, 8, 131071], size=STATUS_LIST_SIZE)}}
    other = {"sub": f"{ISSUER}/v1/status/1"}

    def made(name: str, *, by: Signer = STATUS, taken_back: bool | None, **changes: Any) -> dict[str, Any]:
        text = by.sign({**claims, **changes}, kind=STATUS_TYPE)
        return {
            "name": name,
            "list": text,
            "status": place,
            "valid": taken_back is not None,
            "taken_back": taken_back,
        }

    return [
        made("the lease holds", taken_back=False),
        made("the lease was taken back", taken_back=True, **ended),
        made("another list", taken_back=None, **other),
        made("ended", taken_back=None, exp=_seconds(NOW)),
        made("signed by a lease key", by=LEASE, taken_back=None, certificate=LEASE.certificate),
    ]


def _manifests() -> list[dict[str, Any]]:
    claims = {
        "iss": ISSUER,
        "serial": 1772442000,
        "iat": _seconds(NOW),
        "next_update": _seconds(NOW + timedelta(days=7)),
        "roots": [{**public_jwk(seed=letter * 32), "kid": root.kid} for letter, root in PINNED],
        "keys": [
            {"kid": LEASE.kid, "use": "lease", "state": "signing", "certificate": LEASE.certificate},
            {"kid": ROTATED.kid, "use": "lease", "state": "retired", "certificate": ROTATED.certificate},
        ],
        "revoked": [{"kid": REVOKED.kid, "at": _seconds(NOW)}],
    }

    def made(name: str, *, by: Signer = MANIFEST, seen: int = 0, reason: str = "") -> dict[str, Any]:
        text = by.sign(claims, kind=MANIFEST_TYPE)
        known = {"manifest": text, "certificate": by.certificate, "seen_serial": seen, "valid": not reason}
        return {"name": name, **known, **({"reason": reason} if reason else {})}

    return [
        made("good, the first one"),
        made("good, the same once more", seen=1772442000),
        made("an older number than one that was seen", seen=1772442001, reason="manifest_serial"),
        made("signed by a lease key", by=LEASE, reason="certificate"),
    ]


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _renamed(before: Signer) -> Signer:
    return Signer(kid=before.kid, secret=before.secret, certificate=before.certificate, algorithm="Ed25519")


def text() -> str:
    """Return the file as it stands in the repository."""
    return json.dumps(document(), indent=1) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
