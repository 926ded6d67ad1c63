"""A world of a million licenses: real rows made through the verbs once, then copied with other keys.

Copied is what the door reads: person, team, member, pool, license, code, seat, device, grant, token,
lease. Each customer is a person with a team of one and one license, so that no two of them share a
row. Past `ACTIVE` customers only team, pool, license and code go on: they make the tables as large as
asked for, and a validation needs no more.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

ACTIVE = 1_000_000
"""Customers with a person, a device and a lease; beyond them, licenses and codes alone."""
BASE = 1_000
"""Keys of copied rows begin here; the prototypes have smaller ones."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Copies:
    """What the load has to know in order to call as one of the customers."""

    count: int
    active: int
    product: str
    application: str
    seed: bytes  # private half of the one device key that all devices here share

    def token(self, number: int) -> str:
        """Return a customer's access token."""
        return f"bench-token-{number}"

    def code(self, number: int) -> str:
        """Return a customer's license code, as it is typed."""
        from licet.licenses import rules

        return rules.spell(chance=hashlib.sha256(b"code %d" % number).digest()[: rules.CHANCE_BYTES])


def make(*, licenses: int) -> Copies:
    """Fill the migrated, empty database of this process; `licenses` at least 1."""
    from django.db import connection

    active = min(licenses, ACTIVE)
    copies, rows = _prototypes(active=active, licenses=licenses)
    insert = _insert_sqlite if connection.vendor == "sqlite" else _insert_postgres
    for table, prototype, changes in rows:
        count = active if table in _PEOPLE else licenses
        columns = list(prototype)
        insert(table, columns, _numbered(prototype, changes, count))
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("VACUUM")  # the pages of fresh rows are written once more at their first reading
        cursor.execute("ANALYZE")
    return copies


_PEOPLE = {
    "accounts_person",
    "teams_member",
    "seats_seat",
    "leases_device",
    "connect_grant",
    "connect_token",
    "leases_lease",
}


def _numbered(prototype: Row, changes: Callable[[int], Row], count: int) -> Iterator[Sequence[Any]]:
    """Give `count` copies of a row, each with its own changes, in the order of its columns."""
    values = list(prototype.values())
    places = {column: place for place, column in enumerate(prototype)}
    for number in range(count):
        for column, value in changes(number).items():
            values[places[column]] = value
        yield tuple(values)


def _prototypes(*, active: int, licenses: int) -> tuple[Copies, list[tuple[str, Row, Callable[[int], Row]]]]:
    """Make one customer through the verbs, with a device that has checked out, and a code."""
    from tests.doorway import CLIENT_ID, Machine, application, keys
    from tests.world import World

    from licet.kernel import clock
    from licet.kernel.actor import system
    from licet.licenses import codes

    world = World(now=clock.read())
    keys(now=world.now)
    app = application(products=[world.product], now=world.now)
    given = world.licenses(seats=3, features=("export",))
    seat = world.seat(given.pool, world.member(world.bob))
    machine = Machine(person=world.bob, app=app, now=world.now)
    reply = machine.checkout(world.product.code)
    assert reply.status == 200, reply.values
    type(machine.grant).objects.update(expires_at=world.now + timedelta(days=90))
    type(machine.row).objects.update(expires_at=world.now + timedelta(days=30))
    codes.issue(license=given, member=seat.member, chance=b"p" * 15, by=system(label="bench"), now=world.now)
    copies = Copies(
        count=licenses,
        active=active,
        product=world.product.code,
        application=CLIENT_ID,
        seed=machine.private.private_bytes_raw(),
    )
    return copies, [(table, _first(table), changes) for table, changes in _changes(copies).items()]


def _changes(copies: Copies) -> dict[str, Callable[[int], Row]]:
    """Say for each table what is another value in the copy of each number; in the order of foreign keys."""
    from licet.licenses import rules
    from licet.signing.queries import secret

    hashing = secret(purpose=rules.HASHING)

    def key(number: int) -> int:
        return BASE + number

    def public(prefix: str) -> Callable[[int], str]:
        return lambda number: f"{prefix}_b{number:015d}"

    person, team, member = public("person"), public("team"), public("mbr")
    pool, license_, code = public("pool"), public("lic"), public("code")
    seat, device, grant = public("seat"), public("dev"), public("grant")

    def token_hash(number: int) -> str:
        return hashlib.sha256(copies.token(number).encode()).hexdigest()

    def code_hash(number: int) -> str:
        return rules.code_hash(key=hashing, code=copies.code(number))

    return {
        "accounts_person": lambda n: {"id": key(n), "public_id": person(n), "email": f"p{n}@bench.example"},
        "teams_team": lambda n: {"id": key(n), "public_id": team(n)},
        "teams_member": lambda n: {
            "id": key(n), "public_id": member(n), "team_id": key(n), "person_id": key(n),
        },
        "licenses_pool": lambda n: {"id": key(n), "public_id": pool(n), "team_id": key(n)},
        "licenses_license": lambda n: {
            "id": key(n), "public_id": license_(n), "team_id": key(n), "pool_id": key(n),
        },
        "licenses_code": lambda n: {
            "id": key(n), "public_id": code(n), "code_hash": code_hash(n), "team_id": key(n),
            "license_id": key(n), "member_id": None,
        },
        "seats_seat": lambda n: {
            "id": key(n), "public_id": seat(n), "team_id": key(n), "pool_id": key(n), "member_id": key(n),
        },
        "leases_device": lambda n: {"id": key(n), "public_id": device(n), "person_id": key(n)},
        "connect_grant": lambda n: {"id": key(n), "public_id": grant(n), "person_id": key(n)},
        "connect_token": lambda n: {"id": key(n), "token_hash": token_hash(n), "grant_id": key(n)},
        "leases_lease": lambda n: {
            "id": key(n), "team_id": key(n), "seat_id": key(n), "license_id": key(n),
            "device_id": key(n), "grant_id": key(n),
        },
    }  # fmt: skip


def _first(table: str) -> Row:
    """Return the newest row of a table, as the driver writes it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 1")
        row = cursor.fetchone()
        return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}


def _insert_sqlite(table: str, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
    from django.db import connection

    raw = connection.connection
    marks = ", ".join("?" * len(columns))
    raw.execute("PRAGMA synchronous=OFF")
    raw.execute("PRAGMA cache_size=-400000")
    raw.execute("BEGIN")
    names = ", ".join(columns)
    raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
    raw.execute("COMMIT")


def _insert_postgres(table: str, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
    from django.db import connection

    names = ", ".join(columns)
    with connection.connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([json.dumps(value) if isinstance(value, dict | list) else value for value in row])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )
