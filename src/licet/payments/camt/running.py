"""Starts the child on one file and looks at what it wrote, without believing it."""

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from licet.payments.words import FAULTS

WALL_SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One transaction; `amount` in minor units, below zero for money that went."""

    ref: str
    amount: int
    currency: str
    booked_on: date | None
    name: str
    iban: str
    reference: str
    end_to_end: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of one account."""

    identity: str
    account: str
    currency: str
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a file says. `fault`: why it says nothing; one of `words.FAULTS`."""

    statements: list[Statement] = field(default_factory=list)
    fault: str = ""


def read(*, content: bytes, wall_seconds: float = WALL_SECONDS) -> Outcome:
    """Return the statements of a file; a child that dies or says nonsense is the fault `limit`."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as taken:
        given.write(content)
        given.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-I", "-m", "licet.payments.camt"],
            stdin=given,
            stdout=taken,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"LC_ALL": "C.UTF-8"},
            start_new_session=True,
        )
        try:
            ended = child.wait(timeout=wall_seconds)
        except subprocess.TimeoutExpired:
            ended = None
        finally:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            child.wait()
        taken.seek(0)
        if ended != 0:
            return Outcome(fault="limit")
        try:
            return _outcome(json.loads(line) for line in taken)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            return Outcome(fault="limit")


def _outcome(said: Iterator[Any]) -> Outcome:
    statements: list[Statement] = []
    for each in said:
        kind = each["kind"]
        if kind == "statement":
            account, currency = _text(each, "account", 34), _text(each, "currency", 3)
            identity = _text(each, "id", 40)
            statements.append(Statement(identity=identity, account=account, currency=currency))
        elif kind == "entry":
            statements[-1].entries.append(_entry(each))
        elif kind == "fault":
            return Outcome(fault=each["fault"] if each["fault"] in FAULTS else "limit")
        elif kind == "end":
            return Outcome(statements=statements)
    raise ValueError("no end")


def _entry(said: Any) -> Entry:
    amount = said["amount"]
    if type(amount) is not int or abs(amount) > 10**15:
        raise ValueError("no amount")
    return Entry(
        ref=_text(said, "ref", 80),
        amount=amount,
        currency=_text(said, "currency", 3),
        booked_on=date.fromisoformat(said["booked_on"]) if said["booked_on"] else None,
        name=_text(said, "name", 140),
        iban=_text(said, "iban", 34),
        reference=_text(said, "reference", 35),
        end_to_end=_text(said, "end_to_end", 35),
        text=_text(said, "text", 500),
        reason=_text(said, "reason", 35),
    )


def _text(said: Any, name: str, most: int) -> str:
    value = said.get(name, "")
    if not isinstance(value, str) or len(value) > most or "\x00" in value:
        raise ValueError(name)
    return value
