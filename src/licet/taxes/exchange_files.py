"""Reading the central bank's files of exchange rates: XML and CSV, of a day or of all days. Pure.

Source: eurofxref (https://www.ecb.europa.eu/stats/eurofxref/). For the worker and for operators.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from lxml import etree

from licet.taxes.errors import ExchangeFileUnreadable
from licet.taxes.exchange import Published

MOST_BYTES = 20_000_000
"""The bank's file of all days since 1999 has 8 MB as XML."""

_NONE = {"", "N/A", "-"}
_ENDINGS = ("%Y-%m-%d", "%d %B %Y")


def read(*, content: bytes) -> list[Published]:
    """Read a file of the bank, XML or CSV. Refuses ExchangeFileUnreadable, also for a document type (DTD)."""
    if len(content) > MOST_BYTES:
        raise ExchangeFileUnreadable(why="too_large")
    found = list(_xml(content) if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") else _csv(content))
    if not found:
        raise ExchangeFileUnreadable(why="nothing")
    return found


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
