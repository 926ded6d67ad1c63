"""One door, three ways in: the same cases for the WSGI entry, the lean protocol class and plain ASGI."""

import json
import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.gateway.staging import Process, Wire, remote, request, stage, surroundings

pytestmark = pytest.mark.real_clock
KINDS = ["wsgi", "lean", "asgi"]
CHECKOUT = "/v1/leases/checkout"
HEAD = f"POST {CHECKOUT} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n".encode()


@dataclass
class Served:
    """A server of one kind, and a machine that calls it."""

    kind: str
    port: int
    product: str
    machines: list[Any]
    process: Process

    @property
    def machine(self) -> Any:
        """The first machine."""
        return self.machines[0]

    def once(self, data: bytes) -> tuple[int, dict[str, str], bytes]:
        """Send bytes on a fresh connection; return the first answer."""
        wire = Wire(self.port)
        try:
            wire.send(data)
            return wire.read()
        finally:
            wire.close()


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A database with three machines, ready to be copied."""
    folder = tmp_path_factory.mktemp("staged")
    return folder, stage(count=3, environment=surroundings(folder=folder))


@pytest.fixture(scope="module", params=KINDS)
def served(
    request: pytest.FixtureRequest,
    staged: tuple[Path, dict[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Served]:
    """Each kind on a copy of its own."""
    folder = tmp_path_factory.mktemp(request.param) / "data"
    shutil.copytree(staged[0], folder)
    process = Process(kind=request.param, environment=surroundings(folder=folder), folder=folder).wait()
    try:
        machines = [remote(each, process.port) for each in staged[1]["machines"]]
        yield Served(request.param, process.port, staged[1]["product"], machines, process)
    finally:
        process.stop()
        assert "Traceback" not in process.log.read_text()


def a_checkout(served: Served, number: int = 0, **values: Any) -> bytes:
    """Return a check-out of a machine as it goes over the wire."""
    machine = served.machines[number]
    body = {"product": served.product, **values}
    return bytes(
        machine.written(CHECKOUT, body, proof=machine.proof(), authorization=f"DPoP {machine.token}")
    )


def check_that_a_good_call_works(served: Served) -> None:
    status, _headers, body = served.once(a_checkout(served))
    assert status == 200, body


def test_a_lease_on_a_kept_connection(served: Served) -> None:
    machine = served.machine
    first = machine.checkout(served.product)
    assert first.status == 200, first.values
    second = machine.renew(first)
    assert second.status == 200, second.values
    assert second.claims["jti"] != first.claims["jti"]
    assert machine.release(second).status == 200


def test_many_calls_in_one_packet_are_answered_in_their_order(served: Served) -> None:
    calls, nonces = [], []
    for number in range(12):
        calls.append(a_checkout(served, number % 3, process=str(number)))
        nonces.append(served.machines[number % 3].nonce)
    calls.insert(4, request(CHECKOUT, b"{"))
    calls.insert(8, request("/v1/leases/renew", b"{}"))
    wire = Wire(served.port)
    wire.send(b"".join(calls))
    answers = [wire.read() for _ in calls]
    wire.close()
    statuses = [status for status, _headers, _body in answers]
    assert statuses[4] in {400, 401}
    assert statuses[8] == 422
    leases = [json.loads(body)["lease"] for status, _headers, body in answers if status == 200]
    assert [nonce_of(lease) for lease in leases] == nonces


def nonce_of(lease: str) -> str:
    """Return the nonce that a lease echoes."""
    import jwt

    return str(jwt.decode(lease, options={"verify_signature": False})["nonce"])


def test_a_call_in_small_pieces(served: Served) -> None:
    data = a_checkout(served)
    wire = Wire(served.port)
    wire.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for start in range(0, len(data), 97):
        wire.send(data[start : start + 97])
        time.sleep(0.002)
    assert wire.read()[0] == 200
    wire.close()


def test_a_second_call_that_begins_in_the_packet_of_the_first(served: Served) -> None:
    first, second = a_checkout(served, 0), a_checkout(served, 1)
    wire = Wire(served.port)
    wire.send(first + second[:50])
    assert wire.read()[0] == 200
    wire.send(second[50:])
    assert wire.read()[0] == 200
    wire.close()


def test_a_body_in_chunks(served: Served) -> None:
    data = a_checkout(served)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length")]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:5], body[5:])) + b"0\r\n\r\n"
    status, _headers, text = served.once(
        b"\r\n".join([*lines, b"Transfer-Encoding: chunked"]) + b"\r\n\r\n" + chunks
    )
    assert status == 200, text


def test_a_caller_who_waits_for_our_word_before_the_body(served: Served) -> None:
    data = a_checkout(served)
    head, _, body = data.partition(b"\r\n\r\n")
    wire = Wire(served.port, seconds=5)
    wire.send(head + b"\r\nExpect: 100-continue\r\n\r\n")
    assert wire.read()[0] == 100
    wire.send(body)
    assert wire.read()[0] == 200
    wire.close()


def test_a_caller_that_hangs_up_after_its_call(served: Served) -> None:
    status, headers, _body = served.once(
        a_checkout(served).replace(b"Host:", b"Connection: close\r\nHost:", 1)
    )
    assert status == 200
    assert headers.get("connection", "close").lower() == "close"


@pytest.mark.parametrize(
    ("parts", "allowed"),
    [
        ([b"\x00\xff\x16\x03\x01 nonsense\r\n\r\n"], {0, 400}),
        ([b"POST " + CHECKOUT.encode() + b" HTTP/9.9\r\n\r\n"], {0, 400, 505}),
        ([b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"], {0, 400, 404, 405, 505}),
        ([b"CONNECT elsewhere:443 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"], {0, 400, 403, 404, 405}),
        ([HEAD + b"Content-Length: -1\r\n\r\n"], {0, 400}),
        ([HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"], {0, 400}),
        ([HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}"], {0, 400, 401}),
        ([HEAD + b"Content-Length: 10000000\r\n\r\n", b"x" * 10_000_000], {0, 413}),
        ([HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"989680\r\n" + b"x" * 10_000_000], {0, 413}),
        ([HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"zz\r\n"], {0, 400, 401}),
        ([HEAD + b"X: " + b"y" * 100_000 + b"\r\nContent-Length: 2\r\n\r\n{}"], {0, 400, 401, 431}),
        ([HEAD + b"X: y\r\n" * 20_000 + b"Content-Length: 2\r\n\r\n{}"], {0, 400, 401, 431}),
        ([b"POST /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"], {0, 400, 404, 414, 431}),
        ([HEAD + b"Authorization: DPoP \xff\xfe\r\nContent-Length: 2\r\n\r\n{}"], {0, 400, 401}),
        ([HEAD + b"Authorization: a\r\nAuthorization: b\r\nContent-Length: 2\r\n\r\n{}"], {0, 400, 401}),
        ([HEAD + b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\n{}"], {0, 400, 401}),
        ([HEAD + b"Content-Length: 16000\r\n\r\n" + b"[" * 16_000], {400, 401}),
        ([HEAD.replace(b"POST", b"GET") + b"\r\n"], {405}),
    ],
)
def test_what_is_broken_hurts_nobody(served: Served, parts: list[bytes], allowed: set[int]) -> None:
    wire = Wire(served.port, seconds=5)
    status, body = 0, b""
    try:
        for part in parts:
            wire.send(part)
        status, _headers, body = wire.read()
    except (EOFError, OSError):
        pass  # it hung up on us
    finally:
        wire.close()
    assert status in allowed, body[:300]
    assert b"Traceback" not in body
    check_that_a_good_call_works(served)


def test_many_who_hang_up_in_the_middle(served: Served) -> None:
    data = a_checkout(served)
    for cut in range(10, len(data), 60):
        wire = Wire(served.port)
        wire.send(data[:cut])
        wire.close()
    check_that_a_good_call_works(served)


def test_behind_the_wsgi_entry_is_the_site_and_behind_the_gateway_nothing(served: Served) -> None:
    status, headers, body = served.once(request("/nowhere/", b""))
    assert status == 404
    if served.kind == "wsgi":
        assert headers["content-type"].startswith("text/html")
    else:
        assert json.loads(body)["code"] == "no_such_call"
        assert "server" not in headers


@pytest.mark.parametrize("kind", ["lean", "asgi"])
def test_a_stop_answers_what_has_come(kind: str, staged: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(staged[0], folder)
    process = Process(kind=kind, environment=surroundings(folder=folder), folder=folder).wait()
    machine = remote(staged[1]["machines"][0], process.port)
    product = staged[1]["product"]
    calls = [
        machine.written(
            CHECKOUT,
            {"product": product, "process": str(number)},
            proof=machine.proof(),
            authorization=f"DPoP {machine.token}",
        )
        for number in range(60)
    ]
    wire = Wire(process.port)
    wire.send(b"".join(calls))
    first = wire.read()[0]
    process.process.send_signal(signal.SIGTERM)
    statuses = [first]
    try:
        while True:
            statuses.append(wire.read()[0])
    except (EOFError, ConnectionError):
        pass
    assert set(statuses) == {200}
    assert process.process.wait(timeout=20) in {0, -signal.SIGTERM}
    assert rows(folder) == len(statuses)


def rows(folder: Path) -> int:
    """Return how many leases are on disk."""
    import sqlite3

    with sqlite3.connect(folder / "licet.sqlite3") as link:
        return int(link.execute("SELECT count(*) FROM leases_lease").fetchone()[0])


def test_a_second_gateway_on_one_sqlite_does_not_start(
    staged: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(staged[0], folder)
    environment = surroundings(folder=folder)
    first = Process(kind="lean", environment=environment, folder=folder).wait()
    try:
        second = Process(kind="lean", environment=environment, folder=folder)
        assert second.process.wait(timeout=60) == 1
        assert "Another gateway process" in second.log.read_text()
    finally:
        first.stop()


def test_the_address_that_is_taken_is_named(staged: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(staged[0], folder)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environment = surroundings(folder=folder) | {"LICET_LOG_LEVEL": "INFO"}
        from subprocess import PIPE, run
        from sys import executable

        port = str(taken.getsockname()[1])
        command = [executable, "-m", "licet", "gateway", "--port", port]
        found = run(command, env=os.environ | environment, stderr=PIPE, check=False, timeout=60)
    assert found.returncode == 1
    assert b"Cannot listen on 127.0.0.1" in found.stderr
