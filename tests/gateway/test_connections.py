"""How the door sets its database connections up: durable, prepared, and by plans for any number of calls."""

from typing import Any

import pytest
from django.db import connection

from licet.gateway import steps
from licet.gateway.server import AlreadyRunning, claim, prepare_connections
from licet.gateway.store import Store
from tests.gateway.conftest import stage
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test's connection as that of a gateway process."""
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", dict(connection.settings_dict["OPTIONS"]))
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    prepare_connections()
    yield
    connection.close()


def shown(name: str) -> Any:
    """Return a setting of the connection."""
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}" if connection.vendor == "postgresql" else f"PRAGMA {name}")
        return cursor.fetchone()[0]


def test_what_is_written_is_on_disk_before_the_answer(world: World) -> None:
    scene = stage(world)
    assert scene.machine().checkout(scene.product.code).status == 200
    if connection.vendor == "sqlite":
        assert shown("synchronous") == 2  # FULL
        assert shown("journal_mode") == "wal"
    else:
        assert shown("synchronous_commit") in {"on", "off"}  # the cluster's own; the tests' has no disk


@pytest.mark.usefixtures("prepared")
def test_a_gateway_s_connection_answers_the_same(world: World) -> None:
    scene = stage(world)
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    assert (first.status, machine.renew(first).status) == (200, 200)
    if connection.vendor == "postgresql":
        assert (shown("plan_cache_mode"), shown("jit")) == ("force_generic_plan", "off")
    else:
        assert connection.settings_dict["OPTIONS"]["detect_types"] == 0


@pytest.mark.parametrize("wanted", [True, False])
def test_postgresql_prepares_what_the_door_says(world: World, settings: Any, wanted: bool) -> None:
    settings.LICET_PREPARED_STATEMENTS = wanted
    store = Store()
    for _ in range(2):
        with store.transaction(reads=True):
            store.do(steps.FindNames("unknown"))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%catalog_product%'"
            )
            assert cursor.fetchone()[0] == int(wanted)


def test_a_connection_that_was_lost_is_replaced(world: World) -> None:
    scene = stage(world)
    machine = scene.machine()
    assert machine.checkout(scene.product.code).status == 200
    connection.connection.close()  # as when the database restarts
    statuses = [machine.checkout(scene.product.code).status for _ in range(2)]
    assert statuses[1] == 200
    assert statuses[0] in {200, 503, 500}


def test_one_gateway_process_for_a_folder(tmp_path: Any) -> None:
    first = claim(folder=tmp_path)
    with pytest.raises(AlreadyRunning):
        claim(folder=tmp_path)
    first.close()
    claim(folder=tmp_path).close()
