"""What the text of a file says about the three questions. Help for a reviewer, never a decision. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from licet.education import calendars

_SMALL = 3
"""Words of fewer letters than this prove nothing."""


class Hint(StrEnum):
    """What the text says about one question."""

    FOUND = "found"
    PARTLY = "partly"
    DIFFERENT = "different"
    NOT_FOUND = "not_found"


def hints(*, text: str, name: str, school: str, country: str, today: date) -> Mapping[str, Hint]:
    """Return a hint for each of `name`, `institution` and `period`; nothing where there is no text.

    Accents, case and order do not count. A school year other than the running one is DIFFERENT.
    """
    if not text.strip():
        return {}
    words = set(_folded(text).split())
    return {
        "name": _words(words, name),
        "institution": _words(words, school),
        "period": _period(text, country=country, today=today),
    }


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^\w]+", " ", "".join(each for each in plain if not unicodedata.combining(each)))


def _words(there: set[str], wanted: str) -> Hint:
    words = [each for each in _folded(wanted).split() if len(each) >= _SMALL] or _folded(wanted).split()
    hits = sum(each in there for each in words)
    if not hits:
        return Hint.NOT_FOUND
    return Hint.FOUND if hits == len(words) else Hint.PARTLY


def _period(text: str, *, country: str, today: date) -> Hint:
    running = calendars.year_of(country=country, day=today)
    named = {
        year
        for part in re.findall(
            r"\d{2,4}\s*[-/\u2010-\u2015\u2212]\s*\d{2,4}", unicodedata.normalize("NFKC", text)
        )
        if (year := calendars.year_named(text=part, country=country))
    }
    if running in named:
        return Hint.FOUND
    return Hint.DIFFERENT if named else Hint.NOT_FOUND
