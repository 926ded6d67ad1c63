"""The target time runs while people work: Monday to Friday, nine to five."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from licet.education import worktime

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(hours=8)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-11-23 10:00", "2026-11-24 10:00"),  # Monday to Tuesday
        ("2026-11-20 16:00", "2026-11-23 16:00"),  # over a weekend
        ("2026-11-21 12:00", "2026-11-23 17:00"),  # from a Saturday
        ("2026-11-23 07:00", "2026-11-23 17:00"),  # before they open
        ("2026-11-23 20:00", "2026-11-24 17:00"),  # after they close
    ],
)
def test_a_day_of_work(since: str, until: str) -> None:
    assert worktime.later(since=at(since), work=DAY, zone=PARIS) == at(until)


@pytest.mark.parametrize("until", ["2026-11-23 12:00", "2026-11-22 12:00", "2026-11-23 08:00"])
def test_what_came_just_after_is_not_late_yet(until: str) -> None:
    edge = worktime.earlier(until=at(until), work=DAY, zone=PARIS)
    assert worktime.later(since=edge, work=DAY, zone=PARIS) <= at(until)
    assert worktime.later(since=edge + timedelta(minutes=1), work=DAY, zone=PARIS) >= at(until)
