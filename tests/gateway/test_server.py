"""The door behind the real web server: broken, huge and slow requests, and the next good one works."""

import json
import re
import socket
from collections.abc import Iterator

import pytest

from tests.browser import Server

pytestmark = pytest.mark.real_clock
PATH = b"/v1/leases/checkout"
HEAD = b"POST " + PATH + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`licet run` on a data folder of its own."""
    running = Server(folder=tmp_path_factory.mktemp("door"))
    running.start()
    yield running
    running.stop()


def send(server: Server, *parts: bytes, answers: int = 1) -> bytes:
    """Send bytes on a fresh connection; return so many answers, or less where it closes or is silent."""
    received = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as link:
        try:
            for part in parts:
                link.sendall(part)
            link.settimeout(2)
            while whole(received) < answers and (chunk := link.recv(65536)):
                received += chunk
        except OSError:
            pass  # it hung up on us or has said all it had to say
    return received


def whole(received: bytes) -> int:
    """Return how many answers are there to their end."""
    count = 0
    while (end := received.find(b"\r\n\r\n") + 4) > 3:
        length = re.search(rb"(?i)content-length: *(\d+)", received[:end])
        end += int(length[1]) if length else 0
        count += len(received) >= end
        received = received[end:]
    return count


def status(answer: bytes) -> int:
    """Return the status of the first answer; 0 where the server just hung up."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.") else 0


def check_that_a_good_call_is_judged(server: Server) -> None:
    """An honest call without credentials gets the door's own 401."""
    body = b'{"product": "x"}'
    answer = send(server, HEAD + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
    assert status(answer) == 401
    problem = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert problem["code"] == "invalid_token"


@pytest.mark.parametrize(
    ("parts", "allowed"),
    [
        ([b"\x00\xff\x16\x03\x01 nonsense\r\n\r\n"], {0, 400}),
        ([b"POST " + PATH + b" HTTP/9.9\r\n\r\n"], {0, 400, 505}),
        ([HEAD + b"Content-Length: -1\r\n\r\n"], {0, 400}),
        ([HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"], {0, 400}),
        ([HEAD + b"Content-Length: 10000000\r\n\r\n", b"x" * 10_000_000], {0, 413}),
        ([HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"3\r\n{}x\r\n0\r\n\r\n"], {401}),
        ([HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"zz\r\n"], {0, 400, 401}),
        ([HEAD + b"Content-Length: 2\r\n\r\n", b"{", b"}"], {401}),
        ([HEAD + b"Content-Length: 100\r\n\r\n{}"], {0, 400, 408}),
        ([HEAD + b"X: " + b"y" * 100_000 + b"\r\nContent-Length: 2\r\n\r\n{}"], {0, 400, 401, 431}),
        ([HEAD + b"Authorization: DPoP \xff\xfe\r\nContent-Length: 2\r\n\r\n{}"], {0, 400, 401}),
        ([HEAD + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n", b"{}"], {100, 401}),
    ],
)
def test_a_broken_request_hurts_nobody(server: Server, parts: list[bytes], allowed: set[int]) -> None:
    answer = send(server, *parts)
    assert status(answer) in allowed, answer[:300]
    assert b"Traceback" not in answer
    check_that_a_good_call_is_judged(server)


def test_several_calls_on_one_connection_are_answered_in_order(server: Server) -> None:
    good = HEAD + b'Content-Length: 16\r\n\r\n{"product": "x"}'
    broken = HEAD.replace(b"checkout", b"renew") + b"Content-Length: 1\r\n\r\n{"
    answer = send(server, good + broken + good, answers=3)
    assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"401", b"400", b"401"]


def test_the_keys_are_published(server: Server) -> None:
    answer = send(
        server, b"GET /.well-known/jwks.json HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    )
    assert status(answer) == 200
    assert b'"roots"' in answer


def test_the_log_has_no_trace_of_any_of_it(server: Server) -> None:
    assert "Traceback" not in server.log
