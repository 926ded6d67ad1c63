"""What the facts told of a payment add up to, and what numbers of accounts must respect. Pure."""

from dataclasses import dataclass, replace

from stdnum import iban as iban_numbers
from stdnum.exceptions import ValidationError

from licet.payments.states import PaymentState, Told

BODY_DAYS = 60
"""So long the raw body of a provider's event is kept: to find out what went wrong."""

BODY_BYTES = 256_000
"""A provider's event has less."""

STATEMENT_BYTES = 50 * 1024 * 1024
UPLOAD_BYTES = 25 * 1024 * 1024
"""Statements in one file: at the command line, and through a browser."""

LEAD_DAYS = 14
"""Between the notice to the debtor and the collection (SEPA Core rulebook: 14 days unless agreed shorter)."""

# Direct debits of SEPA reach these (EPC409-09, list of countries); outside the EEA an address is wanted.
# fmt: off
SEPA_COUNTRIES = frozenset([
    "AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI", "GR",
    "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL", "NO", "PL",
    "PT", "RO", "RS", "SE", "SI", "SK", "SM", "VA",
])
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that was ever told of a payment. Adding a fact twice changes nothing, nor does the order."""

    pending: bool = False
    authorised: bool = False
    settled: bool = False
    failed: bool = False
    charged_back: bool = False
    reinstated: bool = False
    refunded_minor: int = 0

    def with_told(self, *, told: Told, amount_minor: int) -> "Facts":
        """Add what was told; `amount_minor` of a refund is everything refunded so far."""
        if told is Told.REFUNDED:
            return replace(self, refunded_minor=max(self.refunded_minor, amount_minor))
        return replace(self, **{told.value: True})


def standing(*, facts: Facts, amount_minor: int) -> PaymentState:
    """Return the state that the facts add up to.

    Money that came back beats money that came, and that beats a failure: a failed attempt may be followed
    by one that works, under the same payment.
    """
    ladder = (
        (PaymentState.CHARGED_BACK, facts.charged_back and not facts.reinstated),
        (PaymentState.REFUNDED, facts.refunded_minor >= amount_minor > 0),
        (PaymentState.PARTLY_REFUNDED, facts.refunded_minor > 0),
        (PaymentState.SETTLED, facts.settled or facts.reinstated),
        (PaymentState.FAILED, facts.failed),
        (PaymentState.AUTHORISED, facts.authorised),
        (PaymentState.PENDING, facts.pending),
    )
    return next((state for state, holds in ladder if holds), PaymentState.CREATED)


def iban_of(*, text: str) -> str:
    """Return an IBAN without blanks, in capitals; "" where check digits or the country's form are wrong."""
    try:
        return str(iban_numbers.validate(text, check_country=True))
    except ValidationError:
        return ""


def hidden(*, iban: str) -> str:
    """Return an IBAN of which only country and last four signs can be read, as people recognise it."""
    plain = iban.replace(" ", "")
    return f"{plain[:2]}•• •••• {plain[-4:]}" if len(plain) > 8 else plain
