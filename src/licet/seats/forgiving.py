"""The vendor's exception from the rule of reassignment: what happened until now is forgotten."""

from datetime import datetime

from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden
from licet.licenses.models import Pool
from licet.seats.errors import ForgivingNeedsReason, NothingToForgive
from licet.seats.events import ReassignmentsForgiven
from licet.seats.turnover import read


def forgive(*, pool: Pool, reason: str, by: Actor, now: datetime) -> Pool:
    """Let a team give used licenses to other people at once: cool-downs end, and quotas count anew from now.

    The team reads the reason. Refuses ForgivingNeedsReason, NothingToForgive where there is no such rule. The
    vendor's people and operators only.
    """
    if not (by.serves(Duty.SERVE_CUSTOMERS) or by.is_system):
        raise Forbidden
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise ForgivingNeedsReason
    with change(by=by, now=now) as record:
        # Whoever takes a seat of the pool at this moment still meets the rule, or no longer does.
        pool = Pool.objects.locked(pool.pk)
        if not read(pools=[pool.pk], people=(), now=now):
            raise NothingToForgive
        pool.forgiven_at = now
        pool.save(update_fields=["forgiven_at"])
        record(
            ReassignmentsForgiven(pool=pool.pk, reason=reason, product_name=pool.product.names),
            team=pool.team_id,
        )
    return pool
