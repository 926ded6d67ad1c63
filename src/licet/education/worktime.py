"""Working time at the vendor: Monday to Friday, nine to five on the vendor's clock. Pure functions.

The target for a decision is counted in it: a request of Friday evening is not late on Saturday.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(9), time(17)
_SATURDAY = 5


def later(*, since: datetime, work: timedelta, zone: ZoneInfo) -> datetime:
    """Return the moment at which so much working time has passed since then."""
    at, left = since.astimezone(zone), work
    while True:
        opens, closes = _hours(at)
        if at.weekday() >= _SATURDAY or at >= closes:
            at = datetime.combine(at.date() + timedelta(days=1), OPENS, zone)
            continue
        begins = max(at, opens)
        if begins + left <= closes:
            return begins + left
        left -= closes - begins
        at = closes


def earlier(*, until: datetime, work: timedelta, zone: ZoneInfo) -> datetime:
    """Return the last moment after which no more than so much working time has passed until then."""
    at, left = until.astimezone(zone), work
    while True:
        opens, closes = _hours(at)
        if at.weekday() >= _SATURDAY or at <= opens:
            at = datetime.combine(at.date() - timedelta(days=1), CLOSES, zone)
            continue
        ends = min(at, closes)
        if ends - left >= opens:
            return ends - left
        left -= ends - opens
        at = opens


def _hours(at: datetime) -> tuple[datetime, datetime]:
    zone = at.tzinfo
    return datetime.combine(at.date(), OPENS, zone), datetime.combine(at.date(), CLOSES, zone)
