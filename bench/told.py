"""The applications' door against the same answers told through the ORM: processor time per call.

    python -m bench.frame told         with the settings of `bench.hot`; LICET_BENCH_DOOR chooses the door

The ORM's view (`bench.orm`) has no middleware, and the web server of `licet run`; 16 clients.
"""

import asyncio
import contextlib
import os
import random
import statistics
import time
from typing import Any

from bench import hot, works
from bench.frame import Figure
from bench.load import closed

ORM_PORT = 8704
CLIENTS = 16
LEAST = {"validate a code": 10, "check-out": 20}


def main() -> list[Figure]:
    """Make the world, start both servers, measure by turns."""
    with contextlib.ExitStack() as stack:
        copies = stack.enter_context(hot.world())
        data = os.environ["LICET_DATA"]
        door = stack.enter_context(hot.served(hot.command(hot.DOOR), port=hot.ROW_PORT, data=data))
        orm = stack.enter_context(hot.served(_command(), port=ORM_PORT, data=data))
        return [_figure(name, copies=copies, door=door, orm=orm) for name in LEAST]


def _command() -> list[str]:
    from licet.config.processes import web

    return [*web(host="127.0.0.1", port=ORM_PORT, workers=1, threads=4)[:-1], "bench.orm:application"]


def _figure(name: str, *, copies: Any, door: hot.Server, orm: hot.Server) -> Figure:
    chance, counter = random.Random(5), works.Counter(int(time.time() * 1e6))
    found: tuple[list[float], list[float]] = ([], [])
    pairs = []
    # each has its own customers: what one has prepared would be behind the counters of the other
    half = copies.active // 2
    for server, numbers in ((door, range(half)), (orm, range(half, copies.active))):
        host = f"127.0.0.1:{server.port}"
        common: dict[str, Any] = {"copies": copies, "host": host, "verifier": None, "chance": chance}
        work: Any = works.Validate(**common)
        if name == "check-out":
            work = works.CheckOut(address=f"http://{host}", counter=counter, numbers=numbers, **common)
        asyncio.run(closed(port=server.port, clients=CLIENTS, seconds=1, work=work))
        pairs.append((work, server))
    for _ in range(hot.ROUNDS):
        for (work, server), into in zip(pairs, found, strict=True):
            into.append(hot.slice_of(work=work, server=server, clients=CLIENTS).server_us)
    ours, theirs = (statistics.median(each) for each in found)
    what = f"{hot.DOOR}, {hot.DATABASE}, {hot.ROWS:,} licenses, {CLIENTS} clients: {name}"
    return Figure(
        what=what, value=ours, unit="µs CPU", floor=theirs, floor_of="the ORM's", most=1 / LEAST[name]
    )
