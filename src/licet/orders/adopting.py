"""Refunds that were made at the provider instead of here: one click makes them ours, with the credit note."""

from datetime import datetime

from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden
from licet.orders.booking import credit_paid, surplus, tell
from licet.payments import receiving
from licet.payments.actions import note_refund
from licet.payments.errors import EventDealtWith, ReasonMissing
from licet.payments.models import Payment, ProviderEvent, Refund
from licet.payments.states import EventState
from licet.teams.models import Team

ELSEWHERE = "refunded_elsewhere"


def adoptable(*, event: ProviderEvent) -> int:
    """Return how much of a refund in review we know nothing of, in minor units; 0 for every other event."""
    if event.state != EventState.REVIEW or event.why != ELSEWHERE or event.payment is None:
        return 0
    return max(event.payment.refunded_minor - receiving.refunds_of(payment=event.payment), 0)


def adopt_refund(*, event: ProviderEvent, reason: str, by: Actor, now: datetime) -> Refund:
    """Take over a refund that was made at the provider: it stands here as one of ours, with its credit note.

    For staff, from the list of what is to be reviewed. Refuses ReasonMissing; EventDealtWith where nothing
    of it is unknown here (any more).
    """
    if not by.serves(Duty.MANAGE_MONEY):
        raise Forbidden
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise ReasonMissing
    with change(by=by, now=now) as record:
        # against another one of the staff with the same list, then as every refund of the payment
        ProviderEvent.objects.select_for_update(of=("self",), no_key=True).values_list("pk").get(pk=event.pk)
        event = ProviderEvent.objects.get(pk=event.pk)
        if event.payment is None:
            raise EventDealtWith
        Team.objects.locked(event.payment.team_id)
        event.payment = payment = Payment.objects.locked(event.payment.pk)
        much = adoptable(event=event)
        if not much:
            raise EventDealtWith
        free = surplus(payment=payment)
        made = note_refund(
            payment=payment, amount_minor=much, reason=reason, credited=much > free, record=record
        )
        event.decide(EventState.APPLIED)
        event.why, event.decided_at = "", now
        event.save(update_fields=["state", "why", "decided_at"])
        tell(payment=payment, amount_minor=much, ended=False, record=record)
        if much > free:
            credit_paid(payment=payment, amount_minor=much - free, reason=reason, record=record)
    return made
