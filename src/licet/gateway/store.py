"""The door's plain SQL, on SQLite and PostgreSQL.

One connection per thread, the one that Django keeps there; statements go to the driver under it,
so that an event written through `eventlog` shares the commit.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from django.db import connections, transaction

from licet.leases.rules import Period, Right, Usage

_RIGHT = (
    "te.id, te.public_id, s.id, s.public_id, l.id, l.public_id, l.state, "
    "l.valid_from, l.valid_until, l.usable_until, l.terms"
)
_DEVICE = "d.id, d.public_id, d.jkt, d.name, d.state, d.counter, d.denied_code, d.denied_at"
_WHO = "p.id, p.public_id, p.is_active, p.full_name, p.email, g.id, g.ended_at, g.expires_at, a.client_id"

BEARER = f"""
SELECT {_WHO}, a.products, t.expires_at, t.spent_at, {_DEVICE}
FROM connect_token t
JOIN connect_grant g ON g.id = t.grant_id
JOIN connect_application a ON a.id = g.application_id
JOIN accounts_person p ON p.id = g.person_id
LEFT JOIN leases_device d ON d.person_id = p.id AND d.jkt = %s
WHERE t.token_hash = %s AND t.kind = 'access'
"""  # noqa: S608  (our own constants)
# Two devices of one person that check out at once meet on the person's row, so that the second
# counts the first one's lease.
BEARER_LOCK = "FOR NO KEY UPDATE OF p"

RIGHTS = f"""
SELECT {_RIGHT}, e.device_id, e.process, e.issued_at, e.expires_at
FROM teams_member m
JOIN seats_seat s ON s.member_id = m.id AND s.released_at IS NULL
JOIN licenses_pool o ON o.id = s.pool_id
JOIN catalog_product c ON c.id = o.product_id AND c.code = %s
JOIN teams_team te ON te.id = s.team_id
JOIN licenses_license l ON l.pool_id = o.id AND l.usable_until > %s
LEFT JOIN leases_lease e ON e.seat_id = s.id AND e.released_at IS NULL
WHERE m.person_id = %s AND m.left_at IS NULL
"""  # noqa: S608  (our own constants)

HISTORY = f"""
SELECT {_RIGHT}, s.released_at, m.left_at
FROM teams_member m
JOIN seats_seat s ON s.member_id = m.id
JOIN licenses_pool o ON o.id = s.pool_id
JOIN catalog_product c ON c.id = o.product_id AND c.code = %s
JOIN teams_team te ON te.id = s.team_id
JOIN licenses_license l ON l.pool_id = o.id
WHERE m.person_id = %s
"""  # noqa: S608  (our own constants)

PRODUCT = "SELECT c.names FROM catalog_product c WHERE c.code = %s"

ELSEWHERE = """
SELECT d.public_id, d.name, e.expires_at
FROM leases_lease e
JOIN leases_device d ON d.id = e.device_id
WHERE e.seat_id = %s AND e.released_at IS NULL AND e.expires_at > %s
ORDER BY e.expires_at
"""

RUNNING = f"""
SELECT {_WHO}, {_DEVICE}, e.id, e.mark, e.previous_mark, e.process, e.seq, e.nonce, e.issued_at,
       e.renew_after, e.expires_at, e.released_at, e.end_reason, s.released_at, m.left_at, c.code, {_RIGHT}
FROM leases_lease e
JOIN leases_device d ON d.id = e.device_id
JOIN accounts_person p ON p.id = d.person_id
JOIN connect_grant g ON g.id = e.grant_id
JOIN connect_application a ON a.id = g.application_id
JOIN seats_seat s ON s.id = e.seat_id
JOIN teams_member m ON m.id = s.member_id
JOIN licenses_pool o ON o.id = s.pool_id
JOIN catalog_product c ON c.id = o.product_id
JOIN teams_team te ON te.id = s.team_id
LEFT JOIN licenses_license l ON l.pool_id = o.id AND l.usable_until > %s
WHERE e.id = %s
"""  # noqa: S608  (our own constants)
# Two copies of one state folder that renew at once meet on the lease's row; a block of the device comes
# before or after. The device is locked first, as check-out and block do, so that none waits in a circle.
RUNNING_LOCK = "FOR NO KEY UPDATE OF d, e"

# On PostgreSQL a reading that waited for a lock still shows the other rows as they were before; this
# is what decides between two check-outs with one counter, and between a check-out and a block.
PROVE = """
UPDATE leases_device SET counter = %s, last_seen_at = %s, denied_code = '', denied_at = NULL
WHERE id = %s AND counter < %s AND state = 'active'
"""

TOUCH = """
UPDATE leases_device SET counter = CASE WHEN counter < %s THEN %s ELSE counter END,
  last_seen_at = %s, denied_code = %s, denied_at = %s
WHERE id = %s
"""

KEEP = """
INSERT INTO leases_lease
  (mark, previous_mark, team_id, seat_id, license_id, device_id, grant_id, process,
   issued_at, expires_at, renew_after, seq, nonce, renewals, released_at, end_reason)
VALUES (%s, NULL, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, NULL, '')
ON CONFLICT (seat_id, device_id, process) WHERE released_at IS NULL DO UPDATE SET
  previous_mark = NULL, mark = excluded.mark, license_id = excluded.license_id,
  grant_id = excluded.grant_id, issued_at = excluded.issued_at, expires_at = excluded.expires_at,
  renew_after = excluded.renew_after, seq = excluded.seq, nonce = excluded.nonce
RETURNING id
"""

RENEW = """
UPDATE leases_lease SET previous_mark = mark, mark = %s, license_id = %s, issued_at = %s,
  expires_at = %s, renew_after = %s, seq = %s, nonce = %s, renewals = renewals + 1
WHERE id = %s
"""

RELEASE = """
UPDATE leases_lease SET released_at = %s, end_reason = 'released', seq = %s, nonce = %s WHERE id = %s
"""

EVER = "SELECT 1 FROM leases_lease e WHERE e.seat_id = %s AND e.device_id = %s LIMIT 1"

USED = """
INSERT INTO leases_useday (team_id, seat_id, day) VALUES (%s, %s, %s) ON CONFLICT (seat_id, day) DO NOTHING
"""

# Reads nothing first: another device's first check-out, or the seat's release, may come between.
FIRST_USE = (
    "UPDATE seats_seat SET first_used_at = %s WHERE id = %s AND first_used_at IS NULL AND released_at IS NULL"
)

# A lease that was handed out must outlive a power cut; the write-ahead log alone may lose the last ones.
DURABLE = "PRAGMA synchronous=FULL"


@dataclass(frozen=True, slots=True)
class Who:
    """The person, and the permission to the application, behind a call."""

    person: int
    person_id: str
    active: bool
    full_name: str
    email: str
    grant: int
    grant_ended: bool
    grant_until: datetime
    application: str

    def good(self, now: datetime) -> bool:
        """Whether neither the account nor the grant has ended."""
        return self.active and not self.grant_ended and now < self.grant_until


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """The device behind a call."""

    pk: int
    public_id: str
    jkt: str
    name: str
    state: str
    counter: int
    denied_code: str
    denied_at: datetime | None


@dataclass(frozen=True, slots=True)
class Bearer:
    """What an access token and a device key say together."""

    who: Who
    products: list[str]
    token_until: datetime
    token_spent: bool
    device: DeviceRow | None


@dataclass(frozen=True, slots=True)
class Running:
    """A lease with everything that decides whether it goes on."""

    who: Who
    device: DeviceRow
    pk: int
    mark: int
    previous_mark: int | None
    process: str
    seq: int
    nonce: str
    period: Period
    released: bool
    end_reason: str
    seat_gone: bool
    product: str
    rights: list[Right]


def moment(value: Any) -> datetime | None:
    """Read a moment as either driver gives it, aware."""
    if value is None:
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    result: datetime = value if value.tzinfo else value.replace(tzinfo=UTC)
    return result


def _must(value: Any) -> datetime:
    result = moment(value)
    if result is None:
        raise TypeError("a moment is missing")
    return result


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str | bytes) else value


def _right(row: Sequence[Any]) -> Right:
    return Right(
        team=row[0],
        team_id=row[1],
        seat=row[2],
        seat_id=row[3],
        license=row[4],
        license_id=row[5],
        state=row[6],
        valid_from=_must(row[7]),
        valid_until=_must(row[8]),
        usable_until=_must(row[9]),
        terms=_json(row[10]),
    )


def _who(row: Sequence[Any]) -> Who:
    return Who(
        row[0], row[1], bool(row[2]), row[3], row[4], row[5], row[6] is not None, _must(row[7]), row[8]
    )


def _device(row: Sequence[Any]) -> DeviceRow | None:
    if row[0] is None:
        return None
    return DeviceRow(row[0], row[1], row[2], row[3], row[4], row[5], row[6], moment(row[7]))


class Store:
    """The reading and writing of one call, inside one transaction."""

    def __init__(self) -> None:
        self.connection = connections["default"]
        self.connection.ensure_connection()
        self.raw: Any = self.connection.connection
        self.sqlite = self.connection.vendor == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Open the call's one transaction; it is on disk when the block has ended."""
        if self.sqlite and not self.connection.in_atomic_block:
            self.raw.execute(DURABLE)
        with transaction.atomic():
            yield

    def _run(self, sql: str, values: Sequence[Any], *, lock: str = "") -> Any:
        if self.sqlite:
            texts = [_as_text(value) if isinstance(value, date) else value for value in values]
            return self.raw.execute(_question_marks(sql), texts)
        return psycopg.Cursor(self.raw).execute(sql + lock, values, prepare=True)

    def bearer(self, *, token_hash: str, jkt: str) -> Bearer | None:
        """Return who calls, with which device, and keep other check-outs of this person waiting."""
        row = self._run(BEARER, (jkt, token_hash), lock=BEARER_LOCK).fetchone()
        if row is None:
            return None
        return Bearer(_who(row), _json(row[9]), _must(row[10]), row[11] is not None, _device(row[12:]))

    def rights(
        self, *, person: int, product: str, now: datetime
    ) -> tuple[list[Right], dict[int, list[Usage]]]:
        """Return the licenses behind the person's seats of the product, and who uses each seat."""
        rights: dict[tuple[int, int], Right] = {}
        usages: dict[int, dict[tuple[int, str], Usage]] = {}
        for row in self._run(RIGHTS, (product, now, person)).fetchall():
            if (row[2], row[4]) not in rights:
                rights[row[2], row[4]] = _right(row)
            if row[11] is not None:
                usages.setdefault(row[2], {})[row[11], row[12]] = Usage(
                    device=row[11],
                    process=row[12],
                    issued_at=_must(row[13]),
                    expires_at=_must(row[14]),
                )
        return list(rights.values()), {seat: list(found.values()) for seat, found in usages.items()}

    def history(self, *, person: int, product: str) -> list[tuple[Right, bool]]:
        """Return every license behind a seat that the person holds or held; True: holds now."""
        rows = self._run(HISTORY, (product, person)).fetchall()
        return [(_right(row), row[11] is None and row[12] is None) for row in rows]

    def product_names(self, *, code: str) -> dict[str, str] | None:
        """Return the product's names by language, or None where the catalog has no such code."""
        row = self._run(PRODUCT, (code,)).fetchone()
        return None if row is None else _json(row[0])

    def elsewhere(self, *, seat: int, now: datetime) -> list[tuple[str, str, datetime]]:
        """Return the devices that use the seat: public id, name, until when."""
        rows = self._run(ELSEWHERE, (seat, now)).fetchall()
        return [(row[0], row[1], _must(row[2])) for row in rows]

    def running(self, *, pk: int, now: datetime) -> Running | None:
        """Return the lease row of this key, and keep others off it."""
        rows = self._run(RUNNING, (now, pk), lock=RUNNING_LOCK).fetchall()
        if not rows:
            return None
        row = rows[0]
        device = _device(row[9:17])
        if device is None:
            return None
        return Running(
            who=_who(row),
            device=device,
            pk=row[17],
            mark=row[18],
            previous_mark=row[19],
            process=row[20],
            seq=row[21],
            nonce=row[22],
            period=Period(issued_at=_must(row[23]), renew_after=_must(row[24]), expires_at=_must(row[25])),
            released=row[26] is not None,
            end_reason=row[27],
            seat_gone=row[28] is not None or row[29] is not None,
            product=row[30],
            rights=[_right(each[31:]) for each in rows if each[35] is not None],
        )

    def prove(self, *, device: int, counter: int, now: datetime) -> bool:
        """Write the counter of a proof; False when it does not grow, or the device is blocked."""
        return bool(self._run(PROVE, (counter, now, device, counter)).rowcount)

    def touch(self, *, device: int, counter: int, denied: str, now: datetime) -> None:
        """Write that the device was refused, and why; its counter never falls."""
        self._run(TOUCH, (counter, counter, now, denied, now, device))

    def keep(
        self,
        *,
        right: Right,
        device: int,
        grant: int,
        process: str,
        mark: int,
        period: Period,
        seq: int,
        nonce: str,
    ) -> int:
        """Write the lease of a check-out, over the one of the same process where it lives; return its key."""
        values = (mark, right.team, right.seat, right.license, device, grant, process)
        times = (period.issued_at, period.expires_at, period.renew_after)
        row = self._run(KEEP, (*values, *times, seq, nonce)).fetchone()
        return int(row[0])

    def ever(self, *, seat: int, device: int) -> bool:
        """Whether the device has used the seat before."""
        return self._run(EVER, (seat, device)).fetchone() is not None

    def renew(self, *, pk: int, mark: int, right: Right, period: Period, seq: int, nonce: str) -> None:
        """Write a renewal: another identifier, later times."""
        times = (period.issued_at, period.expires_at, period.renew_after)
        self._run(RENEW, (mark, right.license, *times, seq, nonce, pk))

    def used(self, *, right: Right, day: date) -> None:
        """Write that the seat was used on this day (UTC), once a day."""
        self._run(USED, (right.team, right.seat, day))

    def first_use(self, *, right: Right, now: datetime) -> None:
        """Write when the seat's first lease was checked out; later ones change nothing."""
        self._run(FIRST_USE, (now, right.seat))

    def release(self, *, pk: int, seq: int, nonce: str, now: datetime) -> None:
        """Write that the lease was given back."""
        self._run(RELEASE, (now, seq, nonce, pk))


_marked: dict[str, str] = {}


def _question_marks(sql: str) -> str:
    found = _marked.get(sql)
    if found is None:
        found = _marked[sql] = sql.replace("%s", "?")
    return found


def _as_text(value: date) -> str:
    """Return a day or a moment as Django stores it in SQLite."""
    if not isinstance(value, datetime):
        return value.isoformat()
    return str(value.astimezone(UTC).replace(tzinfo=None))


FAILURES = (sqlite3.OperationalError, psycopg.OperationalError, psycopg.InterfaceError)
"""What says that the database, not the call, is in trouble."""
