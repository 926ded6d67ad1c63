"""The applications' door in process: microseconds per call, against the signature that every answer needs.

Counted is the door alone, from a call's bytes to its answer's; making proofs and reading answers is the
application's work. Every answer is checked, every commit durable; time is that of the processor, so that
a busy machine does not count.
"""

import dataclasses
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench.frame import Figure, prepare

TIMES, ROUNDS = 300, 5
FLOOR = "one Ed25519 signature"


class Stopwatch:
    """A door that remembers how long each of its answers took."""

    def __init__(self, door: Any) -> None:
        self.door = door
        self.took: list[float] = []

    def answer(self, call: Any, *, now: Any) -> Any:
        """Answer as the door does."""
        start = time.process_time()
        answer = self.door.answer(call, now=now)
        self.took.append(time.process_time() - start)
        return answer

    def median(self, call: Callable[[], None]) -> float:
        """Return the median over the rounds of a call's mean microseconds."""
        means = []
        for _ in range(ROUNDS):
            self.took.clear()
            for _ in range(TIMES):
                call()
            means.append(statistics.mean(self.took) * 1e6)
        return statistics.median(means)


def main() -> list[Figure]:
    """Measure a repeated check-out and a renewal."""
    prepare()
    from django.db import connection

    machine, product = _machine()
    watch = Stopwatch(machine.door)
    machine.door = watch
    latest = machine.checkout(product)

    def checkout() -> None:
        nonlocal latest
        latest = machine.checkout(product)
        assert latest.status == 200, latest.values

    def renew() -> None:
        nonlocal latest
        latest = machine.renew(latest)
        assert latest.status == 200, latest.values

    floor = _signature()
    statements = _statements(checkout)
    reads = sum(sql.lstrip().startswith("SELECT") for sql in statements)
    figures = [
        Figure(what="check-out, repeated, durable", value=watch.median(checkout), unit="µs"),
        Figure(what="renew, durable", value=watch.median(renew), unit="µs"),
    ]
    connection.cursor().execute("PRAGMA synchronous=OFF")  # the door's own work, without the disk's
    figures += [
        Figure(what="check-out, disk left out", value=watch.median(checkout), unit="µs"),
        Figure(what="renew, disk left out", value=watch.median(renew), unit="µs"),
    ]
    return [
        *(dataclasses.replace(each, floor=floor, floor_of=FLOOR) for each in figures),
        Figure(what="check-out: reading", value=reads, unit="statements", floor=2, floor_of="target", most=1),
        Figure(what="check-out: all", value=len(statements), unit="statements"),
    ]


def _cpu(call: Callable[[], object]) -> float:
    """Return the median over the rounds of a call's mean microseconds of processor time."""
    means = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(TIMES):
            call()
        means.append((time.process_time() - start) / TIMES * 1e6)
    return statistics.median(means)


def _machine() -> tuple[Any, str]:
    from django.core.management import call_command
    from django.test import override_settings
    from tests.doorway import Machine, application, keys
    from tests.world import World

    from licet.kernel import clock

    call_command("createcachetable", verbosity=0)
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        world = World(now=clock.read())
        keys(now=world.now)
        app = application(products=[world.product], now=world.now)
        pool = world.licenses(seats=3, features=("export",)).pool
        world.seat(pool, world.member(world.bob))
    return Machine(person=world.bob, app=app, now=world.now), world.product.code


def _statements(call: Callable[[], None]) -> list[str]:
    """Return what the database is asked during one call."""
    from django.db import connection

    found: list[str] = []
    connection.connection.set_trace_callback(found.append)
    call()
    connection.connection.set_trace_callback(None)
    return found


def _signature() -> float:
    """Return the microseconds of signing a lease's claims, with its JSON and base 64."""
    from tests.signing.vectors import key, values

    signer, claims = key(b"l"), values()
    return _cpu(lambda: signer.sign(claims))
