"""The child's program; see `licet.education.sandbox`."""

import json
import os
import sys
from datetime import datetime
from typing import Any

from licet.education.sandbox import codes, drawing, seals, statements
from licet.education.sandbox.frames import MOST_OUTPUT, SIGNED, frame, frames
from licet.kernel import confining


def main() -> None:
    """Give everything up, read what came, say what it is."""
    kind, cpu_seconds = sys.argv[1], int(sys.argv[2])
    limited = confining.limit(output=MOST_OUTPUT, cpu_seconds=cpu_seconds)
    walls = {"limits": limited, "network": confining.leave_network()}
    _load(kind)
    walls["files"] = confining.leave_files()
    _say("H", json.dumps(walls).encode())
    if kind in SIGNED:
        _verify(kind, sys.stdin.buffer.read())
    else:
        _draw(kind, sys.stdin.buffer.read())
    sys.stdout.buffer.flush()
    os._exit(0)  # what a library wants to tidy up now is not worth a crash


def _load(kind: str) -> None:
    if kind == "barcode":
        statements.load()
    elif kind == "seal":
        seals.load()
    else:
        drawing.load(kind)
        codes.load()


def _draw(kind: str, content: bytes) -> None:
    first: list[Any] = []

    def page(image: Any) -> None:
        size = image.width.to_bytes(4) + image.height.to_bytes(4)
        _say("P", size + drawing.webp(image))
        if len(first) < codes.PAGES:
            first.append(image)

    def text(words: str) -> None:
        _say("T", words.encode(errors="replace"))

    try:
        number = drawing.draw(kind=kind, content=content, page=page, text=text)
    except drawing.Unreadable as why:
        _say("F", str(why).encode())
        return
    _say("E", json.dumps({"pages": number, "memory": _memory()}).encode())
    # The pictures are out: should this end the child, the paper is read all the same.
    sys.stdout.buffer.flush()
    for image in first:
        if confining.spent() > drawing.ENOUGH_SECONDS:
            break
        for each in codes.found(image):
            _say("B", each)


def _verify(kind: str, asked: bytes) -> None:
    about: dict[str, str] = {}
    certificates, contents = [], []
    for letter, content in frames(asked):
        if letter == "A":
            about = json.loads(content)
        elif letter == "C":
            certificates.append(content)
        elif letter == "D":
            contents.append(content)
    now = datetime.fromisoformat(about["now"])
    if kind == "seal":
        said = [seals.said(content=each, trusted=certificates, now=now) for each in contents]
    elif contents:
        chains = statements.Chains(certificates)
        said = [statements.said(content=each, chains=chains, now=now) for each in contents]
    else:
        said = [statements.about()]
    _say("J", json.dumps(said).encode())
    _say("E", json.dumps({"memory": _memory()}).encode())


def _say(letter: str, content: bytes) -> None:
    sys.stdout.buffer.write(frame(letter, content))


def _memory() -> int:
    """Return the most memory that was in use, in bytes."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
