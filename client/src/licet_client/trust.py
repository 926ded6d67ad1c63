"""Which keys are believed, and which leases were taken back: pure functions over what is published."""

import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from licet_client import jose
from licet_client.errors import InvalidLease

LONGEST_LIST = 1_000_000
"""Bytes of a status list, unpacked, that are read at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What a manifest said: keep it, and give it to the next call. `revoked` only ever grows."""

    serial: int
    revoked: frozenset[str]
    next_update: datetime  # ask for the next one by then, when the server can be reached
    kid: str = ""  # of the key that signed it


def read_manifest(
    text: str,
    *,
    certificate: str,
    roots: Iterable[dict[str, Any]],
    issuer: str,
    known: Trust | None = None,
) -> Trust:
    """Return what the server's list of keys says, on top of what is `known`.

    Raises InvalidLease: `manifest` where it is not the word of a pinned root, `manifest_serial` where its
    number is smaller than one that was seen already. The number does not count where the key that signed
    the one seen before is revoked now: whoever stole it may have given any number.
    """
    revoked = known.revoked if known else frozenset()
    try:
        parsed = jose.parse(text)
        key = certified(certificate, use="manifest", roots=roots, issuer=issuer, revoked=revoked)
        claims = parsed.claims
        holds = (
            parsed.header.get("typ") == "keymanifest+jwt"
            and parsed.header.get("kid") == key["sub"]
            and parsed.signed_by(key["jwk"])
            and claims["iss"] == issuer
            and key["nbf"] <= claims["iat"] < key["exp"]
        )
        if not holds:
            raise InvalidLease(reason="manifest")
        more = {str(each["kid"]) for each in claims["revoked"]}
        if known and claims["serial"] < known.serial and known.kid not in more:
            raise InvalidLease(reason="manifest_serial")
        return Trust(
            serial=int(claims["serial"]),
            revoked=revoked | more,
            kid=key["sub"],
            next_update=datetime.fromtimestamp(claims["next_update"], tz=UTC),
        )
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError) as error:
        raise InvalidLease(reason="manifest") from error


def taken_back(
    text: str,
    *,
    status: dict[str, Any],
    roots: Iterable[dict[str, Any]],
    issuer: str,
    now: datetime,
    revoked: Collection[str] = (),
) -> bool:
    """Whether a status list (JWT) says of a lease that it is not to be used any more.

    `status` is the lease's claim of that name. Raises InvalidLease (`status`) for a list that is
    not the word of a pinned root, is another one than the lease names, or has ended.
    """
    try:
        parsed, place = jose.parse(text), status["status_list"]
        claims = parsed.claims
        key = certified(claims["certificate"], use="status", roots=roots, issuer=issuer, revoked=revoked)
        holds = (
            parsed.header.get("typ") == "statuslist+jwt"
            and parsed.header.get("kid") == key["sub"]
            and parsed.signed_by(key["jwk"])
            and claims["sub"] == place["uri"]
            and key["nbf"] <= claims["iat"] < key["exp"]
            and now.timestamp() < claims["exp"]
            and claims["status_list"]["bits"] == 1
        )
        if not holds:
            raise InvalidLease(reason="status")
        packed = jose.unb64(claims["status_list"]["lst"])
        bits, index = zlib.decompressobj().decompress(packed, LONGEST_LIST), place["idx"]
        if type(index) is not int or not 0 <= index < 8 * len(bits):
            raise InvalidLease(reason="status")
        return bool(bits[index // 8] >> index % 8 & 1)
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError, zlib.error) as error:
        raise InvalidLease(reason="status") from error


def certified(
    text: str, *, use: str, roots: Iterable[dict[str, Any]], issuer: str, revoked: Collection[str]
) -> dict[str, Any]:
    """Return the claims of a certificate that a pinned root gave for this use and nobody revoked."""
    paper = jose.parse(text)
    claims, by = paper.claims, paper.header.get("kid", "")
    root = {jose.thumbprint(jwk): jwk for jwk in roots}.get(by)
    holds = (
        root is not None
        and paper.header.get("typ") == "keycert+jwt"
        and paper.signed_by(root)
        and claims["use"] == use
        and claims["iss"] == issuer
        and claims["sub"] == jose.thumbprint(claims["jwk"])
        and not {by, claims["sub"]} & set(revoked)
    )
    if not holds:
        raise InvalidLease(reason="certificate")
    return claims
