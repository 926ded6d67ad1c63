"""What tax comes on top of an order: the one place where orders ask for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from licet.catalog.queries import seller
from licet.catalog.selling import Seller
from licet.orders.rules import Address
from licet.taxes.checking import status_of
from licet.taxes.numbers import belongs, trusted
from licet.taxes.numbers import tidy as tidy_number
from licet.taxes.queries import rates
from licet.taxes.rules import Buyer, Display, Status, totals, treat


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxed:
    """What an order adds up to, in minor units; `lines`: tax per rate, as JSON; `rates`: by tax class."""

    net_minor: int
    tax_minor: int
    gross_minor: int
    lines: list[dict[str, Any]]
    rates: dict[str, Decimal] = field(default_factory=dict)


def taxed(
    *,
    amounts: Sequence[tuple[str, int]],
    currency: str,
    address: Address,
    is_consumer: bool,
    display: Display,
    on: date,
) -> Taxed:
    """Return the totals of amounts by tax class (minor units; credits below zero) on a day.

    `display`: whether the amounts are without tax (net) or with it (gross, and their sum stays as it is). An
    installation whose vendor has not said in which country it sells charges no tax. Refuses RateUnknown.
    """
    vendor = seller()
    if not vendor.country:
        net = sum(amount for _, amount in amounts)
        return Taxed(net_minor=net, tax_minor=0, gross_minor=net, lines=[])
    buyer = buyer_of(vendor=vendor, address=address, is_consumer=is_consumer, on=on)
    table = rates()
    treatments = {
        each: treat(seller=vendor.for_taxes(), buyer=buyer, tax_class=each, on=on, rates=table)
        for each in {tax_class for tax_class, _ in amounts}
    }
    told = totals(
        lines=[(treatments[each], amount) for each, amount in amounts], currency=currency, display=display
    )
    return Taxed(
        net_minor=told.net_minor,
        tax_minor=told.tax_minor,
        gross_minor=told.gross_minor,
        lines=[row.stored() for row in told.lines],
        rates={tax_class: treatment.rate for tax_class, treatment in treatments.items()},
    )


def buyer_of(*, vendor: Seller, address: Address, is_consumer: bool, on: date) -> Buyer:
    """Return whoever is invoiced as the treatment of a sale sees them, their VAT number as it is known."""
    return Buyer(
        country=address.country,
        postal_code=address.postal_code,
        business=not is_consumer,
        vat_status=_status(vendor=vendor, address=address, on=on),
    )


def _status(*, vendor: Seller, address: Address, on: date) -> Status:
    number = tidy_number(text=address.vat_number)
    if not number:
        return "none"
    status = trusted(status=status_of(number=number, on=on), unknown=vendor.unknown_numbers)
    if status == "valid" and not belongs(
        number=number, country=address.country, postal_code=address.postal_code
    ):
        return "invalid"  # a number of another state says nothing about the establishment that buys
    return status
