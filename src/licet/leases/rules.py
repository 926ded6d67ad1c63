"""Who gets a lease, until when: pure functions that the gateway and the ORM share."""

import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from licet.catalog.rules import Terms
from licet.leases.errors import (
    LeaseRefusal,
    LicenseEnded,
    LicenseOnHold,
    LicenseUpcoming,
    MaintenanceEnded,
    NoSeat,
    ProjectNeeded,
    SeatReleased,
)
from licet.leases.states import Mode
from licet.licenses.states import LicenseState, Standing, standing
from licet.projects.errors import (
    NotPermitted,
    ProjectMemberRequired,
    ProjectRests,
    TeamLicenseRequired,
)
from licet.projects.states import ProjectState
from licet.signing import rules as signing

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far an application's clock may be off in a proof."""

DENIED_AGAIN = timedelta(hours=1)
"""A denial of the same device for the same reason is told again after this."""

PROOF_LENGTH = 4096
PROCESS_LENGTH = 64
NONCE_LENGTH = 64
COUNTER_LIMIT = 2**53
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]  # ten bits each
_READ = {pair: bits for bits, pair in enumerate(_PAIRS)}


MARK_BYTES = 5
"""How much chance is in a lease's identifier; the rest of its 80 bits is the key of the row."""

QUIET_BITS = 10
"""The lower bits of a mark: how many renewals were not written since the upper ones were drawn."""

_USUAL = Terms()
"""What holds where a license's terms say nothing; made once, because every call asks."""

STATUS_LIST_SIZE = 2**17
"""Leases per status list: a list is 16 KiB before it is compressed."""


def lease_id(*, row: int, mark: int) -> str:
    """Spell a row's key and its present mark (40 bits each) as `jti`, in the alphabet of `kernel.ids`.

    To everybody outside it is opaque. To the door it says where the row is, so that no index has to
    follow identifiers that change with each renewal.
    """
    pairs = _PAIRS
    return (
        f"lease_{pairs[row >> 30]}{pairs[row >> 20 & 1023]}{pairs[row >> 10 & 1023]}{pairs[row & 1023]}"
        f"{pairs[mark >> 30]}{pairs[mark >> 20 & 1023]}{pairs[mark >> 10 & 1023]}{pairs[mark & 1023]}"
    )


def read_lease_id(text: str) -> tuple[int, int]:
    """Return the row's key and the mark that a `jti` spells; ValueError for what is none."""
    if len(text) != 22 or not text.startswith("lease_"):
        raise ValueError("not the identifier of a lease")
    both = 0
    for at in range(6, 22, 2):
        bits = _READ.get(text[at : at + 2])
        if bits is None:
            raise ValueError("not the identifier of a lease")
        both = both << 10 | bits
    return both >> 8 * MARK_BYTES, both & (1 << 8 * MARK_BYTES) - 1


def drawn_mark(*, chance: bytes, before: int | None = None) -> int:
    """Return a mark with another base than the one `before`, from `MARK_BYTES` of chance."""
    base = int.from_bytes(chance) >> QUIET_BITS
    if before is not None and base == before >> QUIET_BITS:
        base = (base + 1) % (1 << 8 * MARK_BYTES - QUIET_BITS)
    return base << QUIET_BITS


def next_mark(mark: int) -> int | None:
    """Return the mark of a renewal that is not written; None where the number has no room any more."""
    following = mark + 1
    return following if following >> QUIET_BITS == mark >> QUIET_BITS else None


def stands(*, mark: int, known: int) -> bool:
    """Whether a lease's mark is the known one, or a later one of the same base, which was never written."""
    return mark >= known and mark >> QUIET_BITS == known >> QUIET_BITS


def status_place(*, row: int) -> tuple[int, int]:
    """Return the status list of a lease row's key, and the index in that list."""
    return divmod(row, STATUS_LIST_SIZE)


class Usage(NamedTuple):
    """One process of one device on a seat, as its lease row has it; nobody has released it."""

    device: int
    process: str
    issued_at: datetime
    expires_at: datetime
    borrowed_until: datetime | None = None

    def running(self, now: datetime) -> bool:
        """Whether it takes a place at `now`."""
        return now < self.expires_at

    def borrowed(self, now: datetime) -> bool:
        """Whether the device goes on with it offline at `now`, whatever anybody decides."""
        return self.borrowed_until is not None and now < self.borrowed_until


class Right(NamedTuple):
    """A license behind a seat that the person holds: what one row of the door's reading says."""

    team: int
    team_id: str
    seat: int
    seat_id: str
    license: int
    license_id: str
    state: str
    valid_from: datetime
    valid_until: datetime
    usable_until: datetime
    terms: dict[str, Any]

    def standing(self, now: datetime) -> Standing:
        """Return what state and clock say together, grace as it was frozen at issue."""
        return standing(
            state=LicenseState(self.state),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            grace_days=int(self.terms.get("grace_days", _USUAL.grace_days)),
            now=now,
        )

    def devices(self) -> int:
        """Return on how many devices at once it may be used."""
        return int(self.terms.get("devices_per_person", _USUAL.devices_per_person))

    def outage(self) -> timedelta:
        """Return how much longer than its end a lease may be used while the server does not answer."""
        return timedelta(hours=int(self.terms.get("outage_hours", _USUAL.outage_hours)))

    def maintained_until(self) -> datetime | None:
        """Return until when (excluded) an application may have been released to run; None: any may."""
        days = self.terms.get("maintenance_days")
        return None if days is None else self.valid_from + timedelta(days=int(days))

    def needs_project(self) -> bool:
        """Whether only members of a project get a lease, and for that project."""
        return bool(self.terms.get("project_required", False))

    def usable(self, now: datetime) -> bool:
        """Whether it permits something at `now`: the same three comparisons as the pool's capacity."""
        return self.state == LicenseState.ISSUED and self.valid_from <= now < self.usable_until


def best(*, rights: Iterable[Right], now: datetime) -> Right | None:
    """Return the usable right that lasts longest; of equals the one issued first. None for none."""
    usable = [right for right in rights if right.usable(now)]
    return max(usable, key=lambda right: (right.valid_until, -right.license), default=None)


def why_not(*, rights: Sequence[Right], held_before: bool, product: str, now: datetime) -> LeaseRefusal:
    """Return the refusal that helps most, given that no right is usable at `now`."""
    if not rights:
        return SeatReleased(product=product) if held_before else NoSeat(product=product)
    found = {right.standing(now) for right in rights}
    if found & {Standing.SUSPENDED, Standing.REVOKED}:
        return LicenseOnHold(product=product)
    if Standing.UPCOMING in found:
        return LicenseUpcoming(product=product)
    return LicenseEnded(product=product)


def over_limit(*, right: Right, usages: Iterable[Usage], device: int, now: datetime) -> int | None:
    """Return the limit of the terms when that many other devices use the seat; None when there is room."""
    limit = right.devices()
    others = {usage.device for usage in usages if usage.device != device and usage.running(now)}
    return limit if len(others) >= limit else None


def too_young(*, right: Right, released_on: date | None, product: str) -> MaintenanceEnded | None:
    """Return the refusal of an application's release (its day) that the license no longer covers."""
    end = right.maintained_until()
    if end is None or released_on is None:
        return None
    last = (end.astimezone(UTC) - timedelta(microseconds=1)).date()
    if released_on <= last:
        return None
    return MaintenanceEnded(product=product, last=last, released=released_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A project that an application named, and the person's part in it: what one row of a reading says.

    `role` is None for who is no member of it, `team` the key of its team.
    """

    project: int
    project_id: str
    name: str
    state: str
    own_licenses: bool
    team: int
    team_name: str
    role: str | None


def outside(*, right: Right, work: Work | None, product: str) -> LeaseRefusal | NotPermitted | None:
    """Return why the right gives no lease for this project; None where none is demanded, or all is well.

    The same rules as `projects.queries.standing`, for somebody who holds a seat: who views may run it and
    looks. `work` is None where no project was named, or one that does not exist.
    """
    if not right.needs_project():
        return None
    if work is None:
        return ProjectNeeded(product=product)
    about = {"project": work.name, "team": work.team_name, "product": product}
    if work.role is None:
        return ProjectMemberRequired(**about)
    if work.state == ProjectState.ARCHIVED:
        return ProjectRests(**about)
    if work.own_licenses and work.team != right.team:
        return TeamLicenseRequired(**about)
    return None


class Period(NamedTuple):
    """When a lease begins, is to be renewed, and ends; whole seconds, as its claims have them."""

    issued_at: datetime
    renew_after: datetime
    expires_at: datetime
    borrowed: bool = False


def period(
    *,
    right: Right,
    mark: int,
    key_until: datetime | None,
    now: datetime,
    borrowed_until: datetime | None = None,
) -> Period:
    """Return the times of a lease under the license's terms.

    It ends after `lease_minutes`, a borrowed one at its date, or earlier with the grace of the license
    or the certificate of the key. Renewal is asked for between 40 and 60 percent of an online lease,
    spread by the mark, so that applications that started together do not come back together; a borrowed
    one is renewed as often, when there is a connection.
    """
    start = now.replace(microsecond=0)
    minutes = timedelta(minutes=int(right.terms.get("lease_minutes", _USUAL.lease_minutes)))
    online = start + minutes
    end = (
        min(online, right.usable_until) if borrowed_until is None else min(borrowed_until, right.usable_until)
    )
    if key_until is not None:
        end = min(end, key_until)
    end = max(end.replace(microsecond=0), start + timedelta(seconds=1))
    spread = 0.4 + 0.2 * (mark % 100) / 100
    pause = timedelta(seconds=int((min(end, online) - start).total_seconds() * spread))
    return Period(
        issued_at=start, renew_after=start + pause, expires_at=end, borrowed=borrowed_until is not None
    )


def latest_borrow(*, right: Right, key_until: datetime | None, now: datetime) -> datetime | None:
    """Return until when a lease may be borrowed at most; None where the terms allow it not at all.

    That is `offline_days`, or earlier with the grace of the license or the certificate of the key.
    """
    days = int(right.terms.get("offline_days", _USUAL.offline_days))
    if days <= 0:
        return None
    latest = min(now + timedelta(days=days), right.usable_until)
    return (latest if key_until is None else min(latest, key_until)).replace(microsecond=0)


def claims(
    *,
    right: Right,
    period: Period,
    issuer: str,
    audience: str,
    person: str,
    product: str,
    row: int,
    mark: int,
    jkt: str,
    seq: int,
    nonce: str,
    key_until: datetime | None = None,
    project: str = "",
) -> dict[str, Any]:
    """Return the claims of a lease, as docs/lease-format.md describes them."""
    status_list, index = status_place(row=row)
    # A borrowed lease has had its time without the server already: its place is given to others then.
    outage = period.expires_at + (timedelta(0) if period.borrowed else right.outage())
    outage = max(period.expires_at, min(outage, right.usable_until, key_until or outage))
    more: dict[str, Any] = {"project": project} if project else {}
    maintained = right.maintained_until()
    if maintained is not None:
        more["maintenance_until"] = int(maintained.timestamp())
    return {
        "iss": issuer,
        "aud": audience,
        "sub": person,
        "jti": lease_id(row=row, mark=mark),
        "iat": int(period.issued_at.timestamp()),
        "nbf": int(period.issued_at.timestamp()),
        "exp": int(period.expires_at.timestamp()),
        "renew_after": int(period.renew_after.timestamp()),
        "outage_until": int(outage.timestamp()),
        "mode": (Mode.OFFLINE if period.borrowed else Mode.ONLINE).value,
        "product": product,
        "edition": right.terms.get("edition", ""),
        "features": right.terms.get("features", []),
        "team": right.team_id,
        "seat": right.seat_id,
        "license": right.license_id,
        "license_until": int(right.valid_until.timestamp()),
        "grace_until": int(right.usable_until.timestamp()),
        "cnf": {"jkt": jkt},
        "seq": seq,
        "nonce": nonce,
        "status": {"status_list": {"idx": index, "uri": f"{issuer}/v1/status/{status_list}"}},
        **more,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A device's proof that it holds its key, with the signature verified: the key and what it says."""

    jwk: dict[str, Any]
    jkt: str
    claims: dict[str, Any]
    issued_at: int

    def timely(self, now: datetime) -> bool:
        """Whether it was made within five minutes of `now`."""
        # whole seconds: a number of a thousand digits is no float
        return abs(int(now.timestamp()) - self.issued_at) <= CLOCK_TOLERANCE.total_seconds()


def proof(*, text: str, method: str, token: str, here: Callable[[object], bool]) -> Proof:
    """Read a proof in the form of DPoP (RFC 9449 sections 4.2 and 4.3), bound to this call and token.

    `here` says whether an address (`htu`) is the one that was called. ValueError for everything
    that does not fit; the time is left to `timely`, because a wrong clock deserves its own answer.
    """
    if not text or len(text) > PROOF_LENGTH:
        raise ValueError("no proof, or one that is too long")
    parsed = signing.parse(text)
    jwk, says = parsed.header.get("jwk"), parsed.claims
    try:
        jkt = signing.thumbprint(jwk=jwk)  # type: ignore[arg-type]  # refuses other keys, private halves
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a key of a device") from error
    bound, made_for, issued = signing.b64(sha256(token.encode()).digest()), says.get("ath"), says.get("iat")
    fits = (
        parsed.header.get("typ") == "dpop+jwt"
        and says.get("htm") == method
        and here(says.get("htu"))
        and isinstance(made_for, str)
        and hmac.compare_digest(made_for.encode(errors="replace"), bound.encode())
    )
    if not fits or type(issued) is not int or jwk is None or not parsed.signed_by(jwk=jwk):
        raise ValueError("made for another call, or not by this key")
    return Proof(jwk=jwk, jkt=jkt, claims=says, issued_at=issued)
