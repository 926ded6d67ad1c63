"""What one license costs: net for businesses, gross for consumers; in a contract, as the contract has it."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from licet.catalog.models import Plan
from licet.catalog.prices import Price, consumer_vat, shop_prices
from licet.catalog.queries import seller
from licet.kernel.money import Money
from licet.orders.models import Contract, Order
from licet.orders.promises import Quote
from licet.orders.rules import Address
from licet.partners.models import Partner
from licet.partners.queries import partner_prices
from licet.taxes.rules import Display, tax_on


def vat_of(*, plans: Iterable[Plan], address: Address | None, on: date) -> dict[str, Decimal]:
    """Return the percent of VAT that a private person pays, by tax class (two statements).

    `address`: where they live; None as long as nobody knows: the seller's own country counts.
    """
    return consumer_vat(
        seller=seller(),
        classes=(plan.product.tax_class for plan in plans),
        country=address.country if address else "",
        postal_code=address.postal_code if address else "",
        on=on,
    )


def public_prices(
    *,
    plans: Sequence[Plan],
    on: date,
    display: Display,
    address: Address | None = None,
    currency: str = "",
) -> dict[str, Price]:
    """Return what the public pays for plans, by code: net, or gross as somebody at an address does.

    One statement, three for gross prices.
    """
    vat = vat_of(plans=plans, address=address, on=on) if display == "gross" else None
    return shop_prices(plans=plans, on=on, display=display, currency=currency, vat=vat)


def price_in(*, contract: Contract, plan: Plan, on: date) -> int:
    """Return the price of one license of a plan for a period of a contract, in minor units.

    Without VAT, or with it, as the contract has its prices (`display`).
    """
    return prices_in(contract=contract, plans=[plan], on=on)[plan.code].amount


def prices_in(*, contract: Contract, plans: Sequence[Plan], on: date) -> dict[str, Money]:
    """Return `price_in` for several plans, by code (three statements at most)."""
    if contract.payer_id is not None:
        partner = Partner.objects.get(team=contract.payer_id)
        return partner_prices(partner=partner, plans=plans, on=on)
    address = Address.restored(contract.billed_to)
    found = public_prices(plans=plans, on=on, display=display_of(row=contract), address=address)
    return {code: price.money for code, price in found.items()}


def sort_of(*, address: Address) -> Display:
    """Return which prices somebody buys at: a private person at gross ones, everybody else at net ones."""
    return "net" if address.company or address.vat_number else "gross"


def display_of(*, row: Contract | Order | Quote) -> Display:
    """Return which prices a stored contract, order or quote has."""
    return "gross" if row.display == "gross" else "net"


def restate(*, contract: Contract, before: Address, on: date) -> None:
    """Say a contract's prices with VAT where a private person is billed from now on, or without it. A step.

    What one pays in all stays the same but for rounding, unless the new address is taxed otherwise. The
    caller holds the contract's lock and saves it; `before`: where it was billed to.
    """
    after = Address.restored(contract.billed_to)
    wanted = sort_of(address=after)
    if contract.display == wanted or contract.payer_id is not None:  # partners buy at net prices, always
        return
    items = list(contract.items.current().select_related("plan__product"))
    private = after if wanted == "gross" else before
    vat = vat_of(plans=[each.plan for each in items], address=private, on=on)
    for item in items:
        rate = vat.get(item.plan.product.tax_class, Decimal(0))
        item.unit_price_minor = _said(item.unit_price_minor, rate=rate, wanted=wanted)
        if item.next_price_minor is not None:
            item.next_price_minor = _said(item.next_price_minor, rate=rate, wanted=wanted)
        if item.chosen_price_minor is not None:
            item.chosen_price_minor = _said(item.chosen_price_minor, rate=rate, wanted=wanted)
        item.save(update_fields=["unit_price_minor", "next_price_minor", "chosen_price_minor"])
    contract.display = wanted


def _said(amount: int, *, rate: Decimal, wanted: Display) -> int:
    if wanted == "gross":
        return amount + tax_on(amount_minor=amount, rate=rate, display="net")
    return amount - tax_on(amount_minor=amount, rate=rate, display="gross")


def sold_by(*, order: Order) -> str:
    """Return the public id of the partner that placed an order for a customer; empty for the vendor."""
    if order.payer_id is None:
        return ""
    return Partner.objects.get(team=order.payer_id).public_id
