"""The door inside the WSGI entry: hot paths are answered here, the rest goes on to Django."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.db import connections

from licet.gateway.answers import Answer
from licet.gateway.calls import BODY_LIMIT, Call
from licet.gateway.door import CALLS, READING, Door
from licet.gateway.turns import Turns
from licet.kernel import clock

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


def in_front_of(site: Application, *, door: Door | None = None) -> Application:
    """Return the application that tries the door first."""
    lean = door or Door()
    turns = Turns(lean) if connections["default"].vendor == "sqlite" else None

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") not in CALLS:
            return site(environ, start_response)
        call = _call(environ)
        shared = turns if call.path not in READING else None
        return _send((shared or lean).answer(call, now=clock.read()), start_response)

    return application


def _call(environ: Environ) -> Call:
    return Call(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        body=_body(environ),
        content_type=environ.get("CONTENT_TYPE") or "",
        authorization=environ.get("HTTP_AUTHORIZATION", ""),
        proof=environ.get("HTTP_DPOP", ""),
        languages=environ.get("HTTP_ACCEPT_LANGUAGE", ""),
        peer=environ.get("REMOTE_ADDR", ""),
        forwarded=environ.get("HTTP_X_FORWARDED_FOR", ""),
    )


def _body(environ: Environ) -> bytes:
    """Read one byte more than is allowed at most, so that the door sees that it is too much."""
    length = environ.get("CONTENT_LENGTH") or ""
    wanted = BODY_LIMIT + 1
    if length.isascii() and length.isdigit():
        wanted = min(int(length[:9]), wanted)
    body: bytes = environ["wsgi.input"].read(wanted)
    return body


def _send(answer: Answer, start_response: StartResponse) -> Iterable[bytes]:
    phrase = HTTPStatus(answer.status).phrase
    length = ("Content-Length", str(len(answer.body)))
    start_response(f"{answer.status} {phrase}", [*answer.headers, length])
    return [answer.body]
