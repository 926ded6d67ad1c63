"""The test card. Its page is ours, its events are signed as a real provider's are."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from licet.kernel.brand import Brand
from licet.kernel.money import Money
from licet.payments.boundary import (
    ALLOWED,
    Asked,
    Availability,
    Capability,
    Notice,
    Provider,
    ProviderState,
    Purchase,
    Redirect,
    Urls,
)
from licet.payments.errors import EventUnreadable, SignatureWrong
from licet.payments.states import Told

HEADER = "testcard-signature"
TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A number and what happens with it. `step`: the bank asks the holder first (3-D Secure)."""

    number: str
    outcome: tuple[Told, ...]
    step: bool = False


CARDS = {
    each.number: each
    for each in (
        Card(number="4242424242424242", outcome=(Told.SETTLED,)),
        Card(number="4000000000000002", outcome=(Told.FAILED,)),
        Card(number="4000000000003220", outcome=(Told.SETTLED,), step=True),
        Card(number="4000000000000259", outcome=(Told.SETTLED, Told.CHARGED_BACK)),
    )
}
"""The numbers that Stripe uses for the same, so that who knows those knows these."""


class Testcard(Provider):
    """Refuses to work outside of the demonstration: nobody is to get licenses for play money."""

    code = "testcard"
    name = _("Test card")
    icon = "credit-card"
    capabilities = frozenset({Capability.REDIRECT, Capability.REFUND, Capability.PARTIAL_REFUND})

    def faults(self) -> Sequence[str]:
        """Works in the demonstration alone."""
        return (
            () if settings.LICET_DEMO else ("works in the demonstration only: take it out of LICET_PAYMENTS",)
        )

    def availability(self, *, purchase: Purchase, seller: Brand) -> Availability:
        """Every purchase of the demonstration."""
        if not settings.LICET_DEMO:
            return Availability(allowed=False, reason=_("It works in the demonstration only."))
        return ALLOWED

    def start(self, *, asked: Asked, urls: Urls) -> Redirect:
        """Send the customer to our page that plays the bank."""
        return Redirect(url=urls.here, provider_ref=f"tc_{asked.payment}")

    def parse_event(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[Notice]:
        """Check the signature and read the one event of a call."""
        if not settings.LICET_DEMO or not _signed(header=headers.get(HEADER, ""), body=body, now=now):
            raise SignatureWrong
        try:
            told: dict[str, Any] = json.loads(body)
            amount = Money(told["amount"], told["currency"])
            return [
                Notice(
                    event_id=str(told["id"])[:100],
                    told=Told(told["told"]),
                    at=datetime.fromtimestamp(told["at"], tz=UTC),
                    provider_ref=str(told["ref"])[:100],
                    payment=str(told["payment"])[:40],
                    amount=amount,
                )
            ]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EventUnreadable from error

    def refund(
        self, *, provider_ref: str, amount: Money, idempotency_key: str, refunded_before: Money
    ) -> ProviderState:
        """Pretend to send the money back."""
        return ProviderState(provider_ref=f"tc_{idempotency_key}", told=Told.REFUNDED, amount=amount)


def event(*, payment: str, told: Told, amount: Money, at: datetime) -> tuple[dict[str, str], bytes]:
    """Return what the pretended bank sends: headers and body. The same fact of a payment has one id."""
    body = json.dumps(
        {
            "id": f"tce_{payment}_{told.value}",
            "told": told.value,
            "ref": f"tc_{payment}",
            "payment": payment,
            "amount": amount.amount,
            "currency": amount.currency,
            "at": int(at.timestamp()),
        }
    ).encode()
    moment = str(int(at.timestamp()))
    return {HEADER: f"t={moment},v1={_mac(moment, body)}"}, body


def _signed(*, header: str, body: bytes, now: datetime) -> bool:
    parts = dict(each.partition("=")[::2] for each in header.split(","))
    moment = parts.get("t", "")
    if not moment.isascii() or not moment.isdigit() or len(moment) > 12:
        return False
    fresh = abs(now - datetime.fromtimestamp(int(moment), tz=UTC)) <= TOLERANCE
    return fresh and hmac.compare_digest(_mac(moment, body).encode(), parts.get("v1", "").encode())


def _mac(moment: str, body: bytes) -> str:
    key = hashlib.sha256(b"licet testcard " + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
