"""A door to the registers as VIES has one: it answers what a test tells it to, and keeps what was asked."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any


class Door(HTTPServer):
    """Answers by number: a dict as JSON, bytes as they are, an int as an empty error of that status."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.answers: dict[str, Any] = {}
        self.asked: list[dict[str, str]] = []

    @property
    def address(self) -> str:
        """Where it stands."""
        return f"http://127.0.0.1:{self.server_port}/check-vat-number"


class _Desk(BaseHTTPRequestHandler):
    server: Door

    def do_POST(self) -> None:
        """Keep the question, send the answer."""
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(question)
        answer = self.server.answers.get(question["countryCode"] + question["vatNumber"], 503)
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(answer if isinstance(answer, int) else 200)
        self.send_header("Content-Length", "0" if isinstance(answer, int) else str(len(body)))
        self.end_headers()
        if not isinstance(answer, int):
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def opened() -> Iterator[Door]:
    """Open a door for the length of a test."""
    with Door() as door:
        thread = Thread(target=door.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield door
        finally:
            door.shutdown()
            thread.join()
