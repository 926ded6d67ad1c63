"""What an applicant reads: how long it takes now, where the request stands, what it says about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from licet.accounts.models import Person
from licet.education import rules
from licet.education.models import SILENCE, Case, Decision, Entitlement, Programme, View
from licet.education.reasons import ATTEMPTS, REASONS, Reason
from licet.education.states import AT_THE_DESK, RUNNING, CaseState, Outcome

LOOK_BACK = timedelta(days=30)
MOST = 2000
"""So many decisions, the newest, are enough for a figure."""
FEWEST = 5
"""With fewer, one case would make the figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How long people waited for a decision lately: half of them, and nine of ten, no longer than this."""

    half: timedelta
    most: timedelta
    decided: int


def waiting(*, now: datetime) -> Waiting | None:
    """Return how long the decisions of the last thirty days took, or None where there were too few.

    Counted from the moment at which a request last entered the queue until it was decided; those that a
    proof decided alone, at once, are left out.
    """
    decided = Case.objects.filter(
        decided_at__gt=now - LOOK_BACK, decided_at__lte=now, queued_at__isnull=False
    ).exclude(state=CaseState.WITHDRAWN)
    by_people = decided.filter(decisions__by__isnull=False).distinct().order_by("-decided_at")
    moments = by_people.values_list("queued_at", "decided_at")[:MOST]
    times = sorted(max(timedelta(0), until - since) for since, until in moments if since and until)
    if len(times) < FEWEST:
        return None
    return Waiting(half=_share(times, 0.5), most=_share(times, 0.9), decided=len(times))


def _share(times: Sequence[timedelta], share: float) -> timedelta:
    """Return what this share of the (sorted) times does not exceed: the nearest rank."""
    return times[ceil(share * len(times)) - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the desk said last: why, about which field, what was seen on the papers, in whose words."""

    outcome: Outcome
    reason: Reason | None
    note: str
    ticks: dict[str, bool]
    made_at: datetime


SAID = (Outcome.ASKED, Outcome.ANOTHER_PAPER, Outcome.REFUSED, Outcome.REVOKED)
"""What the applicant is told; that a second person looks says nothing about the answer."""


def last_answer(*, case: Case) -> Answer | None:
    """Return what the desk said last about the case to its applicant, or None."""
    said = Decision.objects.filter(case=case, outcome__in=SAID)
    if case.state != CaseState.REVOKED:  # what one person proposed is not said before another confirms it
        said = said.exclude(outcome=Outcome.REVOKED)
    found = said.order_by("-pk").first()
    if found is None:
        return None
    return Answer(
        outcome=Outcome(found.outcome),
        reason=REASONS.get(found.reason),
        note=found.note,
        ticks=found.ticks,
        made_at=found.made_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where a case stands at a moment, for its applicant.

    `before`: requests that wait longer; None where it does not wait. `until`: by when the applicant has to
    act or may object. `opens`: from when a new request is possible. `unreadable`: it is back with the
    applicant because no paper could be read, and not because somebody has judged.
    """

    before: int | None
    answer: Answer | None
    attempts_left: int
    until: datetime | None
    lapsed: bool
    opens: datetime | None
    unreadable: bool
    views: Sequence[View]


def status(*, case: Case, now: datetime) -> Status:
    """Return where the case stands."""
    before = None
    if case.state in AT_THE_DESK and case.queued_at:
        ahead = Case.objects.filter(state__in=sorted(AT_THE_DESK), queued_at__lt=case.queued_at)
        before = ahead.count()
    until = None
    if case.state == CaseState.ACTION_NEEDED and case.asked_at:
        until = case.asked_at + SILENCE
    elif case.state == CaseState.REFUSED and case.decided_at and now < case.decided_at + rules.APPEAL:
        until = case.decided_at + rules.APPEAL
    opens = None
    if case.state == CaseState.REFUSED_FINAL and case.decided_at:
        opens = case.decided_at + rules.REST
    views = View.objects.filter(document__case=case).exclude(person=case.person_id)
    views = views.select_related("person", "document")
    return Status(
        before=before,
        answer=last_answer(case=case),
        attempts_left=max(0, ATTEMPTS - case.attempts),
        until=until,
        lapsed=case.lapsed(now),
        opens=opens,
        unreadable=unreadable(case=case),
        views=list(views.order_by("-seen_at", "-pk")[:100]),
    )


def unreadable(*, case: Case) -> bool:
    """Whether the request waits for its applicant because no paper could be read."""
    if case.state != CaseState.ACTION_NEEDED or case.asked_at is None:
        return False
    return not Decision.objects.filter(case=case, outcome__in=SAID, made_at=case.asked_at).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a person has to do with a programme: the last request, and the license."""

    programme: Programme
    case: Case | None
    entitled: Entitlement | None

    @property
    def running(self) -> bool:
        """Whether the last request is still to be decided."""
        return self.case is not None and self.case.state in RUNNING

    def opens(self, now: datetime) -> datetime | None:
        """Return from when the license can be extended, where that is not yet so."""
        if self.entitled is None:
            return None
        moment = self.entitled.valid_until - rules.EXTEND_BEFORE
        return moment if now < moment else None


def standings(*, person: Person | None) -> list[Standing]:
    """Return every programme that is offered, or with which the person has to do already."""
    cases: dict[int, Case] = {}
    entitled: dict[int, Entitlement] = {}
    if person is not None:
        for case in Case.objects.filter(person=person).order_by("started_at", "pk"):
            cases[case.programme_id] = case
        for each in Entitlement.objects.standing().filter(person=person):
            entitled[each.programme_id] = each
    known = [
        each
        for each in Programme.objects.order_by("pk")
        if each.withdrawn_at is None or each.pk in cases or each.pk in entitled
    ]
    return [
        Standing(programme=each, case=cases.get(each.pk), entitled=entitled.get(each.pk)) for each in known
    ]


def standing(*, person: Person, programme: Programme) -> Standing:
    """Return what the person has to do with one programme."""
    case = Case.objects.filter(person=person, programme=programme).order_by("-started_at", "-pk").first()
    entitled = Entitlement.objects.standing().filter(person=person, programme=programme).first()
    return Standing(programme=programme, case=case, entitled=entitled)


def earlier(*, case: Case) -> Entitlement | None:
    """Return the license of the account whose address the applicant named, under the same programme."""
    if not case.old_address:
        return None
    return (
        Entitlement.objects.standing()
        .filter(person__email__iexact=case.old_address, programme=case.programme_id)
        .exclude(person=case.person_id)
        .first()
    )


def offered() -> bool:
    """Whether there is a programme at all that people can ask for."""
    return Programme.objects.filter(withdrawn_at=None).exists()
