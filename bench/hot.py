"""The applications' door over HTTP: processor time per request, latency, and the ratio to REF.

    python -m bench.frame hot                          a small run: 100,000 licenses, SQLite
    LICET_BENCH_ROWS=1000000 python -m bench.frame hot
    LICET_BENCH_DATABASE=postgres ...                  a PostgreSQL of its own, durable
    LICET_BENCH_DOOR=wsgi ...                          the door inside the web server instead
    LICET_BENCH_THREADS=16 ...                         so many threads of the web server
    LICET_BENCH_WORLD=/srv/world ...                   a world (SQLite) that is made there once and kept

The server runs on one core, the load on another, REF (`bench.reference`) and the door by turns in the same
minutes; a figure is the median over the rounds. Processor time is what the kernel counts for the server's
processes, so that a busy machine does not count; latencies do count it. Every answer's status is checked,
one in fifty is verified with its signature.
"""

import asyncio
import contextlib
import dataclasses
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import rows
from bench.frame import Figure, prepare
from bench.load import Result, b64, closed, paced
from bench.machine import busy, pin, tree

ROWS = int(os.environ.get("LICET_BENCH_ROWS", "100000"))
DATABASE = os.environ.get("LICET_BENCH_DATABASE", "sqlite")
DOOR = os.environ.get("LICET_BENCH_DOOR", "gateway")
CLIENTS = [int(each) for each in os.environ.get("LICET_BENCH_CLIENTS", "1,16,64").split(",")]
WORLD = os.environ.get("LICET_BENCH_WORLD", "")
THREADS = int(os.environ.get("LICET_BENCH_THREADS", "4"))
ROUNDS = int(os.environ.get("LICET_BENCH_ROUNDS", "5"))
SLICE_SECONDS = 1.5
ENOUGH_LEASES, MOST_IN_SLICE = 25_000, 6_500  # renewals that are written, each of another lease
ROW_PORT, REF_PORT = 8701, 8702

LEAST = {
    ("gateway", "validate a code"): 0.60,
    ("gateway", "check-out"): {"sqlite": 0.42, "postgres": 0.40},
    ("gateway", "renew"): 0.60,
    ("wsgi", "validate a code"): 0.40,
    ("wsgi", "check-out"): 0.25,
}
"""At 64 clients and a million rows: at least so much of REF; a hundred thousand are held to it, too."""


@dataclasses.dataclass(slots=True)
class Server:
    """A server under test."""

    port: int
    process: "subprocess.Popen[bytes]"

    command: list[str]
    data: str

    def restart(self) -> None:
        """Stop and start: what it kept in memory is gone."""
        _stop(self.process)
        self.process = _started(self.command, port=self.port, data=self.data)

    @property
    def pids(self) -> list[int]:
        """The server's processes."""
        return tree(self.process.pid)


@dataclasses.dataclass(slots=True)
class Slice:
    """What one slice of load cost."""

    server_us: float
    database_us: float
    p50: float
    p99: float
    rate: float


def main() -> list[Figure]:
    """Make the world, start both servers, measure by turns."""
    with contextlib.ExitStack() as stack:
        copies = stack.enter_context(world())
        door = stack.enter_context(served(command(DOOR), port=ROW_PORT, data=os.environ["LICET_DATA"]))
        empty = stack.enter_context(tempfile.TemporaryDirectory(prefix="licet-ref-"))
        nothing = [sys.executable, "-m", "bench.reference", "--port", str(REF_PORT)]
        reference = stack.enter_context(served(nothing, port=REF_PORT, data=empty))
        return _figures(door=door, reference=reference, copies=copies)


@contextlib.contextmanager
def world() -> Iterator[Any]:
    """Give this process its settings and a database with as many licenses as were asked for."""
    with _database():
        # one for all processes: `licet` would make its own where none is set
        os.environ |= {"LICET_SECRET_KEY": "of the bench", "LICET_MASTER_KEY": b64(b"m" * 32) + "="}
        if WORLD and DATABASE == "sqlite":
            Path(WORLD).mkdir(parents=True, exist_ok=True)
            os.environ["LICET_DATA"] = WORLD
            rows.discard_stale(folder=Path(WORLD), licenses=ROWS)
        prepare()
        from django.core.management import call_command
        from django.db import connection

        call_command("createcachetable", verbosity=0)
        copies = rows.kept(licenses=ROWS, folder=Path(os.environ["LICET_DATA"]))
        connection.close()  # a reader would keep the write-ahead log from beginning anew
        pin([os.getpid()], core=0)
        yield copies


def _figures(*, door: Server, reference: Server, copies: Any) -> list[Figure]:
    from bench import works
    from licet.signing import queries
    from licet.signing.states import Purpose

    chance = random.Random(7)
    from licet.kernel import clock

    published = queries.jwks(now=clock.read(), purposes=[Purpose.LEASE, Purpose.CODE])["keys"]
    verifier = works.Verifier(published)
    counter = works.Counter(int(time.time() * 1e6))  # beyond those of earlier runs on this world
    figures: list[Figure] = []
    made: dict[str, list[Any]] = {"validate a code": [], "check-out": [], "renew": []}
    for port, checks in ((door.port, verifier), (reference.port, None)):
        host = f"127.0.0.1:{port}"
        made["validate a code"].append(
            works.Validate(copies=copies, host=host, verifier=checks, chance=chance)
        )
        made["check-out"].append(
            works.CheckOut(
                copies=copies,
                address=f"http://{host}",
                host=host,
                verifier=checks,
                counter=counter,
                chance=chance,
            )
        )
    checkouts = made["check-out"][0]
    asyncio.run(closed(port=door.port, clients=16, seconds=2, work=checkouts))  # caches, plans, pages
    for name, pair in made.items():
        if not _has(name):
            continue
        if name == "renew":  # of the newest leases: each check-out ends the one before
            for port, checks in ((door.port, verifier), (reference.port, None)):
                host = f"127.0.0.1:{port}"
                pair.append(works.Renew(leases=checkouts.leases, host=host, verifier=checks, counter=counter))
        for clients in CLIENTS:
            figures += _measured(name=name, pair=pair, clients=clients, servers=(door, reference))
    figures += _written(checkouts=checkouts, counter=counter, verifier=verifier, door=door)
    return figures


def _written(*, checkouts: Any, counter: Any, verifier: Any, door: Server) -> list[Figure]:
    """Measure renewals that are read from the database and written to it, each one."""
    from bench import works

    for _ in range(5):  # more where the machine is slow
        asyncio.run(closed(port=door.port, clients=64, seconds=4, work=checkouts))
        if len(checkouts.leases) >= ENOUGH_LEASES:
            break
    door.restart()
    host = f"127.0.0.1:{door.port}"
    work = works.Renew(leases=checkouts.leases, host=host, verifier=verifier, counter=counter, once=True)
    found: list[Slice] = []
    while len(work.leases) > MOST_IN_SLICE and len(found) < ROUNDS:
        found.append(slice_of(work=work, server=door, clients=64, seconds=0.7))
    if not found:  # a small world, or a slow machine, has too few leases
        return []
    ours = _median(found)
    what = f"{_door()}, {DATABASE}, {ROWS:,} licenses, 64 clients: renew, each one written"
    figures = [Figure(what=what, value=ours.server_us, unit="µs CPU")]
    if DATABASE == "postgres":
        figures.append(Figure(what=f"{what}, of the database", value=ours.database_us, unit="µs CPU"))
    return figures


def _has(name: str) -> bool:
    from bench import works
    from licet.gateway.door import CALLS

    return name != "validate a code" or works.VALIDATE in CALLS


def _measured(*, name: str, pair: list[Any], clients: int, servers: tuple[Server, Server]) -> list[Figure]:
    found: tuple[list[Slice], list[Slice]] = ([], [])
    for _ in range(ROUNDS):
        for work, server, into in zip(pair, servers, found, strict=True):
            into.append(slice_of(work=work, server=server, clients=clients))
    ours, ref = (_median(each) for each in found)
    least: Any = LEAST.get((DOOR, name)) if clients == 64 and ROWS >= 100_000 else None
    if isinstance(least, dict):
        least = least[DATABASE]
    what = f"{_door()}, {DATABASE}, {ROWS:,} licenses, {clients} clients: {name}"
    figures = [
        Figure(
            what=what,
            value=ours.server_us,
            unit="µs CPU",
            floor=ref.server_us,
            floor_of="REF",
            most=1 / least if least else None,
        )
    ]
    if DATABASE == "postgres":
        figures.append(Figure(what=f"{what}, of the database", value=ours.database_us, unit="µs CPU"))
    figures += [
        Figure(what=f"{what}, p50", value=ours.p50, unit="ms", floor=ref.p50, floor_of="REF"),
        Figure(what=f"{what}, p99", value=ours.p99, unit="ms", floor=ref.p99, floor_of="REF"),
        Figure(
            what=f"{what}, answers",
            value=ours.rate,
            unit="a second",
            floor=ref.rate,
            floor_of="REF",
            more_is_better=True,
        ),
    ]
    if clients == 64:
        figures.append(_at_seventy(what=what, work=pair[0], server=servers[0], rate=ours.rate))
    return figures


def _door() -> str:
    return f"{DOOR} of {THREADS} threads" if DOOR == "wsgi" else DOOR


def _at_seventy(*, what: str, work: Any, server: Server, rate: float) -> Figure:
    """Return p99 over p50 at 70 percent of the saturated load: at most five times."""
    work.prepare(int(rate * 2.2))
    result = asyncio.run(paced(port=server.port, clients=64, seconds=3, rate=0.7 * rate, work=work))
    p50 = max(result.quantile(0.5), 0.01)
    return Figure(
        what=f"{what}, p99 at 70 % of the load",
        value=result.quantile(0.99),
        unit="ms",
        floor=p50,
        floor_of="p50",
        most=5,
    )


def slice_of(*, work: Any, server: Server, clients: int, seconds: float = SLICE_SECONDS) -> Slice:
    """Let so many clients call for so long, and return what that cost."""
    work.prepare(int(seconds * 9_000))
    pids, database = server.pids, _postgres_pids(server)
    before, before_database = busy(pids), busy(database)
    result: Result = asyncio.run(closed(port=server.port, clients=clients, seconds=seconds, work=work))
    used, used_database = busy(pids) - before, busy(_postgres_pids(server)) - before_database
    count = max(result.answers, 1)
    return Slice(
        server_us=used / count * 1e6,
        database_us=used_database / count * 1e6,
        p50=result.quantile(0.5),
        p99=result.quantile(0.99),
        rate=count / result.seconds,
    )


def _median(slices: list[Slice]) -> Slice:
    fields = [field.name for field in dataclasses.fields(Slice)]
    return Slice(**{name: statistics.median(getattr(each, name) for each in slices) for name in fields})


def command(door: str) -> list[str]:
    """Return how the door is started: `gateway`, or `wsgi` for the web server."""
    if door == "gateway":
        return [sys.executable, "-m", "licet", "gateway", "--port", str(ROW_PORT)]
    from licet.config.processes import web

    return web(host="127.0.0.1", port=ROW_PORT, workers=1, threads=THREADS)


@contextlib.contextmanager
def served(command: list[str], *, port: int, data: str) -> Iterator[Server]:
    """Run a server for the length of the block."""
    server = Server(port=port, process=_started(command, port=port, data=data), command=command, data=data)
    try:
        yield server
    finally:
        _stop(server.process)


def _started(command: list[str], *, port: int, data: str) -> "subprocess.Popen[bytes]":
    surroundings = {
        **os.environ,
        "LICET_DATA": data,
        "LICET_URL": f"http://127.0.0.1:{port}",
        "LICET_CALLS_PER_DEVICE": "0",
        "LICET_CALLS_PER_LICENSE": "0",
    }
    process = subprocess.Popen(command, env=surroundings, cwd=Path(__file__).parent.parent)
    _wait(port=port, process=process)
    time.sleep(0.5)
    pin(tree(process.pid), core=1)
    return process


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=40)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(*, port: int, process: "subprocess.Popen[bytes]") -> None:
    import socket

    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nobody listens on {port}")


@contextlib.contextmanager
def _database() -> Iterator[None]:
    """Point this process, and what it starts, at the database that was asked for."""
    if DATABASE == "sqlite":
        yield
        return
    from tests import postgres

    durable = {**postgres._SETTINGS, "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
    durable["shared_buffers"] = "1GB"
    postgres._SETTINGS.update(durable)
    with postgres.cluster() as url:
        os.environ["DATABASE_URL"] = url
        yield


def _postgres_pids(server: Server) -> list[int]:
    """Return the processes of the cluster that this process has started, and of no other."""
    if DATABASE == "sqlite" or server.port != ROW_PORT:
        return []
    return [pid for pid in tree(os.getpid()) if _name(pid) == "postgres"]


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
