"""Starts the child on one file and looks at what it wrote, without believing it."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from licet.education.sandbox.codes import MOST, MOST_BYTES
from licet.education.sandbox.frames import FAULTS, LONGEST_SIDE, MOST_PAGES, MOST_TEXT, frame, frames
from licet.kernel.confining import CPU_SECONDS

WALL_SECONDS = 30
"""How long a child may take altogether; its processor time is limited by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Our picture of one page."""

    width: int
    height: int
    content: bytes = field(repr=False)  # WebP


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a file. `fault`: why there are no pictures; empty where there are."""

    pages: list[Drawn] = field(default_factory=list)
    text: str = field(default="", repr=False)
    fault: str = ""
    barcodes: list[bytes] = field(default_factory=list, repr=False)  # as they are; nobody has verified them
    walls: dict[str, bool] = field(default_factory=dict)  # limits, network, files
    memory: int = 0  # bytes, by the child's own word


def read(
    *, kind: str, content: bytes, cpu_seconds: int = CPU_SECONDS, wall_seconds: float = WALL_SECONDS
) -> Outcome:
    """Return our pictures of a file, or why there are none: a child that dies or says nonsense is `limit`.

    One that dies after its last picture, looking for barcodes, has none.
    """
    ended, said = _ran(kind, content, cpu_seconds=cpu_seconds, wall_seconds=wall_seconds)
    try:
        outcome = _outcome(said)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Outcome(fault="limit", walls=_walls(said))
    return outcome if ended == 0 or not outcome.fault else Outcome(fault="limit", walls=outcome.walls)


def verify(
    *, kind: str, certificates: Sequence[bytes], contents: Sequence[bytes], now: datetime
) -> list[dict[str, Any]] | None:
    """Return what signed barcodes (`barcode`) or a sealed file (`seal`) say, one for each of `contents`.

    `certificates`: those that count, DER; for barcodes none means those that the library brings along. None
    where the child died: who sent that has nothing verified. Without contents: what the library has.
    """
    asked = frame("A", json.dumps({"now": now.isoformat()}).encode())
    asked += b"".join(frame("C", each) for each in certificates)
    asked += b"".join(frame("D", each) for each in contents)
    ended, said = _ran(kind, asked, cpu_seconds=CPU_SECONDS, wall_seconds=WALL_SECONDS)
    if ended != 0:
        return None
    try:
        told = [json.loads(content) for letter, content in frames(said) if letter == "J"]
    except ValueError:
        return None
    right = len(told) == 1 and isinstance(told[0], list) and all(isinstance(each, dict) for each in told[0])
    return told[0] if right and len(told[0]) == max(1, len(contents)) else None


def _ran(kind: str, given: bytes, *, cpu_seconds: int, wall_seconds: float) -> tuple[int | None, bytes]:
    return child(["licet.education.sandbox", kind, str(cpu_seconds)], given=given, wall_seconds=wall_seconds)


def child(arguments: Sequence[str], *, given: bytes, wall_seconds: float) -> tuple[int | None, bytes]:
    """Run a module of ours on what it is given; return how it ended (None: it had to be ended) and its words.

    `arguments`: the module, and what it gets.
    """
    with _held(given) as asked, _held(b"") as taken:
        started = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-I", "-m", *arguments],
            stdin=asked,
            stdout=taken,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"LC_ALL": "C.UTF-8"},
            start_new_session=True,
        )
        try:
            ended = started.wait(timeout=wall_seconds)
        except subprocess.TimeoutExpired:
            ended = None
        finally:
            with contextlib.suppress(ProcessLookupError):
                started.kill()
            started.wait()
        taken.seek(0)
        return ended, taken.read()


@contextlib.contextmanager
def _held(content: bytes) -> Iterator[BinaryIO]:
    """A file in memory (on systems without one: without a name), so that no paper is written to a disk."""
    with _opened() as file:
        file.write(content)
        file.flush()
        file.seek(0)
        yield file


def _opened() -> BinaryIO:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("licet"), "w+b")
    return tempfile.TemporaryFile()


def _walls(said: bytes) -> dict[str, bool]:
    with contextlib.suppress(ValueError, AttributeError):
        for letter, content in frames(said):
            if letter == "H":
                return {str(name): value is True for name, value in json.loads(content).items()}
    return {}


def _outcome(said: bytes) -> Outcome:
    pages: list[Drawn] = []
    barcodes: list[bytes] = []
    text, end = "", {}
    for letter, content in _framed(said):
        if letter == "P":
            pages.append(_drawn(content))
        elif letter == "T":
            text = content.decode(errors="replace")[:MOST_TEXT]
        elif letter == "F":
            fault = content.decode("ascii")
            return Outcome(fault=fault if fault in FAULTS else "limit", walls=_walls(said))
        elif letter == "E":
            end = json.loads(content)
        elif letter == "B":
            barcodes.append(content[:MOST_BYTES])
    if not pages or not end or len(pages) > MOST_PAGES:
        raise ValueError("no pages, or no end")
    return Outcome(
        pages=pages, text=text, barcodes=barcodes[:MOST], walls=_walls(said), memory=int(end["memory"])
    )


def _framed(said: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the frames; one that is cut off after the end of the pictures is left out."""
    ended = False
    try:
        for letter, content in frames(said):
            ended = ended or letter == "E"
            yield letter, content
    except ValueError:
        if not ended:
            raise


def _drawn(content: bytes) -> Drawn:
    width, height, picture = int.from_bytes(content[:4]), int.from_bytes(content[4:8]), content[8:]
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        raise ValueError("a picture of another size")
    if picture[:4] != b"RIFF" or picture[8:12] != b"WEBP":
        raise ValueError("another kind of picture")
    return Drawn(width=width, height=height, content=picture)
