"""How a team's licenses are used: figures of the last 30 days for each product, and what fits them.

Days are UTC days, as the door writes them. Everything is counted from rows that are there anyway:
licenses, seats, days of use, and the denials of the log; nothing is stored for this page alone.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from django.db.models import Q

from licet.catalog.models import Product
from licet.eventlog.models import INSTALLATION, Event
from licet.leases.errors import NoSeat, SeatReleased
from licet.leases.events import LeaseDenied
from licet.leases.models import UseDay
from licet.licenses.models import License, Pool
from licet.licenses.states import LicenseState
from licet.seats.models import Seat
from licet.teams.models import Member, Team

DAYS = 30
SETTLING_DAYS = 14
"""Licenses that came later than that are not judged yet: their people have hardly begun."""
WANTING = (NoSeat.code, SeatReleased.code)
"""The refusals that one more license would have spared."""


class Fit(StrEnum):
    """How what was bought fits what is used."""

    UNUSED = "unused"  # nobody used it
    SHORT = "short"  # people were refused for want of a license
    AMPLE = "ample"  # fewer licenses would have served everybody
    EARLY = "early"  # some are too new to say
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day: licenses bought and assigned at its end, people who used one."""

    day: date
    bought: int
    assigned: int
    used: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """One product of a team. `used`: different people in 30 days; `peak`: most people on one day.

    `denials`: how often somebody was refused for want of a license; `refused`: how many people.
    """

    product: Product
    days: list[Day]
    used: int
    denials: int
    refused: int

    @property
    def bought(self) -> int:
        """How many licenses the team has now."""
        return self.days[-1].bought

    @property
    def assigned(self) -> int:
        """How many people hold one now."""
        return self.days[-1].assigned

    @property
    def peak(self) -> int:
        """The most people on one day."""
        return max(day.used for day in self.days)

    @property
    def _is_new(self) -> bool:
        return self.days[-1 - SETTLING_DAYS].bought < self.bought

    @property
    def fit(self) -> Fit:
        """How what was bought fits; being refused weighs more than having too many."""
        if self.refused and self.assigned >= self.bought:
            return Fit.SHORT
        if self.assigned and self.used < self.bought and self._is_new and not self.refused:
            return Fit.EARLY
        if not self.used:
            return Fit.UNUSED
        return Fit.AMPLE if self.used < self.bought and not self.refused else Fit.RIGHT


def usage(*, team: Team, now: datetime) -> list[Usage]:
    """Return the figures of every product of the team, in the order of the catalog; five statements."""
    today = now.astimezone(UTC).date()
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    since = datetime.combine(days[0], time.min, tzinfo=UTC)
    pools = list(
        Pool.objects.filter(team=team)
        .select_related("product")
        .order_by("product__family__position", "product__position", "pk")
    )
    licenses = _licenses(team=team, since=since)
    held = _held(team=team, since=since)
    people = _people(team=team, first=days[0])
    denied = _denied(team=team, since=since)
    found = []
    for pool in pools:
        by_day = people.get(pool.pk, {})
        ends = [min(now, datetime.combine(day, time.max, tzinfo=UTC)) for day in days]
        refusals = denied.get(pool.product.code, [])
        found.append(
            Usage(
                product=pool.product,
                days=[
                    Day(
                        day=day,
                        bought=sum(n for n, start, end in licenses[pool.pk] if start <= moment < end),
                        assigned=sum(
                            start <= moment and (end is None or moment < end) for start, end in held[pool.pk]
                        ),
                        used=len(by_day.get(day, ())),
                    )
                    for day, moment in zip(days, ends, strict=True)
                ],
                used=len(set().union(*by_day.values())) if by_day else 0,
                denials=len(refusals),
                refused=len(set(refusals)),
            )
        )
    return found


def _licenses(*, team: Team, since: datetime) -> dict[int, list[tuple[int, datetime, datetime]]]:
    found: dict[int, list[tuple[int, datetime, datetime]]] = defaultdict(list)
    rows = License.objects.filter(team=team, state=LicenseState.ISSUED, usable_until__gt=since)
    for pool, seats, start, end in rows.values_list("pool", "seats", "valid_from", "usable_until"):
        found[pool].append((seats, start, end))
    return found


def _held(*, team: Team, since: datetime) -> dict[int, list[tuple[datetime, datetime | None]]]:
    found: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    rows = Seat.objects.filter(Q(released_at=None) | Q(released_at__gt=since), team=team)
    for pool, start, end in rows.values_list("pool", "assigned_at", "released_at"):
        found[pool].append((start, end))
    return found


def _people(*, team: Team, first: date) -> dict[int, dict[date, set[int]]]:
    """Return who used a seat of which pool on which day: a person who held two seats is one."""
    found: dict[int, dict[date, set[int]]] = defaultdict(lambda: defaultdict(set))
    rows = UseDay.objects.filter(team=team, day__gte=first)
    for pool, day, person in rows.values_list("seat__pool", "day", "seat__member__person"):
        found[pool][day].add(person)
    return found


def _denied(*, team: Team, since: datetime) -> dict[str, list[int]]:
    """Return by product code who was refused for want of a license, once for each refusal that was told.

    Where somebody is in several teams that know the product, the refusal is no single one's, and counts for
    each.
    """
    members = Member.objects.filter(team=team).values("person")
    ours = Q(team=team.pk) | Q(team=INSTALLATION, actor_id__in=members)
    rows = Event.objects.filter(ours, name=LeaseDenied.name, at__gte=since, facts__reason__in=WANTING)
    found: dict[str, list[int]] = defaultdict(list)
    for person, product in rows.values_list("actor_id", "facts__product"):
        found[product].append(person or 0)
    return found
