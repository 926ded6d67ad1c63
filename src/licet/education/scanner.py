"""The virus scanner (clamd), where the operator has set one up: its command INSTREAM, and nothing more.

clamd(8): `zINSTREAM\\0`, then pieces with four bytes of length (big-endian) before each, then a length of 0;
the answer ends with a zero byte.
"""

import socket
from collections.abc import Iterator
from contextlib import closing

from django.conf import settings

from licet.education.errors import ScannerAway

NONE = "none"
"""The setting of an operator who wants no scanner, and says so."""

PIECE = 65_536
PATIENCE = 30.0
"""Seconds for each step of the talk."""


def is_set_up() -> bool:
    """Whether papers are scanned in this installation."""
    return settings.LICET_CLAMD_ADDRESS not in {"", NONE}


def scan(*, content: bytes) -> str:
    """Return what the scanner found in it; an empty text: nothing, or no scanner is set up.

    Refuses ScannerAway where one is set up and says anything but yes or no: nothing is silently clean.
    """
    if not is_set_up():
        return ""
    answer = _said(b"zINSTREAM\0", *_pieces(content), b"\0\0\0\0")
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerAway(why=answer[:80] or "no answer")


def ping() -> None:
    """Refuse ScannerAway where the scanner that is set up does not answer."""
    answer = _said(b"zPING\0")
    if answer != "PONG":
        raise ScannerAway(why=answer[:80] or "no answer")


def _pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), PIECE):
        piece = content[start : start + PIECE]
        yield len(piece).to_bytes(4) + piece


def _said(*parts: bytes) -> str:
    try:
        with closing(_connected()) as link:
            for part in parts:
                link.sendall(part)
            answer = bytearray()
            while not answer.endswith(b"\0"):
                got = link.recv(4096)
                if not got:
                    break
                answer += got
    except (OSError, ValueError) as error:
        # What it says when it has enough of a file gets lost with the pipe: that is not a yes either.
        raise ScannerAway(why=type(error).__name__) from error
    return answer.rstrip(b"\0").decode(errors="replace").strip()


def _connected() -> socket.socket:
    address: str = settings.LICET_CLAMD_ADDRESS
    if address.startswith("unix:"):
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(PATIENCE)
        link.connect(address.removeprefix("unix:").replace("//", "/", 1))
        return link
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE)
