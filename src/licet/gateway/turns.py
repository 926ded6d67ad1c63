"""Threads of one process that share commits on SQLite: who writes takes along what the others have waiting.

SQLite has one writer. Threads that wait for it by themselves sleep and try again, each for a commit of its
own; here they stand in one line, and whoever is first answers for all who stand in it.
"""

from collections import deque
from datetime import datetime
from threading import Lock

from licet.gateway.answers import Answer
from licet.gateway.calls import Call
from licet.gateway.door import Door
from licet.gateway.grouping import MOST


class Turn:
    """A call in the line."""

    __slots__ = ("answer", "call")

    def __init__(self, call: Call) -> None:
        self.call = call
        self.answer: Answer | None = None


class Turns:
    """The line in front of one door."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.line: deque[Turn] = deque()
        self.writing = Lock()

    def answer(self, call: Call, *, now: datetime) -> Answer:
        """Answer one call, and with it others that wait; or be answered by another thread."""
        turn = Turn(call)
        self.line.append(turn)
        while turn.answer is None:
            with self.writing:  # its holder may have answered this one meanwhile
                if turn in self.line:
                    self._answer_line(now)
                elif turn.answer is None:  # whoever took it along was torn away
                    turn.answer = self.door.answer(call, now=now)
        return turn.answer

    def _answer_line(self, now: datetime) -> None:
        turns = [self.line.popleft() for _ in range(min(MOST, len(self.line)))]
        answers = self.door.answer_all([turn.call for turn in turns], now=now)
        for turn, answer in zip(turns, answers, strict=True):
            turn.answer = answer
