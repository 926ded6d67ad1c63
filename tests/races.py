"""Several threads that do something at the same moment, each with its own connection and real commits."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one racer got: a value, or what it raised."""

    value: Any = None
    raised: Exception | None = None


def together(calls: Sequence[Callable[[], Any]]) -> list[Outcome]:
    """Start all calls at one signal, a thread each; return their outcomes in the order of the calls."""
    outcomes = [Outcome()] * len(calls)
    line = threading.Barrier(len(calls))

    def run(index: int) -> None:
        try:
            connections["default"].ensure_connection()
            line.wait(timeout=60)
            outcomes[index] = Outcome(value=calls[index]())
        except Exception as error:
            outcomes[index] = Outcome(raised=error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
        assert not thread.is_alive(), "a racer never came back"
    return outcomes
