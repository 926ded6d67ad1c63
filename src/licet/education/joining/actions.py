"""The verbs: ask for the license of an earlier account, answer for it, let the desk or a proof answer."""

import hmac
from contextlib import suppress
from datetime import datetime

from licet.education.errors import CaseNotYours
from licet.education.joining import events, moving, queries
from licet.education.joining.errors import (
    AddressOfYours,
    InThatTeam,
    JoiningOver,
    JoiningRests,
    JoiningRuns,
    NoSameProof,
    OwnJoining,
    SecondPersonNeeded,
    TooManyJoinings,
)
from licet.education.joining.models import Joining
from licet.education.joining.rules import (
    ASKED_A_DAY,
    AT_THE_DESK,
    DAY,
    NO,
    PAUSE,
    TOLD_A_DAY,
    WAITING,
    JoiningState,
    Way,
)
from licet.education.models import Case
from licet.education.states import CaseState
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden, Missing

ASKING = {
    CaseState.DRAFT,
    CaseState.PROCESSING,
    CaseState.QUEUED,
    CaseState.ACTION_NEEDED,
    CaseState.SECOND_OPINION,
    CaseState.APPROVED,
}


def ask(*, case: Case, address: str = "", by: Actor, now: datetime) -> Joining:
    """Ask to have the license of the account with this address, or of the one that a proof has recognised.

    The answer is the same whether somebody has the address or not. Refuses CaseNotYours, AddressOfYours,
    JoiningRuns, JoiningRests after a no, TooManyJoinings. The applicant alone (Missing else).
    """
    wanted = address.strip().lower()[:254]
    with change(by=by, now=now) as record:
        # Two windows that ask at once: the second finds the first's row.
        case = _own_case(case, by=by)
        if wanted and wanted in queries.addresses(person=case.person):
            raise AddressOfYours
        _may_ask(case, wanted, now=now)
        held = queries.named(case=case, address=wanted) if wanted else queries.recognised(case=case)
        lately = Joining.objects.filter(entitlement=held, asked_at__gt=now - DAY)
        known = held is not None and lately.count() < TOLD_A_DAY  # nobody is flooded with mails
        joining = Joining.objects.create(
            person=case.person,
            former=held.person if held else None,
            case=case,
            entitlement=held,
            address=wanted,
            asked_at=now,
        )
        record(events.JoiningAsked(joining=joining.pk, known=known))
    return joining


def withdraw(*, joining: Joining, by: Actor, now: datetime) -> Joining:
    """No longer ask. Whoever asked alone (Missing else). Refuses JoiningOver."""
    with change(by=by, now=now) as record:
        joining = _mine(joining, by=by, now=now)
        _end(joining, to=JoiningState.WITHDRAWN, record=record)
        record(events.JoiningWithdrawn(joining=joining.pk))
    return joining


def agree(*, joining: Joining, by: Actor, now: datetime) -> Joining:
    """Say yes, signed in to the old account: the license moves at once. Missing for everybody else.

    Refuses JoiningOver, InThatTeam.
    """
    with change(by=by, now=now) as record:
        joining = _theirs(joining, by=by, now=now)
        moving.take_effect(joining=joining, way=Way.SIGNED_IN, record=record)
    return joining


def agree_by_link(*, joining: Joining, token: str, by: Actor, now: datetime) -> Joining:
    """Say yes by the link of a mail to an address of the old account. For the site itself.

    Refuses Missing for another token, JoiningOver, InThatTeam.
    """
    if not by.is_system:
        raise Forbidden
    known(joining=joining, token=token)
    with change(by=by, now=now) as record:
        joining = _open(joining, now=now)
        moving.take_effect(joining=joining, way=Way.LINK, record=record)
    return joining


def stop(*, joining: Joining, by: Actor, now: datetime) -> Joining:
    """Say no, signed in to the old account. Missing for everybody else. Refuses JoiningOver."""
    with change(by=by, now=now) as record:
        joining = _theirs(joining, by=by, now=now)
        _end(joining, to=JoiningState.STOPPED, record=record)
        record(events.JoiningStopped(joining=joining.pk))
    return joining


def stop_by_link(*, joining: Joining, token: str, by: Actor, now: datetime) -> Joining:
    """Say no by the link of a mail. For the site itself. Refuses Missing, JoiningOver."""
    if not by.is_system:
        raise Forbidden
    known(joining=joining, token=token)
    with change(by=by, now=now) as record:
        joining = _open(joining, now=now)
        _end(joining, to=JoiningState.STOPPED, record=record)
        record(events.JoiningStopped(joining=joining.pk))
    return joining


def lean_on_proof(*, joining: Joining, by: Actor, now: datetime) -> Joining:
    """Let the proof that both accounts have brought answer: in 72 hours, unless the old one says no.

    Refuses JoiningOver, NoSameProof. Whoever asked alone (Missing else).
    """
    with change(by=by, now=now) as record:
        joining = _mine(joining, by=by, now=now)
        if joining.state not in {JoiningState.ASKED, JoiningState.DESK, JoiningState.ENDORSED}:
            raise JoiningOver
        if not queries.same_proof(joining=joining):
            raise NoSameProof
        _grant(joining, way=Way.PROOF, record=record)
    return joining


def ask_desk(*, joining: Joining, words: str, by: Actor, now: datetime) -> Joining:
    """Ask the vendor's people, where nobody can answer for the old account. Refuses JoiningOver."""
    with change(by=by, now=now) as record:
        joining = _mine(joining, by=by, now=now)
        if joining.state != JoiningState.ASKED:
            raise JoiningOver
        joining.decide(JoiningState.DESK)
        joining.words = words.strip()[:2000]
        joining.save(update_fields=["state", "words"])
        record(events.JoiningAtDesk(joining=joining.pk))
    return joining


def endorse(*, joining: Joining, by: Actor, now: datetime) -> Joining:
    """Be for it, as one of two people of the vendor; with the second it happens in 72 hours.

    Refuses JoiningOver, SecondPersonNeeded, OwnJoining. The vendor's people only (Forbidden else).
    """
    with change(by=by, now=now) as record:
        joining = _at_desk(joining, by=by)
        if joining.entitlement_id is None:
            raise JoiningOver
        if joining.state == JoiningState.DESK:
            joining.decide(JoiningState.ENDORSED)
            joining.first_by_id = by.id
            joining.save(update_fields=["state", "first_by"])
            record(events.JoiningEndorsed(joining=joining.pk, person_name=joining.person.name))
        elif joining.first_by_id == by.id:
            raise SecondPersonNeeded
        else:
            joining.second_by_id = by.id
            _grant(joining, way=Way.DESK, record=record)
    return joining


def decline(*, joining: Joining, by: Actor, now: datetime) -> Joining:
    """Be against it; one person of the vendor is enough. Refuses JoiningOver, OwnJoining."""
    with change(by=by, now=now) as record:
        joining = _at_desk(joining, by=by)
        joining.second_by_id = by.id if joining.first_by_id != by.id else None
        _end(joining, to=JoiningState.DECLINED, record=record)
        record(events.JoiningDeclined(joining=joining.pk))
    return joining


def complete_due(*, by: Actor, now: datetime) -> int:
    """Let what nobody stopped take effect after its 72 hours; return how many did. Of the schedule."""
    if not by.is_system:
        raise Forbidden
    due = Joining.objects.filter(state=JoiningState.WAITING, takes_effect_at__lte=now).order_by("pk")
    return sum(_completed(each, by=by, now=now) for each in due)


def _completed(joining: Joining, *, by: Actor, now: datetime) -> bool:
    with suppress(JoiningOver, InThatTeam), change(by=by, now=now) as record:
        # A stop at the last moment, another worker.
        joining = Joining.objects.locked(joining.pk)
        if joining.state != JoiningState.WAITING:
            raise JoiningOver
        moving.take_effect(joining=joining, way=Way(joining.way), record=record)
        return joining.state == JoiningState.DONE
    return False


def _may_ask(case: Case, wanted: str, *, now: datetime) -> None:
    mine = Joining.objects.filter(person=case.person_id)
    for each in mine.open().filter(case=case):
        if each.runs(now):
            raise JoiningRuns
        each.decide(JoiningState.VOID)  # nobody answered in time: it makes room
        each.ended_at = now
        each.save(update_fields=["state", "ended_at"])
    no = mine.filter(state__in=sorted(NO), address=wanted, ended_at__gt=now - PAUSE).order_by("-pk").first()
    if no is not None and no.ended_at:
        raise JoiningRests(again=no.ended_at + PAUSE)
    if mine.filter(asked_at__gt=now - DAY).count() >= ASKED_A_DAY:
        raise TooManyJoinings


def _own_case(case: Case, *, by: Actor) -> Case:
    if not by.is_person or by.id != case.person_id:
        raise Missing
    case = Case.objects.locked(case.pk)
    if case.state not in ASKING:
        raise CaseNotYours
    return case


def _open(joining: Joining, *, now: datetime) -> Joining:
    # A yes, a no, a reviewer and the clock: whoever waited reads what the other wrote.
    joining = Joining.objects.locked(joining.pk)
    if not joining.runs(now) or joining.entitlement_id is None:
        raise JoiningOver
    return joining


def _mine(joining: Joining, *, by: Actor, now: datetime) -> Joining:
    if not by.is_person or by.id != joining.person_id:
        raise Missing
    joining = Joining.objects.locked(joining.pk)
    if not joining.runs(now):
        raise JoiningOver
    return joining


def _theirs(joining: Joining, *, by: Actor, now: datetime) -> Joining:
    if not by.is_person or by.id is None or by.id != joining.former_id:
        raise Missing
    return _open(joining, now=now)


def known(*, joining: Joining, token: str) -> None:
    """Refuse Missing where this is not the token of the links to the old account."""
    if not hmac.compare_digest(queries.token(joining=joining).encode(), token.encode()):
        raise Missing


def _at_desk(joining: Joining, *, by: Actor) -> Joining:
    if not by.serves(Duty.REVIEW_EDUCATION) or by.id is None:
        raise Forbidden
    joining = Joining.objects.locked(joining.pk)
    if joining.state not in AT_THE_DESK:
        raise JoiningOver
    if by.id in {joining.person_id, joining.former_id}:
        raise OwnJoining
    return joining


def _grant(joining: Joining, *, way: Way, record: Record) -> None:
    joining.decide(JoiningState.WAITING)
    joining.way, joining.takes_effect_at = way, record.now + WAITING
    joining.save(update_fields=["state", "way", "takes_effect_at", "second_by"])
    record(
        events.JoiningGranted(
            joining=joining.pk,
            way=way.value,
            until=joining.takes_effect_at.isoformat(),
            person_name=joining.person.name,
        )
    )


def _end(joining: Joining, *, to: JoiningState, record: Record) -> None:
    joining.decide(to)
    joining.ended_at = record.now
    joining.save(update_fields=["state", "ended_at", "second_by"])
