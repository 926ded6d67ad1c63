"""What providers tell: stored first, applied later. Nothing here decides what a payment pays."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Sum

from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden
from licet.payments import registry
from licet.payments.boundary import Notice
from licet.payments.errors import EventDealtWith, EventUnreadable, ReasonMissing
from licet.payments.events import (
    BodiesForgotten,
    PaymentChargedBack,
    PaymentEventApplied,
    PaymentEventDismissed,
    PaymentEventStored,
    PaymentFailed,
    PaymentMoved,
    PaymentSettled,
    PaymentToReview,
)
from licet.payments.models import Payment, ProviderEvent
from licet.payments.rules import BODY_BYTES, BODY_DAYS
from licet.payments.states import EventState, PaymentState, RefundState, Told


class _NothingNew(Exception):
    """Leaves the transaction of a call whose events are all known."""


def receive(*, code: str, headers: Mapping[str, str], body: bytes, by: Actor, now: datetime) -> int:
    """Store what a provider's call tells; return how much of it is new. The worker applies it.

    `headers`: their names in lower case. The same event again is acknowledged, and nothing else. Refuses
    MethodUnknown, EventsNotTaken, SignatureWrong, EventUnreadable.
    """
    if not by.is_system:
        raise Forbidden
    provider = registry.provider(code=code)
    if len(body) > BODY_BYTES:
        raise EventUnreadable
    notices = provider.parse_event(headers=headers, body=body, now=now)
    known = ProviderEvent.objects.filter(provider=code, event_id__in=[each.event_id for each in notices])
    if known.count() == len(notices):
        return 0
    try:
        with change(by=by, now=now) as record:
            stored = [_stored(code=code, notice=each, body=body, record=record) for each in notices]
            if not any(stored):
                raise _NothingNew
    except _NothingNew:
        return 0
    return sum(stored)


def _stored(*, code: str, notice: Notice, body: bytes, record: Record) -> bool:
    # The same event in two calls at once: the database keeps one, and the other finds it there.
    event, fresh = ProviderEvent.objects.get_or_create(
        provider=code,
        event_id=notice.event_id,
        defaults={
            "told": notice.told,
            "provider_ref": notice.provider_ref,
            "other_ref": notice.other_ref,
            "payment_ref": notice.payment,
            "amount_minor": notice.amount.amount if notice.amount else None,
            "currency": notice.amount.currency if notice.amount else "",
            "at": notice.at,
            "received_at": record.now,
            "body": body.decode(errors="replace").replace("\x00", ""),
        },
    )
    if fresh:
        record(PaymentEventStored(event=event.pk, provider=code))
    return fresh


def payment_of(*, event: ProviderEvent) -> Payment | None:
    """Return the payment that an event is about, by our own number or by the provider's; None: unknown."""
    theirs = Payment.objects.filter(provider=event.provider)
    if event.payment_ref:
        found = theirs.filter(public_id=event.payment_ref).first()
        # Another number for the same session would be another payment: nobody's guess is taken for it.
        if found and event.provider_ref and found.provider_ref not in ("", event.provider_ref):
            return None
        return found
    if event.provider_ref:
        return theirs.filter(provider_ref=event.provider_ref).first()
    return theirs.filter(other_ref=event.other_ref).first() if event.other_ref else None


def tell(*, event: ProviderEvent, payment: Payment, record: Record) -> PaymentState | None:
    """Add what an event tells to its payment; return the state that it came to, None where none is new.

    A step: the caller holds the locks of the event, the team and the payment. An amount or currency that
    is not what was expected changes nothing: a person looks at it.
    """
    why = _misfit(event=event, payment=payment)
    event.payment = payment
    if why:
        review(event=event, why=why, record=record)
        return None
    payment.provider_ref = payment.provider_ref or event.provider_ref
    payment.other_ref = payment.other_ref or event.other_ref
    moved = payment.tell(told=Told(event.told), amount_minor=event.amount_minor or 0)
    state = PaymentState(payment.state)
    if payment.settled and payment.settled_at is None:
        payment.settled_at = record.now
    payment.save()
    event.decide(EventState.APPLIED)
    event.why, event.decided_at = "", record.now
    event.save()
    if moved:
        note(payment=payment, state=state, record=record)
    else:
        record(PaymentEventApplied(event=event.pk, provider=event.provider), team=payment.team_id)
    return state if moved else None


def note(*, payment: Payment, state: PaymentState, record: Record) -> None:
    """Record where a payment has come to. A step."""
    key, title, team = payment.pk, payment.title, payment.team_id
    much, currency = payment.amount_minor, payment.currency
    if state is PaymentState.SETTLED:
        record(PaymentSettled(payment=key, title=title, amount_minor=much, currency=currency), team=team)
    elif state is PaymentState.CHARGED_BACK:
        record(PaymentChargedBack(payment=key, title=title, amount_minor=much, currency=currency), team=team)
    elif state is PaymentState.FAILED:
        record(PaymentFailed(payment=key, title=title), team=team)
    else:
        record(PaymentMoved(payment=key, state=state.value, title=title), team=team)


def early(*, payment: Payment) -> list[ProviderEvent]:
    """Return, locked, what was told of a payment before it was known by its second name. A step."""
    if not payment.other_ref:
        return []
    waiting = ProviderEvent.objects.to_review().filter(provider=payment.provider, payment=None)
    waiting = waiting.filter(why="payment_unknown", other_ref=payment.other_ref, payment_ref="")
    return list(waiting.select_for_update(of=("self",), no_key=True).order_by("pk"))


def refunds_of(*, payment: Payment) -> int:
    """Return how much of a payment we ourselves have decided to send back, in minor units."""
    rows = payment.refunds.exclude(state=RefundState.FAILED)
    return int(rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0)


def review(*, event: ProviderEvent, why: str, record: Record) -> None:
    """Put an event on the list of what a person looks at. A step."""
    if event.state != EventState.REVIEW:
        event.decide(EventState.REVIEW)
    event.why, event.decided_at = why, record.now
    event.save()
    record(PaymentToReview(event=event.pk, provider=event.provider, why=why))


def _misfit(*, event: ProviderEvent, payment: Payment) -> str:
    told = Told(event.told)
    if told in (Told.PENDING, Told.AUTHORISED, Told.FAILED):
        return ""
    if event.amount_minor is None:
        return "amount_missing"
    if event.currency != payment.currency:
        return "currency_differs"
    if told is Told.REFUNDED:
        return "" if 0 < event.amount_minor <= payment.amount_minor else "amount_differs"
    return "" if event.amount_minor == payment.amount_minor else "amount_differs"


def dismiss(*, event: ProviderEvent, reason: str, by: Actor, now: datetime) -> ProviderEvent:
    """Close a review: somebody looked, and did elsewhere what was to be done. For staff.

    Refuses ReasonMissing, EventDealtWith.
    """
    if not by.serves(Duty.MANAGE_MONEY):
        raise Forbidden
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise ReasonMissing
    with change(by=by, now=now) as record:
        # against another one of the staff with the same list
        event = ProviderEvent.objects.select_for_update().get(pk=event.pk)
        if event.state != EventState.REVIEW:
            raise EventDealtWith
        event.decide(EventState.DISMISSED)
        event.decided_at = now
        event.save(update_fields=["state", "decided_at"])
        record(PaymentEventDismissed(event=event.pk, reason=reason))
    return event


def forget_bodies(*, by: Actor, now: datetime) -> int:
    """Drop the raw bodies of events that are older than 60 days; return how many. Of the schedule."""
    if not by.is_system:
        raise Forbidden
    old = ProviderEvent.objects.filter(received_at__lt=now - timedelta(days=BODY_DAYS)).exclude(body="")
    if not old.exists():
        return 0
    with change(by=by, now=now) as record:
        dropped = old.update(body="")
        record(BodiesForgotten(count=dropped))
    return dropped
