"""Academic years by country, and the term that follows from a proof. Pure functions over a table.

Months in which academic years begin: education research of the project, section 6.5 (national school
and university calendars); where a country is missing, September is assumed.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

STARTS: dict[str, int] = {
    **dict.fromkeys(("FR", "BE", "CH", "IT", "ES", "PT", "NL", "PL", "GB", "IE", "TR", "MA", "TN", "LU"), 9),
    **dict.fromkeys(("DE", "AT"), 10),
    "US": 8,
    "CA": 9,
    **dict.fromkeys(("BR", "AR", "CL", "AU", "NZ", "ZA"), 2),
    "JP": 4,
    "KR": 3,
    "IN": 6,
}
"""The month in which an academic year begins."""

USUAL_START = 9
SHORTEST = timedelta(days=30)
AFTER_GRADUATION = timedelta(days=90)
BRIDGE = timedelta(days=60)
"""So long after the beginning of a year last year's paper helps somebody over."""


@dataclass(frozen=True, slots=True, order=True)
class Year:
    """An academic year: its first day, and the first day of the next one."""

    start: date
    end: date

    def name(self) -> str:
        """Return `2026-2027`, or `2027` where it lies in one calendar year."""
        last = self.end - timedelta(days=1)
        return str(self.start.year) if last.year == self.start.year else f"{self.start.year}-{last.year}"


def year_of(*, country: str, day: date) -> Year:
    """Return the academic year in which the day lies; `country` as ISO 3166-1 alpha-2."""
    month = STARTS.get(country, USUAL_START)
    first = day.year if day.month >= month else day.year - 1
    return Year(date(first, month, 1), date(first + 1, month, 1))


def year_named(*, text: str, country: str) -> Year | None:
    """Read a year as papers write it: `2026-2027`, `2026/27`, `26/27`, `WS 2026/27`, `2026年度`, `SoSe 2027`.

    None where there is no year in it. Full-width digits and long dashes are read, too.
    """
    plain = re.sub(r"[\u2010-\u2015\u2212/]", "-", unicodedata.normalize("NFKC", text))
    pair = re.search(r"(?<!\d)(\d{4}|\d{2})\s*-\s*(\d{4}|\d{2})(?!\d)", plain)
    month = STARTS.get(country, USUAL_START)
    if pair:
        first, second = (int(each) for each in pair.groups())
        if (first + 1) % 100 != second % 100:
            return None
        return _starting(first if first > 99 else 2000 + first, month)
    single = re.search(r"(?<!\d)(20\d{2})(?!\d)", plain)
    if single is None:
        return None
    found = int(single[1])
    summer = re.search(r"(?i)\b(sose|ss|sommer\w*|spring|summer)\b", plain)
    return _starting(found - 1 if summer and month > 6 else found, month)


def _starting(year: int, month: int) -> Year:
    return Year(date(year, month, 1), date(year + 1, month, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """From when to when (excluded) an education license is given; `bridge`: only until a new paper exists."""

    start: date
    end: date
    bridge: bool = False


def term(
    *,
    country: str,
    today: date,
    longest: timedelta,
    proven: Year | None,
    graduation: date | None = None,
    valid_until: date | None = None,
) -> Term | None:
    """Return the term that a proof gives, or None where it is too old even for a bridge.

    `proven`: the academic year that the proof names (None: the current one). `longest`: the programme's
    limit. `graduation`: when the person expects to end. `valid_until`: the proof's own end.
    Never shorter than thirty days. A paper of last year bridges the time from its end until sixty days
    after the beginning of the year that runs.
    """
    running = year_of(country=country, day=today)
    shown = proven or running
    if shown.end <= today:
        end = running.start + BRIDGE
        return Term(start=today, end=end, bridge=True) if shown.end == running.start and today < end else None
    ends = [today + longest, shown.end]
    if graduation is not None:
        ends.append(graduation + AFTER_GRADUATION)
    if valid_until is not None:
        ends.append(valid_until)
    return Term(start=today, end=max(min(ends), today + SHORTEST))
