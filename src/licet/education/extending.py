"""Going on with the same account where what was proven last still serves: one step, nothing typed again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from licet.education import applying, calendars
from licet.education.applying import Found
from licet.education.errors import ProofServesNoMore
from licet.education.models import Case, Decision, Entitlement, Proof
from licet.education.policy import ALONE, JUDGED
from licet.education.states import CaseState, Finding, Outcome, Strength
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing

WORTH = timedelta(days=14)
"""An extension by less than this is none: a new proof will give more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a license can go on with: a proof that holds by itself, or the year that a reviewer has seen.

    `until` (excluded): how far it carries a license that is extended now.
    """

    case: Case
    kind: str
    strength: Strength
    year_start: date
    until: date
    fingerprint: str = ""
    facts: dict[str, str] = field(default_factory=dict)


def basis(*, entitled: Entitlement, now: datetime) -> Basis | None:
    """Return the newest proof or decision that would lengthen the license at `now`, or None.

    Both name an academic year; it has to end later than the license.
    """
    for case, found in _known(entitled):
        end = _reaches(case, year_start=found.year_start, today=now.date())
        if end is not None and end > (entitled.valid_until + WORTH).date():
            assert found.year_start
            return Basis(
                case=case,
                kind=found.kind,
                strength=found.strength,
                year_start=found.year_start,
                until=end,
                fingerprint=found.fingerprint,
                facts=found.facts,
            )
    return None


def extend(*, entitled: Entitlement, language: str, by: Actor, now: datetime) -> Case:
    """Send a request for going on, with the form and the proof of the last one; `approve_by_proof` decides.

    Refuses ProofServesNoMore, and whatever `applying.start` refuses. The holder alone (Missing else).
    """
    if not by.is_person or by.id != entitled.person_id:
        raise Missing
    found = basis(entitled=entitled, now=now)
    if found is None:
        raise ProofServesNoMore
    with change(by=by, now=now) as record:
        case = applying.begin(programme=entitled.programme, language=language, record=record)
        again = Found(
            kind=found.kind,
            strength=found.strength,
            finding=Finding.HOLDS,
            facts=found.facts,
            fingerprint=found.fingerprint,
            year_start=found.year_start,
        )
        applying.proof_step(case=case, found=again, record=record)
        applying.hand_in(case=case, record=record)
        assert case.state == CaseState.QUEUED, "there are no documents to read"
    return case


def _known(entitled: Entitlement) -> Iterator[tuple[Case, Found]]:
    """Yield what was proven for the license, the newest request first: proofs, then the reviewer's word."""
    cases = Case.objects.filter(span__entitlement=entitled).select_related("programme").order_by("-pk")
    for case in cases:
        strong = Proof.objects.filter(case=case, finding=Finding.HOLDS, strength__in=sorted(ALONE))
        for proof in strong.exclude(year_start=None).order_by("-pk"):
            yield case, _again(proof)
        word = Decision.objects.filter(case=case, outcome=Outcome.APPROVED, by__isnull=False)
        for decision in word.exclude(year_start=None).order_by("-pk"):
            yield case, _said(decision, case=case)


def _again(proof: Proof) -> Found:
    return Found(
        kind=proof.kind,
        strength=Strength(proof.strength),
        finding=Finding.HOLDS,
        facts=proof.facts,
        fingerprint=proof.fingerprint,
        year_start=proof.year_start,
    )


def _said(decision: Decision, *, case: Case) -> Found:
    return Found(
        kind=JUDGED,
        strength=Strength.PAPER,
        finding=Finding.HOLDS,
        facts={"request": case.public_id},
        year_start=decision.year_start,
    )


def _reaches(case: Case, *, year_start: date | None, today: date) -> date | None:
    """Return until when (excluded) a proof that names its year carries a license that is extended today."""
    if year_start is None:
        return None
    year = calendars.year_of(country=case.country, day=year_start)
    if year.end <= today:
        return None
    ends = [today + case.programme.longest, year.end]
    if case.graduation_on is not None:
        ends.append(case.graduation_on + calendars.AFTER_GRADUATION)
    return min(ends)  # without the shortest term, which would lengthen any license by a little
