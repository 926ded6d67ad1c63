"""The lean protocol class by itself: order, limits and time, with a network and a clock of our own."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from uvicorn.server import ServerState

from licet.gateway import protocol
from licet.gateway.answers import Answer
from licet.gateway.calls import Call
from licet.gateway.protocol import DoorProtocol
from tests.gateway.staging import request

PATH = "/v1/leases/renew"
GOOD = request(PATH, b"{}")


class Line:
    """What asyncio calls a transport: it keeps what was written."""

    def __init__(self) -> None:
        self.written = b""
        self.closed = self.ended = self.aborted = self.paused = False

    def write(self, data: bytes) -> None:
        assert not self.closed
        self.written += data

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.aborted = self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.ended = True

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False

    def get_extra_info(self, name: str) -> None:
        return None

    @property
    def statuses(self) -> list[int]:
        """The statuses of what was answered so far."""
        return [int(each[:3]) for each in self.written.decode("latin-1").split("HTTP/1.1 ")[1:]]


class Slow:
    """A grouping that answers when it is told to."""

    def __init__(self) -> None:
        self.calls: list[tuple[Call, Callable[[Answer], None]]] = []

    def add(self, call: Call, done: Callable[[Answer], None]) -> None:
        self.calls.append((call, done))

    def answer(self, index: int, status: int = 200) -> None:
        """Answer one of the calls."""
        self.calls[index][1](Answer(status, b"{}", ()))


class Connection:
    """A connection with everything around it."""

    def __init__(self, loop: Any, config: uvicorn.Config, *, others: int = 0) -> None:
        self.state = ServerState()
        for _ in range(others):
            self.state.connections.add(object())  # type: ignore[arg-type]
        self.slow, self.line = Slow(), Line()
        kind = type("Tested", (DoorProtocol,), {"grouping": self.slow, "most_connections": 3})
        self.protocol: DoorProtocol = kind(config=config, server_state=self.state, app_state={}, _loop=loop)
        self.protocol.connection_made(self.line)

    def send(self, data: bytes) -> None:
        """Receive bytes."""
        self.protocol.data_received(data)


@pytest.fixture
def loop() -> Iterator[Any]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture
def link(loop: Any) -> Connection:
    return Connection(loop, CONFIG)


async def nothing(scope: Any, receive: Any, send: Any) -> None:
    """An application that is never asked."""


CONFIG = uvicorn.Config(nothing, log_config=None)


def test_this_uvicorn_is_the_one_that_it_was_made_for() -> None:
    assert protocol.fits()


def test_another_uvicorn_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Other:
        def __init__(self, config: Any, transport: Any) -> None: ...

    monkeypatch.setattr(protocol, "HttpToolsProtocol", Other)
    assert not protocol.fits()


def test_answers_leave_in_the_order_of_the_calls(link: Connection) -> None:
    link.send(GOOD * 3)
    link.slow.answer(2, 403)
    link.slow.answer(1, 409)
    assert link.line.written == b""
    link.slow.answer(0, 200)
    assert link.line.statuses == [200, 409, 403]
    assert not link.line.closed


def test_what_is_not_ours_waits_its_turn_as_well(link: Connection) -> None:
    link.send(GOOD + request("/other", b"") + GOOD)
    assert link.line.written == b""
    link.slow.answer(0)
    assert link.line.statuses == [200, 404]
    link.slow.answer(1)
    assert link.line.statuses == [200, 404, 200]


def test_a_fault_after_a_good_call_lets_that_be_answered_first(link: Connection) -> None:
    link.send(GOOD + b"\x00\x01\x02 nonsense\r\n\r\n")
    assert link.line.statuses == []
    link.slow.answer(0)
    assert link.line.statuses == [200, 400]
    assert link.line.ended


def test_reading_stops_while_too_many_answers_are_owed(link: Connection) -> None:
    link.send(GOOD * protocol.PIPELINED)
    assert link.line.paused
    link.slow.answer(0)
    assert not link.line.paused


def test_reading_stops_while_the_other_side_does_not_take_its_answers(link: Connection, loop: Any) -> None:
    link.protocol.pause_writing()
    assert link.line.paused
    link.protocol.resume_writing()
    assert not link.line.paused
    link.protocol.pause_writing()
    link.protocol.overdue(loop.time() + protocol.WRITING_SECONDS + 1)
    assert link.line.aborted


def test_a_request_that_takes_too_long_is_ended(link: Connection, loop: Any) -> None:
    link.send(GOOD[:40])
    link.protocol.overdue(loop.time() + protocol.READING_SECONDS - 1)
    assert link.line.statuses == []
    link.send(GOOD[40:50])  # a drop now and then does not buy more time
    link.protocol.overdue(loop.time() + protocol.READING_SECONDS + 1)
    assert link.line.statuses == [408]
    assert link.line.ended
    link.protocol.overdue(loop.time() + protocol.LINGERING_SECONDS + 1)
    assert link.line.closed


def test_an_idle_connection_is_ended_and_one_that_waits_for_us_is_not(link: Connection, loop: Any) -> None:
    link.send(GOOD)
    link.protocol.overdue(loop.time() + protocol.IDLE_SECONDS + 1)
    assert not link.line.closed
    link.slow.answer(0)
    link.protocol.overdue(loop.time() + protocol.IDLE_SECONDS - 1)
    assert not link.line.closed
    link.protocol.overdue(loop.time() + protocol.IDLE_SECONDS + 1)
    assert link.line.closed


def test_our_word_for_the_body_waits_for_the_answers_before_it(link: Connection) -> None:
    head, _, body = GOOD.partition(b"\r\n\r\n")
    link.send(GOOD + head + b"\r\nExpect: 100-continue\r\n\r\n")
    assert link.line.written == b""
    link.slow.answer(0)
    assert link.line.statuses == [200, 100]
    link.send(body)
    link.slow.answer(1)
    assert link.line.statuses == [200, 100, 200]


def test_a_body_that_is_announced_too_large_is_not_asked_for(link: Connection) -> None:
    head = GOOD.partition(b"\r\n\r\n")[0].replace(b"Content-Length: 2", b"Content-Length: 20000")
    link.send(head + b"\r\nExpect: 100-continue\r\n\r\n")
    assert link.line.statuses == [413]
    link.send(b"x" * 20_000)
    assert link.line.statuses == [413]
    assert link.slow.calls == []


def test_a_stop_waits_for_what_is_owed(link: Connection) -> None:
    link.send(GOOD * 2)
    link.protocol.shutdown()
    assert not link.line.closed
    link.send(GOOD)  # too late
    link.slow.answer(0)
    link.slow.answer(1)
    assert link.line.statuses == [200, 200]
    assert b"Connection: close" in link.line.written
    assert link.line.closed
    assert len(link.slow.calls) == 2


def test_a_stop_ends_an_idle_connection_at_once(link: Connection) -> None:
    link.protocol.shutdown()
    assert link.line.closed


def test_an_answer_for_who_has_hung_up_goes_nowhere(link: Connection) -> None:
    link.send(GOOD)
    link.protocol.connection_lost(None)
    link.slow.answer(0)
    assert link.line.written == b""
    assert link.protocol not in link.state.connections


def test_who_ends_its_half_still_gets_its_answers(link: Connection) -> None:
    link.send(GOOD)
    assert link.protocol.eof_received()
    link.slow.answer(0)
    assert link.line.statuses == [200]
    assert link.line.closed


def test_one_connection_too_many_is_told_so(loop: Any) -> None:
    link = Connection(loop, CONFIG, others=3)
    assert link.line.statuses == [503]
    assert b"Retry-After" in link.line.written
    link.send(GOOD)
    assert link.slow.calls == []


def test_a_call_of_http_1_0_ends_its_connection(link: Connection) -> None:
    link.send(GOOD.replace(b"HTTP/1.1", b"HTTP/1.0"))
    link.slow.answer(0)
    assert link.line.statuses == [200]
    assert link.line.closed


def spoiled() -> st.SearchStrategy[bytes]:
    """Requests with bytes changed, cut out and put in."""
    changes = st.lists(
        st.tuples(st.integers(0, len(GOOD)), st.integers(0, 9), st.binary(max_size=9)), max_size=6
    )

    def spoil(made: list[tuple[int, int, bytes]]) -> bytes:
        data = GOOD * 2
        for start, cut, put in made:
            data = data[:start] + put + data[start + cut :]
        return data

    return changes.map(spoil) | st.binary(max_size=400)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=spoiled(), pieces=st.lists(st.integers(1, 60), max_size=12))
def test_whatever_comes_in_whatever_pieces(loop: Any, data: bytes, pieces: list[int]) -> None:
    link = Connection(loop, CONFIG)
    start = 0
    for size in [*pieces, len(data)]:
        link.send(data[start : start + size])
        start += size
        while link.slow.calls:
            link.slow.answer(0)
            link.slow.calls.pop(0)
    assert set(link.line.statuses) <= {100, 200, 400, 404, 413, 431}
    link.protocol.overdue(loop.time() + protocol.IDLE_SECONDS + 1)
    link.protocol.overdue(loop.time() + 2 * protocol.IDLE_SECONDS)
    assert link.line.closed
