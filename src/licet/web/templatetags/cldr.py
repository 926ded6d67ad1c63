"""Money, dates and spans of time as the reader's language writes them (Unicode CLDR, by Babel)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_datetime, format_skeleton, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from django import template

from licet.kernel import clock, dates
from licet.kernel.amounts import in_words
from licet.kernel.dates import here, locale
from licet.kernel.money import Money

register = template.Library()


@register.filter
def money(value: Money | None) -> str:
    """Write an amount with its currency: `1.234,50 €`. Nothing for None."""
    if value is None:
        return ""
    return in_words(money=value)


@register.filter
def number(value: int | Decimal | None) -> str:
    """Write a number with the language's own separators."""
    return "" if value is None else format_decimal(value, locale=locale())


@register.filter
def day(value: datetime | date | None, style: str = "long") -> str:
    """Write a date: `21 November 2026`; `medium` or `short` where room is scarce."""
    return "" if value is None else dates.written(value, style=style)


@register.filter
def month(value: date) -> str:
    """Write a month with its year: `Nov 2026`."""
    return str(format_skeleton("yMMM", value, locale=locale()))


@register.filter
def last_day(until: datetime) -> datetime:
    """Return a moment of the last day inside a term whose end is excluded."""
    return until - timedelta(microseconds=1)


@register.filter
def moment(value: datetime | None, style: str = "medium") -> str:
    """Write a date with its time of day, in the zone of the page."""
    if value is None:
        return ""
    time = format_datetime(here(value), "HH:mm", locale=locale())
    return f"{dates.written(value, style=style)}, {time}"


@register.filter
def ago(value: datetime | None) -> str:
    """Write how long ago, or in how long: `3 hours ago`, `in 2 days`. Nothing for None."""
    if value is None:
        return ""
    return format_timedelta(value.astimezone(UTC) - clock.read(), add_direction=True, locale=locale())


@register.filter
def joined(values: Any) -> str:
    """Write several words as a list: `Ada, Grace and Alan`."""
    return format_list([str(value) for value in values], locale=locale())


@register.filter
def country(code: str) -> str:
    """Write a country's name (ISO 3166-1 alpha-2) in the reader's language: `Germany`."""
    return str(locale().territories.get(code, code))


@register.filter
def language(code: str) -> str:
    """Write a language's name in the reader's language: `French`."""
    return str(locale().languages.get(code, code))


@register.filter
def span(value: timedelta | None) -> str:
    """Write how long something took: `4 hours`. Nothing for None."""
    return "" if value is None else format_timedelta(value, threshold=1.5, locale=locale())


@register.filter
def percent(share: float) -> str:
    """Write a share from 0 to 1: `12 %`."""
    return format_percent(share, locale=locale())
