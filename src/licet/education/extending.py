"""Going on with the same account where the last proof still serves: one step, nothing typed again."""

from datetime import date, datetime, timedelta

from licet.education import applying, calendars
from licet.education.applying import Found
from licet.education.deciding import ALONE
from licet.education.errors import ProofServesNoMore
from licet.education.models import Case, Entitlement, Proof
from licet.education.states import CaseState, Finding, Strength
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing

WORTH = timedelta(days=14)
"""An extension by less than this is none: a new proof will give more."""


def serving_proof(*, entitled: Entitlement, now: datetime) -> Proof | None:
    """Return the newest proof that would lengthen the license at `now` by itself, or None.

    Such a proof holds without a person, and names an academic year that ends later than the license.
    """
    given = Proof.objects.filter(
        case__span__entitlement=entitled, finding=Finding.HOLDS, strength__in=sorted(ALONE)
    )
    for proof in given.exclude(year_start=None).select_related("case__programme").order_by("-pk"):
        end = reaches(proof=proof, today=now.date())
        if end is not None and end > (entitled.valid_until + WORTH).date():
            return proof
    return None


def reaches(*, proof: Proof, today: date) -> date | None:
    """Return until when (excluded) a proof that names its year carries a license that is extended today."""
    case = proof.case
    if proof.year_start is None:
        return None
    year = calendars.year_of(country=case.country, day=proof.year_start)
    if year.end <= today:
        return None
    ends = [today + case.programme.longest, year.end]
    if case.graduation_on is not None:
        ends.append(case.graduation_on + calendars.AFTER_GRADUATION)
    return min(ends)  # without the shortest term, which would lengthen any license by a little


def extend(*, entitled: Entitlement, language: str, by: Actor, now: datetime) -> Case:
    """Send a request for going on, with the form and the proof of the last one; `approve_by_proof` decides.

    Refuses ProofServesNoMore, and whatever `applying.start` refuses. The holder alone (Missing else).
    """
    if not by.is_person or by.id != entitled.person_id:
        raise Missing
    proof = serving_proof(entitled=entitled, now=now)
    if proof is None:
        raise ProofServesNoMore
    with change(by=by, now=now) as record:
        case = applying.begin(programme=entitled.programme, language=language, record=record)
        applying.proof_step(case=case, found=_again(proof), record=record)
        applying.hand_in(case=case, record=record)
        assert case.state == CaseState.QUEUED, "there are no documents to read"
    return case


def _again(proof: Proof) -> Found:
    return Found(
        kind=proof.kind,
        strength=Strength(proof.strength),
        finding=Finding(proof.finding),
        facts=proof.facts,
        fingerprint=proof.fingerprint,
        year_start=proof.year_start,
    )
