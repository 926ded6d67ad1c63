"""What happens on the machine apart: roots are made, and certify what a server asks for.

Pure functions over the text of files; no database, no network, chance is given. The files, all JSON:
`licet-root/1` (a root, its private half under a passphrase), `licet-root-public/1` (its public half),
`licet-key-request/1` (what a server asks for), `licet-key-certificates/1` (the answer).
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from licet.signing import envelope, rules
from licet.signing.errors import BadKeyFile, RequestFromAnotherTime, RequestRefused
from licet.signing.states import SIGNING, Purpose

ROOT, PUBLIC = "licet-root/1", "licet-root-public/1"
REQUEST, CERTIFICATES = "licet-key-request/1", "licet-key-certificates/1"
LONGEST = timedelta(days=3 * 366)
"""No certificate is made for longer, whatever the server asks for."""

CLOCKS_DIFFER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One key of a request: what the person who certifies reads before saying yes."""

    kid: str
    purpose: Purpose
    serial: int
    issued_at: datetime
    until: datetime
    jwk: dict[str, str]


def root_file(*, seed: bytes, passphrase: str, chance: bytes, now: datetime) -> str:
    """Return the text of a root's file: keep it where no server is, and a copy elsewhere."""
    jwk = rules.public_jwk(seed=seed)
    about = {"format": ROOT, "kid": rules.thumbprint(jwk=jwk), "jwk": jwk, "made_at": _text(now)}
    content = {"seed": rules.b64(seed)}
    return envelope.lock(about=about, content=content, passphrase=passphrase, chance=chance)


def public_file(*, text: str, file: str) -> str:
    """Return the public half of a root's file, for the server and for applications to pin."""
    about = envelope.read(text=text, form=ROOT, file=file)
    return _file({"format": PUBLIC, "kid": about.get("kid"), "jwk": about.get("jwk")})


def read_public(*, text: str, file: str) -> dict[str, str]:
    """Return the public key of a `licet-root-public/1` file; BadKeyFile where the key is not one."""
    values = envelope.read(text=text, form=PUBLIC, file=file)
    try:
        jwk = rules.public_members(jwk=values["jwk"])
        if jwk["kty"] != "OKP" or rules.thumbprint(jwk=jwk) != values["kid"]:
            raise ValueError("not the key that it names")
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadKeyFile(file=file, form=PUBLIC) from None
    return {"kty": jwk["kty"], "crv": jwk["crv"], "x": jwk["x"]}


def open_root(*, text: str, passphrase: str, file: str) -> rules.Signer:
    """Return the root of a file, ready to certify; BadKeyFile, WrongPassphrase."""
    about, content = envelope.unlock(text=text, form=ROOT, passphrase=passphrase, file=file)
    try:
        seed = rules.unb64(content["seed"])
        kid = rules.thumbprint(jwk=rules.public_jwk(seed=seed))
    except (KeyError, TypeError, ValueError):
        raise BadKeyFile(file=file, form=ROOT) from None
    if kid != about.get("kid"):
        raise BadKeyFile(file=file, form=ROOT)
    return rules.signer(kid=kid, seed=seed)


def request_file(*, issuer: str, requests: list[str]) -> str:
    """Return the text of a server's request: one signed piece for each key."""
    return _file({"format": REQUEST, "issuer": issuer, "requests": requests})


def request(
    *, seed: bytes, issuer: str, purpose: Purpose, serial: int, until: datetime, now: datetime
) -> str:
    """Return one piece of a request, signed by the key that it asks a certificate for."""
    jwk = rules.public_jwk(seed=seed)
    kid = rules.thumbprint(jwk=jwk)
    claims = {
        "iss": issuer,
        "sub": kid,
        "use": purpose.value,
        "serial": serial,
        "iat": int(now.timestamp()),
        "exp": int(until.timestamp()),
        "jwk": jwk,
    }
    return rules.signer(kid=kid, seed=seed).sign(claims, kind=rules.REQUEST_TYPE)


def read_request(*, text: str, file: str, now: datetime) -> tuple[str, list[Asked]]:
    """Return (server, what it asks for), each piece checked against the key that signed it.

    Refuses what a root must not sign (RequestRefused: no proof, two servers in one file, longer than three
    years, an unknown purpose), and a request made more than 30 days from `now` (RequestFromAnotherTime).
    """
    values = envelope.read(text=text, form=REQUEST, file=file)
    issuer, pieces = values.get("issuer"), values.get("requests")
    if not isinstance(issuer, str) or not isinstance(pieces, list) or not pieces:
        raise BadKeyFile(file=file, form=REQUEST)
    asked = [_asked(piece, issuer=issuer, file=file) for piece in pieces]
    for each in asked:
        if abs(now - each.issued_at) > CLOCKS_DIFFER:
            raise RequestFromAnotherTime(made=f"{each.issued_at:%Y-%m-%d}")
    return issuer, asked


def certificates_file(*, root: rules.Signer, issuer: str, asked: list[Asked]) -> str:
    """Return the answer to a request: the root's word for each key, to be imported by the server."""
    papers = [
        rules.certificate(
            root=root,
            issuer=issuer,
            kid=each.kid,
            jwk=each.jwk,
            serial=each.serial,
            start=each.issued_at,
            end=each.until,
            purpose=each.purpose,
        )
        for each in asked
    ]
    return _file({"format": CERTIFICATES, "issuer": issuer, "certificates": papers})


def _asked(piece: Any, *, issuer: str, file: str) -> Asked:
    try:
        parsed = rules.parse(piece)
        claims = parsed.claims
        jwk = rules.public_members(jwk=claims["jwk"])
        kid = rules.thumbprint(jwk=jwk)
        purpose = Purpose(claims["use"])
        moments = claims["iat"], claims["exp"]
        if any(type(each) is not int for each in (*moments, claims["serial"])):
            raise ValueError("not whole numbers")
        start, end = (datetime.fromtimestamp(each, tz=UTC) for each in moments)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        raise BadKeyFile(file=file, form=REQUEST) from None
    holds = (
        parsed.header.get("typ") == rules.REQUEST_TYPE
        and claims.get("iss") == issuer
        and claims.get("sub") == parsed.header.get("kid") == kid
        and jwk["kty"] == "OKP"
        and parsed.signed_by(jwk=jwk)
        and purpose in SIGNING
        and claims["serial"] > 0
        and timedelta(0) < end - start <= LONGEST
    )
    if not holds:
        raise RequestRefused(kid=kid)
    plain = {name: jwk[name] for name in ("kty", "crv", "x")}
    return Asked(kid=kid, purpose=purpose, serial=claims["serial"], issued_at=start, until=end, jwk=plain)


def _file(values: dict[str, Any]) -> str:
    return json.dumps(values, indent=1) + "\n"


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
