"""The rates that Licet ships, as values: a file of its own, brought up to date by releases, read once.

They stand in no table: what the vendor's people set (`VatRate`) is laid over them by `queries.rates`.
"""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "rates.csv"

Kind = tuple[str, str, str]
"""Country, region, tax class."""


@dataclass(frozen=True, slots=True)
class Start:
    """A rate in percent and the day on which it begins; `vendor`: set by the vendor's people."""

    valid_from: date
    rate: Decimal
    vendor: bool = False


@cache
def starts() -> dict[Kind, tuple[Start, ...]]:
    """Return every kind of rate with its beginnings, in the order of days."""
    found: dict[Kind, list[Start]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind = (row["country"], row["region"], row["tax_class"])
            start = Start(date.fromisoformat(row["valid_from"]), Decimal(row["rate"]))
            found.setdefault(kind, []).append(start)
    return {kind: tuple(sorted(each, key=lambda start: start.valid_from)) for kind, each in found.items()}
