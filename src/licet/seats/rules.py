"""Counting and searching, without the database."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Counts:
    """How many licenses are bought (usable today), and how many of them are assigned or kept for somebody."""

    bought: int
    assigned: int
    reserved: int = 0

    @property
    def free(self) -> int:
        """How many can be given; never below zero."""
        return max(0, self.bought - self.assigned - self.reserved)

    @property
    def missing(self) -> int:
        """How many more are held than the team has, after a license ended."""
        return max(0, self.assigned - self.bought)


def plain(text: str) -> str:
    """Return the text without case and accents: `Élodie` becomes `elodie`."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in parts if not unicodedata.combining(each))


def matches(*, search: str, texts: Iterable[str]) -> bool:
    """Whether every word of the search is part of one of the texts, whatever case and accents."""
    where = [plain(text) for text in texts]
    return all(any(word in text for text in where) for word in plain(search).split())


class Stretch(Protocol):
    """A license as far as counting needs it: so many seats from `begins` until `stops` (excluded)."""

    @property
    def seats(self) -> int:
        """How many places."""

    @property
    def begins(self) -> datetime:
        """The first moment."""

    @property
    def ends(self) -> datetime:
        """The end that was bought (excluded); grace follows."""

    @property
    def stops(self) -> datetime:
        """The end of the grace (excluded)."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """There will be fewer licenses than are needed: from `stops` on, `remaining` of them."""

    ends: datetime
    stops: datetime
    remaining: int
    missing: int
    grace: bool


def spare(*, stretches: Iterable[Stretch], moving: Stretch, taken: int, now: datetime) -> int:
    """Return how many seats of the stretch `moving` are needed at no moment until it stops.

    `stretches`: all of the pool, `moving` among them; `taken`: places that are held, kept, or wait.
    """
    known, start = list(stretches), max(now, moving.begins)
    turns = {each.begins for each in known} | {each.stops for each in known}
    moments = {start} | {turn for turn in turns if start < turn < moving.stops}
    least = min(sum(one.seats for one in known if one.begins <= at < one.stops) for at in moments)
    return max(0, min(moving.seats, least - taken))


LOOK_AHEAD = timedelta(days=30)


def outlook(*, stretches: Iterable[Stretch], needed: int, now: datetime) -> Outlook | None:
    """Return the first shortage that comes from an end within 30 days, or from one that is in its grace."""
    known = list(stretches)
    for each in sorted(known, key=lambda one: one.stops):
        if now < each.stops and each.begins <= now and each.ends <= now + LOOK_AHEAD:
            remaining = sum(one.seats for one in known if one.begins <= each.stops < one.stops)
            if remaining < needed:
                grace = each.ends <= now
                return Outlook(each.ends, each.stops, remaining, needed - remaining, grace)
    return None
