"""A day's mixture at the applications' door, while people look at pages.

Of a hundred calls 90 renew, 8 check out, 2 validate a code. They come at half the rate that the gateway
can take; a visitor walks through the pages of a customer, which the web server answers beside it on the
same database. Measured by turns: the calls alone, the pages alone, both.

    python -m bench.frame mixed        with the settings of `bench.hot`
"""

import asyncio
import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from bench import hot
from bench.frame import Figure
from bench.load import Request, Result, closed, paced
from bench.machine import busy

WEB_PORT = 8703
SECONDS = 4.0
SHARES = {"renew": 90, "check-out": 8, "validate": 2}


class Mixed:
    """One of three works, drawn by its share; a renewal where there is a lease, else a check-out."""

    name = "mixed"

    def __init__(self, *, works: dict[str, Any], chance: random.Random) -> None:
        self.works, self.chance = works, chance

    def prepare(self, count: int) -> None:
        """Make what can be made beforehand."""
        for name in ("check-out", "validate"):
            self.works[name].prepare(count * SHARES[name] // 100)

    def take(self) -> tuple[Request, tuple[Any, Any]]:
        """Return a request."""
        (name,) = self.chance.choices(list(SHARES), weights=list(SHARES.values()))
        if name == "renew" and not self.works["renew"].leases:
            name = "check-out"
        work = self.works[name]
        request, what = work.take()
        return request, (work, what)

    def done(self, what: tuple[Any, Any], status: int, body: bytes) -> None:
        """Look at the answer."""
        what[0].done(what[1], status, body)


def main() -> list[Figure]:
    """Make the world, start the gateway and the web server, measure by turns."""
    with contextlib.ExitStack() as stack:
        copies = stack.enter_context(hot.world())
        cookie, pages = _visitor()
        data = os.environ["LICET_DATA"]
        door = stack.enter_context(hot.served(hot.command("gateway"), port=hot.ROW_PORT, data=data))
        web = stack.enter_context(hot.served(_web(), port=WEB_PORT, data=data))
        for pid in web.pids:
            os.sched_setaffinity(pid, range(os.cpu_count() or 1))
        work = _works(copies)
        first = work.works.pop("first")
        asyncio.run(closed(port=door.port, clients=64, seconds=3, work=first))
        work.works["renew"] = _renewals(first, host=f"127.0.0.1:{door.port}")
        most = [hot.slice_of(work=work, server=door, clients=64).rate for _ in range(3)]
        return _figures(door=door, work=work, rate=statistics.median(most) / 2, look=(cookie, pages))


def _web() -> list[str]:
    from licet.config.processes import web

    return web(host="127.0.0.1", port=WEB_PORT, workers=1, threads=4)


def _visitor() -> tuple[str, list[str]]:
    """Sign somebody in; return the cookie and the pages to walk through."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client, override_settings
    from django.urls import reverse

    from licet.teams.models import Member

    call_command("collectstatic", verbosity=0, interactive=False)
    member = Member.objects.filter(left_at=None).order_by("pk").select_related("person", "team")[0]
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        client = Client()
        client.force_login(member.person)
    team = member.team.public_id
    pages = [
        reverse("my_licenses"),
        reverse("subscriptions", args=[team]),
        reverse("team_members", args=[team]),
    ]
    connection.close()
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()), pages


def _works(copies: Any) -> Mixed:
    from bench import works

    chance, counter = random.Random(11), works.Counter(int(time.time() * 1e6))
    host = f"127.0.0.1:{hot.ROW_PORT}"
    verifier = works.Verifier(_published())
    validate = works.Validate(copies=copies, host=host, verifier=verifier, chance=chance)

    def checkout(numbers: range) -> works.CheckOut:
        address = f"http://{host}"
        return works.CheckOut(
            copies=copies, address=address, host=host, verifier=verifier,
            counter=counter, chance=chance, numbers=numbers,
        )  # fmt: skip

    # who checks out again ends the lease before: those who renew are others
    half = copies.active // 2
    made = {"first": checkout(range(half)), "check-out": checkout(range(half, copies.active))}
    return Mixed(works={"validate": validate, **made}, chance=chance)


def _renewals(checkout: Any, *, host: str) -> Any:
    from bench import works

    return works.Renew(
        leases=checkout.leases, host=host, verifier=checkout.verifier, counter=checkout.counter
    )


def _published() -> Any:
    from licet.kernel import clock
    from licet.signing import queries
    from licet.signing.states import Purpose

    return queries.jwks(now=clock.read(), purposes=[Purpose.LEASE, Purpose.CODE])["keys"]


@contextlib.contextmanager
def _looking(look: tuple[str, list[str]] | None) -> Iterator[list[float]]:
    """Let the visitor walk meanwhile; afterwards the list holds how long each page took."""
    took: list[float] = []
    if look is None:
        yield took
        return
    cookie, pages = look
    asked = ["--port", str(WEB_PORT), "--cookie", cookie, "--seconds", str(SECONDS), *pages]
    visitor = subprocess.Popen([sys.executable, "-m", "bench.visitor", *asked], stdout=subprocess.PIPE)
    yield took
    answer, _ = visitor.communicate(timeout=60)
    assert visitor.returncode == 0, "a page did not answer"
    took += json.loads(answer)


def _figures(*, door: hot.Server, work: Mixed, rate: float, look: tuple[str, list[str]]) -> list[Figure]:
    alone: list[Result] = []
    beside: list[Result] = []
    cpu: list[float] = []
    quiet: list[float] = []
    loaded: list[float] = []
    for _ in range(hot.ROUNDS):
        alone.append(_run(door, work, rate))
        with _looking(look) as took:
            time.sleep(SECONDS)
        quiet += took
        before = busy(door.pids)
        with _looking(look) as took:
            beside.append(_run(door, work, rate))
        cpu.append((busy(door.pids) - before) / max(beside[-1].answers, 1) * 1e6)
        loaded += took
    what = f"mixed, {hot.DATABASE}, {hot.ROWS:,} licenses, {rate:,.0f} calls a second"
    figures = [Figure(what=f"{what}: a call beside pages", value=statistics.median(cpu), unit="µs CPU")]
    for part, name in ((0.5, "p50"), (0.99, "p99")):
        figures.append(
            Figure(
                what=f"{what}: calls beside pages, {name}",
                value=statistics.median(each.quantile(part) for each in beside),
                unit="ms",
                floor=statistics.median(each.quantile(part) for each in alone),
                floor_of="without pages",
            )
        )
        figures.append(
            Figure(
                what=f"{what}: pages beside calls, {name}",
                value=_part(loaded, part) * 1e3,
                unit="ms",
                floor=_part(quiet, part) * 1e3,
                floor_of="without calls",
            )
        )
    return figures


def _run(door: hot.Server, work: Mixed, rate: float) -> Result:
    work.prepare(int(rate * SECONDS))
    return asyncio.run(paced(port=door.port, clients=64, seconds=SECONDS, rate=rate, work=work))


def _part(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
