"""The counters of order, contract and quote numbers: one row each, so that numbers have no gaps."""

from typing import ClassVar

from django.db import models

ORDERS, CONTRACTS, QUOTES = 1, 2, 3
"""What is counted, each by a row of its own."""


class NumberQuerySet(models.QuerySet["Number"]):
    """The counters, as the verbs that count need them."""

    def taken(self, *, first: int, of: int = ORDERS) -> int:
        """Take the next number, `first` for the first one; a transaction that fails gives it back.

        The row lock keeps every other order (or contract) of the installation from taking the same one.
        Taken after the locks of team, contract and pools, never before.
        """
        self.bulk_create([Number(pk=of, last=first - 1)], ignore_conflicts=True)
        row = self.select_for_update().get(pk=of)
        row.last += 1
        row.save(update_fields=["last"])
        return row.last


class Number(models.Model):
    """The last number that an order took, or a contract: a row each, so that numbers have no gaps."""

    last = models.PositiveBigIntegerField()

    objects: ClassVar[models.Manager["Number"]] = NumberQuerySet.as_manager()
