"""What every test stands on: a real database, a fixed moment, and the personas of `tests/world.py`.

The suite runs on SQLite (a file, with the settings of production); with `--postgresql`, or
LICET_TEST_DATABASE=postgresql, on a PostgreSQL that it starts itself. A test marked `races` runs
on both, with real commits, so that threads see each other. Tests run at `world.NOW`: time stands
still, except in browser tests and in those marked `real_clock`.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import dj_database_url
import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client, override_settings
from django.utils import translation
from hypothesis import Phase
from hypothesis import settings as settings_of_stories
from pytest_django.plugin import DjangoDbBlocker
from tools.messages import compile_stale

from licet.accounts.models import Person
from licet.invoices.protection import protect, unprotect
from licet.invoices.schematron.checking import Checker, installed
from tests import postgres
from tests.world import NOW, World

if (
    os.environ.get("CI") == "true"
):  # a long search for the shortest failing story would end in a timeout instead
    settings_of_stories.register_profile(
        "whole", settings_of_stories.get_profile("ci"), phases=[Phase.explicit, Phase.generate]
    )
    settings_of_stories.load_profile("whole")

ENGINES = ["sqlite", "postgresql"]
PAGES = Path(__file__).parent / "web"
BASES = {"db", "transactional_db", "raced_database", "django_db_setup", "migrated"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the choice of database."""
    parser.addoption("--postgresql", action="store_true", help="run on a PostgreSQL of the tests' own")
    parser.addoption("--without-pages", action="store_true", help="leave tests/web out, its races excepted")


def pytest_configure(config: pytest.Config) -> None:
    """Compile what translators changed; give the web entry, which some tests import, its static folder."""
    if not hasattr(config, "workerinput"):
        compile_stale()
    folder = tempfile.TemporaryDirectory(prefix="licet-static-")
    settings.STATIC_ROOT = Path(folder.name)
    settings.LICET_DOCUMENTS = Path(folder.name) / "documents"
    config.add_cleanup(folder.cleanup)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every race on both databases."""
    if metafunc.definition.get_closest_marker("races"):
        metafunc.fixturenames.insert(0, "raced_database")
        metafunc.parametrize("raced_database", ENGINES, indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give every test that asks for the world a database, without its saying so.

    On PostgreSQL leave out what asks for none: it would do the same again.
    """
    for item in items:
        names = getattr(item, "fixturenames", [])
        if "world" in names and "raced_database" not in names:
            item.add_marker(pytest.mark.django_db)
    if config.getoption("--postgresql"):
        _keep(config, items, _asks_a_database)
    if config.getoption("--without-pages"):
        _keep(config, items, _is_no_page)


def _keep(config: pytest.Config, items: list[pytest.Item], wanted: Callable[[pytest.Item], bool]) -> None:
    config.hook.pytest_deselected(items=[item for item in items if not wanted(item)])
    items[:] = [item for item in items if wanted(item)]


def _is_no_page(item: pytest.Item) -> bool:
    return item.get_closest_marker("races") is not None or PAGES not in item.path.parents


def _asks_a_database(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", []))
    return item.get_closest_marker("django_db") is not None or bool(names & BASES)


def leave_out(reason: str) -> None:
    """Skip a test whose tools are not installed; where everything has to run, fail instead."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


# --- databases ----------------------------------------------------------------------------------


class Clusters:
    """PostgreSQL, started when the first test asks, stopped after the last."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._url = ""

    def url(self) -> str:
        """Return the address of the running cluster."""
        if postgres.programs() is None:
            leave_out("PostgreSQL is not installed (Debian: apt-get install postgresql)")
        if not self._url:
            self._url = self._stack.enter_context(postgres.cluster())
        return self._url


@pytest.fixture(scope="session")
def clusters() -> Iterator[Clusters]:
    """The PostgreSQL of this test process."""
    with ExitStack() as stack:
        yield Clusters(stack)


def database(*, engine: str, folder: Path, clusters: Clusters) -> dict[str, Any]:
    """Return Django's settings of a fresh database, made as `config/settings.py` makes them."""
    url = clusters.url() if engine == "postgresql" else f"sqlite:///{folder / 'tests.sqlite3'}"
    made: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True))
    if engine == "sqlite":
        from licet.config.settings import _SQLITE

        made["OPTIONS"] = dict(_SQLITE)
    return made


def swap(values: dict[str, Any]) -> None:
    """Put other settings under the default alias and forget this thread's connection."""
    connections["default"].close()
    del connections["default"]
    connections.settings["default"].clear()
    connections.settings["default"].update(values)
    connections.configure_settings(connections.settings)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, clusters: Clusters
) -> None:
    """Choose the database of the whole run, before the first connection."""
    asked = request.config.getoption("--postgresql") or os.environ.get("LICET_TEST_DATABASE") == "postgresql"
    folder = tmp_path_factory.mktemp("database")
    values = database(engine="postgresql" if asked else "sqlite", folder=folder, clusters=clusters)
    if not asked:
        values["TEST"] = {"NAME": str(folder / "tests.sqlite3")}
    swap(values)


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """Make the tables from the models: a tenth of the work of the migrations, for each process and engine.

    That the migrations make the same tables is a test of its own, `tests/rules/test_migrations.py`.
    """
    return False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Add to the run's own database what a migration does beside tables; a run of races has none."""
    with django_db_blocker.unblock():
        if connections["default"].introspection.table_names():
            protect(connection=connections["default"])


@pytest.fixture(scope="session")
def migrated(
    tmp_path_factory: pytest.TempPathFactory,
    clusters: Clusters,
    django_db_blocker: DjangoDbBlocker,
    django_db_setup: None,
) -> Callable[[str], dict[str, Any]]:
    """Return the function that gives a database of an engine with its tables, apart from the run's own."""
    ready: dict[str, dict[str, Any]] = {}

    def give(engine: str) -> dict[str, Any]:
        if engine in ready:
            return ready[engine]
        folder = tmp_path_factory.mktemp(f"races-{engine}")
        values = database(engine=engine, folder=folder, clusters=clusters)
        if engine == "postgresql":
            values = _named_database(values, blocker=django_db_blocker)
        usual = dict(connections.settings["default"])
        swap(values)
        try:
            with django_db_blocker.unblock():
                call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
                call_command("createcachetable", verbosity=0)
                protect(connection=connections["default"])
                connections["default"].close()
        finally:
            swap(usual)
        ready[engine] = values
        return values

    return give


def _named_database(values: dict[str, Any], *, blocker: DjangoDbBlocker) -> dict[str, Any]:
    import psycopg

    with (
        blocker.unblock(),
        psycopg.connect(host=values["HOST"], user=values["USER"], dbname="postgres") as link,
    ):
        link.autocommit = True
        link.execute("CREATE DATABASE races")
    return {**values, "NAME": "races"}


@pytest.fixture
def raced_database(
    request: pytest.FixtureRequest,
    migrated: Callable[[str], dict[str, Any]],
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[str]:
    """Let one test commit for real on the named engine; everything is emptied after it."""
    values = migrated(request.param)
    usual = dict(connections.settings["default"])
    swap(values)
    try:
        with django_db_blocker.unblock():
            yield request.param
            # emptied as no verb could: invoices stand against every DELETE
            unprotect(connection=connections["default"])
            call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
            protect(connection=connections["default"])
    finally:
        with django_db_blocker.unblock():
            swap(usual)


# --- surroundings -------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def surroundings() -> Iterator[None]:
    """Plain static files, a fast hasher, and mail that stays in memory."""
    with override_settings(
        STORAGES={
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ALLOWED_HOSTS=["testserver", "localhost", "127.0.0.1"],
    ):
        yield


@pytest.fixture(autouse=True)
def standing_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the clock stand at `world.NOW`, for the edges that read it."""
    if any(request.node.get_closest_marker(mark) for mark in ("browser", "real_clock")):
        yield
        return
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(scope="session")
def checker() -> Iterator[Checker]:
    """The process that knows the rules of electronic invoices; compiling them takes a second."""
    if not installed():
        leave_out("The extra einvoice-check is not installed (saxonche)")
    with Checker() as checking:
        yield checking


@pytest.fixture(autouse=True)
def english() -> None:
    """Start in English: the test client leaves behind the language of the last page."""
    translation.activate("en")


@pytest.fixture
def now() -> datetime:
    """The moment at which every test starts."""
    return NOW


@pytest.fixture
def world() -> World:
    """The personas and builders, on the database of this test."""
    return World()


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    """Return the function that gives a person's browser, without the browser."""

    def client(person: Person) -> Client:
        browser = Client()
        browser.force_login(person)
        return browser

    return client
