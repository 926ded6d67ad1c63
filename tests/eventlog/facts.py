"""Facts and handlers of the tests' own, with their own table of consequences."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from licet.eventlog.change import AUDIT_ONLY
from licet.eventlog.events import DeliveryRetried
from licet.eventlog.facts import Fact, shown

calls: list[int] = []
"""The events that `note` was called with, in order."""


@dataclass(frozen=True, kw_only=True)
class Told(Fact):
    """Something was told to one handler."""

    name: ClassVar[str] = "test.told"
    sentence: ClassVar[str] = "%(actor)s told %(who)s number %(number)s."

    number: int = 0
    values: object = field(default=None)
    who: str = shown(default="nobody")


@dataclass(frozen=True, kw_only=True)
class Silent(Fact):
    """Something happened that has no consequence."""

    name: ClassVar[str] = "test.silent"
    sentence: ClassVar[str] = "%(actor)s did something."


@dataclass(frozen=True, kw_only=True)
class Refused(Fact):
    """Something whose handler fails."""

    name: ClassVar[str] = "test.refused"
    sentence: ClassVar[str] = "%(actor)s was refused."


def note(*, event, now):
    """Remember the event."""
    calls.append(event.pk)


def fail(*, event, now):
    """Fail, as a mail server might, with what nobody may keep."""
    raise ConnectionError("550 ada@example.org unknown, see https://mail.example/x?token=abc")


def append(*, event, now):
    """Write a line to the file that the fact names, then take a while; for tests with real processes."""
    import time

    with Path(event.facts["values"]).open("a") as lines:
        lines.write(f"{event.facts['number']}\n")
    time.sleep(0.15)


TABLE = {Told: [note], Silent: AUDIT_ONLY, Refused: [fail], DeliveryRetried: AUDIT_ONLY}
SLOW = {Told: [append]}
