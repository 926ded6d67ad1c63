"""Money and dates, as the language of the reader writes them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import translation

from licet.kernel.money import Money
from licet.orders.rules import term_end
from licet.web.templatetags import cldr
from tests.world import NOW

THIN, FIXED = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "€1,234.50"), ("fr", f"1{THIN}234,50{FIXED}€"), ("de", f"1.234,50{FIXED}€")],
)
def test_money_is_written_as_the_language_does(language: str, written: str) -> None:
    with translation.override(language):
        assert cldr.money(Money(123450, "EUR")) == written


def test_a_currency_without_cents_has_none() -> None:
    with translation.override("en"):
        assert cldr.money(Money(5000, "JPY")) in {"JP¥5,000", "¥5,000"}


def test_no_money_is_written_as_nothing() -> None:
    assert (
        cldr.money(None) == cldr.day(None) == cldr.moment(None) == cldr.ago(None) == cldr.number(None) == ""
    )


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "1 December 2026"), ("fr", "1 décembre 2026"), ("de", "1. Dezember 2026")],
)
def test_days_are_written_out(language: str, written: str) -> None:
    with translation.override(language):
        assert cldr.day(date(2026, 12, 1)) == written


def test_a_moment_is_told_in_the_zone_of_the_installation() -> None:
    with translation.override("en"):
        assert cldr.moment(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "2 Jul 2026, 00:30"


@pytest.mark.parametrize("bought_on", [date(2026, 2, 28), date(2026, 9, 25), date(2026, 12, 31)])
def test_clock_daylight_saving_and_today_a_term_ends_with_a_whole_local_day(bought_on: date) -> None:
    zone = ZoneInfo(settings.TIME_ZONE)
    bought = datetime(bought_on.year, bought_on.month, bought_on.day, 23, 59, tzinfo=zone)
    for months in range(1, 13):  # over both changes of the clock
        until = term_end(anchor=bought, months=months, zone=zone).astimezone(UTC)
        last = cldr.last_day(until).astimezone(zone)
        with translation.override("en"):
            assert cldr.day(last) == cldr.day((until.astimezone(zone) - timedelta(hours=1)).date())
            assert cldr.moment(until).endswith("00:00")


@pytest.mark.parametrize(
    ("language", "written"), [("en", "3 hours ago"), ("fr", "il y a 3 heures"), ("de", "vor 3 Stunden")]
)
def test_how_long_ago(language: str, written: str) -> None:
    with translation.override(language):
        assert cldr.ago(NOW - timedelta(hours=3)) == written


def test_how_long_until() -> None:
    with translation.override("en"):
        assert cldr.ago(NOW + timedelta(days=2)) == "in 2 days"


def test_a_list_of_words() -> None:
    with translation.override("de"):
        assert cldr.joined(["Ada", "Grace", "Alan"]) == "Ada, Grace und Alan"


def test_an_unknown_language_reads_as_english() -> None:
    with translation.override("xx"):
        assert cldr.money(Money(100, "EUR")) == "€1.00"
