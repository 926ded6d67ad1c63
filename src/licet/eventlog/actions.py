"""What people may do with the log: ask for another attempt."""

from datetime import datetime

from licet.eventlog.change import change
from licet.eventlog.errors import DeliveryNotFailed
from licet.eventlog.events import DeliveryRetried
from licet.eventlog.models import Delivery
from licet.eventlog.states import MOVES, DeliveryState
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden
from licet.kernel.states import move


def retry(*, delivery: Delivery, by: Actor, now: datetime) -> Delivery:
    """Have a delivery that was given up tried again, at once and with all its attempts.

    For the vendor's staff and operators. Refuses what is done or still due.
    """
    if not (by.serves(Duty.ADMINISTER) or by.is_system):
        raise Forbidden
    with change(by=by, now=now) as record:
        # against a second click on the same button
        delivery = Delivery.objects.select_for_update().select_related("event").get(pk=delivery.pk)
        if delivery.state != DeliveryState.FAILED:
            raise DeliveryNotFailed
        delivery.state = move(table=MOVES, current=DeliveryState(delivery.state), to=DeliveryState.DUE)
        delivery.attempts = 0
        delivery.due_at = now
        delivery.save(update_fields=["state", "attempts", "due_at"])
        record(
            DeliveryRetried(delivery=delivery.pk, event=delivery.event_id, handler=delivery.handler),
            team=delivery.event.team,
        )
    return delivery
