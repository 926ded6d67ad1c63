"""The door inside uvicorn: a protocol class that answers without a task, a scope or a future.

It takes over from uvicorn's own class all that concerns requests; what is left to that are connections and
the server's stop. Its inside is not public, so `fits` looks before it is used; where it does not fit,
`licet.gateway.asgi` does the same in the public way.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from inspect import signature
from typing import Any, ClassVar

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from licet.gateway import answers, errors
from licet.gateway.answers import Answer
from licet.gateway.calls import BODY_LIMIT, Call
from licet.gateway.door import CALLS
from licet.gateway.grouping import Grouping
from licet.leases.errors import LeaseRefusal

HEADERS_LIMIT = 16 * 1024
"""Bytes of a request's line and headers; a proof has some 700."""

PIPELINED = 16
"""Calls of one connection that may wait for their answers before nothing more is read from it."""

IDLE_SECONDS, READING_SECONDS, WRITING_SECONDS, LINGERING_SECONDS = 75.0, 10.0, 30.0, 2.0
"""How long a connection may do nothing; take over one request; let an answer lie; go on after its last."""

_FIELDS = {
    b"content-type": "content_type",
    b"authorization": "authorization",
    b"dpop": "proof",
    b"accept-language": "languages",
    b"x-forwarded-for": "forwarded",
}


def fits() -> bool:
    """Whether uvicorn's class is still what this one builds upon."""
    made_with = list(signature(HttpToolsProtocol.__init__).parameters)
    needed = ("connection_made", "connection_lost", "data_received", "on_message_complete", "shutdown")
    return made_with[1:5] == ["config", "server_state", "app_state", "_loop"] and all(
        hasattr(HttpToolsProtocol, name) for name in needed
    )


class Owed:
    """A place in the line of a connection's answers."""

    __slots__ = ("keep_alive", "text")

    def __init__(self, *, keep_alive: bool, text: bytes = b"") -> None:
        self.keep_alive = keep_alive
        self.text = text


class DoorProtocol(HttpToolsProtocol):
    """One connection. Answers leave in the order of their calls, whatever is ready first."""

    grouping: ClassVar[Grouping]
    most_connections: ClassVar[int] = 4096

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line: deque[Owed] = deque()
        self.deaf = False  # nothing more is read: broken, too large, or about to close
        self.reading = False  # a request has begun and is not whole
        self.since = 0.0  # when that began, or when the connection was last of use
        self.blocked = False  # the other side does not take its answers
        self.held = False  # we do not read on before something is answered
        self.expects = False  # the caller waits for our word before it sends the body
        self.lingers = False  # all is said, but the other side still sends

    # --- the connection

    def connection_made(self, transport: Any) -> None:
        """Begin; where there are too many connections, say so and end."""
        super().connection_made(transport)
        self.since = self.loop.time()
        if len(self.connections) > self.most_connections:
            self._refuse(errors.Busy())

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what is owed: commits go on, and whoever asks again gets the same lease."""
        self.connections.discard(self)
        self.line.clear()
        self.deaf = True
        self.parser = None  # type: ignore[assignment]  # the circle between the two ends here

    def data_received(self, data: bytes) -> None:
        """Read what came; whatever is not HTTP ends the connection."""
        if self.deaf:
            return
        if not self.reading:
            self.since = self.loop.time()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:  # the call before it stands; what follows is no HTTP
            self.deaf = True
            if self.line:
                self.line[-1].keep_alive = False
            else:
                self._end()
        except httptools.HttpParserError:
            if not self.deaf:
                self._refuse(errors.BrokenRequest())

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio's own way to stay half open
        """Keep the other direction open while answers are owed."""
        self.deaf = True
        if self.line:
            self.line[-1].keep_alive = False
        return bool(self.line)

    def pause_writing(self) -> None:
        """Read nothing more from somebody who does not take answers."""
        self.blocked, self.since = True, self.loop.time()
        self._hold()

    def resume_writing(self) -> None:
        """Go on."""
        self.blocked, self.since = False, self.loop.time()
        self._go_on()

    def _hold(self) -> None:
        if not self.held and not self.transport.is_closing():
            self.held = True
            self.transport.pause_reading()

    def _go_on(self) -> None:
        if self.held and not self.blocked and len(self.line) < PIPELINED and not self.transport.is_closing():
            self.held = False
            self.transport.resume_reading()

    def shutdown(self) -> None:
        """Stop, after what is owed has been answered; the server waits for that."""
        self.deaf = True
        if self.line:
            self.line[-1].keep_alive = False
        else:
            self.transport.close()

    def overdue(self, now: float) -> None:
        """End the connection when it has been idle, or slow, for too long."""
        waited = now - self.since
        if self.blocked:
            if waited > WRITING_SECONDS:
                self.transport.abort()
        elif self.lingers:
            if waited > LINGERING_SECONDS:
                self.transport.close()
        elif self.reading:
            if waited > READING_SECONDS:
                self._refuse(errors.TooSlow())
        elif not self.line and waited > IDLE_SECONDS:
            self.transport.close()

    # --- the parser's callbacks: one request

    def on_message_begin(self) -> None:
        """Begin a request."""
        self.reading = True
        self.url = b""
        self.fields: dict[str, bytes] = {}
        self.head = 0
        self.parts: list[bytes] = []
        self.size = 0
        self.expects = False

    def on_url(self, url: bytes) -> None:
        """Collect the address."""
        self.url += url
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep the headers that the door reads."""
        self._count(len(name) + len(value) + 4)
        name = name.lower()
        kept = _FIELDS.get(name)
        if kept is not None:
            before = self.fields.get(kept)
            self.fields[kept] = value if before is None else before + b", " + value
        elif name == b"expect" and value.lower() == b"100-continue":
            self.expects = True
        elif name == b"content-length" and value.isdigit() and int(value[:9]) > BODY_LIMIT:
            self._refuse(errors.BodyTooLarge(limit=BODY_LIMIT))

    def _count(self, size: int) -> None:
        self.head += size
        if self.head > HEADERS_LIMIT:
            self._refuse(errors.HeadTooLarge(limit=HEADERS_LIMIT))

    def on_headers_complete(self) -> None:
        """Ask for the body where the caller waits for that."""
        self._invite()

    def _invite(self) -> None:
        if self.expects and not self.deaf and not self.line:
            self.expects = False
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        """Collect the body, up to its limit."""
        if self.deaf:
            return
        self.size += len(body)
        if self.size > BODY_LIMIT:
            self._refuse(errors.BodyTooLarge(limit=BODY_LIMIT))
        else:
            self.parts.append(body)

    def on_message_complete(self) -> None:
        """Hand the call on, and keep its place in the line of answers."""
        self.reading = False
        if self.deaf:
            return
        owed = Owed(keep_alive=self.parser.should_keep_alive())
        self.line.append(owed)
        if not owed.keep_alive:
            self.deaf = True
        if len(self.line) >= PIPELINED:
            self._hold()
        path = self.url.partition(b"?")[0].decode("latin-1")
        call = Call(
            method=self.parser.get_method().decode("latin-1"),
            path=path,
            body=self.parts[0] if len(self.parts) == 1 else b"".join(self.parts),
            peer=self.client[0] if self.client else "",
            **{name: value.decode("latin-1") for name, value in self.fields.items()},
        )
        if path in CALLS:
            self.grouping.add(call, self._done(owed))
        else:
            self._fill(owed, answers.problem(errors.NoSuchCall(), languages=call.languages))

    # --- answers

    def _done(self, owed: Owed) -> Callable[[Answer], None]:
        return lambda answer: self._fill(owed, answer)

    def _fill(self, owed: Owed, answer: Answer) -> None:
        owed.text = self._text(answer, owed.keep_alive)
        line = self.line
        if not line or line[0] is not owed:
            return  # an earlier call of this connection has no answer yet, or the connection is gone
        while line and line[0].text:
            first = line.popleft()
            self.transport.write(first.text)
            self.server_state.total_requests += 1
            if not first.keep_alive:
                self._end()
                return
        self._go_on()
        if self.reading:
            self._invite()
        else:
            self.since = self.loop.time()

    def _end(self) -> None:
        """Say no more. Who still sends is heard out for a moment: the answer could be lost on its way."""
        cut_off, self.deaf, self.lingers, self.since = self.reading, True, True, self.loop.time()
        self.reading = False
        if cut_off and self.transport.can_write_eof() and not self.transport.is_closing():
            self.line.clear()
            self._go_on()
            self.transport.write_eof()
        else:
            self.transport.close()

    def _text(self, answer: Answer, keep_alive: bool) -> bytes:
        head = [STATUS_LINE[answer.status]]
        head += [b"%s: %s\r\n" % (name, value) for name, value in self.server_state.default_headers]
        head.append(_lines(answer.headers))
        if not keep_alive:
            head.append(b"Connection: close\r\n")
        head.append(b"Content-Length: %d\r\n\r\n" % len(answer.body))
        head.append(answer.body)
        return b"".join(head)

    def _refuse(self, refusal: LeaseRefusal) -> None:
        """Answer what cannot be read on from, after what is owed, and end the connection."""
        if self.deaf:
            return
        self.deaf = self.reading = True
        owed = Owed(keep_alive=False)
        self.line.append(owed)
        languages = getattr(self, "fields", {}).get("languages", b"").decode("latin-1")
        self._fill(owed, answers.problem(refusal, languages=languages))


_written: dict[tuple[tuple[str, str], ...], bytes] = {}


def _lines(headers: tuple[tuple[str, str], ...]) -> bytes:
    found = _written.get(headers)
    if found is None:
        found = "".join(f"{name}: {value}\r\n" for name, value in headers).encode("latin-1")
        if len(_written) < 256:
            _written[headers] = found
    return found


async def watch(connections: Callable[[], list[Any]]) -> None:
    """Once a second, end the connections that are idle or slow."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(1)
        now = loop.time()
        for connection in connections():
            if isinstance(connection, DoorProtocol):
                connection.overdue(now)
