"""Threads that stand in one line for SQLite's one writer."""

import contextlib
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from licet.gateway import turns as turns_module
from licet.gateway.answers import Answer
from licet.gateway.calls import Call
from licet.gateway.turns import Turns

NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Slow:
    """A door that answers when it may, and remembers its groups."""

    def __init__(self) -> None:
        self.may, self.entered = threading.Event(), threading.Event()
        self.groups: list[list[str]] = []
        self.inside = 0

    def answer_all(self, several: list[Call], *, now: datetime) -> list[Answer]:
        """Answer with each call's own path."""
        self.inside += 1
        assert self.inside == 1, "two at once"
        self.entered.set()
        assert self.may.wait(timeout=20)
        self.groups.append([call.path for call in several])
        self.inside -= 1
        return [Answer(200, call.path.encode(), ()) for call in several]


def test_those_who_wait_are_answered_together_and_each_with_its_own() -> None:
    door: Any = Slow()
    turns = Turns(door)
    found: dict[str, bytes] = {}

    def ask(name: str) -> None:
        found[name] = turns.answer(Call(method="POST", path=name, body=b""), now=NOW).body

    threads = [threading.Thread(target=ask, args=(f"/{number}",)) for number in range(9)]
    threads[0].start()
    assert door.entered.wait(timeout=20)
    for thread in threads[1:]:
        thread.start()
    while len(turns.line) < 8:
        threading.Event().wait(0.005)
    door.may.set()
    for thread in threads:
        thread.join(timeout=20)
    assert found == {f"/{number}": f"/{number}".encode() for number in range(9)}
    assert [len(group) for group in door.groups] == [1, 8]


def test_more_than_one_group_holds_are_answered_in_several() -> None:
    door: Any = Slow()
    door.may.set()
    turns = Turns(door)
    answers = [turns.answer(Call(method="POST", path=str(n), body=b""), now=NOW).body for n in range(70)]
    assert answers == [str(n).encode() for n in range(70)]


def test_who_is_first_waits_a_moment_for_those_who_were_here_a_moment_ago(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns_module, "GATHERING_SECONDS", 20)
    door: Any = Slow()
    door.may.set()
    turns = Turns(door)
    turns.expected = 2
    first = threading.Thread(target=_ask, args=(turns, "/1"))
    first.start()
    while turns.gathering is None:
        threading.Event().wait(0.001)
    _ask(turns, "/2")
    first.join(timeout=20)
    assert door.groups == [["/1", "/2"]]


def test_who_waits_for_nobody_goes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns_module, "GATHERING_SECONDS", 0)
    door: Any = Slow()
    door.may.set()
    turns = Turns(door)
    turns.expected = 2
    _ask(turns, "/1")
    assert (door.groups, turns.expected) == ([["/1"]], 1)


def test_who_was_taken_along_by_a_thread_that_was_torn_away_is_answered_alone() -> None:
    class Torn(Slow):
        def answer_all(self, several: list[Call], *, now: datetime) -> list[Answer]:
            answers = super().answer_all(several, now=now)
            if len(several) > 1:
                raise SystemExit
            return answers

        def answer(self, call: Call, *, now: datetime) -> Answer:
            return Answer(200, call.path.encode(), ())

    door: Any = Torn()
    turns = Turns(door)
    found: list[bytes] = []

    def ask() -> None:
        with contextlib.suppress(SystemExit):
            found.append(_ask(turns, "/x"))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    threads[0].start()
    assert door.entered.wait(timeout=20)
    for thread in threads[1:]:
        thread.start()
    while len(turns.line) < 2:
        threading.Event().wait(0.001)
    door.may.set()
    for thread in threads:
        thread.join(timeout=20)
    assert found == [b"/x", b"/x"], "one led and was torn away, its neighbor was not"
    assert not turns.led
    assert _ask(turns, "/y") == b"/y"


def _ask(turns: Turns, path: str) -> bytes:
    return turns.answer(Call(method="POST", path=path, body=b""), now=NOW).body
