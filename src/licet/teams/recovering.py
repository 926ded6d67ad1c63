"""A team whose owners cannot be reached gets one who can: asked, decided by the vendor, after 72 hours.

    asked -> granted -> done          declined: by the vendor        stopped: by an owner who is there
                                      withdrawn: by who asked, or because who asked has left

Every verb locks the team first. The team is at no moment without an owner: who asked becomes one in the
transaction in which the former ones become administrators.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden, Missing, Refusal
from licet.teams import errors, events, policy
from licet.teams.models import Member, Recovery, Team
from licet.teams.permissions import Permission, require
from licet.teams.rules import MESSAGE_LENGTH
from licet.teams.states import Evidence, RecoveryState, Role

WAITING = timedelta(hours=72)
"""So long the present owners can stop what the vendor granted."""

_PAUSES = {
    RecoveryState.DECLINED: timedelta(days=30),
    RecoveryState.STOPPED: timedelta(days=30),
    RecoveryState.WITHDRAWN: timedelta(days=1),
}
"""So long after it ended nobody of the team asks again: every time, the owners get a mail."""


def ask(*, team: Team, reason: str, by: Actor, now: datetime) -> Recovery:
    """Ask the vendor to become owner, as no owner can be reached. The owners are told at once.

    For administrators; for every member where the team has none. Refuses Missing for strangers,
    RecoveryReasonNeeded, AlreadyOwner, RecoveryForAdmins, RecoveryIsOpen, RecoveryAskedLately.
    """
    require(by, Permission.SEE_TEAM, team)
    if not by.is_person or by.scopes is not None:
        raise Forbidden
    reason = _reason(reason)
    with change(by=by, now=now) as record:
        # against a colleague who asks at this moment, and a role that is just being changed
        team = Team.objects.locked(team.pk)
        require(by, Permission.SEE_TEAM, team)
        member = Member.objects.active().select_related("person").get(team=team, person=by.id)
        why_not = obstacle(member=member, now=now)
        if why_not is not None:
            raise why_not
        recovery = Recovery.objects.create(team=team, asked_by=member, reason=reason, asked_at=now)
        record(events.RecoveryAsked(recovery=recovery.pk, member=member.pk, reason=reason), team=team.pk)
    return recovery


def obstacle(*, member: Member, now: datetime) -> Refusal | None:
    """Return why a member cannot ask at this moment; None for one who can."""
    admins = Member.objects.active().filter(team=member.team_id, role=Role.ADMIN, person__is_active=True)
    admin = admins.select_related("person").order_by("pk").first()
    last = Recovery.objects.filter(team=member.team_id, ended_at__isnull=False).order_by("-ended_at").first()
    if member.role == Role.OWNER:
        return errors.AlreadyOwner()
    if admin is not None and member.role != Role.ADMIN:
        return errors.RecoveryForAdmins(person=admin.person.name)
    if Recovery.objects.open().filter(team=member.team_id).exists():
        return errors.RecoveryIsOpen()
    again = (
        last.ended_at + _PAUSES.get(RecoveryState(last.state), timedelta(0))
        if last and last.ended_at
        else now
    )
    if now < again:
        return errors.RecoveryAskedLately(again=again)
    return None


def withdraw(*, recovery: Recovery, by: Actor, now: datetime) -> Recovery:
    """No longer ask. Only who asked; for everybody else Missing. Refuses RecoveryIsOver."""
    if by.id is None or recovery.asked_by.person_id != by.id:
        raise Missing
    return _end(recovery, to=RecoveryState.WITHDRAWN, by=by, now=now)


def stop(*, recovery: Recovery, by: Actor, now: datetime) -> Recovery:
    """Be there: everything stays as it was. For the present owners. Refuses RecoveryIsOver."""
    require(by, Permission.SEE_TEAM, recovery.team)
    if not policy.owns(actor=by, team=recovery.team):
        raise Forbidden
    return _end(recovery, to=RecoveryState.STOPPED, by=by, now=now)


def grant(*, recovery: Recovery, evidence: str, reason: str, by: Actor, now: datetime) -> Recovery:
    """Agree, on a proof of purchase or a verified domain; it takes effect after 72 hours unless stopped.

    For the vendor's people, but not about themselves. Refuses RecoveryEvidenceNeeded, RecoveryReasonNeeded,
    RecoveryIsOver.
    """
    _vendor(recovery, by=by)
    if evidence not in list(Evidence):
        raise errors.RecoveryEvidenceNeeded
    reason = _reason(reason)
    with change(by=by, now=now) as record:
        recovery = _asked(recovery)
        recovery.decide(RecoveryState.GRANTED, now=now)
        recovery.evidence, recovery.decision = evidence, reason
        recovery.takes_effect_at = now + WAITING
        recovery.save()
        record(
            events.RecoveryGranted(
                recovery=recovery.pk,
                member=recovery.asked_by_id,
                until=recovery.takes_effect_at.isoformat(),
                evidence=evidence,
                reason=reason,
                member_name=recovery.asked_by.person.name,
            ),
            team=recovery.team_id,
        )
    return recovery


def decline(*, recovery: Recovery, reason: str, by: Actor, now: datetime) -> Recovery:
    """Do not agree, with a reason. For the vendor's people. Refuses RecoveryReasonNeeded, RecoveryIsOver."""
    _vendor(recovery, by=by)
    reason = _reason(reason)
    with change(by=by, now=now) as record:
        recovery = _asked(recovery)
        recovery.decide(RecoveryState.DECLINED, now=now)
        recovery.decision = reason
        recovery.save()
        record(
            events.RecoveryDeclined(
                recovery=recovery.pk,
                member=recovery.asked_by_id,
                reason=reason,
                member_name=recovery.asked_by.person.name,
            ),
            team=recovery.team_id,
        )
    return recovery


def complete_due(*, by: Actor, now: datetime) -> int:
    """Let what was granted and not stopped take effect after its 72 hours; return how many did.

    For the schedule: may run at any moment and again.
    """
    if not by.is_system:
        raise Forbidden
    due = Recovery.objects.filter(state=RecoveryState.GRANTED, takes_effect_at__lte=now)
    return sum(_completed(each, by=by, now=now) for each in due.order_by("pk"))


def _completed(recovery: Recovery, *, by: Actor, now: datetime) -> bool:
    with suppress(errors.RecoveryIsOver), change(by=by, now=now) as record:
        # against an owner who stops it at this moment, and another worker
        recovery = Recovery.objects.locked(recovery)
        if recovery.state != RecoveryState.GRANTED:
            raise errors.RecoveryIsOver
        member = Member.objects.select_related("person").get(pk=recovery.asked_by_id)
        if member.left_at is not None or not member.person.is_active or recovery.team.archived_at is not None:
            _close(recovery, to=RecoveryState.WITHDRAWN, record=record)
            return False
        _hand_over(recovery, member=member, record=record)
        return True
    return False


def _hand_over(recovery: Recovery, *, member: Member, record: Record) -> None:
    former = list(
        Member.objects.active()
        .filter(team=recovery.team_id, role=Role.OWNER)
        .exclude(pk=member.pk)
        .select_related("person")
        .order_by("pk")
    )
    member.role = Role.OWNER  # first: the team is never without one
    member.save(update_fields=["role"])
    for each in former:
        each.role = Role.ADMIN
        each.save(update_fields=["role"])
    recovery.decide(RecoveryState.DONE, now=record.now)
    recovery.save()
    record(
        events.OwnershipRecovered(
            recovery=recovery.pk,
            member=member.pk,
            former=[each.pk for each in former],
            member_name=member.person.name,
            former_names=", ".join(each.person.name for each in former),
        ),
        team=recovery.team_id,
    )


def _end(recovery: Recovery, *, to: RecoveryState, by: Actor, now: datetime) -> Recovery:
    with change(by=by, now=now) as record:
        # against the vendor's decision, and the moment at which it takes effect
        recovery = Recovery.objects.locked(recovery)
        if not recovery.is_open:
            raise errors.RecoveryIsOver
        if to is RecoveryState.STOPPED and not policy.owns(actor=by, team=recovery.team):
            raise Forbidden
        _close(recovery, to=to, record=record)
    return recovery


def _close(recovery: Recovery, *, to: RecoveryState, record: Record) -> None:
    recovery.decide(to, now=record.now)
    recovery.save()
    fact = events.RecoveryStopped if to is RecoveryState.STOPPED else events.RecoveryWithdrawn
    name = recovery.asked_by.person.name
    record(fact(recovery=recovery.pk, member=recovery.asked_by_id, member_name=name), team=recovery.team_id)


def _asked(recovery: Recovery) -> Recovery:
    # against an owner who stops it, who asked and no longer does, and a colleague at the desk
    fresh: Recovery = Recovery.objects.locked(recovery)
    if fresh.state != RecoveryState.ASKED:
        raise errors.RecoveryIsOver
    return fresh


def _vendor(recovery: Recovery, *, by: Actor) -> None:
    own = by.id is not None and recovery.asked_by.person_id == by.id
    if own or not (by.serves(Duty.SERVE_CUSTOMERS) or by.is_system):
        raise Forbidden


def _reason(typed: str) -> str:
    reason = typed.strip()
    if not reason or len(reason) > MESSAGE_LENGTH:
        raise errors.RecoveryReasonNeeded(limit=MESSAGE_LENGTH)
    return reason


def waiting() -> Sequence[Recovery]:
    """Return what the desk shows: open ones first, the oldest first; then the last fifty that ended."""
    rows = Recovery.objects.select_related("team", "asked_by__person")
    ended = rows.filter(ended_at__isnull=False).order_by("-ended_at")[:50]
    return [*rows.filter(ended_at=None).order_by("asked_at"), *ended]


def latest(*, team: Team) -> Recovery | None:
    """Return the recovery that was asked for last in the team."""
    return (
        Recovery.objects.filter(team=team).select_related("team", "asked_by__person").order_by("-pk").first()
    )
