"""When one reviewer's word is not enough.

Fraud is never said by one person alone. Where somebody is there who could look, too: what somebody new
decides, a no after an objection, and one decision in twenty, by lot, whose second reviewer does not learn
what the first one meant. If those two differ, a third decides. A desk of one or two people can still work.
"""

from django.db.models import Q, QuerySet

from licet.accounts.models import Person
from licet.accounts.serving import with_duty
from licet.education.models import Case, Decision, Proof
from licet.education.reasons import REASONS
from licet.education.states import CaseState, Cause, Finding, Outcome, Strength
from licet.kernel.duties import Duty

ALONE = frozenset({Strength.SIGNED, Strength.CONFIRMED, Strength.MAILBOX})
"""Proofs that may approve without a person."""

JUDGED = "judged"
"""The kind of a proof that stands for a reviewer's word on an earlier request; `extending` alone makes it."""

FIRST = 50
"""So many decisions of a new reviewer are looked at by another one."""

SHARE = 0.05
"""So many of all first decisions are looked at by another one, by lot."""

FRAUD = frozenset(code for code, reason in REASONS.items() if reason.fraud)

BLIND = frozenset({Cause.NEW, Cause.SAMPLE, Cause.DISAGREE})
"""The next reviewer does not learn what those before meant: it would lead them."""


def speaks_alone(*, case: Case) -> Proof | None:
    """Return the proof of the case that may approve without a person, or None."""
    alone = Q(strength__in=sorted(ALONE)) | Q(kind=JUDGED)
    return case.proofs.filter(alone, finding=Finding.HOLDS).order_by("pk").first()


def second_needed(
    *, case: Case, outcome: Outcome, reason: str = "", reviewer: int, draw: float
) -> Cause | None:
    """Return why another person has to look before the case ends like this, or None.

    `draw`: a random number from 0 (included) to 1 (excluded). `case`: locked by who asks.
    """
    before = Decision.objects.filter(case=case).exclude(by=reviewer)
    if reason in FRAUD and not before.filter(reason__in=sorted(FRAUD)).exists():
        return Cause.FRAUD
    if case.state == CaseState.QUEUED:
        return _first(case, reviewer=reviewer, draw=draw)
    if case.state == CaseState.APPEAL and outcome == Outcome.REFUSED:
        return Cause.OBJECTION if others(case=case, reviewer=reviewer).exists() else None
    last = before.filter(outcome=Outcome.REFERRED).order_by("-pk").first()
    if case.state == CaseState.SECOND_OPINION and last and last.cause == Cause.SAMPLE:
        differ = last.meant != outcome
        return Cause.DISAGREE if differ and others(case=case, reviewer=reviewer).exists() else None
    return None


def others(*, case: Case, reviewer: int) -> QuerySet[Person]:
    """Return who else could look at the case: of the vendor, not the applicant, without a word on it yet."""
    said = Decision.objects.filter(case=case, by__isnull=False).values("by")
    there = with_duty(duty=Duty.REVIEW_EDUCATION).exclude(pk__in=[reviewer, case.person_id])
    return there.exclude(pk__in=said)


def objected(*, case: Case) -> bool:
    """Whether the applicant has objected to a refusal of this case."""
    return case.state == CaseState.APPEAL or case.decisions.filter(stage=CaseState.APPEAL).exists()


def is_new(*, reviewer: int) -> bool:
    """Whether a reviewer has decided less than fifty times."""
    return _judged().filter(by=reviewer).count() < FIRST


def may_take(*, reviewer: int) -> Q:
    """Return which waiting cases a reviewer may take: not their own, no second word after their first."""
    again = Q(state__in=[CaseState.SECOND_OPINION.value, CaseState.APPEAL.value])
    mine = Decision.objects.filter(by=reviewer).values("case")
    return ~Q(person=reviewer) & ~(again & Q(pk__in=mine))


def _first(case: Case, *, reviewer: int, draw: float) -> Cause | None:
    there = list(others(case=case, reviewer=reviewer).values_list("pk", flat=True))
    if there and is_new(reviewer=reviewer) and any(not is_new(reviewer=each) for each in there):
        return Cause.NEW
    return Cause.SAMPLE if there and draw < SHARE else None


def _judged() -> QuerySet[Decision]:
    ended = Q(outcome__in=[Outcome.APPROVED.value, Outcome.REFUSED.value])
    return Decision.objects.filter(ended | ~Q(meant=""))
