"""The stored states of payments, of what providers tell, and of what banks tell."""

from enum import StrEnum


class PaymentState(StrEnum):
    """How far the money is; derived from the facts that were told (`rules.standing`)."""

    CREATED = "created"
    PENDING = "pending"
    AUTHORISED = "authorised"
    SETTLED = "settled"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    FAILED = "failed"
    CHARGED_BACK = "charged_back"


OPEN = frozenset({PaymentState.CREATED, PaymentState.PENDING, PaymentState.AUTHORISED})
"""The customer may still do something about it."""

PAID = frozenset({PaymentState.SETTLED, PaymentState.PARTLY_REFUNDED})
"""Some of the money is with the vendor."""

_BACK = {PaymentState.PARTLY_REFUNDED, PaymentState.REFUNDED, PaymentState.CHARGED_BACK}

# Providers tell late and out of order: a payment may jump, but what has come never un-comes.
MOVES: dict[PaymentState, set[PaymentState]] = {
    PaymentState.CREATED: set(PaymentState) - {PaymentState.CREATED},
    PaymentState.PENDING: set(PaymentState) - {PaymentState.CREATED, PaymentState.PENDING},
    PaymentState.AUTHORISED: {PaymentState.SETTLED, PaymentState.FAILED, *_BACK},
    PaymentState.FAILED: {PaymentState.SETTLED, *_BACK},
    PaymentState.SETTLED: set(_BACK),
    PaymentState.PARTLY_REFUNDED: {PaymentState.REFUNDED, PaymentState.CHARGED_BACK},
    PaymentState.REFUNDED: {PaymentState.CHARGED_BACK},
    PaymentState.CHARGED_BACK: {
        PaymentState.SETTLED,
        PaymentState.PARTLY_REFUNDED,
        PaymentState.REFUNDED,
    },  # the dispute was won
}


class Told(StrEnum):
    """What a provider tells of a payment."""

    PENDING = "pending"
    AUTHORISED = "authorised"
    SETTLED = "settled"
    FAILED = "failed"
    REFUNDED = "refunded"
    CHARGED_BACK = "charged_back"
    REINSTATED = "reinstated"


class EventState(StrEnum):
    """What became of a provider's event here."""

    STORED = "stored"
    APPLIED = "applied"
    REVIEW = "review"
    DISMISSED = "dismissed"


EVENT_MOVES: dict[EventState, set[EventState]] = {
    EventState.STORED: {EventState.APPLIED, EventState.REVIEW},
    EventState.REVIEW: {EventState.DISMISSED, EventState.APPLIED},
    EventState.APPLIED: {EventState.REVIEW},  # it was added, and something has to be done about it
    EventState.DISMISSED: set(),
}


class RefundState(StrEnum):
    """Money on its way back."""

    ASKED = "asked"
    DONE = "done"
    FAILED = "failed"


REFUND_MOVES: dict[RefundState, set[RefundState]] = {
    RefundState.ASKED: {RefundState.DONE, RefundState.FAILED},
    RefundState.FAILED: {RefundState.ASKED, RefundState.DONE},
    RefundState.DONE: set(),
}


class MandateState(StrEnum):
    """Whether money may be collected under it."""

    ACTIVE = "active"
    REVOKED = "revoked"


MANDATE_MOVES: dict[MandateState, set[MandateState]] = {
    MandateState.ACTIVE: {MandateState.REVOKED},
    MandateState.REVOKED: set(),
}


class FileState(StrEnum):
    """A file of statements: received, then read or refused by the worker."""

    RECEIVED = "received"
    READ = "read"
    REFUSED = "refused"


FILE_MOVES: dict[FileState, set[FileState]] = {
    FileState.RECEIVED: {FileState.READ, FileState.REFUSED},
    FileState.READ: set(),
    FileState.REFUSED: set(),
}


class EntryState(StrEnum):
    """What became of a bank's entry: booked by itself or by a person, or still to be looked at."""

    NEW = "new"
    BOOKED = "booked"
    REVIEW = "review"
    DISMISSED = "dismissed"


ENTRY_MOVES: dict[EntryState, set[EntryState]] = {
    EntryState.NEW: {EntryState.BOOKED, EntryState.REVIEW, EntryState.DISMISSED},
    EntryState.REVIEW: {EntryState.BOOKED, EntryState.DISMISSED},
    EntryState.BOOKED: set(),
    EntryState.DISMISSED: {EntryState.BOOKED},
}
