"""What a provider of payments is to us: values in, values out, no database.

One class per provider under `providers/<name>/`; `tests/payments/test_contract.py` holds each to this page.
Providers are told apart by their capabilities, never by their names.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise

from licet.kernel.brand import Brand
from licet.kernel.money import Money
from licet.payments.errors import EventsNotTaken, NotOfThisProvider
from licet.payments.states import Told


class Capability(StrEnum):
    """What a provider can; pages and verbs ask for these."""

    REDIRECT = "redirect"
    INSTRUCTIONS = "instructions"
    OFF_SESSION = "off_session"
    REFUND = "refund"
    PARTIAL_REFUND = "partial_refund"
    MANDATE = "mandate"
    STAFF_ONLY = "staff_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """What is to be paid and by whom, as far as a method must know. `country`: of the billing address."""

    amount: Money
    country: str
    business: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Whether a method fits; where not, why, in a sentence for the customer."""

    allowed: bool
    reason: str | Promise = ""


ALLOWED = Availability(allowed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Debtor:
    """Whose account is debited under which mandate (SEPA). `first`: nothing was collected under it yet."""

    mandate: str
    holder: str
    iban: str
    bic: str
    signed_on: str  # ISO 8601
    kind: str  # CORE or B2B
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One payment that is to be made. `payment`: our public id; `title`: "Order 10001", in `language`."""

    payment: str
    amount: Money
    reference: str
    title: str
    language: str
    email: str
    seller: Brand
    debtor: Debtor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Urls:
    """Where the provider sends the browser back to. Neither says that anything was paid."""

    back: str
    cancelled: str
    here: str  # the provider's own page on this site, where it has one


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """The customer goes there; the provider calls the payment `provider_ref`."""

    url: str
    provider_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructions:
    """The customer acts elsewhere: `template` under `shop/pay/` says how, with `data`."""

    template: str
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Nothing more is needed from the customer now; what became of it is told by an event or a bank."""


Start = Redirect | Instructions | Done


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One event of a provider. `amount`: of this fact (of refunds: everything refunded so far); None: untold.

    `other_ref`: a second name of the same payment at the provider, under which later events may come.
    """

    event_id: str
    told: Told
    at: datetime
    provider_ref: str = ""
    other_ref: str = ""
    payment: str = ""
    amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderState:
    """How a payment, or a refund, stands at the provider at this moment."""

    provider_ref: str
    told: Told
    amount: Money


class Provider(ABC):
    """One way of paying. Stateless: what it needs stands in the settings."""

    code: str
    name: str | Promise
    icon: str = "credit-card"
    capabilities: frozenset[Capability] = frozenset()

    @abstractmethod
    def faults(self) -> Sequence[str]:
        """Say, for operators, what is missing or wrong in the settings; nothing where it can work."""

    @abstractmethod
    def availability(self, *, purchase: Purchase, seller: Brand) -> Availability:
        """Say whether this method fits a purchase."""

    @abstractmethod
    def start(self, *, asked: Asked, urls: Urls) -> Start:
        """Begin a payment. The same `asked.payment` twice is one payment at the provider."""

    def parse_event(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[Notice]:
        """Check the signature of a call and return what it tells; none for what does not concern us.

        Names of headers in lower case. Refuses SignatureWrong, EventUnreadable; EventsNotTaken.
        """
        raise EventsNotTaken

    def fetch(self, *, provider_ref: str) -> ProviderState | None:
        """Ask how a payment stands; None where nobody knows (or nobody can be asked)."""
        return None

    def charge(self, *, asked: Asked, idempotency_key: str) -> ProviderState:
        """Collect without the customer. Refuses NotOfThisProvider where that cannot be done."""
        raise NotOfThisProvider

    def refund(
        self, *, provider_ref: str, amount: Money, idempotency_key: str, refunded_before: Money
    ) -> ProviderState:
        """Send money back; the same key twice is one refund. Refuses NotOfThisProvider, ProviderRefuses."""
        raise NotOfThisProvider
