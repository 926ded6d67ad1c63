"""How the desk does: times, what waits, reasons, fairness, objections. Read by few people, now and then."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import ceil
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Min, Q, QuerySet

from licet.education.directory import Institution
from licet.education.models import Case, CaseQuerySet, Decision
from licet.education.reasons import REASONS, Reason
from licet.education.states import AT_THE_DESK, CaseState, Outcome

SPAN = timedelta(days=90)
DAYS = 30
"""Days of the chart."""
FEWEST = 5
"""A rate of fewer cases says nothing, and would tell about one person."""
MOST = 15
NEWEST = 10_000
"""So many cases, the newest, are enough for a time."""

AGES = (timedelta(hours=4), timedelta(days=1), timedelta(days=3), timedelta(days=7))
YES = (CaseState.APPROVED, CaseState.REVOKED)
NO = (CaseState.REFUSED, CaseState.REFUSED_FINAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What half of the people, and nine of ten, waited at most."""

    half: timedelta
    most: timedelta
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day: requests that came, that people decided, and the refusals among those."""

    day: date
    sent: int
    decided: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How many of a group were approved and refused."""

    name: str
    approved: int
    refused: int

    @property
    def share(self) -> float:
        """Return the share of refusals, from 0 to 1."""
        return self.refused / (self.approved + self.refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All of the page. `ages`: how many wait up to each of AGES, and longer."""

    first: Times | None
    license: Times | None
    days: Sequence[Day]
    ages: Sequence[int]
    reasons: Sequence[tuple[Outcome, Reason, int]]
    approved: int
    alone: int
    refused: int
    countries: Sequence[Rate]
    languages: Sequence[Rate]
    institutions: Sequence[Rate]
    overturned: int
    upheld: int
    open_objections: int
    agreed: int
    differed: int


def figures(*, now: datetime) -> Figures:
    """Return the figures of the last ninety days."""
    since = now - SPAN
    ended = Case.objects.filter(decided_at__gt=since, decided_at__lte=now)
    told = Decision.objects.filter(made_at__gt=since, made_at__lte=now)
    approved = told.filter(outcome=Outcome.APPROVED)
    objected = ended.filter(decisions__outcome=Outcome.REFUSED).distinct()
    agreed, differed = _second(told)
    return Figures(
        first=_times(_until_first(since=since, now=now)),
        license=_times(
            ended.filter(state__in=YES, sent_at__isnull=False)
            .order_by("-decided_at")
            .values_list("sent_at", "decided_at")[:NEWEST]
        ),
        days=_days(now=now),
        ages=_ages(now=now),
        reasons=_reasons(told),
        approved=approved.count(),
        alone=approved.filter(by=None).count(),
        refused=told.filter(outcome=Outcome.REFUSED).count(),
        countries=_rates(ended, by="country"),
        languages=_rates(ended, by="language"),
        institutions=_named(_rates(ended.exclude(institution=None), by="institution")),
        overturned=objected.filter(state__in=YES, decisions__stage=CaseState.APPEAL).count(),
        upheld=ended.filter(state=CaseState.REFUSED_FINAL).count(),
        open_objections=Case.objects.filter(state=CaseState.APPEAL).count(),
        agreed=agreed,
        differed=differed,
    )


def _until_first(*, since: datetime, now: datetime) -> Iterable[tuple[datetime, datetime]]:
    """Return when requests came and when a person first said something."""
    told = Decision.objects.filter(by__isnull=False, case__sent_at__gt=since, made_at__lte=now)
    rows = told.values("case").annotate(first=Min("made_at"), sent=F("case__sent_at")).order_by("-first")
    return rows.values_list("sent", "first")[:NEWEST]


def _times(pairs: Iterable[tuple[datetime | None, datetime | None]]) -> Times | None:
    times = sorted(max(timedelta(0), until - since) for since, until in pairs if since and until)
    if len(times) < FEWEST:
        return None
    return Times(half=_share(times, 0.5), most=_share(times, 0.9), count=len(times))


def _share(times: Sequence[timedelta], share: float) -> timedelta:
    """Return what this share of the sorted times does not exceed: the nearest rank."""
    return times[ceil(share * len(times)) - 1]


def _days(*, now: datetime) -> list[Day]:
    zone = ZoneInfo(settings.TIME_ZONE)
    today = now.astimezone(zone).date()
    first = today - timedelta(days=DAYS - 1)
    since = now - timedelta(days=DAYS + 1)
    sent = Case.objects.filter(sent_at__gt=since, sent_at__lte=now).values_list("sent_at", flat=True)
    told = Decision.objects.filter(made_at__gt=since, made_at__lte=now, by__isnull=False)
    ends = list(
        told.filter(outcome__in=[Outcome.APPROVED, Outcome.REFUSED]).values_list("made_at", "outcome")
    )
    came = Counter(each.astimezone(zone).date() for each in sent if each)
    decided = Counter(at.astimezone(zone).date() for at, _outcome in ends)
    refused = Counter(at.astimezone(zone).date() for at, outcome in ends if outcome == Outcome.REFUSED)
    days = [first + timedelta(days=n) for n in range(DAYS)]
    return [Day(day=day, sent=came[day], decided=decided[day], refused=refused[day]) for day in days]


def _ages(*, now: datetime) -> list[int]:
    edges = [now - each for each in AGES]
    bounds = [(edges[0], None), *((older, newer) for newer, older in pairwise(edges))]
    waiting = Case.objects.filter(state__in=sorted(AT_THE_DESK))
    counted = {
        f"upto{n}": Count("pk", filter=Q(queued_at__gt=older) & (Q(queued_at__lte=newer) if newer else Q()))
        for n, (older, newer) in enumerate(bounds)
    }
    found = waiting.aggregate(**counted, older=Count("pk", filter=Q(queued_at__lte=edges[-1])))
    return [found[f"upto{n}"] for n in range(len(bounds))] + [found["older"]]


def _reasons(told: QuerySet[Decision]) -> list[tuple[Outcome, Reason, int]]:
    said = told.filter(outcome__in=[Outcome.REFUSED, Outcome.ANOTHER_PAPER, Outcome.ASKED])
    rows = said.exclude(reason="").values_list("outcome", "reason").annotate(count=Count("pk"))
    return [
        (Outcome(outcome), REASONS[reason], count)
        for outcome, reason, count in rows.order_by("-count", "reason")
        if reason in REASONS
    ][:MOST]


def _rates(ended: CaseQuerySet, *, by: str) -> list[Rate]:
    """Return the groups with enough cases, the most often refused first."""
    rows = ended.values_list(by).annotate(
        approved=Count("pk", filter=Q(state__in=YES)), refused=Count("pk", filter=Q(state__in=NO))
    )
    rates = [
        Rate(name=str(name), approved=yes, refused=no)
        for name, yes, no in rows.order_by()
        if yes + no >= FEWEST and name
    ]
    return sorted(rates, key=lambda each: (-each.share, each.name))[:MOST]


def _named(rates: Sequence[Rate]) -> list[Rate]:
    names = {str(each.pk): each.name for each in Institution.objects.filter(pk__in=[r.name for r in rates])}
    return [Rate(name=names[each.name], approved=each.approved, refused=each.refused) for each in rates]


def _second(told: QuerySet[Decision]) -> tuple[int, int]:
    """Count cases in which the word of a later reviewer was, or was not, what the first had meant."""
    ends = told.filter(outcome__in=[Outcome.APPROVED, Outcome.REFUSED], by__isnull=False)
    ended = dict(ends.order_by("pk").values_list("case", "outcome"))
    meant = told.exclude(meant="").filter(case__in=ends.values("case")).order_by("-pk")
    first = dict(meant.values_list("case", "meant"))  # the last one written is the first one said
    agreed = sum(ended.get(case) == word for case, word in first.items())
    return agreed, len(first) - agreed
