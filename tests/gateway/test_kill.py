"""`kill -9` among a thousand check-outs: what was acknowledged is on disk, and no seat is used twice over."""

import itertools
import os
import signal
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from licet.leases.rules import read_lease_id
from tests.conftest import ENGINES, Clusters
from tests.gateway.staging import Process, remote, stage, surroundings

pytestmark = pytest.mark.real_clock
PEOPLE, CHECKOUTS, KILL_AT = 8, 1000, (150, 400, 700)


@pytest.fixture(params=ENGINES)
def environment(request: pytest.FixtureRequest, tmp_path: Path, clusters: Clusters) -> dict[str, str]:
    """A database that outlives the gateway."""
    if request.param == "sqlite":
        return surroundings(folder=tmp_path / "data")
    url, name = clusters.url(), f"killed_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")
    base, _, options = url.partition("?")
    database = f"{base.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")
    return surroundings(folder=tmp_path / "data", database=database)


class Callers:
    """Devices that check out, each in a thread of its own, until the count is reached."""

    def __init__(self, staged: dict[str, Any], port: Callable[[], int]) -> None:
        self.staged, self.port = staged, port
        self.numbers = itertools.count(1)
        self.acknowledged: dict[str, int] = {}
        self.counters: dict[int, int] = {}

    def run(self, number: int, until: int) -> None:
        """Check out, each time as another process; whatever goes wrong on the way is the kill."""
        while next(self.numbers) <= until:
            machine = remote(self.staged["machines"][number], self.port())
            machine.counter = self.counters.get(number, 0)
            try:
                for process in range(5):
                    reply = machine.checkout(self.staged["product"], process=str(process))
                    assert reply.status in {200, 503}, reply.values
                    if reply.status == 200:
                        self.acknowledged[reply.claims["jti"]] = machine.counter
                    next(self.numbers)
            except (OSError, EOFError):
                pass
            self.counters[number] = machine.counter


def test_what_was_acknowledged_is_on_disk(environment: dict[str, str], tmp_path: Path) -> None:
    staged = stage(count=PEOPLE, environment=environment)
    running = [Process(kind="lean", environment=environment, folder=tmp_path).wait()]
    callers = Callers(staged, lambda: running[-1].port)
    for until in (*KILL_AT, CHECKOUTS):
        threads = [threading.Thread(target=callers.run, args=(number, until)) for number in range(PEOPLE)]
        for thread in threads:
            thread.start()
        if until != CHECKOUTS:
            while callers.numbers.__reduce__()[1][0] < until - 60:
                threading.Event().wait(0.005)
            os.kill(running[-1].process.pid, signal.SIGKILL)
        for thread in threads:
            thread.join(timeout=120)
            assert not thread.is_alive()
        if until != CHECKOUTS:
            running[-1].process.wait(timeout=20)
            running.append(Process(kind="lean", environment=environment, folder=tmp_path).wait())
    running[-1].stop()
    assert len(callers.acknowledged) > CHECKOUTS / 2
    check(rows(environment), callers.acknowledged)


def rows(environment: dict[str, str]) -> list[tuple[int, int, int, int, str]]:
    """Return every lease: key, counter, seat, device, process."""
    sql = "SELECT id, seq, seat_id, device_id, process FROM leases_lease WHERE released_at IS NULL"
    if "DATABASE_URL" in environment:
        with psycopg.connect(environment["DATABASE_URL"]) as link:
            return link.execute(sql).fetchall()
    import sqlite3

    with sqlite3.connect(Path(environment["LICET_DATA"]) / "licet.sqlite3") as link:
        assert link.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return link.execute(sql).fetchall()


def check(found: list[tuple[int, int, int, int, str]], acknowledged: dict[str, int]) -> None:
    """Every acknowledged lease is there, or one of the same process that came after it."""
    counters = {pk: seq for pk, seq, _seat, _device, _process in found}
    for lease, counter in acknowledged.items():
        pk, _mark = read_lease_id(lease)
        assert counters[pk] >= counter, f"{lease} was acknowledged and is not on disk"
    uses = [(seat, device, process) for _pk, _seq, seat, device, process in found]
    assert len(uses) == len(set(uses)), "a process has two leases of one seat"
    seats = {seat: device for seat, device, _process in uses}
    assert len(seats) == len({device for _seat, device, _process in uses}) <= PEOPLE
