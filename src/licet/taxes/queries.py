"""What other packages read of taxes: the table of rates, as values."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from licet.taxes.models import VatRate
from licet.taxes.rules import Rate


def rates() -> tuple[Rate, ...]:
    """Return all rates, each until the next of its kind begins (one statement)."""
    kinds: dict[tuple[str, str, str], list[VatRate]] = defaultdict(list)
    for row in VatRate.objects.order_by("country", "region", "tax_class", "valid_from"):
        kinds[row.country, row.region, row.tax_class].append(row)
    return tuple(
        Rate(
            country=row.country,
            region=row.region,
            tax_class=row.tax_class,
            rate=row.rate.normalize(),
            valid_from=row.valid_from,
            valid_until=later.valid_from if later else None,
        )
        for rows in kinds.values()
        for row, later in zip(rows, [*rows[1:], None], strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRate:
    """A kind of rate as the desk lists it: what holds on a day, since when, and what comes next."""

    country: str
    region: str
    tax_class: str
    rate: Decimal
    valid_from: date
    vendor: bool
    next_rate: Decimal | None = None
    next_from: date | None = None


def shown_rates(*, on: date) -> list[ShownRate]:
    """Return what holds on a day, by country, region and class, with the next change (one statement)."""
    held: dict[tuple[str, str, str], VatRate] = {}
    following: dict[tuple[str, str, str], VatRate] = {}
    for row in VatRate.objects.order_by("country", "region", "tax_class", "valid_from"):
        kind = (row.country, row.region, row.tax_class)
        if row.valid_from <= on:
            held[kind] = row
        else:
            following.setdefault(kind, row)
    return [
        ShownRate(
            country=row.country,
            region=row.region,
            tax_class=row.tax_class,
            rate=row.rate.normalize(),
            valid_from=row.valid_from,
            vendor=row.vendor,
            next_rate=following[kind].rate.normalize() if kind in following else None,
            next_from=following[kind].valid_from if kind in following else None,
        )
        for kind, row in held.items()
    ]
