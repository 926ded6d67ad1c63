"""What a visitor's session keeps of the shop: who buys, the basket, and what was typed at the checkout."""

import hashlib
import json
from typing import Any

from licet.orders.basket import Basket
from licet.orders.drafting import today
from licet.orders.queries import PricedBasket, priced
from licet.orders.rules import Address
from licet.taxes.rules import Display
from licet.web.actor import Request

BASKET = "basket"
CHECKOUT = "checkout"
BUYER = "buyer"

BUSINESS, PRIVATE = "business", "private"


def buyer_of(request: Request) -> str:
    """Return who buys, a company or a private person: as the visitor said, else as the vendor expects."""
    vendor = request.brand
    usual = PRIVATE if vendor.shows == "gross" else BUSINESS
    said = request.session.get(BUYER, usual)
    return PRIVATE if vendor.consumers and said == PRIVATE else BUSINESS


def keep_buyer(request: Request, buyer: str) -> None:
    """Keep who buys, for every page of the shop."""
    request.session[BUYER] = buyer


def display_of(request: Request) -> Display:
    """Return the prices that the visitor reads: gross ones for a private person."""
    return "gross" if buyer_of(request) == PRIVATE else "net"


def country_of(request: Request) -> str:
    """Return where a private person lives, as far as they said; empty else."""
    address = _private_address(request)
    return address.country if address else ""


def priced_of(request: Request) -> PricedBasket:
    """Return the basket at today's prices, net or gross as the visitor reads them."""
    return priced(
        basket=basket_of(request),
        on=today(now=request.now),
        display=display_of(request),
        address=_private_address(request),
    )


def _private_address(request: Request) -> Address | None:
    kept = checkout_of(request)
    if kept is None or kept.get("buyer") != PRIVATE:
        return None
    return Address.restored(kept["address"])


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
