"""What is done again and again: the schedule's verbs, each by one worker at a time.

A claim is one conditional UPDATE that moves `due_at` out of sight; whoever dies in between leaves a row
that comes back by itself. So a verb of the schedule runs at least once per period, and must not mind
running again: what was done is told by its own rows.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils.module_loading import import_string

from licet.eventlog.deliveries import OUT_OF_SIGHT
from licet.eventlog.models import Routine
from licet.kernel.actor import Actor, system

BY = system(label="licet")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A verb that takes `by` and `now` alone, and how often it runs."""

    name: str
    verb: Callable[..., object]
    every: timedelta
    by: Actor = BY


def schedule() -> Sequence[Scheduled]:
    """Return the one table of what is done again and again, from where the setting says it is."""
    return cast(Sequence[Scheduled], import_string(settings.LICET_SCHEDULE))


def turn(*, clock: Callable[[], datetime], out_of_sight: timedelta = OUT_OF_SIGHT) -> int:
    """Run whatever of the schedule is due; return how many verbs ended well.

    One that fails is logged and tried again when it comes back into sight; the others run all the same.
    """
    seen = dict(Routine.objects.values_list("name", "due_at"))
    done = 0
    for each in schedule():
        now = clock()
        due_at = seen.get(each.name) or _begun(each, now=now)
        if due_at > now or not _moved(each, seen=due_at, to=now + out_of_sight):
            continue
        try:
            each.verb(by=each.by, now=now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("%s of the schedule failed; it is tried again", each.name)
            continue
        _moved(each, seen=now + out_of_sight, to=now + each.every)
        done += 1
    return done


def _begun(each: Scheduled, *, now: datetime) -> datetime:
    """Write down a verb that is new in the schedule, due at once; another worker may be quicker."""
    Routine.objects.bulk_create([Routine(name=each.name, due_at=now)], ignore_conflicts=True)
    return Routine.objects.values_list("due_at", flat=True).get(name=each.name)


def _moved(each: Scheduled, *, seen: datetime, to: datetime) -> bool:
    """Move the row on, unless another worker has done so since it was seen."""
    return bool(Routine.objects.filter(name=each.name, due_at=seen).update(due_at=to))
