"""What a person of the vendor does with a request: take it in hand, approve, ask, refer, refuse; and revoke.

Nobody decides on a case of their own; a second opinion and an appeal need somebody who has not decided on
the case before. A proof that is strong enough may approve by itself (`approve_by_proof`); it never refuses.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from licet.accounts.models import Person
from licet.education import calendars, events, granting, policy, rules
from licet.education.errors import (
    CaseClaimed,
    CaseNotClaimed,
    CaseNotWaiting,
    NotEntitled,
    ObjectionUndecided,
    OwnCase,
    ProofTooOld,
    ReasonNeeded,
    SamePerson,
)
from licet.education.models import Case, Decision, Entitlement, Message, Proof
from licet.education.reasons import REASONS, Reason
from licet.education.states import AT_THE_DESK, CaseState, Cause, Outcome
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden
from licet.licenses import actions as licenses
from licet.licenses.states import LicenseState


def claim(*, case: Case, by: Actor, now: datetime) -> Case:
    """Take a case in hand for fifteen minutes; taking it again renews that.

    Refuses CaseNotWaiting, CaseClaimed by somebody else, OwnCase, SamePerson. The vendor's people only.
    """
    reviewer = _reviewer(by)
    with change(by=by, now=now) as record:
        # Two reviewers who take the next case at once meet here; the second takes the one after.
        case = Case.objects.locked(case.pk)
        if case.state not in AT_THE_DESK:
            raise CaseNotWaiting
        _may_decide(case, reviewer=reviewer)
        if case.claimed(now) and case.claimed_by_id != reviewer:
            assert case.claimed_by, "the database keeps both"
            raise CaseClaimed(person=case.claimed_by.name, until=case.claimed_until)
        fresh = not case.claimed(now)
        case.claimed_by_id, case.claimed_until = reviewer, now + rules.CLAIM
        case.save(update_fields=["claimed_by", "claimed_until"])
        record(events.CaseClaimed(case=case.pk) if fresh else events.CaseClaimRenewed(case=case.pk))
    return case


def put_back(*, case: Case, by: Actor, now: datetime) -> Case:
    """Put a case that one has in hand back into the queue. Refuses CaseNotClaimed."""
    with change(by=by, now=now) as record:
        case = _in_hand(case, by=by, now=now)
        _let_go(case)
        case.save(update_fields=["claimed_by", "claimed_until"])
        record(events.CaseReleased(case=case.pk))
    return case


def approve(
    *,
    case: Case,
    year: date | None,
    ticks: Mapping[str, bool],
    chances: Sequence[bytes],
    instead_of: Entitlement | None = None,
    draw: float = 1.0,
    by: Actor,
    now: datetime,
) -> Entitlement | None:
    """Approve: license, seat and codes at once, in one transaction; asking twice gives one set.

    None where another person has to look first (`policy.second_needed`; `draw`: a random number below 1).

    `year`: the first day of the academic year that the paper names (None: the one that runs). `ticks`: what
    the reviewer saw (`name`, `institution`, `period`). `chances`: 15 random bytes for each product.
    Refuses CaseNotWaiting, CaseNotClaimed, OwnCase, SamePerson, ProofTooOld.
    """
    with change(by=by, now=now) as record:
        case = _in_hand(case, by=by, now=now)
        cause = policy.second_needed(case=case, outcome=Outcome.APPROVED, reviewer=by.id or 0, draw=draw)
        if cause:
            _referred(case, cause=cause, meant=Outcome.APPROVED, ticks=ticks, year=year, record=record)
            return None
        _decided(case, outcome=Outcome.APPROVED, ticks=ticks, year=year or now.date(), record=record)
        return _approved(case, year=year, chances=chances, instead_of=instead_of, proof="", record=record)


def approve_by_proof(*, case: Case, chances: Sequence[bytes], by: Actor, now: datetime) -> Entitlement | None:
    """Approve a request whose proof is strong enough alone; None where none is, which changes nothing.

    For the site itself, after the applicant has sent the request.
    """
    if not by.is_system:
        raise Forbidden
    if policy.speaks_alone(case=case) is None or case.state not in {CaseState.QUEUED, CaseState.PROCESSING}:
        return None
    # A proof of a year that has ended is looked at by a person: a machine passes on, it never refuses.
    with suppress(ProofTooOld), change(by=by, now=now) as record:
        # A withdrawal, a reviewer's decision: whoever comes second finds what the first has written.
        case = Case.objects.locked(case.pk)
        if case.state not in {CaseState.QUEUED, CaseState.PROCESSING}:
            raise CaseNotWaiting
        strong = policy.speaks_alone(case=case)  # again: its class may say something else now
        if strong is None:
            raise CaseNotWaiting
        return by_proof(case=case, proof=strong, chances=chances, record=record)
    return None


def by_proof(*, case: Case, proof: Proof, chances: Sequence[bytes], record: Record) -> Entitlement:
    """Approve a case that is locked or new on the word of one proof. A step. Refuses ProofTooOld."""
    _decided(case, outcome=Outcome.APPROVED, record=record)
    return _approved(
        case,
        year=proof.year_start,
        until=proof.valid_until,
        chances=chances,
        instead_of=None,
        proof=proof.kind,
        record=record,
    )


def ask(
    *,
    case: Case,
    reason: str,
    note: str = "",
    ticks: Mapping[str, bool] | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """Ask a question or for another paper; the applicant has fourteen days.

    An attempt is used up where the reason says so. Refuses like `approve`, ReasonNeeded, and
    ObjectionUndecided after an objection.
    """
    with change(by=by, now=now) as record:
        case = _in_hand(case, by=by, now=now)
        why = _reason(reason)
        if policy.objected(case=case):
            raise ObjectionUndecided
        question = Outcome.ASKED if reason == "question" else Outcome.ANOTHER_PAPER
        _decided(case, outcome=question, reason=reason, note=note, ticks=ticks or {}, record=record)
        case.decide(CaseState.ACTION_NEEDED)
        case.asked_at, case.attempts = now, case.attempts + why.counts
        _let_go(case)
        case.save()
        if note.strip():
            Message.objects.create(
                case=case, author_id=by.id or 0, from_desk=True, text=note.strip()[:4000], written_at=now
            )
        record(events.CaseQuestioned(case=case.pk, reason=reason, person_name=case.person.name))
    return case


def refer(*, case: Case, note: str = "", by: Actor, now: datetime) -> Case:
    """Ask another reviewer for a second opinion. Refuses like `approve`."""
    with change(by=by, now=now) as record:
        case = _in_hand(case, by=by, now=now)
        _referred(case, cause=Cause.ASKED, note=note, record=record)
    return case


def refuse(
    *,
    case: Case,
    reason: str,
    note: str = "",
    ticks: Mapping[str, bool] | None = None,
    draw: float = 1.0,
    by: Actor,
    now: datetime,
) -> Case:
    """Refuse, with a reason that the applicant reads. Refuses like `approve`, and ReasonNeeded.

    Where another person has to look first (`policy.second_needed`: fraud, somebody new, ...), this refers
    the case. After an appeal the refusal is final.
    """
    with change(by=by, now=now) as record:
        case = _in_hand(case, by=by, now=now)
        why = _reason(reason)
        cause = policy.second_needed(
            case=case, outcome=Outcome.REFUSED, reason=reason, reviewer=by.id or 0, draw=draw
        )
        if cause:
            _referred(
                case,
                cause=cause,
                meant=Outcome.REFUSED,
                reason=reason,
                note=note,
                ticks=ticks or {},
                record=record,
            )
            return case
        final = policy.objected(case=case)
        _decided(case, outcome=Outcome.REFUSED, reason=reason, note=note, ticks=ticks or {}, record=record)
        to = CaseState.REFUSED_FINAL if final else CaseState.REFUSED
        case.decide(to)
        case.decided_at, case.attempts = now, case.attempts + why.counts
        _let_go(case)
        case.save()
        keep = now if final else now + rules.APPEAL
        case.documents.filter(destroyed_at=None).update(destroy_at=keep)
        record(events.CaseRefused(case=case.pk, final=final, reason=reason, person_name=case.person.name))
    return case


def propose_revocation(*, case: Case, reason: str, note: str = "", by: Actor, now: datetime) -> Case:
    """Say that an education license should be taken back; `revoke` by another person does it.

    Refuses NotEntitled where the case gave none, ReasonNeeded, OwnCase.
    """
    reviewer = _reviewer(by)
    with change(by=by, now=now) as record:
        case = Case.objects.locked(case.pk)
        _entitled(case)
        _reason(reason)
        if case.person_id == reviewer:
            raise OwnCase
        _decided(case, outcome=Outcome.REVOKED, reason=reason, note=note, record=record)
        record(events.RevocationProposed(case=case.pk, reason=reason, person_name=case.person.name))
    return case


def revoke(*, case: Case, by: Actor, now: datetime) -> Entitlement:
    """Take an education license back, after another person has proposed it.

    Fraud ends it at once; anything else at the end of a grace of fourteen days. Refuses NotEntitled,
    ReasonNeeded where nobody has proposed it, SamePerson, OwnCase.
    """
    reviewer = _reviewer(by)
    with change(by=by, now=now) as record:
        # Two people who confirm at once: the second finds nothing to revoke.
        case = Case.objects.locked(case.pk)
        entitled = _entitled(case)
        if case.person_id == reviewer:
            raise OwnCase
        proposed = case.decisions.filter(outcome=Outcome.REVOKED).order_by("-pk").first()
        if proposed is None:
            raise ReasonNeeded
        if proposed.by_id == reviewer:
            raise SamePerson
        fraud = REASONS[proposed.reason].fraud
        for given in entitled.given.select_related("license__pool__product", "code"):
            if fraud:
                licenses.decide(license=given.license, to=LicenseState.REVOKED, record=record)
            elif now + rules.APPEAL < given.license.valid_until:
                licenses.set_end(license=given.license, until=now + rules.APPEAL, grace=False, record=record)
        entitled.revoked_at = now
        entitled.save(update_fields=["revoked_at"])
        case.decide(CaseState.REVOKED)
        case.save(update_fields=["state"])
        record(
            events.EntitlementRevoked(
                entitlement=entitled.pk, case=case.pk, reason=proposed.reason, person_name=case.person.name
            )
        )
    return entitled


def _reviewer(by: Actor) -> int:
    if not by.serves(Duty.REVIEW_EDUCATION) or by.id is None:
        raise Forbidden
    return by.id


def _may_decide(case: Case, *, reviewer: int) -> None:
    if case.person_id == reviewer:
        raise OwnCase
    again = case.state in {CaseState.SECOND_OPINION, CaseState.APPEAL}
    if again and case.decisions.filter(by=reviewer).exists():
        raise SamePerson


def _in_hand(case: Case, *, by: Actor, now: datetime) -> Case:
    """Lock a case that the reviewer has claimed, and read it again."""
    reviewer = _reviewer(by)
    # The applicant's withdrawal, another reviewer whose claim began when this one's ended.
    case = Case.objects.locked(case.pk)
    if case.state not in AT_THE_DESK:
        raise CaseNotWaiting
    _may_decide(case, reviewer=reviewer)
    if case.claimed_by_id != reviewer or not case.claimed(now):
        raise CaseNotClaimed
    return case


def _reason(code: str) -> Reason:
    found = REASONS.get(code)
    if found is None:
        raise ReasonNeeded
    return found


def _let_go(case: Case) -> None:
    case.claimed_by, case.claimed_until, case.assigned_to, case.snoozed_until = None, None, None, None


def _entitled(case: Case) -> Entitlement:
    found = Entitlement.objects.standing().filter(spans__case=case).first()
    if found is None or case.state != CaseState.APPROVED:
        raise NotEntitled
    return Entitlement.objects.locked(found.pk)


def _decided(
    case: Case,
    *,
    outcome: Outcome,
    reason: str = "",
    note: str = "",
    ticks: Mapping[str, bool] | None = None,
    year: date | None = None,
    meant: str = "",
    cause: str = "",
    record: Record,
) -> None:
    Decision.objects.create(
        case=case,
        by_id=record.by.id,
        outcome=outcome,
        stage=case.state,
        reason=reason,
        ticks=dict(ticks or {}),
        year_start=calendars.year_of(country=case.country, day=year).start if year else None,
        note=note.strip()[:4000],
        meant=meant,
        cause=cause,
        counts=not cause and bool(reason) and REASONS[reason].counts,
        made_at=record.now,
    )


def _referred(case: Case, *, cause: Cause, record: Record, **said: Any) -> None:
    _decided(case, outcome=Outcome.REFERRED, cause=cause, record=record, **said)
    if case.state != CaseState.SECOND_OPINION:  # a third person looks
        case.decide(CaseState.SECOND_OPINION)
    _let_go(case)
    case.save()
    record(events.CaseReferred(case=case.pk, person_name=case.person.name))


def _approved(
    case: Case,
    *,
    year: date | None,
    until: date | None = None,
    chances: Sequence[bytes],
    instead_of: Entitlement | None,
    proof: str,
    record: Record,
) -> Entitlement:
    person = Person.objects.select_for_update(no_key=True).get(pk=case.person_id)
    term = calendars.term(
        country=case.country,
        today=record.now.date(),
        longest=case.programme.longest,
        proven=calendars.year_of(country=case.country, day=year) if year else None,
        graduation=case.graduation_on,
        valid_until=until,
    )
    if term is None:
        raise ProofTooOld
    extended = case.extends_id is not None
    entitled = granting.give(case=case, term=term, chances=chances, instead_of=instead_of, record=record)
    case.decide(CaseState.APPROVED)
    case.decided_at = record.now
    _let_go(case)
    case.save()
    case.documents.filter(destroyed_at=None).update(destroy_at=record.now)
    record(
        events.CaseApproved(
            case=case.pk,
            entitlement=entitled.pk,
            until=entitled.valid_until.isoformat(),
            bridge=term.bridge,
            extended=extended,
            proof=proof,
            person_name=person.name,
        )
    )
    return entitled
