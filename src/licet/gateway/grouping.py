"""Collecting calls while others are on their way to the disk, so that one commit carries many.

On SQLite the turn of the event loop is the group: what has arrived by its end is answered by the loop's own
thread, because handing a call of 50 microseconds to another thread costs more than it. On PostgreSQL, where
the time is spent waiting, one thread answers a group while the next one gathers.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime

from licet.gateway.answers import Answer
from licet.gateway.calls import Call
from licet.gateway.door import Door

MOST = 64
"""Calls per commit at most: more of them gain nothing, and the first ones wait."""

BUSY, GATHERING_SECONDS = 4, 0.001
"""After a group of so many calls, the next one gathers so long: a commit costs more than the wait."""

Done = Callable[[Answer], None]


class Grouping:
    """The calls of one process, on their way through its door."""

    def __init__(
        self,
        *,
        door: Door,
        clock: Callable[[], datetime],
        loop: asyncio.AbstractEventLoop,
        threads: int = 0,
    ) -> None:
        """`threads`: how many groups may be on their way at once besides the loop; 0: the loop answers."""
        self.door, self.clock, self.loop = door, clock, loop
        self.waiting: deque[tuple[Call, Done]] = deque()
        self.idle = threads
        self.threads = ThreadPoolExecutor(threads, "door") if threads else None
        self.called = False
        self.latest = 0  # calls in the group before
        # Django keeps a database connection for each context, and each socket has a context of its own.
        self.context = copy_context()

    def add(self, call: Call, done: Done) -> None:
        """Have the call answered; `done` is called in the loop's thread, after the commit."""
        self.waiting.append((call, done))
        if not self.called:
            self._call()

    def _call(self) -> None:
        self.called = True
        if self.latest < BUSY or len(self.waiting) >= MOST:
            self.loop.call_soon(self._turn, context=self.context)
        else:
            self.loop.call_later(GATHERING_SECONDS, self._turn, context=self.context)

    def _turn(self) -> None:
        """Answer what has gathered; what comes meanwhile is the next group."""
        self.called = False
        if self.threads is None:
            self._tell(*self._answered(self._group()))
        else:
            while self.waiting and self.idle:
                self.idle -= 1
                on_its_way = self.loop.run_in_executor(self.threads, self._answered, self._group())
                on_its_way.add_done_callback(self._back, context=self.context)
            return
        if self.waiting:
            self._call()

    def _group(self) -> list[tuple[Call, Done]]:
        self.latest = min(MOST, len(self.waiting))
        return [self.waiting.popleft() for _ in range(self.latest)]

    def _answered(self, group: list[tuple[Call, Done]]) -> tuple[list[tuple[Call, Done]], list[Answer]]:
        return group, self.door.answer_all([call for call, _done in group], now=self.clock())

    def _back(self, on_its_way: "asyncio.Future[tuple[list[tuple[Call, Done]], list[Answer]]]") -> None:
        self.idle += 1
        self._tell(*on_its_way.result())
        self._turn()

    @staticmethod
    def _tell(group: Sequence[tuple[Call, Done]], answers: Sequence[Answer]) -> None:
        for (_call, done), answer in zip(group, answers, strict=True):
            done(answer)

    def close(self) -> None:
        """Let the threads end; nothing is waiting any more."""
        if self.threads is not None:
            self.threads.shutdown()
