"""The tables of payments, what providers told, refunds, mandates, the ledger. The bank's: `banking`."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q, Sum

from licet.kernel.actor import Actor
from licet.kernel.ids import PublicId
from licet.kernel.money import Money
from licet.kernel.states import move
from licet.payments.rules import Facts, hidden, standing
from licet.payments.sealing import opened, sealed
from licet.payments.states import (
    EVENT_MOVES,
    MANDATE_MOVES,
    MOVES,
    OPEN,
    REFUND_MOVES,
    EventState,
    MandateState,
    PaymentState,
    RefundState,
    Told,
)
from licet.teams.models import Member, Team
from licet.teams.states import Role


def _known(states: type[PaymentState] | type[EventState] | type[RefundState] | type[MandateState]) -> Q:
    return Q(state__in=sorted(each.value for each in states))


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Mandates, as verbs and pages look for them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the mandates of the teams that the actor runs; staff and the site see all."""
        if actor.is_system or actor.is_staff:
            return self
        runs = Member.objects.active().filter(person=actor.id, role__in=[Role.OWNER, Role.ADMIN])
        return self.filter(team__in=runs.values("team"))

    def active(self) -> Self:
        """Return those under which money may be collected."""
        return self.filter(state=MandateState.ACTIVE)


class Mandate(models.Model):
    """A customer's permission to collect from an account (SEPA). The IBAN is stored sealed, and masked."""

    public_id = PublicId(prefix="mdt")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=35, unique=True)
    holder = models.CharField(max_length=70)
    iban_sealed = models.TextField()
    shown_iban = models.CharField(max_length=34)  # as far as people need it to recognise the account
    bic = models.CharField(max_length=11, blank=True)
    kind = models.CharField(max_length=4, default="CORE")
    signed_on = models.DateField()
    state = models.CharField(max_length=8, default=MandateState.ACTIVE)
    used_on = models.DateField(null=True)

    objects: ClassVar[models.Manager["Mandate"]] = MandateQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=_known(MandateState), name="mandate_state_known")]

    @property
    def iban(self) -> str:
        """The account, for the file that goes to the bank."""
        return opened(name=self.public_id, box=self.iban_sealed)

    def keep_iban(self, iban: str) -> None:
        """Set the account of a new mandate."""
        self.iban_sealed = sealed(name=self.public_id, text=iban)
        self.shown_iban = hidden(iban=iban)

    def decide(self, to: MandateState) -> None:
        """Move to a state that the table allows."""
        self.state = move(table=MANDATE_MOVES, current=MandateState(self.state), to=to)


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Payments, as verbs and pages look for them."""

    def locked(self, pk: int) -> "Payment":
        """Lock one payment and read it again."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)

    def open_of(self, *, subject: str) -> Self:
        """Return those of a subject that may still become money."""
        return self.filter(subject=subject, state__in=OPEN)


class Payment(models.Model):
    """Money that one provider moves, or was to move, for one subject (such as an order)."""

    public_id = PublicId(prefix="pay")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=20)
    provider_ref = models.CharField(max_length=100, blank=True)
    other_ref = models.CharField(max_length=100, blank=True)
    subject = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    reference = models.CharField(max_length=35, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=8)
    email = models.EmailField(max_length=254, blank=True)
    state = models.CharField(max_length=16, default=PaymentState.CREATED)
    pending = models.BooleanField(default=False)
    authorised = models.BooleanField(default=False)
    settled = models.BooleanField(default=False)
    failed = models.BooleanField(default=False)
    charged_back = models.BooleanField(default=False)
    reinstated = models.BooleanField(default=False)
    refunded_minor = models.BigIntegerField(default=0)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, related_name="payments")
    collect_on = models.DateField(null=True)
    collected_at = models.DateTimeField(null=True)  # handed to the bank in a file
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    objects: ClassVar[PaymentQuerySet] = PaymentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_ref"],
                condition=~Q(provider_ref=""),
                name="payment_provider_ref",
            ),
            # the customer who presses twice pays once
            models.UniqueConstraint(
                fields=["subject", "provider"],
                condition=Q(state__in=sorted(each.value for each in OPEN)),
                name="payment_open_once",
            ),
            models.CheckConstraint(condition=_known(PaymentState), name="payment_state_known"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_of_something"),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=models.F("amount_minor")),
                name="payment_refunded_within",
            ),
        ]
        indexes = [
            models.Index(fields=["subject"]),
            models.Index(fields=["state", "provider", "id"]),
            models.Index(fields=["other_ref"], condition=~Q(other_ref=""), name="payment_other_ref"),
        ]

    @property
    def amount(self) -> Money:
        """What was expected, and what is here once it is settled."""
        return Money(self.amount_minor, self.currency)

    @property
    def refundable(self) -> Money:
        """What could still be sent back."""
        return Money(self.amount_minor - self.refunded_minor, self.currency)

    def facts(self) -> Facts:
        """Return everything that was told of it."""
        return Facts(
            pending=self.pending,
            authorised=self.authorised,
            settled=self.settled,
            failed=self.failed,
            charged_back=self.charged_back,
            reinstated=self.reinstated,
            refunded_minor=self.refunded_minor,
        )

    def tell(self, *, told: Told, amount_minor: int) -> bool:
        """Add a fact and move to where all of them lead; return whether the state is another one now."""
        facts = self.facts().with_told(told=told, amount_minor=amount_minor)
        for name in Facts.__dataclass_fields__:
            setattr(self, name, getattr(facts, name))
        to = standing(facts=facts, amount_minor=self.amount_minor)
        if to == self.state:
            return False
        self.state = move(table=MOVES, current=PaymentState(self.state), to=to)
        return True


class ProviderEventQuerySet(models.QuerySet["ProviderEvent"]):
    """What providers told."""

    def to_review(self) -> Self:
        """Return what a person has to look at."""
        return self.filter(state=EventState.REVIEW)


class ProviderEvent(models.Model):
    """One thing that a provider told, kept before anything is done about it."""

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=100)
    told = models.CharField(max_length=12)
    provider_ref = models.CharField(max_length=100, blank=True)
    other_ref = models.CharField(max_length=100, blank=True)
    payment_ref = models.CharField(max_length=40, blank=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="events")
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    body = models.TextField(blank=True)
    state = models.CharField(max_length=10, default=EventState.STORED)
    why = models.CharField(max_length=30, blank=True)
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["ProviderEvent"]] = ProviderEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="provider_event_once"),
            models.CheckConstraint(condition=_known(EventState), name="provider_event_state_known"),
        ]
        indexes = [models.Index(fields=["state", "id"])]

    def decide(self, to: EventState) -> None:
        """Move to a state that the table allows."""
        self.state = move(table=EVENT_MOVES, current=EventState(self.state), to=to)

    @property
    def amount(self) -> Money | None:
        """How much it tells of."""
        return None if self.amount_minor is None else Money(self.amount_minor, self.currency)


class RefundQuerySet(models.QuerySet["Refund"]):
    """Refunds, as pages look for them."""

    def by_hand(self) -> Self:
        """Return those that somebody of the vendor has to transfer: no provider does it."""
        return self.filter(state__in=[RefundState.ASKED, RefundState.FAILED], by_hand=True)


class Refund(models.Model):
    """Money that the vendor sends back, with the reason."""

    public_id = PublicId(prefix="rfd")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=6, default=RefundState.ASKED)
    by_hand = models.BooleanField()  # no provider does it: staff transfers the money
    credited = models.BooleanField(default=False)  # the debt went with it, by a credit note
    provider_ref = models.CharField(max_length=100, blank=True)
    why = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[RefundQuerySet] = RefundQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_known(RefundState), name="refund_state_known"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_of_something"),
        ]

    @property
    def amount(self) -> Money:
        """How much goes back."""
        return Money(self.amount_minor, self.payment.currency)

    def decide(self, to: RefundState) -> None:
        """Move to a state that the table allows."""
        self.state = move(table=REFUND_MOVES, current=RefundState(self.state), to=to)


class AllocationQuerySet(models.QuerySet["Allocation"]):
    """The ledger, as sums."""

    def on_subject(self, *, subject: str) -> int:
        """Return how much of all payments was booked on a subject, in minor units."""
        return int(self.filter(subject=subject).aggregate(sum=Sum("amount_minor"))["sum"] or 0)

    def sums(self) -> dict[str, int]:
        """Return how much stands on each subject of this selection."""
        rows = self.values("subject").annotate(sum=Sum("amount_minor")).order_by("subject")
        return {row["subject"]: int(row["sum"]) for row in rows}

    def of_payment(self, *, payment: int) -> int:
        """Return how much of a payment was booked on anything, in minor units."""
        return int(self.filter(payment=payment).aggregate(sum=Sum("amount_minor"))["sum"] or 0)

    def booked(self, *, payment: int) -> dict[str, int]:
        """Return how much of a payment stands on which subject now."""
        rows = self.filter(payment=payment).values("subject").annotate(sum=Sum("amount_minor"))
        return {row["subject"]: int(row["sum"]) for row in rows.order_by("subject") if row["sum"]}


class Allocation(models.Model):
    """A line of the ledger: so much of this payment pays this subject. Never changed; undone by a minus."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations")
    subject = models.CharField(max_length=40)
    amount_minor = models.BigIntegerField()
    booked_at = models.DateTimeField()

    objects: ClassVar[AllocationQuerySet] = AllocationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_minor=0), name="allocation_of_something")]
        indexes = [models.Index(fields=["subject"])]


class CollectionFile(models.Model):
    """A file of direct debits (pain.008) that was made to be handed to the bank; stored sealed."""

    public_id = PublicId(prefix="col")
    message_id = models.CharField(max_length=35, unique=True)
    collect_on = models.DateField()
    count = models.PositiveIntegerField()
    total_minor = models.BigIntegerField()
    sealed = models.TextField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.message_id

    @property
    def content(self) -> str:
        """The file, with the accounts of those who are debited."""
        return opened(name=self.public_id, box=self.sealed)

    def keep(self, content: str) -> None:
        """Set the content of a new file."""
        self.sealed = sealed(name=self.public_id, text=content)

    @property
    def day(self) -> date:
        """When the bank is asked to collect."""
        return self.collect_on
