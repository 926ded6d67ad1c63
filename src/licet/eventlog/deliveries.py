"""The life of a delivery in the worker's hands: claimed, then done, due again or given up.

A claim is one conditional UPDATE (compare-and-swap): it counts the attempt and moves
`due_at` out of sight. No lock is held while the handler runs. Whoever dies in between
leaves a row that comes back into sight by itself; `attempts` tells an old claim from a
new one, so that a worker thought dead cannot overwrite what its successor found.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from licet.eventlog.change import dotted, subscriptions
from licet.eventlog.models import Delivery
from licet.eventlog.rules import ATTEMPTS, pause, told
from licet.eventlog.states import MOVES, DeliveryState
from licet.kernel.states import move

OUT_OF_SIGHT = timedelta(minutes=5)
"""How long a claim keeps others away: longer than any handler runs, short enough to wait after a crash."""

CANDIDATES = 20


class UnknownHandler(Exception):
    """A delivery names a handler that the table of subscriptions does not have."""


def claim(*, now: datetime, out_of_sight: timedelta = OUT_OF_SIGHT) -> Delivery | None:
    """Take the delivery that has been due longest, or None where nothing is due.

    Another worker that looked at the same row loses: its UPDATE finds a different count.
    """
    due = Delivery.objects.filter(state=DeliveryState.DUE, due_at__lte=now).order_by("due_at", "pk")
    for seen in due.select_related("event")[:CANDIDATES]:
        mine = Delivery.objects.filter(
            pk=seen.pk, state=DeliveryState.DUE, attempts=seen.attempts, due_at=seen.due_at
        ).update(attempts=F("attempts") + 1, due_at=now + out_of_sight)
        if mine:
            seen.attempts += 1
            seen.due_at = now + out_of_sight
            return seen
    return None


def run(*, delivery: Delivery, now: datetime, chance: Callable[[], float]) -> bool:
    """Call the handler of a claimed delivery and write down how it went; return whether it is done.

    `chance` gives a number from 0 to 1 for the jitter. Errors of the handler end here,
    as text on the row; what is no error (an interrupt) leaves the claim as a crash would.
    """
    if delivery.attempts > ATTEMPTS:
        # each attempt was counted before it ran: only a worker that died leaves this behind
        _end(delivery, DeliveryState.FAILED, error=delivery.last_error or "The worker died at each attempt.")
        return False
    try:
        handler(name=delivery.handler)(event=delivery.event, now=now)
    except UnknownHandler as error:
        _end(delivery, DeliveryState.FAILED, error=told(error))
    except Exception as error:
        if delivery.attempts >= ATTEMPTS:
            _end(delivery, DeliveryState.FAILED, error=told(error))
        else:
            wait = pause(attempt=delivery.attempts, chance=chance())
            _mine(delivery).update(due_at=now + wait, last_error=told(error))
    else:
        _end(delivery, DeliveryState.DONE, done_at=now)
        return True
    return False


def handler(*, name: str) -> Callable[..., None]:
    """Return the subscribed function of this dotted name; raises UnknownHandler.

    Only what the table lists can be called, whatever a row of the database says.
    """
    for handlers in subscriptions().values():
        for each in handlers:
            if dotted(handler=each) == name:
                return each
    raise UnknownHandler("No subscription has this handler. Was it renamed while deliveries were waiting?")


def _mine(delivery: Delivery) -> QuerySet[Delivery]:
    # Nothing where the claim ran out and another worker has taken the row meanwhile.
    return Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.DUE, attempts=delivery.attempts, due_at=delivery.due_at
    )


def _end(delivery: Delivery, to: DeliveryState, *, error: str = "", done_at: datetime | None = None) -> None:
    move(table=MOVES, current=DeliveryState.DUE, to=to)
    _mine(delivery).update(state=to, last_error=error, done_at=done_at)
