"""What the door's statements read: rows with names, the same from either database."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from licet.connect.states import EndReason
from licet.leases.rules import Period, Right, Usage, Work


class Who(NamedTuple):
    """The person, and the permission to the application, behind a call."""

    person: int
    person_id: str
    active: bool
    full_name: str
    email: str
    grant: int
    grant_end: str  # why it ended; empty while it runs
    grant_until: datetime
    application: str

    def good(self, now: datetime) -> bool:
        """Whether neither the account nor the grant has ended."""
        return self.active and not self.grant_end and now < self.grant_until

    def lost_seat(self) -> bool:
        """Whether the grant ended with the person's last seat, which is the better reason to tell."""
        return self.active and self.grant_end == EndReason.SEAT_RELEASED


class DeviceRow(NamedTuple):
    """The device behind a call."""

    pk: int
    public_id: str
    jkt: str
    name: str
    state: str
    counter: int
    denied_code: str
    denied_at: datetime | None


class Bearer(NamedTuple):
    """What an access token and a device key say together."""

    who: Who
    products: list[str]
    token_until: datetime
    token_spent: bool
    device: DeviceRow | None


class Running(NamedTuple):
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
    team: int
    rights: list[Right]
    borrowed_until: datetime | None
    project: int | None

    def lent(self, now: datetime) -> bool:
        """Whether the device goes on with it offline at `now`."""
        return self.borrowed_until is not None and now < self.borrowed_until


class Other(NamedTuple):
    """A device that uses a seat: to choose from, when another one wants its place."""

    pk: int
    public_id: str
    name: str
    until: datetime
    borrowed_until: datetime | None

    def lent(self, now: datetime) -> bool:
        """Whether it goes on with it offline at `now`."""
        return self.borrowed_until is not None and now < self.borrowed_until


class Held(NamedTuple):
    """The licenses behind a person's seats of a product, and what uses each seat (by its key).

    `leases`: the keys of the lease rows that are not released, by seat, device and process.
    """

    rights: list[Right]
    usages: dict[int, list[Usage]]
    leases: dict[tuple[int, int, str], int]


class CodeRow(NamedTuple):
    """A license code, what it stands for, and what took its place."""

    public_id: str
    ending: str
    state: str
    redeem_until: datetime | None
    superseded_at: datetime | None
    works_until: datetime | None
    superseded_by: str  # the ending of the newest code in its place
    holder_left: bool
    product: str
    product_names: dict[str, str]
    right: Right | None  # None: no team has redeemed it; its seat is none's


def moment(value: Any) -> datetime | None:
    """Read a moment as either driver gives it, aware."""
    return None if value is None else must(value)


def must(value: Any) -> datetime:
    """Read a moment that cannot be missing."""
    if type(value) is str:
        return datetime.fromisoformat(value + "+00:00")
    if not isinstance(value, datetime):
        raise TypeError("a moment is missing")
    return value if value.tzinfo else value.replace(tzinfo=UTC)


@lru_cache(maxsize=4096)  # the calls of a group share most of their moments
def as_text(value: date) -> str:
    """Return a day or a moment as Django stores it in SQLite."""
    if not isinstance(value, datetime):
        return value.isoformat()
    return str(value if value.tzinfo is UTC else value.astimezone(UTC))[:-6]  # without +00:00


def as_json(value: Any) -> Any:
    """Return what a column of JSON holds. It is shared by all who read the same text: never change it."""
    return _parsed(value) if isinstance(value, str | bytes) else value


@lru_cache(maxsize=4096)
def _parsed(text: str | bytes) -> Any:
    return json.loads(text)


def right(row: Sequence[Any]) -> Right:
    """Read the eleven columns of a license behind a seat."""
    times = (must(row[7]), must(row[8]), must(row[9]))
    return Right(row[0], row[1], row[2], row[3], row[4], row[5], row[6], *times, as_json(row[10]))


def who(row: Sequence[Any]) -> Who:
    """Read the nine columns of a person and a grant."""
    return Who(row[0], row[1], bool(row[2]), row[3], row[4], row[5], row[6], must(row[7]), row[8])


def device(row: Sequence[Any]) -> DeviceRow | None:
    """Read the eight columns of a device; None where there is none."""
    if row[0] is None:
        return None
    return DeviceRow(row[0], row[1], row[2], row[3], row[4], row[5], row[6], moment(row[7]))


def bearer(row: Sequence[Any]) -> Bearer:
    """Read a token with its person, its application and the device."""
    return Bearer(who(row), as_json(row[9]), must(row[10]), row[11] is not None, device(row[12:20]))


def held(rows: Sequence[Sequence[Any]]) -> Held:
    """Read a person's rights, a row for each license and lease of a seat."""
    rights: dict[tuple[int, int], Right] = {}
    usages: dict[int, list[Usage]] = {}
    leases: dict[tuple[int, int, str], int] = {}
    for row in rows:
        seat = row[2]
        if (seat, row[4]) not in rights:
            rights[seat, row[4]] = right(row)
        device = row[11]
        if device is not None and (seat, device, row[12]) not in leases:
            leases[seat, device, row[12]] = row[16]
            usage = Usage(device, row[12], must(row[13]), must(row[14]), moment(row[15]))
            usages.setdefault(seat, []).append(usage)
    return Held(list(rights.values()), usages, leases)


def others(rows: Sequence[Sequence[Any]]) -> list[Other]:
    """Read devices, a row for each lease in the order of their ends; each device once, with the last end."""
    found = {row[0]: Other(row[0], row[1], row[2], must(row[3]), moment(row[4])) for row in rows}
    return list(found.values())


def work(row: Sequence[Any]) -> Work:
    """Read a project and somebody's part in it."""
    return Work(
        project=row[0],
        project_id=row[1],
        name=row[2],
        state=row[3],
        own_licenses=bool(row[4]),
        team=row[5],
        team_name=row[6],
        role=row[7],
    )


def running(rows: Sequence[Sequence[Any]]) -> Running | None:
    """Read a lease, a row for each license of its pool; None where there is no lease."""
    if not rows:
        return None
    row = rows[0]
    found = device(row[9:17])
    if found is None:
        return None
    return Running(
        who=who(row),
        device=found,
        pk=row[17],
        mark=row[18],
        previous_mark=row[19],
        process=row[20],
        seq=row[21],
        nonce=row[22],
        period=Period(
            issued_at=must(row[23]),
            renew_after=must(row[24]),
            expires_at=must(row[25]),
            borrowed=row[42] is not None,
        ),
        released=row[26] is not None,
        end_reason=row[27],
        seat_gone=row[28] is not None or row[29] is not None,
        product=row[30],
        team=row[31],
        rights=[right(each[31:42]) for each in rows if each[35] is not None],
        borrowed_until=moment(row[42]),
        project=row[43],
    )


def code(row: Sequence[Any]) -> CodeRow:
    """Read a license code, with the license that it stands for."""
    return CodeRow(
        public_id=row[0],
        ending=row[1],
        state=row[2],
        redeem_until=moment(row[3]),
        superseded_at=moment(row[4]),
        works_until=moment(row[5]),
        superseded_by=row[6] or "",
        holder_left=row[7] is not None,
        product=row[8],
        product_names=as_json(row[9]),
        right=None if row[14] is None else right(row[10:21]),
    )
