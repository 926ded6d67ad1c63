"""What an applicant does with a request: begin, fill in, add proofs, send, answer, object, withdraw."""

from dataclasses import dataclass
from datetime import date, datetime

from licet.accounts.models import Person
from licet.education import events, evidence, rules
from licet.education.directory import Institution
from licet.education.errors import (
    CaseNotYours,
    CaseRunning,
    Incomplete,
    ProgrammeClosed,
    ProofNeeded,
    RoleNotServed,
    TooEarly,
    TooLateToAppeal,
    WaitBeforeNext,
)
from licet.education.models import Case, Entitlement, Message, Programme, Proof
from licet.education.states import MOVES, CaseState, Finding, Strength
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden, Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What the applicant says. `institution_text` where the directory has none.

    `old_address`: of an account that had the license before, and that they cannot use any more.
    """

    role: str
    full_name: str
    country: str
    institution: Institution | None = None
    institution_text: str = ""
    course: str = ""
    graduation_on: date | None = None
    old_address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a plug-in found out, to be written as a proof; see `models.Proof`."""

    kind: str
    strength: Strength
    finding: Finding
    facts: dict[str, str]
    fingerprint: str = ""
    year_start: date | None = None
    valid_until: date | None = None


def start(*, programme: Programme, language: str, form: Form | None = None, by: Actor, now: datetime) -> Case:
    """Begin a request, or an extension where the person has the programme's license already.

    With a `form`: filled in as far as that goes, as `save` does. Refuses ProgrammeClosed, CaseRunning,
    TooEarly (an extension opens sixty days before the end), WaitBeforeNext (thirty days after a final
    refusal) and RoleNotServed. People only.
    """
    with change(by=by, now=now) as record:
        case = begin(programme=programme, language=language, record=record)
        if form is not None:
            fill_in(case=case, form=form)
    return case


def begin(*, programme: Programme, language: str, record: Record) -> Case:
    """Begin a request, as `start`. A step."""
    by, now = record.by, record.now
    if not by.is_person or by.id is None:
        raise Forbidden
    if programme.withdrawn_at is not None:
        raise ProgrammeClosed
    # The same person beginning twice at once waits here, and finds the first request.
    person = Person.objects.select_for_update(no_key=True).get(pk=by.id)
    mine = Case.objects.filter(person=person, programme=programme)
    if mine.running().exists():
        raise CaseRunning
    entitled = Entitlement.objects.standing().filter(person=person, programme=programme).first()
    if entitled and now < entitled.valid_until - rules.EXTEND_BEFORE:
        raise TooEarly(opens=entitled.valid_until - rules.EXTEND_BEFORE)
    final = mine.filter(state=CaseState.REFUSED_FINAL).order_by("-decided_at").first()
    if final and final.decided_at and now < final.decided_at + rules.REST:
        raise WaitBeforeNext(opens=final.decided_at + rules.REST)
    last = mine.order_by("-started_at").first()
    case = Case.objects.create(
        person=person,
        programme=programme,
        language=language,
        started_at=now,
        extends=entitled,
        **(_kept(last) if last else {"full_name": person.full_name}),
    )
    record(events.CaseStarted(case=case.pk, programme=programme.code, programme_name=programme.names))
    return case


def _kept(last: Case) -> dict[str, object]:
    """What a person need not type again."""
    names = ("role", "full_name", "country", "institution", "institution_text", "course", "graduation_on")
    return {name: getattr(last, name) for name in names}


def fill(*, case: Case, form: Form, by: Actor, now: datetime) -> Case:
    """Keep what the applicant has filled in so far. Refuses CaseNotYours, RoleNotServed."""
    with change(by=by, now=now) as record:
        case = _mine(case=case, by=by, states={CaseState.DRAFT, CaseState.ACTION_NEEDED})
        fill_in(case=case, form=form)
        evidence.judge_again(case=case, today=now.date())
        record(events.CaseSaved(case=case.pk))
    return case


def fill_in(*, case: Case, form: Form) -> None:
    """Write the form into a case that is locked or new, tidied. A step. Refuses RoleNotServed."""
    if form.role and form.role not in case.programme.roles:
        raise RoleNotServed
    case.role, case.full_name = form.role, " ".join(form.full_name.split())[:120]
    case.country, case.institution = form.country.upper()[:2], form.institution
    case.institution_text = "" if form.institution else " ".join(form.institution_text.split())[:200]
    case.course, case.graduation_on = " ".join(form.course.split())[:200], form.graduation_on
    case.old_address = form.old_address.strip().lower()[:254]
    case.save()


def add_proof(*, case: Case, found: Found, by: Actor, now: datetime) -> Proof:
    """Write down what a way of proving has found. Refuses CaseNotYours."""
    with change(by=by, now=now) as record:
        case = _mine(case=case, by=by, states={CaseState.DRAFT, CaseState.ACTION_NEEDED})
        return proof_step(case=case, found=found, record=record)


def proof_step(*, case: Case, found: Found, record: Record) -> Proof:
    """Write a proof of a case that is locked. A step."""
    proof = Proof.objects.create(
        case=case,
        kind=found.kind,
        strength=found.strength,
        finding=found.finding,
        facts=found.facts,
        fingerprint=found.fingerprint,
        year_start=found.year_start,
        valid_until=found.valid_until,
        made_at=record.now,
    )
    record(events.ProofMade(case=case.pk, kind=found.kind, finding=found.finding.value))
    return proof


def submit(*, case: Case, by: Actor, now: datetime) -> Case:
    """Send the request: documents are read first, then a person of the vendor looks at it.

    Refuses CaseNotYours, Incomplete with the fields, ProofNeeded.
    """
    with change(by=by, now=now) as record:
        case = _mine(case=case, by=by, states={CaseState.DRAFT, CaseState.ACTION_NEEDED})
        hand_in(case=case, record=record)
    return case


def hand_in(*, case: Case, record: Record) -> None:
    """Send a case that is locked or new, as `submit`. A step."""
    missing = missing_fields(case=case)
    if missing:
        raise Incomplete(fields=", ".join(missing))
    unread = case.documents.filter(state="received").exists()
    if not (unread or case.documents.filter(state="ready").exists() or case.proofs.exists()):
        raise ProofNeeded
    case.decide(CaseState.PROCESSING if unread else CaseState.QUEUED)
    case.queued_at, case.asked_at = None if unread else record.now, None
    case.sent_at = case.sent_at or record.now
    case.save(update_fields=["state", "queued_at", "asked_at", "sent_at"])
    record(events.CaseSubmitted(case=case.pk, role=case.role))


def missing_fields(*, case: Case) -> list[str]:
    """Return which fields of the form are still empty, by their names."""
    fields = {"role": case.role, "full_name": case.full_name, "country": case.country}
    empty = [name for name, value in fields.items() if not value]
    return empty if case.institution_id or case.institution_text else [*empty, "institution"]


def answer(*, case: Case, text: str, by: Actor, now: datetime) -> Message:
    """Write to the desk about a request that is not decided. Refuses CaseNotYours, Incomplete."""
    words = text.strip()[:4000]
    if not words:
        raise Incomplete(fields="text")
    with change(by=by, now=now) as record:
        case = _mine(case=case, by=by, states=set(CaseState) - {CaseState.WITHDRAWN})
        Case.objects.filter(pk=case.pk).update(snoozed_until=None)  # somebody should read it
        message = Message.objects.create(
            case=case, author_id=by.id or 0, from_desk=False, text=words, written_at=now
        )
        record(events.MessageWritten(case=case.pk, from_desk=False))
    return message


def ask_mail_again(*, case: Case, by: Actor, now: datetime) -> Case:
    """Have the last mail about the request sent once more. Refuses CaseNotYours before it was ever sent."""
    with change(by=by, now=now) as record:
        case = _mine(case=case, by=by, states=set(CaseState) - {CaseState.DRAFT, CaseState.WITHDRAWN})
        record(events.MailAskedAgain(case=case.pk))
    return case


def appeal(*, case: Case, text: str, by: Actor, now: datetime) -> Case:
    """Object to a refusal, within fourteen days; somebody who has not touched the case decides.

    Refuses CaseNotYours, TooLateToAppeal, Incomplete without a word why.
    """
    words = text.strip()[:4000]
    if not words:
        raise Incomplete(fields="text")
    with change(by=by, now=now) as record:
        case = _mine(case=case, by=by, states={CaseState.REFUSED})
        if case.decided_at and now >= case.decided_at + rules.APPEAL:
            raise TooLateToAppeal(until=case.decided_at + rules.APPEAL)
        case.decide(CaseState.APPEAL)
        case.queued_at, case.claimed_by, case.claimed_until = now, None, None
        case.assigned_to, case.snoozed_until = None, None
        case.save()
        Message.objects.create(case=case, author_id=by.id or 0, from_desk=False, text=words, written_at=now)
        record(events.CaseAppealed(case=case.pk))
    return case


def withdraw(*, case: Case, by: Actor, now: datetime) -> Case:
    """Take the request back; its documents are destroyed by what follows from the fact.

    Refuses CaseNotYours once it is decided.
    """
    open_states = {state for state in CaseState if CaseState.WITHDRAWN in MOVES[state]}
    with change(by=by, now=now) as record:
        case = _mine(case=case, by=by, states=open_states)
        case.decide(CaseState.WITHDRAWN)
        case.decided_at, case.claimed_by, case.claimed_until = now, None, None
        case.save(update_fields=["state", "decided_at", "claimed_by", "claimed_until"])
        case.documents.filter(destroyed_at=None).update(destroy_at=now)
        record(events.CaseWithdrawn(case=case.pk))
    return case


def _mine(*, case: Case, by: Actor, states: set[CaseState]) -> Case:
    """Lock the applicant's own case and read it again, in one of these states."""
    if not by.is_person or by.id != case.person_id:
        raise Missing
    # A reviewer's decision comes before or after; whoever waited reads what the other wrote.
    case = Case.objects.locked(case.pk)
    if case.state not in states:
        raise CaseNotYours
    return case
