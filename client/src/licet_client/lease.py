"""A lease, and the one function that decides whether to believe it. No network, no files."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from licet_client import jose
from licet_client.errors import InvalidLease

LEEWAY = 300
"""Seconds that this computer's clock may be behind the server's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A signed, dated permission that was found to hold. Moments are aware, in UTC."""

    id: str
    product: str
    edition: str
    features: frozenset[str]
    person: str
    team: str
    seat: str
    license: str
    mode: str
    issued_at: datetime
    renew_after: datetime
    expires_at: datetime
    license_until: datetime
    grace_until: datetime
    seq: int
    nonce: str
    device: str  # thumbprint of the device key
    text: str  # the JWS compact itself

    def allows(self, feature: str) -> bool:
        """Whether the license includes the feature."""
        return feature in self.features

    def due(self, now: datetime) -> bool:
        """Whether it is time to renew."""
        return now >= self.renew_after

    def in_grace(self, now: datetime) -> bool:
        """Whether the license itself has ended and runs on its grace: tell the user."""
        return now >= self.license_until


def verify(
    text: str,
    *,
    certificate: str,
    roots: Iterable[dict[str, Any]],
    issuer: str,
    audience: str,
    now: datetime,
    product: str | None = None,
    device: str | None = None,
) -> Lease:
    """Return the lease when everything about it holds; raise InvalidLease with the reason else.

    `roots` are the pinned root keys (JWK), `issuer` the server's address, `audience` the
    application's id, `device` the thumbprint of this device's key. docs/lease-format.md has the
    same steps in words.
    """
    try:
        lease, paper = jose.parse(text), jose.parse(certificate)
        _check_certificate(paper, lease, roots, issuer)
        if lease.header.get("typ") != "lease+jwt" or not lease.signed_by(paper.claims["jwk"]):
            raise InvalidLease(reason="signature")
        read = _read(lease.claims, text)
        wanted = {"iss": issuer, "aud": audience}
        if product is not None:
            wanted["product"] = product
        for name, value in wanted.items():
            if lease.claims.get(name) != value:
                raise InvalidLease(reason=name)
        if device is not None and read.device != device:
            raise InvalidLease(reason="device")
        if lease.claims["exp"] > paper.claims["exp"]:
            raise InvalidLease(reason="certificate")
        _check_times(lease.claims, now)
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError) as error:
        raise InvalidLease(reason="form") from error
    return read


def _check_certificate(
    paper: jose.Jws, lease: jose.Jws, roots: Iterable[dict[str, Any]], issuer: str
) -> None:
    claims = paper.claims
    root = {jose.thumbprint(jwk): jwk for jwk in roots}.get(paper.header.get("kid", ""))
    if root is None or paper.header.get("typ") != "keycert+jwt" or not paper.signed_by(root):
        raise InvalidLease(reason="certificate")
    fits = (
        claims["use"] == "lease"
        and claims["iss"] == issuer
        and claims["sub"] == lease.header.get("kid") == jose.thumbprint(claims["jwk"])
        and claims["nbf"] <= lease.claims["iat"] < claims["exp"]
    )
    if not fits:
        raise InvalidLease(reason="certificate")


def _check_times(claims: dict[str, Any], now: datetime) -> None:
    if now.timestamp() < claims["nbf"] - LEEWAY:
        raise InvalidLease(reason="nbf")
    if now.timestamp() >= claims["exp"]:
        raise InvalidLease("lease_expired", end=f"{_moment(claims['exp']):%Y-%m-%d %H:%M} UTC")


def _moment(seconds: int) -> datetime:
    if type(seconds) is not int:
        raise TypeError("a moment is whole seconds")
    return datetime.fromtimestamp(seconds, tz=UTC)


def _read(claims: dict[str, Any], text: str) -> Lease:
    return Lease(
        id=claims["jti"],
        product=claims["product"],
        edition=claims["edition"],
        features=frozenset(claims["features"]),
        person=claims["sub"],
        team=claims["team"],
        seat=claims["seat"],
        license=claims["license"],
        mode=claims["mode"],
        issued_at=_moment(claims["iat"]),
        renew_after=_moment(claims["renew_after"]),
        expires_at=_moment(claims["exp"]),
        license_until=_moment(claims["license_until"]),
        grace_until=_moment(claims["grace_until"]),
        seq=claims["seq"],
        nonce=claims["nonce"],
        device=claims["cnf"]["jkt"],
        text=text,
    )
