"""The worker: takes due deliveries and what the schedule has due, until it is told to stop."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event as Flag

from django.db import InterfaceError, OperationalError, close_old_connections

from licet.eventlog.deliveries import OUT_OF_SIGHT, claim, run
from licet.eventlog.routines import turn

SHORTEST_IDLE = 0.2
LONGEST_IDLE = 2.0
"""Seconds between looks at an empty table: soon after work, seldom in the night."""

BETWEEN_TURNS = timedelta(seconds=5)
"""How often the schedule is looked at, however much there is to deliver."""

log = logging.getLogger(__name__)


def drain(*, now: datetime, chance: Callable[[], float] = lambda: 0.5) -> int:
    """Run everything that is due at `now` and return how many attempts that were.

    What fails is due later than `now`, so this ends.
    """
    attempts = 0
    while one(now=now, chance=chance, out_of_sight=OUT_OF_SIGHT):
        attempts += 1
    return attempts


def one(*, now: datetime, chance: Callable[[], float], out_of_sight: timedelta) -> bool:
    """Run the next due delivery; return whether there was one."""
    delivery = claim(now=now, out_of_sight=out_of_sight)
    if delivery is None:
        return False
    if not run(delivery=delivery, now=now, chance=chance):
        log.warning("delivery %s (%s) failed at attempt %s", delivery.pk, delivery.handler, delivery.attempts)
    return True


def work(
    *,
    clock: Callable[[], datetime],
    chance: Callable[[], float],
    stop: Flag,
    out_of_sight: timedelta = OUT_OF_SIGHT,
) -> None:
    """Run deliveries and the schedule until `stop` is set; what is in hand is finished first.

    A database that is away is waited for. `clock` and `chance` come from the command.
    """
    idle, next_turn = SHORTEST_IDLE, clock()
    while not stop.is_set():
        try:
            close_old_connections()
            if clock() >= next_turn:
                next_turn = clock() + BETWEEN_TURNS
                turn(clock=clock, out_of_sight=out_of_sight)
            worked = one(now=clock(), chance=chance, out_of_sight=out_of_sight)
        except (OperationalError, InterfaceError) as error:
            log.warning("the database is not there: %s", type(error).__name__)
            worked, idle = False, LONGEST_IDLE
        if worked:
            idle = SHORTEST_IDLE
        else:
            stop.wait(idle)
            idle = min(idle * 1.5, LONGEST_IDLE)
