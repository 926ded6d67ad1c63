"""The tests' tables are made from the models, as that is quick; operators' are made by the migrations."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import dj_database_url
import psycopg
import pytest
from django.db import connection, connections

from tests.conftest import Clusters, swap

pytestmark = pytest.mark.races

ROOT = Path(__file__).resolve().parent.parent.parent
UNNAMED = re.compile(r"sqlite_autoindex|__unnamed|fk_\d")
DJANGOS = ("auth_", "django_migrations")
TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def described() -> dict[str, Any]:
    """Return what the connection's database has: its columns, its constraints and its triggers."""
    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        looked = connection.introspection
        cursor.execute(TRIGGERS[connection.vendor])
        found["triggers"] = sorted(name for (name,) in cursor.fetchall())
        # what Django's own migrations make is not for us to compare
        for table in (each for each in looked.table_names(cursor) if not each.startswith(DJANGOS)):
            columns = looked.get_table_description(cursor, table)
            found[f"columns of {table}"] = sorted((each.name, str(each[1:])) for each in columns)
            found[f"constraints of {table}"] = sorted(
                (
                    "" if UNNAMED.match(name) else name,
                    str(sorted((key, str(value)) for key, value in each.items())),
                )
                for name, each in looked.get_constraints(cursor, table).items()
            )
    return found


def test_the_migrations_make_the_tables_that_the_tests_stand_on(
    raced_database: str, clusters: Clusters, tmp_path: Path
) -> None:
    expected = described()
    url = f"sqlite:///{tmp_path / 'migrated.sqlite3'}"
    if raced_database == "postgresql":
        values = connection.settings_dict
        with psycopg.connect(
            host=values["HOST"], user=values["USER"], dbname="postgres", autocommit=True
        ) as link:
            link.execute("CREATE DATABASE migrated")
        url = clusters.url().removesuffix("postgres") + "migrated"
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    ran = subprocess.run(
        [sys.executable, "-m", "licet", "migrate"],
        env={**kept, "PYTHONPATH": str(ROOT / "src"), "LICET_DATA": str(tmp_path), "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    usual = dict(connections.settings["default"])
    swap({**usual, **dj_database_url.parse(url)})
    try:
        made = described()
    finally:
        swap(usual)
    assert made.keys() == expected.keys()
    assert {name: made[name] for name in made if made[name] != expected[name]} == {}
    assert len(made) > 150
