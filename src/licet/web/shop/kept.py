"""What a visitor's session keeps of the shop: the basket, and what was typed at the checkout."""

import hashlib
import json
from typing import Any

from licet.orders.basket import Basket
from licet.web.actor import Request

BASKET = "basket"
CHECKOUT = "checkout"


def basket_of(request: Request) -> Basket:
    """Return the visitor's basket."""
    return Basket.restored(request.session.get(BASKET, []))


def keep_basket(request: Request, basket: Basket) -> None:
    """Keep the basket for the next page."""
    request.session[BASKET] = basket.stored()


def checkout_of(request: Request) -> dict[str, Any] | None:
    """Return team, address and coupon as they were typed, where they were."""
    kept: dict[str, Any] | None = request.session.get(CHECKOUT)
    return kept


def keep_checkout(request: Request, values: dict[str, Any]) -> None:
    """Keep team, address and coupon for the review."""
    request.session[CHECKOUT] = values


def forget(request: Request) -> None:
    """Start anew after an order."""
    request.session.pop(BASKET, None)
    request.session.pop(CHECKOUT, None)


def fingerprint(*, basket: Basket, checkout: dict[str, Any]) -> str:
    """Return a digest of all that a review shows, to notice that it was changed in another window."""
    text = basket.fingerprint() + json.dumps(checkout, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
