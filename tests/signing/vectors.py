"""Writes docs/lease-vectors.json: leases that a verifier in any language has to judge alike.

    python -m tests.signing.vectors

Every key and moment is fixed, so that the file changes only when the format does.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from licet.leases.rules import Right, claims, period
from licet.signing.rules import Signer, b64, certificate, compact_json, public_jwk, signer, thumbprint, unb64

PATH = Path(__file__).parents[2] / "docs" / "lease-vectors.json"
ISSUER, AUDIENCE, PRODUCT = "https://licenses.vendor.example", "example-studio", "render"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DEVICE = thumbprint(jwk=public_jwk(seed=b"d" * 32))


def key(letter: bytes, *, root: Signer | None = None, start: datetime = NOW, serial: int = 1) -> Signer:
    """Return the key of a seed of this letter, certified by `root` where there is one."""
    seed = letter * 32
    jwk = public_jwk(seed=seed)
    kid = thumbprint(jwk=jwk)
    if root is None:
        return signer(kid=kid, seed=seed)
    text = certificate(root=root, issuer=ISSUER, kid=kid, jwk=jwk, serial=serial, start=start)
    return signer(kid=kid, seed=seed, certificate=text)


def values(**changes: Any) -> dict[str, Any]:
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
        period=period(right=right, mark=mark, key_until=None, now=NOW),
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


def document() -> dict[str, Any]:
    """Return the file's content."""
    root, other_root = key(b"r"), key(b"s")
    now_signs = key(b"l", root=root)
    rotated = key(b"m", root=root, start=NOW - timedelta(days=90), serial=2)
    stranger = key(b"n", root=other_root)
    good = now_signs.sign(values())
    head, body, signature = good.split(".")
    tampered = ".".join(
        [head, b64(compact_json({**json.loads(unb64(body)), "features": ["export", "all"]})), signature]
    )
    unsigned = ".".join([b64(b'{"alg":"none","typ":"lease+jwt"}'), body, ""])
    long_ago = int((NOW - timedelta(hours=2)).timestamp())

    def vector(name: str, lease: str, holds: bool, *, paper: str = now_signs.certificate) -> dict[str, Any]:
        return {"name": name, "lease": lease, "certificate": paper, "valid": holds}

    return {
        "about": "docs/lease-format.md says how to read this; verify at `now`.",
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "product": PRODUCT,
        "device": DEVICE,
        "now": int(NOW.timestamp()),
        "roots": [{**public_jwk(seed=b"r" * 32), "kid": root.kid}],
        "vectors": [
            vector("good", good, True),
            vector(
                "good, signed by the key before a rotation",
                rotated.sign(values()),
                True,
                paper=rotated.certificate,
            ),
            vector("good, algorithm under its new name", _renamed(now_signs).sign(values()), True),
            vector("expired", now_signs.sign(values(iat=long_ago, nbf=long_ago, exp=long_ago + 3600)), False),
            vector("not valid yet", now_signs.sign(values(nbf=int(NOW.timestamp()) + 3600)), False),
            vector("wrong audience", now_signs.sign(values(aud="another-application")), False),
            vector("wrong issuer", now_signs.sign(values(iss="https://elsewhere.example")), False),
            vector("wrong product", now_signs.sign(values(product="terrain")), False),
            vector("another device", now_signs.sign(values(cnf={"jkt": root.kid})), False),
            vector("tampered", tampered, False),
            vector("unsigned", unsigned, False),
            vector("wrong type", now_signs.sign(values(), kind="JWT"), False),
            vector(
                "wrong key: certified by a root that is not pinned",
                stranger.sign(values()),
                False,
                paper=stranger.certificate,
            ),
            vector("wrong key: not the one of the certificate", stranger.sign(values()), False),
            vector("a root must not sign leases", root.sign(values()), False),
            vector(
                "longer than the certificate",
                rotated.sign(values(exp=int((NOW + timedelta(days=500)).timestamp()))),
                False,
                paper=rotated.certificate,
            ),
        ],
    }


def _renamed(before: Signer) -> Signer:
    return Signer(kid=before.kid, secret=before.secret, certificate=before.certificate, algorithm="Ed25519")


def text() -> str:
    """Return the file as it stands in the repository."""
    return json.dumps(document(), indent=1) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
