"""The door's own SQL: its columns are the models', its answers those of the ORM."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licet.gateway import sql, sql_json, sql_many, steps
from licet.gateway.store import Store
from licet.leases import queries, rules
from licet.leases.models import Lease
from licet.licenses.models import License
from licet.seats.models import Seat
from licet.teams.models import Member
from tests.gateway.conftest import Scene

STATEMENTS = {
    f"{prefix}{name}": value
    for prefix, module in (("", sql), ("", sql_many), ("JSON_", sql_json))
    for name, value in vars(module).items()
    if name.isupper() and isinstance(value, str) and not (prefix and name.startswith("_"))
}
COLUMNS = {
    model._meta.db_table: {field.column for field in model._meta.concrete_fields}
    for model in apps.get_models()
}


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_every_column_is_one_of_the_models(name: str) -> None:
    sql = STATEMENTS[name]
    tables = {alias: table for table, alias in re.findall(r"(?:FROM|JOIN)\s+(\w+)\s+(\w+)\s", sql + " ")}
    for alias, column in re.findall(r"\b(\w{1,2})\.(\w+)", sql):
        if alias == "x":  # the arrays of values, with names that the statement gives them
            given = ["key", "value"]
            if "json_each" not in sql:
                given = re.findall(r"\w+", re.findall(r"AS x\((.*?)\)", sql, re.DOTALL)[0])
            assert column in given, f"{name}: {column} is not given"
        elif alias in tables:
            assert column in COLUMNS[tables[alias]], f"{name}: {tables[alias]}.{column}"
        else:
            assert not tables or alias == "te" or name.startswith("_"), f"{name}: nothing is called {alias}"
    assert set(tables.values()) - {"unnest"} <= set(COLUMNS)


@pytest.mark.parametrize(
    "name", ["PROVE", "TOUCH", "KEEP_ON", "RENEW", "RELEASE", "REPLACE", "FIRST_USE", "PROVE_MANY"]
)
def test_what_is_updated_is_a_column(name: str) -> None:
    sql = STATEMENTS[name]
    table = re.findall(r"UPDATE (\w+)", sql)[0]
    written = re.findall(r"(\w+) (?:=|<|IS NULL) ?", sql)
    assert written
    assert set(written) <= COLUMNS[table]


@pytest.mark.parametrize("name", ["KEEP", "KEEP_MANY"])
def test_what_is_inserted_is_every_column(name: str) -> None:
    sql = STATEMENTS[name]
    listed = re.findall(r"\w+", re.findall(r"leases_lease\s+\((.*?)\)", sql, re.DOTALL)[0])
    assert set(listed) == COLUMNS["leases_lease"] - {"id"}
    updated = set(re.findall(r"(\w+) = ", sql.partition("DO UPDATE")[2]))
    assert updated <= COLUMNS["leases_lease"]
    # what tells the row is not touched; how often it was renewed goes on
    kept = {"team_id", "seat_id", "device_id", "process", "renewals", "released_at", "end_reason"}
    assert set(listed) - updated == kept


def test_a_lease_goes_on_with_the_columns_of_a_new_one() -> None:
    """What KEEP changes of the row that is there, KEEP_ON changes too."""
    over, on = (
        set(re.findall(r"(\w+) = ", text))
        for text in (sql.KEEP.partition("DO UPDATE")[2], sql.KEEP_ON.partition("WHERE")[0])
    )
    assert over == on


@pytest.mark.parametrize("name", ["EVENT", "EVENTS"])
def test_what_is_told_is_every_column_of_an_event(name: str) -> None:
    listed = re.findall(r"\w+", re.findall(r"eventlog_event\s+\((.*?)\)", STATEMENTS[name], re.DOTALL)[0])
    assert set(listed) == COLUMNS["eventlog_event"] - {"id"}


days = st.integers(-40, 40)
licenses = st.lists(
    st.fixed_dictionaries(
        {
            "state": st.sampled_from(["issued", "suspended", "revoked"]),
            "start": days,
            "lasts": st.integers(1, 40),
            "grace": st.integers(0, 10),
            "product": st.booleans(),
        }
    ),
    max_size=4,
)
leases = st.lists(
    st.fixed_dictionaries(
        {
            "device": st.integers(0, 2),
            "process": st.sampled_from("ab"),
            "end": days,
            "released": st.booleans(),
        }
    ),
    max_size=5,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=licenses, used=leases, seat_held=st.booleans(), left=st.booleans(), limit=st.integers(1, 3))
def test_the_door_decides_like_the_orm(
    scene: Scene,
    rows: list[dict[str, Any]],
    used: list[dict[str, Any]],
    seat_held: bool,
    left: bool,
    limit: int,
) -> None:
    world = scene.world
    now = world.now
    Lease.objects.all().delete()
    _world(scene, rows, limit=limit, seat_held=seat_held, left=left)
    machines = STANDING.setdefault(id(scene), [scene.machine(name=str(n)) for n in range(3)])
    _leases(scene, machines, used)

    reader = Store()
    with reader.transaction():
        by_sql, usages, _ = reader.do(steps.FindRights(world.bob.pk, scene.product.code, now))
        history = reader.do(steps.FindHistory(world.bob.pk, scene.product.code))
    by_orm = queries.rights(person=world.bob, product=scene.product)
    assert rules.best(rights=by_sql, now=now) == rules.best(rights=by_orm, now=now)
    assert sorted(right.license for right, held in history if held) == sorted(
        right.license for right in by_orm
    )

    reply = machines[0].checkout(scene.product.code)
    best = rules.best(rights=by_orm, now=now)
    if best is None:
        reason = rules.why_not(
            rights=by_orm,
            held_before=Seat.objects.exists() and License.objects.filter(pool=scene.pool).exists(),
            product="",
            now=now,
        )
        assert reply.code == reason.code
        return
    assert sorted(usages.get(best.seat, []), key=repr) == sorted(
        _before(queries.usages(seats=[best.seat]), used, machines), key=repr
    )
    over = rules.over_limit(
        right=best, usages=usages.get(best.seat, []), device=machines[0].device.pk, now=now
    )
    assert reply.status == (409 if over else 200)


def _before(after: list[rules.Usage], used: list[dict[str, Any]], machines: list[Any]) -> list[rules.Usage]:
    """Take away what the check-out itself wrote, which is the process called main."""
    return [usage for usage in after if usage.process != "main"]


STANDING: dict[int, list[Any]] = {}


def _world(scene: Scene, rows: list[dict[str, Any]], *, limit: int, seat_held: bool, left: bool) -> None:
    now = scene.world.now
    License.objects.all().delete()
    for row in rows:
        start = now + timedelta(days=row["start"])
        end = start + timedelta(days=row["lasts"])
        pool = (
            scene.pool
            if row["product"]
            else OTHER.setdefault(id(scene), scene.world.licenses(product=scene.world.other_product).pool)
        )
        License.objects.create(
            team=scene.world.team,
            pool=pool,
            seats=3,
            state=row["state"],
            issued_at=now,
            valid_from=start,
            valid_until=end,
            usable_until=end + timedelta(days=row["grace"]),
            terms={"grace_days": row["grace"], "devices_per_person": limit},
        )
    Seat.objects.update(released_at=None if seat_held else now)
    Member.objects.filter(person=scene.world.bob).update(left_at=now if left else None)


OTHER: dict[int, Any] = {}


def _leases(scene: Scene, machines: list[Any], used: list[dict[str, Any]]) -> None:
    now, license = scene.world.now, License.objects.first()
    if license is None:
        return
    for number, each in enumerate({(row["device"], row["process"]): row for row in used}.values()):
        machine = machines[each["device"]]
        Lease.objects.create(
            mark=number,
            team=scene.world.team,
            seat=scene.seat,
            license=license,
            device=machine.device,
            grant=machine.grant,
            process=each["process"],
            issued_at=now,
            expires_at=now + timedelta(days=each["end"]),
            renew_after=now,
            seq=1,
            nonce="n",
            released_at=now if each["released"] else None,
            end_reason="released" if each["released"] else "",
        )
