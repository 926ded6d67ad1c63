"""Bringing exchange rates in, from a file or from the address that the installation names."""

from datetime import date, datetime
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request, urlopen

from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden
from licet.taxes.errors import ExchangeFileUnreadable
from licet.taxes.events import ExchangeRatesTaken
from licet.taxes.exchange import Published
from licet.taxes.exchange_files import MOST_BYTES, read
from licet.taxes.models import ExchangeRate

SECONDS = 20


class _Nothing(Exception):
    """Leaves a transaction that has nothing to write: every rate is known."""


def take(*, content: bytes, by: Actor, now: datetime) -> int:
    """Keep the rates of a file of the central bank that are not known yet; return how many these are.

    For operators and the schedule. A rate that is known stays as it is: documents were written with it.
    Refuses ExchangeFileUnreadable, and days that have not come.
    """
    if not by.is_system:
        raise Forbidden
    found = {(each.currency, each.on): each for each in read(content=content)}
    if max(day for _, day in found) > now.date():
        raise ExchangeFileUnreadable(why="value")
    try:
        with change(by=by, now=now) as record:
            fresh = _fresh(found)
            if not fresh:
                raise _Nothing
            ExchangeRate.objects.bulk_create(
                [ExchangeRate(currency=each.currency, on=each.on, per_euro=each.per_euro) for each in fresh],
                # another worker with the same file
                ignore_conflicts=True,
                batch_size=500,
            )
            newest = max(each.on for each in fresh)
            record(ExchangeRatesTaken(rates=len(fresh), newest=newest.isoformat()))
    except _Nothing:
        return 0
    return len(fresh)


def fetch(*, source: str, by: Actor, now: datetime) -> int:
    """Take the rates of an https address or of a file in; return how many were new.

    Blocks for up to twenty seconds: for the worker. Refuses what `take` refuses, and what cannot be reached.
    """
    try:
        if source.startswith("https://"):
            request = Request(source, headers={"Accept": "application/xml, text/csv"})  # noqa: S310 - https
            with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - the operator's address
                content = answer.read(MOST_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                content = file.read(MOST_BYTES + 1)
    except (OSError, HTTPException) as error:
        raise ExchangeFileUnreadable(why="away") from error
    return take(content=content, by=by, now=now)


def _fresh(found: dict[tuple[str, date], Published]) -> list[Published]:
    days = [day for _, day in found]
    known = set(
        ExchangeRate.objects.filter(on__gte=min(days), on__lte=max(days)).values_list("currency", "on")
    )
    return [each for key, each in sorted(found.items()) if key not in known]
