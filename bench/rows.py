"""A world of millions of licenses: real rows made through the verbs once, then copied with other keys.

Copied is what the door reads: person, team, member, pool, license, code, seat, device, grant, token,
lease. Each customer is a person with a team of one and one license, so that no two of them share a
row. Past `ACTIVE` customers only team, pool, license and code go on: they make the tables as large as
asked for. The customers who call lie evenly among them, so that their rows are on as many pages.

The database copies by itself (INSERT ... SELECT over a series of numbers); hashes come sorted, and indexes
are made at the end.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import licet

ACTIVE = 1_000_000
"""Customers with a person, a device, a lease, and a code that is known; beyond them, licenses alone."""
BASE = 1_000
"""Keys of copied rows begin here; the prototypes have smaller ones."""
_SLICE = 500_000
"""Rows per statement."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Copies:
    """What the load has to know in order to call as one of the customers."""

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


def kept(*, licenses: int, folder: Path) -> Copies:
    """Return the world that an earlier run has left in this folder, or make it there."""
    note = folder / "bench-world.json"
    if note.exists():
        values = json.loads(note.read_text())
        del values["licenses"], values["tables"]
        return Copies(**{**values, "seed": bytes.fromhex(values["seed"])})
    copies = make(licenses=licenses)
    note.write_text(
        json.dumps({**asdict(copies), "seed": copies.seed.hex(), "licenses": licenses, "tables": _tables()})
    )
    return copies


def discard_stale(*, folder: Path, licenses: int) -> None:
    """Remove a kept world of other tables, or one that is not whole; SystemExit for one of another size."""
    note = folder / "bench-world.json"
    values = json.loads(note.read_text()) if note.exists() else {"licenses": licenses}
    if values["licenses"] != licenses:
        raise SystemExit(f"{folder} holds a world of another size")
    if values.get("tables") != _tables():
        for old in [note, *folder.glob("*.sqlite3*")]:
            old.unlink(missing_ok=True)


def _tables() -> str:
    """Return what names the version of all tables: a hash over the migrations."""
    found = sorted(Path(licet.__file__).parent.glob("*/migrations/*.py"))
    return hashlib.sha256(b"".join(each.read_bytes() for each in found)).hexdigest()


def make(*, licenses: int) -> Copies:
    """Fill the migrated, empty database of this process; `licenses` at least 1."""
    from django.db import connection

    active = min(licenses, ACTIVE)
    copies, prototypes = _prototypes(active=active)
    with _quickly(), connection.cursor() as cursor:
        _hashes(copies=copies, licenses=licenses)
        for table, (source, changes) in _changes(active=active, licenses=licenses).items():
            _copy(table, prototypes[table], source=source, changes=changes)
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("VACUUM")  # the pages of fresh rows are written once more at their first reading
        else:
            cursor.execute("PRAGMA analysis_limit=1000")
        cursor.execute("ANALYZE")
    return copies


@contextmanager
def _quickly() -> Iterator[None]:
    """Leave out what a database does for safety, and the indexes of the tables that grow, until the end."""
    from django.db import connection

    names = ", ".join(f"'{table}'" for table in _TABLES)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for setting in (
                "journal_mode=OFF",
                "synchronous=OFF",
                "foreign_keys=OFF",
                "cache_size=-999000",
                "temp_store=MEMORY",
            ):
                cursor.execute(f"PRAGMA {setting}")
            find = f"""SELECT name, sql FROM sqlite_master
                WHERE type = 'index' AND sql > '' AND tbl_name IN ({names})"""
        else:
            cursor.execute("SET session_replication_role = replica")  # no foreign keys
            find = f"""SELECT indexname, indexdef FROM pg_indexes
                WHERE tablename IN ({names}) AND indexname NOT IN (SELECT conname FROM pg_constraint)"""
        cursor.execute(find)
        indexes = cursor.fetchall()
        for name, _sql in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _name, sql in indexes:
            cursor.execute(sql)
        if connection.vendor == "sqlite":
            for setting in (
                "journal_mode=WAL",
                "synchronous=FULL",
                "foreign_keys=ON",
                "cache_size=-2000",
                "temp_store=DEFAULT",
            ):
                cursor.execute(f"PRAGMA {setting}")
        else:
            cursor.execute("SET session_replication_role = DEFAULT")


_QUICK = (
    "journal_mode=OFF",
    "synchronous=OFF",
    "foreign_keys=OFF",
    "cache_size=-999000",
    "temp_store=MEMORY",
)
_USUAL = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-2000", "temp_store=DEFAULT")
_TABLES = (
    "accounts_person",
    "teams_team",
    "teams_member",
    "licenses_pool",
    "licenses_license",
    "licenses_code",
    "seats_seat",
    "leases_device",
    "connect_grant",
    "connect_token",
    "leases_lease",
)


def _hashes(*, copies: Copies, licenses: int) -> None:
    """Make the tables bench_token and bench_code: hashes in ascending order, each with whose it is.

    Codes that nobody asks for have a hash that is none's.
    """
    from django.db import connection

    from licet.licenses import rules
    from licet.signing.queries import secret

    hashing, step = secret(purpose=rules.HASHING), licenses // copies.active
    tokens = [(hashlib.sha256(copies.token(n).encode()).hexdigest(), n) for n in range(copies.active)]
    codes = [(rules.code_hash(key=hashing, code=copies.code(n)), n * step) for n in range(copies.active)]
    serial = "INTEGER PRIMARY KEY" if connection.vendor == "sqlite" else "bigserial PRIMARY KEY"
    noise = "lower(hex(randomblob(32)))"
    if connection.vendor != "sqlite":
        noise = "md5(random()::text) || md5(random()::text)"
    with connection.cursor() as cursor:
        for name, pairs in (("bench_token", tokens), ("bench_code", codes)):
            cursor.execute(f"CREATE TEMP TABLE {name}_raw (hash text, i bigint)")
            cursor.execute(f"CREATE TEMP TABLE {name} (n {serial}, hash text, i bigint)")
            _fill(f"{name}_raw", pairs)
        for first in range(0, licenses if step > 1 else 0, _SLICE):
            series = _series(first, min(_SLICE, licenses - first))
            others = f"x.i % {step} > 0 OR x.i >= {step * copies.active}"
            cursor.execute(f"INSERT INTO bench_code_raw SELECT {noise}, x.i FROM {series} WHERE {others}")
        for name in ("bench_token", "bench_code"):
            cursor.execute(f"INSERT INTO {name} (hash, i) SELECT hash, i FROM {name}_raw ORDER BY hash")
            cursor.execute(f"DROP TABLE {name}_raw")


def _fill(table: str, pairs: list[tuple[str, int]]) -> None:
    from django.db import connection

    raw = connection.connection
    if connection.vendor == "sqlite":
        raw.execute("BEGIN")
        raw.executemany(f"INSERT INTO {table} VALUES (?, ?)", pairs)
        raw.execute("COMMIT")
        return
    with raw.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for pair in pairs:
            copy.write_row(pair)


def _series(first: int, count: int) -> str:
    """Return a table x of the numbers i from `first` on."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return f"generate_series({first}::bigint, {first + count - 1}) AS x(i)"
    return f"""(WITH RECURSIVE s(i) AS (VALUES ({first}) UNION ALL
        SELECT i + 1 FROM s WHERE i < {first + count - 1}) SELECT i FROM s) AS x"""


def _copy(table: str, prototype: Row, *, source: int | str, changes: dict[str, str]) -> None:
    """Copy a row as often as there are numbers, or rows in the source, with what each has for itself."""
    from django.db import connection

    columns = ", ".join(prototype)
    values = ", ".join(changes.get(column, "%s") for column in prototype)
    constant = [
        json.dumps(value) if isinstance(value, dict | list) else value
        for column, value in prototype.items()
        if column not in changes
    ]
    with connection.cursor() as cursor:
        count = source
        if isinstance(source, str):
            cursor.execute(f"SELECT count(*) FROM {source}")
            (count,) = cursor.fetchone()
        for first in range(0, int(count), _SLICE):
            size = min(_SLICE, int(count) - first)
            rows = _series(first, size)
            if isinstance(source, str):
                rows = f"{source} AS x WHERE x.n > {first} AND x.n <= {first + size} ORDER BY x.n"
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {values} FROM {rows}", constant)
        if connection.vendor != "sqlite":
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            cursor.execute(f"SELECT setval({sequence}, (SELECT max(id) FROM {table}))")


def _prototypes(*, active: int) -> tuple[Copies, dict[str, Row]]:
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
        active=active,
        product=world.product.code,
        application=CLIENT_ID,
        seed=machine.private.private_bytes_raw(),
    )
    return copies, {table: _first(table) for table in _TABLES}


def _changes(*, active: int, licenses: int) -> dict[str, tuple[int | str, dict[str, str]]]:
    """Say for each table how often it is copied, or from which table, and what is another value then."""
    from django.db import connection

    def public(prefix: str) -> str:
        if connection.vendor == "sqlite":
            return f"printf('{prefix}_b%%015d', x.i)"
        return f"'{prefix}_b' || lpad(x.i::text, 15, '0')"

    key, place = f"{BASE} + x.i", f"{BASE} + x.n"
    far = f"{BASE} + x.i * {licenses // active}"
    mine = {"id": key, "person_id": key}
    return {
        "accounts_person": (active, {
            "id": key, "public_id": public("person"), "email": "'p' || x.i || '@bench.example'",
        }),
        "teams_team": (licenses, {"id": key, "public_id": public("team")}),
        "teams_member": (active, {**mine, "public_id": public("mbr"), "team_id": far}),
        "licenses_pool": (licenses, {"id": key, "public_id": public("pool"), "team_id": key}),
        "licenses_license": (licenses, {
            "id": key, "public_id": public("lic"), "team_id": key, "pool_id": key,
        }),
        "licenses_code": ("bench_code", {
            "id": place, "public_id": public("code"), "code_hash": "x.hash", "team_id": key,
            "license_id": key, "member_id": "NULL",
        }),
        "seats_seat": (active, {
            "id": key, "public_id": public("seat"), "team_id": far, "pool_id": far, "member_id": key,
        }),
        "leases_device": (active, {**mine, "public_id": public("dev")}),
        "connect_grant": (active, {**mine, "public_id": public("grant")}),
        "connect_token": ("bench_token", {"id": place, "token_hash": "x.hash", "grant_id": key}),
        "leases_lease": (active, {
            "id": key, "team_id": far, "seat_id": key, "license_id": far, "device_id": key, "grant_id": key,
        }),
    }  # fmt: skip


def _first(table: str) -> Row:
    """Return the newest row of a table, as the driver writes it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 1")
        row = cursor.fetchone()
        return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}
