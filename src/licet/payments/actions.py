"""Beginning a payment, the ledger, and refunds. Steps for who knows what is paid; verbs for the worker."""

from datetime import datetime

from licet.eventlog.change import Record, change
from licet.eventlog.models import Event
from licet.kernel.actor import Actor, system
from licet.kernel.duties import Duty
from licet.kernel.money import Money
from licet.kernel.refusal import Forbidden
from licet.payments import registry
from licet.payments.boundary import Capability, Redirect, Start, Urls
from licet.payments.errors import AmountOutOfRange, NotOfThisProvider, PaymentOver, ProviderRefuses
from licet.payments.events import (
    PaymentAllocated,
    PaymentHandedOver,
    PaymentStarted,
    RefundAsked,
    RefundFailed,
    RefundMade,
)
from licet.payments.models import Allocation, Mandate, Payment, Refund
from licet.payments.queries import asked_of
from licet.payments.receiving import note
from licet.payments.states import OPEN, PAID, PaymentState, RefundState, Told
from licet.teams.models import Team


def begin(
    *,
    code: str,
    team: Team,
    subject: str,
    title: str,
    reference: str,
    amount: Money,
    language: str,
    email: str,
    mandate: Mandate | None = None,
    record: Record,
) -> Payment:
    """Write down that a subject is to be paid so; an open payment of the same amount is used again. A step.

    The caller holds the team's lock. One of another amount is closed: it would pay too much or too little.
    """
    for each in Payment.objects.open_of(subject=subject).filter(provider=code):
        same = (each.amount_minor, each.currency) == (amount.amount, amount.currency)
        if same and each.mandate_id == (mandate.pk if mandate else None):
            return each
        close(payment=each, record=record)
    payment = Payment.objects.create(
        team=team,
        provider=code,
        subject=subject,
        title=title,
        reference=reference,
        amount_minor=amount.amount,
        currency=amount.currency,
        language=language,
        email=email,
        mandate=mandate,
        created_at=record.now,
    )
    record(
        PaymentStarted(
            payment=payment.pk,
            provider=code,
            amount_minor=amount.amount,
            currency=amount.currency,
            title=title,
        ),
        team=team.pk,
    )
    return payment


def hand_over(*, payment: Payment, urls: Urls, by: Actor, now: datetime) -> Start:
    """Have the provider begin an open payment; return what the customer does next.

    Outside of every transaction: a provider may take seconds. The same payment twice is one at the provider.
    The caller has seen to it that the actor may pay this. Refuses PaymentOver, ProviderAway, ProviderRefuses.
    """
    provider = registry.provider(code=payment.provider)
    if payment.state not in OPEN:
        raise PaymentOver
    start = provider.start(asked=asked_of(payment=payment), urls=urls)
    if isinstance(start, Redirect) and payment.provider_ref != start.provider_ref:
        with change(by=by, now=now) as record:
            # against the event of a payment that was quicker than this answer
            row = Payment.objects.locked(payment.pk)
            row.provider_ref = row.provider_ref or start.provider_ref
            row.tell(told=Told.PENDING, amount_minor=0)
            row.save()
            fact = PaymentHandedOver(payment=row.pk, provider=row.provider, title=row.title)
            record(fact, team=row.team_id)
    return start


def close(*, payment: Payment, record: Record) -> None:
    """Close an open payment that is not needed any more; should its money come, it is noticed. A step."""
    if payment.tell(told=Told.FAILED, amount_minor=0):
        payment.save()
        note(payment=payment, state=PaymentState.FAILED, record=record)


def arrive(*, payment: Payment, provider_ref: str, record: Record) -> None:
    """Note that the money of a payment is here, by the bank's word or staff's. A step; the row is locked."""
    payment.provider_ref = provider_ref or payment.provider_ref
    moved = payment.tell(told=Told.SETTLED, amount_minor=payment.amount_minor)
    payment.settled_at = payment.settled_at or record.now
    payment.save()
    if moved:
        note(payment=payment, state=PaymentState(payment.state), record=record)


def allocate(*, payment: Payment, subject: str, amount_minor: int, record: Record) -> Allocation | None:
    """Book so much of a payment on a subject; below zero takes it off again. A step.

    The caller holds the locks of the team and the payment. Refuses AmountOutOfRange for more than the
    payment has, or than stands there.
    """
    if amount_minor == 0:
        return None
    booked = Allocation.objects.booked(payment=payment.pk)
    free = payment.amount_minor - sum(booked.values())
    if amount_minor > free or -amount_minor > booked.get(subject, 0):
        raise AmountOutOfRange(most=Money(max(free, 0), payment.currency))
    line = Allocation.objects.create(
        payment=payment, subject=subject, amount_minor=amount_minor, booked_at=record.now
    )
    record(
        PaymentAllocated(
            payment=payment.pk, subject=subject, amount_minor=amount_minor, currency=payment.currency
        ),
        team=payment.team_id,
    )
    return line


def refund(*, payment: Payment, amount_minor: int, reason: str, credited: bool, record: Record) -> Refund:
    """Decide that so much of a payment goes back; the worker asks the provider. A step; the row is locked.

    `credited`: the debt goes with it. Refuses PaymentOver where no money is here, AmountOutOfRange.
    """
    if payment.state not in PAID:
        raise PaymentOver
    promised = sum(each.amount_minor for each in payment.refunds.all() if each.state != RefundState.FAILED)
    left = payment.amount_minor - max(promised, payment.refunded_minor)
    if not 0 < amount_minor <= left:
        raise AmountOutOfRange(most=Money(left, payment.currency))
    able = registry.PROVIDERS[payment.provider].capabilities
    whole = amount_minor == payment.amount_minor
    by_hand = (Capability.REFUND if whole else Capability.PARTIAL_REFUND) not in able
    made = Refund.objects.create(
        payment=payment,
        amount_minor=amount_minor,
        reason=reason,
        by_hand=by_hand,
        credited=credited,
        asked_at=record.now,
    )
    record(
        RefundAsked(
            refund=made.pk,
            payment=payment.pk,
            amount_minor=amount_minor,
            currency=payment.currency,
            title=payment.title,
            reason=reason,
        ),
        team=payment.team_id,
    )
    return made


def note_refund(
    *, payment: Payment, amount_minor: int, reason: str, credited: bool, record: Record
) -> Refund:
    """Write down a refund that was made already, at the provider. A step; the row is locked."""
    made = Refund.objects.create(
        payment=payment,
        amount_minor=amount_minor,
        reason=reason,
        state=RefundState.DONE,
        by_hand=False,
        credited=credited,
        asked_at=record.now,
        decided_at=record.now,
    )
    _tell_made(refund=made, payment=payment, record=record)
    return made


def _tell_made(*, refund: Refund, payment: Payment, record: Record) -> None:
    fact = RefundMade(
        refund=refund.pk,
        payment=payment.pk,
        amount_minor=refund.amount_minor,
        currency=payment.currency,
        title=payment.title,
    )
    record(fact, team=payment.team_id)


def refund_asked(*, event: Event, now: datetime) -> None:
    """Have the provider send the money back; ProviderAway lets the worker try again later."""
    refund = Refund.objects.select_related("payment").get(pk=event.facts["refund"])
    if refund.state != RefundState.ASKED or refund.by_hand:
        return
    payment, provider = refund.payment, registry.PROVIDERS[refund.payment.provider]
    try:
        answer = provider.refund(
            provider_ref=payment.provider_ref,
            amount=refund.amount,
            idempotency_key=refund.public_id,
            refunded_before=Money(payment.refunded_minor, payment.currency),
        )
    except (ProviderRefuses, NotOfThisProvider) as refusal:
        refund_failed(refund=refund, why=str(refusal), by=system(label=payment.provider), now=now)
        return
    if answer.told is Told.FAILED:
        refund_failed(refund=refund, why=payment.provider, by=system(label=payment.provider), now=now)
    else:
        by = system(label=payment.provider)
        refund_made(refund=refund, provider_ref=answer.provider_ref, by=by, now=now)


def refund_made(*, refund: Refund, provider_ref: str, by: Actor, now: datetime) -> Refund:
    """Note that the money is on its way: for the worker, and for staff who transferred it by hand.

    Twice is once. Refuses everybody else.
    """
    if not (by.serves(Duty.MANAGE_MONEY) or by.is_system):
        raise Forbidden
    if refund.state == RefundState.DONE:
        return refund
    with change(by=by, now=now) as record:
        # the provider's own event about the same refund, another refund of the same payment
        payment = Payment.objects.locked(refund.payment_id)
        refund = Refund.objects.select_for_update().get(pk=refund.pk)
        refund.decide(RefundState.DONE)
        refund.provider_ref, refund.why, refund.decided_at = provider_ref, "", now
        refund.save()
        done = payment.refunds.filter(state=RefundState.DONE)
        total = sum(each.amount_minor for each in done)
        if payment.tell(told=Told.REFUNDED, amount_minor=min(total, payment.amount_minor)):
            note(payment=payment, state=PaymentState(payment.state), record=record)
        payment.save()
        _tell_made(refund=refund, payment=payment, record=record)
    return refund


def refund_failed(*, refund: Refund, why: str, by: Actor, now: datetime) -> Refund:
    """Note that the provider said no; staff sends the money otherwise. For the worker."""
    if not by.is_system:
        raise Forbidden
    with change(by=by, now=now) as record:
        # against the provider's event that it was made after all
        refund = Refund.objects.select_related("payment").select_for_update(of=("self",)).get(pk=refund.pk)
        refund.decide(RefundState.FAILED)
        # from now on it is to be sent by hand
        refund.by_hand, refund.why, refund.decided_at = True, why[:200], now
        refund.save()
        fact = RefundFailed(refund=refund.pk, title=refund.payment.title, why=why[:200])
        record(fact, team=refund.payment.team_id)
    return refund
