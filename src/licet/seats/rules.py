"""Counting and searching, without the database."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


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
