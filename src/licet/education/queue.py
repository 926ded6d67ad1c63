"""The desk's queue: what waits by age, narrowed and counted, and the verb that takes the next case."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q

from licet.education import deciding, policy, rules, worktime
from licet.education.errors import CaseClaimed, CaseNotWaiting
from licet.education.models import Case, CaseQuerySet, Programme
from licet.education.states import AT_THE_DESK
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden

PAGE = 50
TRIES = 20
"""So many colleagues may be faster in the same instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases a reviewer works on; empty: all."""

    programme: str = ""
    language: str = ""
    country: str = ""
    state: str = ""

    def narrowed(self, cases: CaseQuerySet) -> CaseQuerySet:
        """Return those of the cases that are wanted."""
        if self.programme:
            cases = cases.filter(programme__code=self.programme)
        chosen = {"language": self.language, "country": self.country, "state": self.state}
        return cases.filter(**{name: value for name, value in chosen.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A case that waits. `due_at`: until when it should be decided."""

    case: Case
    due_at: datetime
    late: bool
    claimed: bool
    snoozed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One page of the queue, oldest first; counts of what else could be chosen; `late` of all that wait."""

    rows: Sequence[Row]
    total: int
    waiting: int
    late: int
    programmes: Sequence[tuple[str, str, int]]
    languages: Sequence[tuple[str, int]]
    countries: Sequence[tuple[str, int]]
    states: Sequence[tuple[str, int]]
    in_hand: Sequence[Case]


def zone() -> ZoneInfo:
    """Return the vendor's zone."""
    return ZoneInfo(settings.TIME_ZONE)


def due(*, case: Case) -> datetime | None:
    """Return until when a case that waits should be decided."""
    if case.queued_at is None or case.state not in AT_THE_DESK:
        return None
    return worktime.later(since=case.queued_at, work=rules.TARGET, zone=zone())


def queue(*, wanted: Wanted, page: int, reviewer: int, now: datetime) -> Queue:
    """Return one page (from 1) of what waits. As many statements, whatever waits."""
    waiting = _waiting()
    groups = list(
        waiting.values_list("programme", "language", "country", "state").annotate(Count("pk")).order_by()
    )
    names = {each.pk: each for each in Programme.objects.all()}
    codes = {pk: each.code for pk, each in names.items()}
    facets = _facets([(codes[pk], *rest) for pk, *rest in groups], wanted=wanted)
    titles = {each.code: each.name for each in names.values()}
    first = (page - 1) * PAGE
    return Queue(
        rows=[_row(each, now=now) for each in _oldest(wanted=wanted, first=first)],
        total=facets.total,
        waiting=sum(group[-1] for group in groups),
        late=late(now=now),
        programmes=[(code, titles[code], count) for code, count in facets.of[0]],
        languages=facets.of[1],
        countries=facets.of[2],
        states=facets.of[3],
        in_hand=list(
            waiting.filter(claimed_by=reviewer, claimed_until__gt=now).select_related("person", "programme")
        ),
    )


def late(*, now: datetime) -> int:
    """Return how many cases have waited for longer than the target."""
    return _waiting().filter(queued_at__lt=_limit(now)).count()


def in_time(*, now: datetime) -> int:
    """Return how many cases wait, and not yet for longer than the target."""
    return _waiting().exclude(queued_at__lt=_limit(now)).count()


def _waiting() -> CaseQuerySet:
    return Case.objects.filter(state__in=sorted(AT_THE_DESK))


def _limit(now: datetime) -> datetime:
    return worktime.earlier(until=now, work=rules.TARGET, zone=zone())


def _oldest(*, wanted: Wanted, first: int) -> Sequence[Case]:
    """Return a page of cases, the oldest first: those of each state, which an index has in order, merged.

    One statement over all states would sort everything that waits.
    """
    until = first + PAGE
    ranked: list[tuple[datetime, int]] = []
    for state in sorted(AT_THE_DESK):
        if wanted.state in ("", state):
            cases = wanted.narrowed(Case.objects.filter(state=state, queued_at__isnull=False))
            ranked += cases.order_by("queued_at", "pk").values_list("queued_at", "pk")[:until]  # type: ignore[arg-type]
    chosen = [pk for _at, pk in sorted(ranked)[first:until]]
    with_names = Case.objects.select_related(
        "person", "programme", "institution", "claimed_by", "assigned_to"
    )
    found = with_names.in_bulk(chosen)
    return [found[pk] for pk in chosen]


@dataclass(frozen=True, slots=True)
class _Facets:
    of: list[list[tuple[str, int]]]
    total: int


def _facets(groups: Sequence[Sequence[object]], *, wanted: Wanted) -> _Facets:
    """Count the values of each filter among the cases that the other filters leave."""
    chosen = (wanted.programme, wanted.language, wanted.country, wanted.state)
    counts: list[Counter[str]] = [Counter() for _each in chosen]
    total = 0
    for *values, number in groups:
        assert isinstance(number, int)
        missed = [
            n for n, (value, want) in enumerate(zip(values, chosen, strict=True)) if want not in ("", value)
        ]
        if not missed:
            total += number
        for n, value in enumerate(values):
            if all(each == n for each in missed):
                counts[n][str(value)] += number
    return _Facets([sorted(each.items()) for each in counts], total)


def _row(case: Case, *, now: datetime) -> Row:
    until = due(case=case) or now
    return Row(
        case=case, due_at=until, late=until < now, claimed=case.claimed(now), snoozed=case.snoozed(now)
    )


def take_next(*, wanted: Wanted, by: Actor, now: datetime) -> Case | None:
    """Take the oldest case that is free and that the reviewer may decide on; None where there is none.

    What was left to the reviewer comes first, what was left to a colleague not at all. When a
    colleague was faster, the one after. The vendor's people only (Forbidden else).
    """
    if not by.serves(Duty.REVIEW_EDUCATION) or by.id is None:
        raise Forbidden
    free = wanted.narrowed(Case.objects.waiting(now)).filter(policy.may_take(reviewer=by.id))
    for case in (*free.filter(assigned_to=by.id)[:TRIES], *free.filter(assigned_to=None)[:TRIES]):
        with suppress(CaseClaimed, CaseNotWaiting):
            return deciding.claim(case=case, by=by, now=now)
    return None


def found(*, search: str) -> Sequence[Case]:
    """Return cases in any state, newest first, by their number, or by the applicant's address or name."""
    words = search.strip()
    cases = Case.objects.select_related("person", "programme", "institution", "claimed_by")
    wanted = Q(public_id=words) | Q(person__email=words.lower()) | Q(full_name__icontains=words)
    return list(cases.filter(wanted).order_by("-started_at")[:PAGE]) if words else []
