"""The child's program; see `licet.education.sandbox`."""

import json
import os
import sys
from typing import Any

from licet.education.sandbox import confining, drawing
from licet.education.sandbox.frames import MOST_OUTPUT, frame


def main() -> None:
    """Give everything up, read the file, draw it."""
    kind, cpu_seconds = sys.argv[1], int(sys.argv[2])
    limited = confining.limit(output=MOST_OUTPUT, cpu_seconds=cpu_seconds)
    walls = {"limits": limited, "network": confining.leave_network()}
    drawing.load(kind)
    walls["files"] = confining.leave_files()
    out = sys.stdout.buffer
    out.write(frame("H", json.dumps(walls).encode()))

    def page(image: Any) -> None:
        size = image.width.to_bytes(4) + image.height.to_bytes(4)
        out.write(frame("P", size + drawing.webp(image)))

    def text(words: str) -> None:
        out.write(frame("T", words.encode(errors="replace")))

    try:
        number = drawing.draw(kind=kind, content=sys.stdin.buffer.read(), page=page, text=text)
    except drawing.Unreadable as why:
        out.write(frame("F", str(why).encode()))
    else:
        out.write(frame("E", json.dumps({"pages": number, "memory": _memory()}).encode()))
    out.flush()
    os._exit(0)  # what a library wants to tidy up now is not worth a crash


def _memory() -> int:
    """Return the most memory that was in use, in bytes."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
