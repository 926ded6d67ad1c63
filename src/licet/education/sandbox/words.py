"""The words in our own picture of a paper, by Tesseract: optional, for hints to the reviewer alone.

The child that draws cannot start a program, so Tesseract is a child of its own: it gives up the same, keeps
the right to start this one program, and becomes it. It sees our picture and never the file that was sent.
"""

import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from licet.education.sandbox import running
from licet.education.sandbox.frames import MOST_TEXT
from licet.kernel import confining

PROGRAM = "tesseract"
PAGES = 2
"""So many pages are looked at: what hints are about is on the first ones."""

LOADERS = ("lib64/ld-linux*", "lib/ld-linux*", "lib/ld-musl*")
"""What the kernel starts a program with."""

CPU_SECONDS = 20
MOST_OUTPUT = 1_000_000

_LANGUAGES = re.compile(r"[a-z_]{3,20}(\+[a-z_]{3,20}){0,9}")


def found(*, languages: str) -> str:
    """Return where the program is, or nothing where it is not installed or `languages` are none."""
    return shutil.which(PROGRAM) or "" if _LANGUAGES.fullmatch(languages) else ""


def read(*, pictures: Sequence[bytes], languages: str) -> str:
    """Return the words of our pictures (WebP), page after page; nothing where the program fails.

    `languages`: as the program names them, such as `fra+eng`.
    """
    program = found(languages=languages)
    if not program:
        return ""
    texts = []
    for picture in pictures[:PAGES]:
        ended, said = running.child(
            ["licet.education.sandbox.words", program, languages],
            given=picture,
            wall_seconds=running.WALL_SECONDS,
        )
        texts.append(said.decode(errors="replace") if ended == 0 else "")
    return "\n".join(texts)[:MOST_TEXT].strip()


def main() -> None:
    """Give everything up but this one program, and become it."""
    program, languages = sys.argv[1], sys.argv[2]
    confining.limit(output=MOST_OUTPUT, cpu_seconds=CPU_SECONDS)
    confining.leave_network()
    loaders = [each for name in LOADERS for each in Path("/").glob(name)]
    confining.leave_files(programs=[os.path.realpath(each) for each in (Path(program), *loaders)])
    # One thread: more of them would only spend the processor's seconds sooner.
    surroundings = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C"}
    os.execve(program, [program, "stdin", "stdout", "-l", languages], surroundings)  # noqa: S606 - as wanted


if __name__ == "__main__":
    main()
