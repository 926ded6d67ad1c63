"""The door as a plain ASGI application (https://asgi.readthedocs.io, HTTP 2.3), for any server of that kind.

Slower than `protocol` by the task and the dictionaries of each request, and it leans on nothing private.
"""

from asyncio import Future, get_running_loop
from collections.abc import Awaitable, Callable
from typing import Any

from licet.gateway import answers, errors
from licet.gateway.answers import Answer
from licet.gateway.calls import BODY_LIMIT, Call
from licet.gateway.door import CALLS
from licet.gateway.grouping import Grouping

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_FIELDS = {
    b"content-type": "content_type",
    b"authorization": "authorization",
    b"dpop": "proof",
    b"accept-language": "languages",
    b"x-forwarded-for": "forwarded",
}


class Gone(Exception):
    """The caller hung up before its request was whole."""


class DoorApplication:
    """Answers the door's addresses; everything else is not here. `grouping` is set before the first call."""

    grouping: Grouping

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        fields: dict[str, str] = {}
        for name, value in scope["headers"]:
            kept = _FIELDS.get(name)
            if kept is not None:
                text = value.decode("latin-1")
                fields[kept] = f"{fields[kept]}, {text}" if kept in fields else text
        try:
            body, whole = await _body(receive)
        except Gone:
            return
        peer = (scope.get("client") or ("",))[0]
        call = Call(method=scope["method"], path=scope["path"], body=body, peer=peer, **fields)
        await _send(await self._answer(call), send, close=not whole)

    async def _answer(self, call: Call) -> Answer:
        if call.path not in CALLS:
            return answers.problem(errors.NoSuchCall(), languages=call.languages)
        answered: Future[Answer] = get_running_loop().create_future()

        def done(answer: Answer) -> None:
            if not answered.done():
                answered.set_result(answer)

        self.grouping.add(call, done)
        return await answered


async def _body(receive: Receive) -> tuple[bytes, bool]:
    """Read the body, or a little more than is allowed of it; True: all of it."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > BODY_LIMIT:
            return b"".join(parts)[: BODY_LIMIT + 1], False
        if not message.get("more_body", False):
            return b"".join(parts), True


async def _send(answer: Answer, send: Send, *, close: bool) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in answer.headers]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
