"""Ask the process that knows the rules; one process for many documents."""

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Self

SOURCES = Path(__file__).resolve().parents[3]
TIMEOUT = 60.0
"""Seconds for one document; the first one also compiles the rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A rule that a document breaks: its code (`BR-CO-15`), its sentence and where."""

    rule: str
    text: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came out. `unknown`: the process crashed, took too long or is not installed (`why`)."""

    outcome: Literal["valid", "invalid", "unknown"]
    faults: tuple[Fault, ...] = ()
    why: str = ""

    @property
    def rules(self) -> set[str]:
        """The codes of the rules that are broken."""
        return {fault.rule for fault in self.faults}


def installed() -> bool:
    """Whether the extra `einvoice-check` is there."""
    return find_spec("saxonche") is not None


class Checker:
    """Holds documents against rules. Use it as a context; not from several threads."""

    def __init__(self, *, command: Sequence[str] = (), timeout: float = TIMEOUT) -> None:
        self._command = list(command) or [sys.executable, "-m", "licet.invoices.schematron"]
        self._timeout = timeout
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def check(self, *, xml: bytes, rules: Sequence[str]) -> Verdict:
        """Hold one XML against sets of rules (`factur-x`, `factur-x-fr`, `ubl`, `ubl-fr`)."""
        if not installed():
            return Verdict(outcome="unknown", why="The extra einvoice-check is not installed.")
        try:
            job = json.dumps({"xml": xml.decode(), "rules": list(rules)})
        except UnicodeDecodeError:
            return Verdict(outcome="unknown", why="The file is not UTF-8.")
        answer = self._asked(job)
        if not answer:
            self._end()
            return Verdict(outcome="unknown", why="The process ended or took too long.")
        faults = tuple(Fault(**each) for each in json.loads(answer)["faults"])
        return Verdict(outcome="invalid" if faults else "valid", faults=faults)

    def _asked(self, job: str) -> str:
        process = self._process = self._process or self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        # A process that hangs is ended from beside; its answer is then an empty line.
        clock = threading.Timer(self._timeout, process.kill)
        clock.start()
        try:
            process.stdin.write(job + "\n")
            process.stdin.flush()
            return process.stdout.readline()
        except (BrokenPipeError, OSError):
            return ""
        finally:
            clock.cancel()

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 - our own command, no word of anybody
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=SOURCES,
        )

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
