"""The door inside the WSGI entry: its paths are answered here, all others by the pages."""

import io
import json
from typing import Any

import pytest

from licet.config.wsgi import application as entry
from licet.gateway.wsgi import in_front_of
from tests.gateway.conftest import Scene


def ask(application: Any, path: str, body: bytes = b"", **more: Any) -> tuple[int, dict[str, str], bytes]:
    """Send one request to a WSGI application."""
    seen: list[Any] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        **more,
    }
    answer = b"".join(application(environ, lambda status, headers, *rest: seen.extend([status, headers])))
    return int(seen[0].split()[0]), dict(seen[1]), answer


def pages(environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    return [b"pages"]


def test_every_part_of_a_request_reaches_the_door(scene: Scene) -> None:
    machine = scene.machine()
    status, headers, body = ask(
        in_front_of(pages, door=machine.door),
        "/v1/leases/checkout",
        json.dumps({"product": scene.product.code}).encode(),
        HTTP_AUTHORIZATION=f"DPoP {machine.token}",
        HTTP_DPOP=machine.proof(),
        HTTP_ACCEPT_LANGUAGE="fr",
    )
    assert status == 200
    assert int(headers["Content-Length"]) == len(body)
    assert json.loads(body)["lease"]


@pytest.mark.parametrize("path", ["/", "/v1/leases", "/v1/leases/checkout/", "/V1/leases/checkout"])
def test_other_paths_go_on_to_the_pages(path: str) -> None:
    assert ask(in_front_of(pages), path)[2] == b"pages"


def test_a_body_without_a_length_is_read_up_to_the_limit() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            assert size >= 0, "an endless body must not be read whole"
            self.taken += size
            return b"x" * size

    endless = Endless()
    status, _, _ = ask(in_front_of(pages), "/v1/leases/renew", CONTENT_LENGTH="", **{"wsgi.input": endless})
    assert status == 413
    assert endless.taken <= 16_385


@pytest.mark.parametrize("length", ["10000000", "99999999999999999999", "-5", "x", "٣"])
def test_a_length_that_lies(length: str) -> None:
    status, headers, _ = ask(in_front_of(pages), "/v1/leases/renew", b"x" * 20_000, CONTENT_LENGTH=length)
    assert status == 413
    assert headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS"])
def test_other_methods(method: str) -> None:
    assert ask(in_front_of(pages), "/v1/leases/release", REQUEST_METHOD=method)[0] == 405


def test_the_entry_of_the_server_has_the_door_in_front() -> None:
    status, headers, _ = ask(entry, "/v1/leases/renew", b"{")
    assert (status, headers["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("seconds", [0, 31_536_000])
def test_nobody_keeps_an_answer_or_guesses_its_type(settings: Any, seconds: int) -> None:
    settings.SECURE_HSTS_SECONDS = seconds
    _, headers, _ = ask(in_front_of(pages), "/v1/leases/renew", b"{")
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert headers.get("Strict-Transport-Security") == (f"max-age={seconds}" if seconds else None)
