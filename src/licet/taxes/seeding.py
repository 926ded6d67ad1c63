"""The rates that Licet ships: a file of its own, brought into the table after each migration.

A row that the vendor's people set is never written over; a shipped one that a release corrects is.
"""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from licet.taxes.models import VatRate

SHIPPED = Path(__file__).parent / "rates.csv"


def shipped() -> Iterator[VatRate]:
    """Yield the rates of the file as rows that are not yet stored."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield VatRate(
                country=row["country"],
                region=row["region"],
                tax_class=row["tax_class"],
                rate=Decimal(row["rate"]),
                valid_from=date.fromisoformat(row["valid_from"]),
            )


def seed(*, using: str, **_signal: Any) -> None:
    """Add the shipped rates that are missing, and correct those that changed in the file."""
    rows = VatRate.objects.using(using)
    there = {row.key(): row for row in rows.all()}
    wanted = list(shipped())
    rows.bulk_create([row for row in wanted if row.key() not in there])
    for row in wanted:
        held = there.get(row.key())
        if held is not None and not held.vendor and held.rate != row.rate:
            rows.filter(pk=held.pk, vendor=False).update(rate=row.rate)
