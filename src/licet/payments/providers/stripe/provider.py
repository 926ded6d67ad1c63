"""Stripe Checkout in one module. The library is asked for when it is needed; its API version stands here.

https://docs.stripe.com/api/checkout/sessions · https://docs.stripe.com/webhooks#verify-manually
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
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
from licet.payments.errors import EventUnreadable, ProviderAway, ProviderRefuses, SignatureWrong
from licet.payments.states import Told

API_VERSION = "2026-05-27.dahlia"
"""The version of their interface whose document the tests hold requests and answers against."""
HEADER = "stripe-signature"
TOLERANCE = timedelta(minutes=5)
KEY = "licet_payment"
"""Under this name our payment's public id travels in their metadata."""

LARGEST = 99_999_999
"""Of one charge, in minor units."""


class Stripe(Provider):
    """Cards and whatever else the vendor has switched on at Stripe."""

    code = "stripe"
    name = _("Card")
    icon = "credit-card"
    capabilities = frozenset({Capability.REDIRECT, Capability.REFUND, Capability.PARTIAL_REFUND})

    def faults(self) -> Sequence[str]:
        """Two secrets, and the library."""
        faults = []
        if not settings.LICET_STRIPE_KEY.startswith(("sk_", "rk_")):
            faults.append("LICET_STRIPE_KEY is missing, or no secret key (sk_..., rk_...)")
        if not settings.LICET_STRIPE_WEBHOOK_SECRET.startswith("whsec_"):
            faults.append("LICET_STRIPE_WEBHOOK_SECRET is missing, or no signing secret (whsec_...)")
        if find_spec("stripe") is None:
            faults.append("the library is missing: pip install 'licet[stripe]'")
        return faults

    def availability(self, *, purchase: Purchase, seller: Brand) -> Availability:
        """Up to the largest single charge."""
        if not 0 < purchase.amount.amount <= LARGEST:
            return Availability(allowed=False, reason=_("The amount is too large for a card."))
        return ALLOWED

    def start(self, *, asked: Asked, urls: Urls) -> Redirect:
        """Make a Checkout Session; our id is the idempotency key."""
        line = {
            "quantity": 1,
            "price_data": {
                "currency": asked.amount.currency.lower(),
                "unit_amount": asked.amount.amount,
                "product_data": {"name": asked.title},
            },
        }
        params = {
            "mode": "payment",
            "line_items": [line],
            "success_url": urls.back,
            "cancel_url": urls.cancelled,
            "client_reference_id": asked.payment,
            "customer_email": asked.email,
            "locale": asked.language if asked.language in ("en", "fr", "de") else "auto",
            "metadata": {KEY: asked.payment},
            "payment_intent_data": {"metadata": {KEY: asked.payment}, "description": asked.title},
        }
        options = {"idempotency_key": f"start-{asked.payment}"}
        session = _call(lambda: _client().v1.checkout.sessions.create(params=params, options=options))
        return Redirect(url=str(session.url), provider_ref=str(session.id))

    def parse_event(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[Notice]:
        """Check the signature over the very bytes, then read what concerns us."""
        if not _signed(header=headers.get(HEADER, ""), body=body, now=now):
            raise SignatureWrong
        try:
            event: dict[str, Any] = json.loads(body)
            read = _READ.get(event["type"])
            return [] if read is None else [each for each in [read(event, event["data"]["object"])] if each]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EventUnreadable from error

    def fetch(self, *, provider_ref: str) -> ProviderState | None:
        """Ask for the session: what a lost event would have told."""
        session = _call(lambda: _client().v1.checkout.sessions.retrieve(provider_ref))
        told = _session_told(status=str(session.status), paid=str(session.payment_status))
        if session.amount_total is None or session.currency is None:
            return None
        amount = Money(int(session.amount_total), str(session.currency).upper())
        return ProviderState(provider_ref=str(session.id), told=told, amount=amount)

    def refund(
        self, *, provider_ref: str, amount: Money, idempotency_key: str, refunded_before: Money
    ) -> ProviderState:
        """Send money back by the payment intent of the session."""
        session = _call(lambda: _client().v1.checkout.sessions.retrieve(provider_ref))
        params = {"payment_intent": str(session.payment_intent), "amount": amount.amount}
        options = {"idempotency_key": idempotency_key}
        made = _call(lambda: _client().v1.refunds.create(params=params, options=options))
        told = Told.FAILED if made.status in ("failed", "canceled") else Told.REFUNDED
        return ProviderState(provider_ref=str(made.id), told=told, amount=amount)


def _client() -> Any:
    import stripe

    return stripe.StripeClient(
        settings.LICET_STRIPE_KEY,
        stripe_version=API_VERSION,
        base_addresses={"api": settings.LICET_STRIPE_API} if settings.LICET_STRIPE_API else None,
        max_network_retries=1,
    )


def _call(ask: Callable[[], Any]) -> Any:
    """Ask Stripe; what the library raises becomes one of our refusals, without secrets in it."""
    import stripe

    try:
        return ask()
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise ProviderAway from error
    except stripe.StripeError as error:
        if error.http_status is None or error.http_status >= 500:
            raise ProviderAway from error
        raise ProviderRefuses(why=str(error.user_message or error.code or error.http_status)) from error


def _signed(*, header: str, body: bytes, now: datetime) -> bool:
    """Look at the scheme v1: HMAC-SHA256 over `t`, a dot and the body; older than five minutes is no more."""
    moment, signatures = "", []
    for part in header.split(","):
        name, _equal, value = part.partition("=")
        if name == "t":
            moment = value
        elif name == "v1":
            signatures.append(value)
    if not moment.isascii() or not moment.isdigit() or len(moment) > 12:
        return False
    if abs(now - datetime.fromtimestamp(int(moment), tz=UTC)) > TOLERANCE:
        return False
    key = settings.LICET_STRIPE_WEBHOOK_SECRET.encode()
    right = hmac.new(key, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return any(hmac.compare_digest(right.encode(), each.encode()) for each in signatures)


def _session_told(*, status: str, paid: str) -> Told:
    if status == "expired":
        return Told.FAILED
    return Told.SETTLED if paid == "paid" else Told.PENDING


def _money(amount: Any, currency: Any) -> Money | None:
    if type(amount) is not int or not isinstance(currency, str):
        return None
    return Money(amount, currency.upper())


def _session(event: dict[str, Any], of: dict[str, Any], told: Told) -> Notice | None:
    intent = str(of.get("payment_intent") or "")
    return _notice(
        event, of, told, amount=_money(of["amount_total"], of["currency"]), ref=of["id"], other=intent
    )


def _completed(event: dict[str, Any], of: dict[str, Any]) -> Notice | None:
    return _session(event, of, _session_told(status=of["status"], paid=of["payment_status"]))


def _refunded(event: dict[str, Any], of: dict[str, Any]) -> Notice | None:
    intent = str(of.get("payment_intent") or "")
    return _notice(
        event, of, Told.REFUNDED, amount=_money(of["amount_refunded"], of["currency"]), other=intent
    )


def _disputed(event: dict[str, Any], of: dict[str, Any]) -> Notice | None:
    told = Told.CHARGED_BACK if event["type"].endswith("withdrawn") else Told.REINSTATED
    intent = str(of.get("payment_intent") or "")
    return _notice(event, of, told, amount=_money(of["amount"], of["currency"]), other=intent)


def _notice(
    event: dict[str, Any],
    of: dict[str, Any],
    told: Told,
    *,
    amount: Money | None,
    ref: str = "",
    other: str = "",
) -> Notice | None:
    payment = (of.get("metadata") or {}).get(KEY, "")
    if not payment and ref:
        return None  # a session that something else made under the same account of Stripe
    return Notice(
        event_id=str(event["id"])[:100],
        told=told,
        at=datetime.fromtimestamp(int(event["created"]), tz=UTC),
        provider_ref=str(ref)[:100],
        other_ref=other[:100],
        payment=str(payment)[:40],
        amount=amount,
    )


_READ: Mapping[str, Callable[[dict[str, Any], dict[str, Any]], Notice | None]] = {
    "checkout.session.completed": _completed,
    "checkout.session.async_payment_succeeded": lambda event, of: _session(event, of, Told.SETTLED),
    "checkout.session.async_payment_failed": lambda event, of: _session(event, of, Told.FAILED),
    "checkout.session.expired": lambda event, of: _session(event, of, Told.FAILED),
    "charge.refunded": _refunded,
    "charge.dispute.funds_withdrawn": _disputed,
    "charge.dispute.funds_reinstated": _disputed,
}
"""The events that the webhook endpoint is to be subscribed to; any other is acknowledged and forgotten."""
