"""Days and numbers as the reader's language writes them (Unicode CLDR, by Babel), for sentences and pages."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import get_language, to_locale

# An English page is read all over Europe: day before month, as in British English.
ENGLISH = "en_GB"


def locale() -> Locale:
    """Return the locale of the active language; English where the language is unknown."""
    return _parsed(get_language() or "en")


@cache
def _parsed(code: str) -> Locale:
    """Read a language's locale once: a page of fifty rows asks hundreds of times."""
    language = to_locale(code)
    try:
        return Locale.parse(ENGLISH if language == "en" else language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(ENGLISH)


def here(value: datetime | date) -> datetime | date:
    """Return a moment in the installation's time zone; a date as it is."""
    return localtime(value, get_current_timezone()) if isinstance(value, datetime) and value.tzinfo else value


def written_moment(value: datetime, *, style: str = "medium") -> str:
    """Write a date with its time of day: `21 Nov 2026, 14:05`."""
    return f"{written(value, style=style)}, {format_datetime(here(value), 'HH:mm', locale=locale())}"


def written(value: datetime | date, *, style: str = "long") -> str:
    """Write a date: `21 November 2026`; `medium` or `short` where room is scarce."""
    return str(format_date(here(value), format=style, locale=locale()))


def readable(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return what fills a sentence, whole numbers, moments and dates as the active language writes them."""
    return {name: _readable(value) for name, value in params.items()}


def _readable(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return format_decimal(value, locale=locale())
    if isinstance(value, datetime):
        return written_moment(value)
    return written(value) if isinstance(value, date) else value
