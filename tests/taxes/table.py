"""Rates of the tests, as values: those that Licet ships, read without a database."""

from itertools import pairwise

from licet.taxes.models import VatRate
from licet.taxes.rules import Rate
from licet.taxes.seeding import shipped


def _rates() -> tuple[Rate, ...]:
    rows = list(shipped())
    later = {one.key(): two for one, two in pairwise(rows) if one.key()[:3] == two.key()[:3]}
    return tuple(_rate(row, later.get(row.key())) for row in rows)


def _rate(row: VatRate, following: VatRate | None) -> Rate:
    return Rate(
        country=row.country,
        region=row.region,
        tax_class=row.tax_class,
        rate=row.rate,
        valid_from=row.valid_from,
        valid_until=following.valid_from if following else None,
    )


RATES = _rates()
