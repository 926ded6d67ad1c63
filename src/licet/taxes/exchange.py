"""Exchange rates as pure functions: reading the central bank's files, and counting an amount over.

Sources: article 91 (2) of Directive 2006/112/EC (VAT in the currency of the member state, at the rate that
the European Central Bank published last), article 230 (the VAT of an invoice is stated in it); the bank's
files eurofxref (https://www.ecb.europa.eu/stats/eurofxref/): XML and CSV, of a day or of all days.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from lxml import etree

from licet.taxes.errors import ExchangeFileUnreadable

BASE = "EUR"
"""What the bank's rates are counted from: one euro is so much of each currency."""

MOST_BYTES = 20_000_000
"""The bank's file of all days since 1999 has 8 MB as XML."""

MOST_DAYS = 7
"""A rate may be so old, in days: banks are closed over Easter and at the turn of the year, never longer."""

_NONE = {"", "N/A", "-"}
_ENDINGS = ("%Y-%m-%d", "%d %B %Y")


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


def read(*, content: bytes) -> list[Published]:
    """Read a file of the bank, XML or CSV. Refuses ExchangeFileUnreadable, also for a document type (DTD)."""
    if len(content) > MOST_BYTES:
        raise ExchangeFileUnreadable(why="too_large")
    found = list(_xml(content) if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") else _csv(content))
    if not found:
        raise ExchangeFileUnreadable(why="nothing")
    return found


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


def _xml(content: bytes) -> Iterator[Published]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ExchangeFileUnreadable(why="form") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ExchangeFileUnreadable(why="dtd")
    for day in root.iter("{*}Cube"):
        if day.get("time"):
            for row in day.iterchildren("{*}Cube"):
                yield from _row(str(row.get("currency")), _day(str(day.get("time"))), str(row.get("rate")))


def _csv(content: bytes) -> Iterator[Published]:
    try:
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
        names = [each.strip() for each in next(rows, [])]
        if not names or names[0].lower() != "date":
            raise ExchangeFileUnreadable(why="form")
        for row in rows:
            for name, value in zip(names[1:], row[1:], strict=False):
                if name:
                    yield from _row(name, _day(row[0].strip()), value.strip())
    except (UnicodeDecodeError, csv.Error) as error:
        raise ExchangeFileUnreadable(why="form") from error


def _row(currency: str, on: date, value: str) -> Iterator[Published]:
    if value in _NONE:
        return
    try:
        rate = Decimal(value)
    except InvalidOperation as error:
        raise ExchangeFileUnreadable(why="value") from error
    code = len(currency) == 3 and currency.isascii() and currency.isupper()
    if not code or not rate.is_finite() or not Decimal("0.00001") <= rate <= Decimal(10_000_000):
        raise ExchangeFileUnreadable(why="value")
    yield Published(currency=currency, on=on, per_euro=rate)


def _day(value: str) -> date:
    for ending in _ENDINGS:
        try:
            return datetime.strptime(value, ending).date()  # noqa: DTZ007 - a day, no moment
        except ValueError:
            continue
    raise ExchangeFileUnreadable(why="value")
