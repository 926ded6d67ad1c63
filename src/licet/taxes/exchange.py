"""Exchange rates as pure functions: one unit of a currency in another one, and an amount counted over.

Sources: article 91 (2) of Directive 2006/112/EC (VAT in the currency of the member state, at the rate that
the European Central Bank published last), article 230 (the VAT of an invoice is stated in it).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

BASE = "EUR"
"""What the bank's rates are counted from: one euro is so much of each currency."""

MOST_DAYS = 7
"""A rate may be so old, in days: banks are closed over Easter and at the turn of the year, never longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What one euro was on a day."""

    currency: str
    on: date
    per_euro: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """One unit of `of` is `rate` units of `into`, as published on a day. Exact as far as it was published."""

    of: str
    into: str
    of_per_euro: Decimal
    into_per_euro: Decimal
    on: date

    @property
    def rate(self) -> Decimal:
        """The rate as it is shown, to six decimals; amounts are counted from the published ones."""
        return (self.into_per_euro / self.of_per_euro).quantize(Decimal("0.000001"))


def counted_over(*, amount_minor: int, places: tuple[int, int], quotation: Quotation) -> int:
    """Return an amount of `of` in minor units of `into`, rounded half up once.

    `places`: the decimals of both currencies (ISO 4217).
    """
    exact = Decimal(amount_minor).scaleb(places[1] - places[0]) * quotation.into_per_euro
    numerator, denominator = exact.as_integer_ratio()
    over, under = quotation.of_per_euro.as_integer_ratio()
    numerator, denominator = numerator * under, denominator * over
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size
