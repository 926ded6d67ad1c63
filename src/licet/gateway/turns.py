"""Threads of one process that share commits on SQLite: who writes takes along what the others have waiting.

SQLite has one writer. Threads that wait for it by themselves sleep and try again, each for a commit of its
own; here they stand in one line, and whoever is first answers for all who stand in it. Each of the others
is woken once: by its answer, or because it is first now.
"""

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from threading import Lock

from licet.gateway.answers import Answer
from licet.gateway.calls import Call
from licet.gateway.door import Door
from licet.gateway.grouping import GATHERING_SECONDS, MOST


class Turn:
    """A call in the line. `woken` is held until there is something to wake for."""

    __slots__ = ("answer", "call", "leads", "woken")

    def __init__(self, call: Call) -> None:
        self.call = call
        self.answer: Answer | None = None
        self.leads = False
        self.woken = Lock()
        self.woken.acquire()


class Turns:
    """The line in front of one door."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.line: deque[Turn] = deque()
        self.guard = Lock()  # of what is below; held for moments, never while a call is answered
        self.led = False
        self.expected = 1  # calls that were under way at the end of the last group
        self.gathering: Turn | None = None

    def answer(self, call: Call, *, now: datetime) -> Answer:
        """Answer one call, and with it others that wait; or be answered by another thread."""
        turn = Turn(call)
        with self.guard:
            self.line.append(turn)
            turn.leads, self.led = not self.led, True
            if self.gathering is not None and len(self.line) >= self.expected:
                self.gathering.woken.release()
                self.gathering = None
        if not turn.leads:
            turn.woken.acquire()
        if turn.leads:
            self._lead(turn, now)
        # without an answer: whoever took it along was torn away
        return turn.answer or self.door.answer(call, now=now)

    def _lead(self, turn: Turn, now: datetime) -> None:
        self._gather(turn)
        turns = [self.line.popleft() for _ in range(min(MOST, len(self.line)))]
        try:
            answers = self.door.answer_all([each.call for each in turns], now=now)
            for each, answer in zip(turns, answers, strict=True):
                each.answer = answer
        finally:
            self._hand_on(turns[1:])

    def _gather(self, turn: Turn) -> None:
        """Wait a moment for those who were here a moment ago: a commit costs more than the wait."""
        with self.guard:
            if len(self.line) >= self.expected:
                return
            self.gathering = turn
        in_time = turn.woken.acquire(timeout=GATHERING_SECONDS)
        with self.guard:
            if self.gathering is turn:
                self.gathering = None
            elif not in_time:  # woken after all, a moment late
                turn.woken.acquire()

    def _hand_on(self, answered: Sequence[Turn]) -> None:
        """Wake who was answered, and let the next one in the line lead."""
        for each in answered:
            each.woken.release()
        with self.guard:
            self.expected = min(MOST, 1 + len(answered) + len(self.line))
            self.led = bool(self.line)
            if self.led:
                self.line[0].leads = True
                self.line[0].woken.release()
