"""A lease, and the one function that decides whether to believe it. No network, no files."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from licet_client import jose
from licet_client.errors import InvalidLease

LEEWAY = 300
"""Seconds that this computer's clock may be behind the server's."""


MODES = frozenset({"online", "offline"})
"""What we know how to use."""


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
    outage_until: datetime  # so long it may be used while the server does not answer
    maintenance_until: datetime | None  # releases of the application from before this may run
    project: str
    seq: int
    nonce: str
    device: str  # thumbprint of the device key
    text: str = field(repr=False)  # the JWS compact itself

    def allows(self, feature: str) -> bool:
        """Whether the license includes the feature."""
        return feature in self.features

    @property
    def borrowed(self) -> bool:
        """Whether it was taken along, to hold without network until its end."""
        return self.mode == "offline"

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
    released_on: date | None = None,
    revoked: Collection[str] = (),
    outage: bool = False,
) -> Lease:
    """Return the lease when everything about it holds; raise InvalidLease with the reason else.

    `roots` are the pinned root keys (JWK), `issuer` the server's address, `audience` the
    application's id, `device` the thumbprint of this device's key, `released_on` the day of the
    application's release, `revoked` the keys that the server's manifest says are not to be believed
    (`trust.read_manifest`); `outage`: the server was asked and does not answer. docs/lease-format.md
    has the same steps in words.
    """
    try:
        lease, paper = jose.parse(text), jose.parse(certificate)
        _check_certificate(paper, lease, roots, issuer)
        if {paper.header["kid"], paper.claims["sub"]} & set(revoked):
            raise InvalidLease(reason="revoked")
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
        if read.mode not in MODES:
            raise InvalidLease(reason="mode")
        _check_times(lease.claims, now, outage=outage)
        _check_release(read, released_on)
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


def _check_times(claims: dict[str, Any], now: datetime, *, outage: bool) -> None:
    if now.timestamp() < claims["nbf"] - LEEWAY:
        raise InvalidLease(reason="nbf")
    if now.timestamp() >= (max(claims["exp"], claims.get("outage_until", 0)) if outage else claims["exp"]):
        raise InvalidLease("lease_expired", end=f"{_moment(claims['exp']):%Y-%m-%d %H:%M} UTC")


def _check_release(lease: Lease, released_on: date | None) -> None:
    if lease.maintenance_until is None or released_on is None:
        return
    last = (lease.maintenance_until - timedelta(microseconds=1)).date()
    if released_on > last:
        raise InvalidLease("maintenance_ended", last=last.isoformat())


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
        outage_until=_moment(claims.get("outage_until", claims["exp"])),
        maintenance_until=_moment(claims["maintenance_until"]) if "maintenance_until" in claims else None,
        project=claims.get("project", ""),
        seq=claims["seq"],
        nonce=claims["nonce"],
        device=claims["cnf"]["jkt"],
        text=text,
    )
