"""The installation on a real port of this process, for a client that knows only its address."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import override_settings

from licet.gateway.wsgi import in_front_of


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Handle one request and close the thread's connection to the database."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """Serve door and pages for the length of the block; the value is the address."""
    with _Server(("127.0.0.1", 0), _Quiet) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        with override_settings(LICET_BASE_URL=address):
            server.set_app(in_front_of(get_wsgi_application()))
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            try:
                yield address
            finally:
                server.shutdown()
                thread.join()
