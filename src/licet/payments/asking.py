"""Asking providers how payments stand that have waited too long: what a lost event would have told."""

from datetime import datetime, timedelta

from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden
from licet.payments import registry
from licet.payments.boundary import Capability, ProviderState
from licet.payments.errors import ProviderAway, ProviderRefuses
from licet.payments.events import PaymentEventStored
from licet.payments.models import Payment, ProviderEvent
from licet.payments.states import OPEN, Told

AFTER = timedelta(hours=1)
"""So long nobody asks: events come within minutes."""

HOURLY = timedelta(days=3)
"""So long a payment is asked for with every run, then once a day."""

AT_MOST = timedelta(days=60)
"""Then nobody asks any more; its money, should it come, is noticed by its event."""

_SILENT = frozenset({Told.PENDING, Told.AUTHORISED})


def ask_pending(*, by: Actor, now: datetime) -> int:
    """Ask for every payment that a provider has had for over an hour; return how many answers are new.

    For the schedule, once an hour; may run at any moment and again. An answer is stored like an event, once,
    and applied by the worker. Nothing is locked while a provider is asked; one that is away is left alone.
    """
    if not by.is_system:
        raise Forbidden
    fresh, away = 0, set[str]()
    for payment in _waiting(now=now):
        if payment.provider in away:
            continue
        try:
            state = registry.PROVIDERS[payment.provider].fetch(provider_ref=payment.provider_ref)
        except ProviderAway:
            away.add(payment.provider)
            continue
        except ProviderRefuses:  # it knows nothing of it
            continue
        if state is not None and state.told not in _SILENT:
            fresh += _stored(payment=payment, state=state, by=by, now=now)
    return fresh


def _waiting(*, now: datetime) -> list[Payment]:
    able = [each.code for each in registry.switched_on() if Capability.REDIRECT in each.capabilities]
    rows = Payment.objects.filter(
        provider__in=able, state__in=OPEN, created_at__lte=now - AFTER, created_at__gt=now - AT_MOST
    ).exclude(provider_ref="")
    return [each for each in rows.order_by("pk") if _is_asked_for(payment=each, now=now)]


def _is_asked_for(*, payment: Payment, now: datetime) -> bool:
    if now - payment.created_at <= HOURLY:
        return True
    return now.hour == payment.created_at.astimezone(now.tzinfo).hour


def _stored(*, payment: Payment, state: ProviderState, by: Actor, now: datetime) -> bool:
    event_id = f"asked_{payment.public_id}_{state.told}"
    if ProviderEvent.objects.filter(provider=payment.provider, event_id=event_id).exists():
        return False
    with change(by=by, now=now) as record:
        event = ProviderEvent.objects.create(
            provider=payment.provider,
            event_id=event_id,
            told=state.told,
            provider_ref=payment.provider_ref,
            payment_ref=payment.public_id,
            amount_minor=state.amount.amount,
            currency=state.amount.currency,
            at=now,
            received_at=now,
        )
        record(PaymentEventStored(event=event.pk, provider=event.provider))
    return True
