"""What a bank's entry pays, by what it says. Pure. Never by the amount alone.

In this order: the creditor reference and the exact amount; the number of our own collection; the number of
an order or invoice in the text and the exact amount; several numbers whose amounts add up. Everything else
is for a person, with what comes near as suggestions.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

_RUN = re.compile(r"[A-Z]+|[0-9]+")
_DIGITS = re.compile(r"\d+")
SUGGESTIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Something that waits for money. `names`: the numbers under which the customer knows it.

    `amount`: what is still open, in minor units; `collections`: the numbers of our own direct debits for it.
    """

    subject: str
    reference: str
    names: tuple[str, ...]
    amount: int
    currency: str
    collections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a bank's entry says that helps to find what it pays."""

    amount: int
    currency: str
    reference: str = ""
    end_to_end: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What to book on what. Without `parts`: `why` a person has to look, and what comes near."""

    parts: tuple[tuple[str, int], ...] = ()
    why: str = ""
    near: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether it may be booked without a person."""
        return bool(self.parts)


class Book:
    """Everything that is open, found by reference and by number."""

    def __init__(self, *, items: Iterable[Open]) -> None:
        self.items = list(items)
        self._by_reference = {each.reference: each for each in self.items if each.reference}
        self._by_collection = {number: each for each in self.items for number in each.collections}
        self._by_digits: dict[str, list[Open]] = {}
        for each in self.items:
            for name in (*each.names, each.reference):
                runs = _DIGITS.findall(name)
                if runs:
                    self._by_digits.setdefault(runs[-1].lstrip("0"), []).append(each)

    def match(self, *, told: Told) -> Match:
        """Say what an entry pays."""
        if told.amount <= 0:
            return Match(why="went_out")
        known = self._by_reference.get(told.reference.upper()) or self._by_collection.get(told.end_to_end)
        named = [known] if known else self.named(text=told.text)
        if len(named) == 1:
            return _whole(named[0], told)
        return _several(named, told) if named else Match(why="not_found", near=self._near(told))

    def named(self, *, text: str) -> list[Open]:
        """Return what the text names, each once, in the order of the text's numbers."""
        plain = text.upper()
        found: dict[str, Open] = {}
        for run in numbers_in(text=plain):
            for each in self._by_digits.get(run.lstrip("0"), ()):
                if any(stands_in(name=name, text=plain) for name in (*each.names, each.reference) if name):
                    found[each.subject] = each
        return list(found.values())

    def _near(self, told: Told) -> tuple[str, ...]:
        same = [each for each in self.items if (each.amount, each.currency) == (told.amount, told.currency)]
        return _subjects(same[:SUGGESTIONS])


def stands_in(*, name: str, text: str) -> bool:
    """Whether a number stands in a text (in capitals), however people divide it; not inside a longer one."""
    return _pattern(name.upper()).search(text) is not None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    signs = "".join(_RUN.findall(name))
    # Blanks and strokes may stand between any two signs: banks break lines anywhere.
    body = r"[\s\-/._]{0,2}".join(map(re.escape, signs))
    return re.compile(rf"(?<![A-Z0-9]){body}(?![0-9])")


def numbers_in(*, text: str) -> list[str]:
    """Return runs of digits, and neighbours of them joined, as a number may be divided."""
    runs = list(_DIGITS.finditer(text))
    found = [each.group() for each in runs]
    for length in (2, 3, 4, 5, 6):
        for start in range(len(runs) - length + 1):
            piece = runs[start : start + length]
            between = [text[a.end() : b.start()] for a, b in pairwise(piece)]
            if all(len(gap) <= 2 and not gap.isalnum() for gap in between):
                found.append("".join(each.group() for each in piece))
    return found


def _whole(item: Open, told: Told) -> Match:
    if item.currency != told.currency:
        return Match(why="currency_differs", near=(item.subject,))
    if item.amount <= 0:
        return Match(why="paid_already", near=(item.subject,))
    if item.amount != told.amount:
        return Match(why="part_paid" if told.amount < item.amount else "over_paid", near=(item.subject,))
    return Match(parts=((item.subject, told.amount),))


def _several(items: Sequence[Open], told: Told) -> Match:
    if {each.currency for each in items} != {told.currency}:
        return Match(why="currency_differs", near=_subjects(items))
    if all(each.amount > 0 for each in items) and sum(each.amount for each in items) == told.amount:
        return Match(parts=tuple((each.subject, each.amount) for each in items))
    # One number is the right one and the other only looks like one: a person decides.
    return Match(why="several_fit", near=_subjects(items))


def _subjects(items: Sequence[Open]) -> tuple[str, ...]:
    return tuple(each.subject for each in items[:SUGGESTIONS])
