"""What happens to payments."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, shown, worded
from licet.payments.words import FAULTS, REVIEWS, STATES


@dataclass(frozen=True, kw_only=True)
class PaymentStarted(Fact):
    """A customer chose how to pay; nothing has been paid."""

    name = "payment.started"
    sentence = _("%(actor)s began to pay %(title)s.")

    payment: int
    provider: str
    amount_minor: int
    currency: str
    title: str


@dataclass(frozen=True, kw_only=True)
class PaymentHandedOver(Fact):
    """The provider knows of it and waits for the customer."""

    name = "payment.handed_over"
    sentence = _("The payment for %(title)s waits for the customer.")

    payment: int
    provider: str
    title: str


@dataclass(frozen=True, kw_only=True)
class PaymentMoved(Fact):
    """It came to another state that changes nothing for the order."""

    name = "payment.moved"
    sentence = _("The payment for %(title)s is now: %(state)s.")

    payment: int
    title: str
    state: str = worded(words=STATES)


@dataclass(frozen=True, kw_only=True)
class BodiesForgotten(Fact):
    """Raw calls of providers were dropped after 60 days."""

    name = "payment.bodies_forgotten"
    sentence = _("Old calls of payment services were dropped: %(count)s.")

    count: int


@dataclass(frozen=True, kw_only=True)
class PaymentEventStored(Fact):
    """A provider told something; the worker looks at it next."""

    name = "payment.event_stored"
    sentence = _("The payment service %(provider)s told about a payment.")

    event: int
    provider: str


@dataclass(frozen=True, kw_only=True)
class PaymentEventApplied(Fact):
    """What a provider told changed nothing that anybody has to know."""

    name = "payment.event_applied"
    sentence = _("What the payment service %(provider)s told was noted.")

    event: int
    provider: str


@dataclass(frozen=True, kw_only=True)
class PaymentToReview(Fact):
    """What was told does not fit what was expected; nothing was booked."""

    name = "payment.to_review"
    sentence = _("What the payment service %(provider)s told has to be looked at: %(why)s")

    event: int
    provider: str
    why: str = worded(words=REVIEWS)


@dataclass(frozen=True, kw_only=True)
class PaymentEventDismissed(Fact):
    """Somebody of the vendor looked, and nothing is to be done."""

    name = "payment.event_dismissed"
    sentence = _("%(actor)s closed a review of a payment: %(reason)s")

    event: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class PaymentSettled(Fact):
    """The money is with the vendor; `amount_minor` in minor units of `currency`."""

    name = "payment.settled"
    sentence = _("The payment for %(title)s has arrived.")

    payment: int
    amount_minor: int
    currency: str
    title: str


@dataclass(frozen=True, kw_only=True)
class PaymentFailed(Fact):
    """It did not work; another one may."""

    name = "payment.failed"
    sentence = _("The payment for %(title)s did not work.")

    payment: int
    title: str


@dataclass(frozen=True, kw_only=True)
class PaymentChargedBack(Fact):
    """The customer's bank took the money back."""

    name = "payment.charged_back"
    sentence = _("The payment for %(title)s was taken back by the customer's bank.")

    payment: int
    amount_minor: int
    currency: str
    title: str


@dataclass(frozen=True, kw_only=True)
class PaymentAllocated(Fact):
    """So much of a payment pays this; below zero: no longer does."""

    name = "payment.allocated"
    sentence = _("A payment was booked on %(subject)s.")

    payment: int
    subject: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class PaymentRecorded(Fact):
    """Somebody of the vendor wrote down money that came otherwise."""

    name = "payment.recorded"
    sentence = _("%(actor)s recorded a payment for %(title)s: %(reason)s")

    payment: int
    amount_minor: int
    currency: str
    title: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RefundAsked(Fact):
    """Money is to go back."""

    name = "refund.asked"
    sentence = _("%(actor)s began a refund for %(title)s: %(reason)s")

    refund: int
    payment: int
    amount_minor: int
    currency: str
    title: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RefundMade(Fact):
    """The money is on its way to the customer."""

    name = "refund.made"
    sentence = _("The refund for %(title)s was made.")

    refund: int
    payment: int
    amount_minor: int
    currency: str
    title: str


@dataclass(frozen=True, kw_only=True)
class RefundFailed(Fact):
    """The provider said no; the desk shows it."""

    name = "refund.failed"
    sentence = _("The refund for %(title)s did not work: %(why)s")

    refund: int
    title: str
    why: str


@dataclass(frozen=True, kw_only=True)
class MandateGiven(Fact):
    """A customer permits to collect from an account."""

    name = "mandate.given"
    sentence = _("%(actor)s gave a direct debit mandate for the account %(account)s.")

    mandate: int
    reference: str
    account: str = shown()


@dataclass(frozen=True, kw_only=True)
class MandateRevoked(Fact):
    """Nothing is collected under it any more."""

    name = "mandate.revoked"
    sentence = _("%(actor)s revoked the direct debit mandate %(reference)s.")

    mandate: int
    reference: str


@dataclass(frozen=True, kw_only=True)
class CollectionAnnounced(Fact):
    """The debtor is told when how much is collected."""

    name = "collection.announced"
    sentence = _("A direct debit for %(title)s was announced for %(day)s.")

    payment: int
    title: str
    day: str


@dataclass(frozen=True, kw_only=True)
class CollectionsFiled(Fact):
    """A file of direct debits was made for the bank."""

    name = "collection.filed"
    sentence = _("%(actor)s made a file of direct debits (%(count)s).")

    file: int
    count: int
    total_minor: int


@dataclass(frozen=True, kw_only=True)
class StatementReceived(Fact):
    """Somebody imported a bank statement; the worker reads it next."""

    name = "statement.received"
    sentence = _("%(actor)s imported the bank statement %(file_name)s.")

    file: int
    digest: str
    file_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class StatementRead(Fact):
    """Its entries are there: so many of them for the first time."""

    name = "statement.read"
    sentence = _("A bank statement was read; new entries: %(fresh)s.")

    file: int
    fresh: int
    known: int


@dataclass(frozen=True, kw_only=True)
class StatementRefused(Fact):
    """It cannot be used."""

    name = "statement.refused"
    sentence = _("A bank statement could not be read: %(fault)s")

    file: int
    fault: str = worded(words=FAULTS)


@dataclass(frozen=True, kw_only=True)
class EntryBooked(Fact):
    """An entry of the bank became a payment."""

    name = "entry.booked"
    sentence = _("An entry of the bank statement was booked on %(subjects)s.")

    entry: int
    payment: int
    subjects: str


@dataclass(frozen=True, kw_only=True)
class EntryToReview(Fact):
    """An entry of the bank fits nothing surely."""

    name = "entry.to_review"
    sentence = _("An entry of the bank statement has to be looked at: %(why)s")

    entry: int
    why: str = worded(words=REVIEWS)


@dataclass(frozen=True, kw_only=True)
class EntryDismissed(Fact):
    """An entry that has nothing to do with what is sold here."""

    name = "entry.dismissed"
    sentence = _("%(actor)s put an entry of the bank statement aside: %(reason)s")

    entry: int
    reason: str
