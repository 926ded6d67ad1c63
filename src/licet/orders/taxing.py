"""What tax comes on top of an order: the one place where orders ask for it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from licet.orders.rules import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxed:
    """What an order adds up to, in minor units; `lines`: tax per rate, as JSON values."""

    net_minor: int
    tax_minor: int
    gross_minor: int
    lines: list[dict[str, Any]]


def taxed(*, amounts: list[int], currency: str, address: Address, is_consumer: bool, on: date) -> Taxed:
    """Return the totals of amounts (minor units without tax; credits below zero) for an address on a day."""
    net = sum(amounts)
    return Taxed(net_minor=net, tax_minor=0, gross_minor=net, lines=[])
