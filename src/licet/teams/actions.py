"""Every write to teams, members and invitations.

All verbs lock the team first and the invitation after it, so that roles, memberships and
invitations of one team change one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from licet.accounts.models import Person
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden, Missing
from licet.teams import errors, events, policy, queries, rules
from licet.teams.models import Invitation, Member, Team
from licet.teams.permissions import RANK, Permission, require
from licet.teams.states import InvitationState, Outcome, Role, Standing


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of one address of a list."""

    email: str
    outcome: Outcome


class _AsItWas(Exception):
    """Somebody was faster and the outcome is the same: leave the change, there is nothing to tell."""


# --- teams --------------------------------------------------------------------------------------


def create(*, name: str, by: Actor, now: datetime) -> Team:
    """Make a team whose owner is the acting person.

    Refuses Forbidden for anyone but a person, TeamNameNeeded, TeamNameTooLong.
    """
    owner = _person(by)
    with change(by=by, now=now) as record:
        return found(name=name, owner=owner, record=record)


def found(*, name: str, owner: Person, record: Record) -> Team:
    """Make a team with its owner, as a step of a larger change (a first purchase).

    Refuses TeamNameNeeded, TeamNameTooLong.
    """
    team = Team.objects.create(name=rules.team_name(typed=name), created_at=record.now)
    Member.objects.create(team=team, person=owner, role=Role.OWNER, joined_at=record.now)
    record(events.TeamCreated(owner=owner.pk, team_name=team.name, owner_name=owner.name), team=team.pk)
    return team


def rename(*, team: Team, name: str, by: Actor, now: datetime) -> Team:
    """Call the team something else; the same name again changes nothing.

    Refuses who may not rename, TeamNameNeeded, TeamNameTooLong.
    """
    require(by, Permission.RENAME_TEAM, team)
    name = rules.team_name(typed=name)
    if name == team.name:
        return team
    with change(by=by, now=now) as record:
        team = Team.objects.locked(team.pk)  # another administrator renaming
        record(events.TeamRenamed(before=team.name, after=name), team=team.pk)
        team.name = name
        team.save(update_fields=["name"])
    return team


def change_role(*, member: Member, role: Role, by: Actor, now: datetime) -> Member:
    """Give a member another role; the role that is there already changes nothing.

    Refuses who may not change roles, Missing for somebody who has left, RoleAboveOwn where the member's
    present role is above the actor's, OwnershipNeedsConsent for the role of owner, LastOwner.
    """
    require(by, Permission.CHANGE_ROLES, member.team)
    if role is Role.OWNER and member.role != Role.OWNER:
        raise errors.OwnershipNeedsConsent
    try:
        with change(by=by, now=now) as record:
            # against two owners stepping down at once, and the actor's own role being taken away
            team = Team.objects.locked(member.team_id)
            require(by, Permission.CHANGE_ROLES, team)
            member = _present(member)
            _require_grant(by=by, team=team, role=Role(member.role))
            if member.role == role:
                raise _AsItWas
            if (
                member.role == Role.OWNER
                and not Member.objects.owners(team.pk).exclude(pk=member.pk).exists()
            ):
                raise errors.LastOwner
            before, member.role = member.role, role
            member.save(update_fields=["role"])
            record(
                events.RoleChanged(
                    member=member.pk, before=before, role=role, member_name=member.person.name
                ),
                team=team.pk,
            )
    except _AsItWas:
        return member
    return member


def offer_ownership(*, member: Member, by: Actor, now: datetime) -> Invitation:
    """Ask a member to become an owner too; it is handed over when the member accepts.

    Refuses RoleAboveOwn for everybody but owners, AlreadyOwner, Missing for somebody who has left.
    """
    require(by, Permission.CHANGE_ROLES, member.team)
    sender = _person(by)
    with change(by=by, now=now) as record:
        team = Team.objects.locked(member.team_id)  # against the offering owner losing the role
        _require_grant(by=by, team=team, role=Role.OWNER)
        member = _present(member)
        if member.role == Role.OWNER:
            raise errors.AlreadyOwner
        email = member.person.email
        invitation = Invitation.objects.filter(team=team, email=email).first() or Invitation(
            team=team, email=email, version=0
        )
        invitation.renew(role=Role.OWNER, sender=sender, now=now)
        invitation.message, invitation.language = "", member.person.language
        invitation.save()
        record(_sent(events.OwnershipOffered, invitation), team=team.pk)
    return invitation


# --- invitations: the team's side ----------------------------------------------------------------


def invite(
    *,
    team: Team,
    emails: Sequence[str],
    role: Role,
    message: str,
    language: str,
    by: Actor,
    now: datetime,
) -> list[Invited]:
    """Ask addresses to join the team; return what became of each, in their order, each address once.

    Whoever has an account is asked like everybody else. An address with an invitation gets the same one
    renewed: new link, new term of 14 days. `language` is the mail's, for those without an account.
    Refuses who may not invite, AddressNeeded, TooManyAddresses (100 at once), TooManyToday (500 a day and
    person), RoleAboveOwn, MessageTooLong, LanguageUnknown; then nobody at all is invited.
    """
    require(by, Permission.INVITE_MEMBERS, team)
    sender = _person(by)
    asked = rules.batch(emails=emails)
    message = rules.message(typed=message)
    if language not in dict(settings.LANGUAGES):
        raise errors.LanguageUnknown
    outcomes: dict[str, Outcome] = {}
    try:
        with change(by=by, now=now) as record:
            # against another administrator inviting the same address, and that address joining
            team = Team.objects.locked(team.pk)
            _require_grant(by=by, team=team, role=role)
            known = {each.email: each for each in Invitation.objects.filter(team=team, email__in=asked)}
            outcomes = queries.outcomes(team=team, asked=asked, known=known, sender=sender)
            chosen = [email for email, outcome in outcomes.items() if outcome in _SENT]
            if not chosen:
                raise _AsItWas
            _require_quota(sender=sender, more=len(chosen), now=now)
            for email in chosen:
                invitation = known.get(email) or Invitation(team=team, email=email, version=0)
                invitation.renew(role=role, sender=sender, now=now)
                invitation.message, invitation.language = message, language
                invitation.save()
                record(_sent(_SENT[outcomes[email]], invitation), team=team.pk)
    except _AsItWas:
        pass
    return [Invited(email, outcome) for email, outcome in outcomes.items()]


def resend(*, invitation: Invitation, by: Actor, now: datetime) -> Invitation:
    """Mail a pending invitation again: new link, new term; the acting person becomes its sender.

    Refuses who may not invite, RoleAboveOwn, InvitationIsDecided, SentJustNow (5 minutes).
    """
    require(by, Permission.INVITE_MEMBERS, invitation.team)
    sender = _person(by)
    with change(by=by, now=now) as record:
        invitation = Invitation.objects.locked(invitation)  # against its being accepted or withdrawn
        _require_grant(by=by, team=invitation.team, role=Role(invitation.role))
        if invitation.state != InvitationState.SENT:
            raise errors.InvitationIsDecided
        if now < invitation.sent_at + timedelta(minutes=rules.RESEND_MINUTES):
            raise errors.SentJustNow(minutes=rules.RESEND_MINUTES)
        _require_quota(sender=sender, more=1, now=now)
        invitation.renew(role=Role(invitation.role), sender=sender, now=now)
        invitation.save()
        record(_sent(events.InvitationRenewed, invitation), team=invitation.team_id)
    return invitation


def withdraw(*, invitation: Invitation, by: Actor, now: datetime) -> Invitation:
    """Take a pending invitation back; its link then says so. Withdrawing twice is harmless.

    Refuses who may not invite, InvitationIsDecided where it was accepted or declined before.
    """
    require(by, Permission.INVITE_MEMBERS, invitation.team)
    try:
        with change(by=by, now=now) as record:
            invitation = Invitation.objects.locked(invitation)  # against its being accepted at this moment
            if invitation.state == InvitationState.WITHDRAWN:
                raise _AsItWas
            if invitation.state != InvitationState.SENT:
                raise errors.InvitationIsDecided
            invitation.decide(InvitationState.WITHDRAWN, now=now)
            invitation.save()
            record(
                events.InvitationWithdrawn(invitation=invitation.pk, email=invitation.email),
                team=invitation.team_id,
            )
    except _AsItWas:
        return invitation
    return invitation


# --- invitations: the invited person's side --------------------------------------------------------


def accept(*, invitation: Invitation, by: Actor, now: datetime) -> Member:
    """Join the team with the invitation's role; who belongs to it already keeps the higher role.

    Accepting twice is harmless. Everything is checked again under the lock. Refuses InvitationNotYours
    where the actor has not proven the invited address, InvitationWasReplaced, InvitationHasExpired,
    InvitationWasWithdrawn, InvitationWasDeclined, InvitationWasUsed (accepted before, by somebody who
    has left since), InviterMayNoLonger.
    """
    person = _person(by)
    policy.require_addressee(invitation=invitation, by=by)
    try:
        with change(by=by, now=now) as record:
            # against a second click, a withdrawal, and the inviter losing the role
            shown, invitation = invitation, Invitation.objects.locked(invitation)
            if invitation.version != shown.version:
                raise errors.InvitationWasReplaced
            member = Member.objects.active().filter(team=invitation.team, person=person).first()
            if member and invitation.state == InvitationState.ACCEPTED:
                raise _AsItWas
            policy.require_open(invitation=invitation, now=now)
            if not policy.inviter_still_may(invitation=invitation):
                raise errors.InviterMayNoLonger
            invitation.decide(InvitationState.ACCEPTED, now=now)
            invitation.save()
            before = member.role if member else ""
            member = _joined(member, invitation=invitation, person=person, now=now)
            record(
                events.InvitationAccepted(
                    invitation=invitation.pk,
                    member=member.pk,
                    role=member.role,
                    before=before,
                    email=invitation.email,
                ),
                team=invitation.team_id,
            )
    except _AsItWas:
        return Member.objects.active().get(team=invitation.team_id, person=person)
    return member


def decline(*, invitation: Invitation, by: Actor, now: datetime) -> Invitation:
    """Say no; the sender is told. Declining twice is harmless.

    Whoever opened the link may do it without an account (`policy.holder`). Refuses InvitationNotYours,
    InvitationWasReplaced, InvitationHasExpired, InvitationWasWithdrawn, InvitationWasUsed.
    """
    policy.require_recipient(invitation=invitation, by=by)
    try:
        with change(by=by, now=now) as record:
            shown, invitation = (
                invitation,
                Invitation.objects.locked(invitation),
            )  # against its being accepted elsewhere
            if invitation.version != shown.version:
                raise errors.InvitationWasReplaced
            if invitation.state == InvitationState.DECLINED:
                raise _AsItWas
            policy.require_open(invitation=invitation, now=now)
            invitation.decide(InvitationState.DECLINED, now=now)
            invitation.save()
            record(
                events.InvitationDeclined(invitation=invitation.pk, email=invitation.email),
                team=invitation.team_id,
            )
    except _AsItWas:
        return invitation
    return invitation


def ask_again(*, invitation: Invitation, by: Actor, now: datetime) -> Invitation:
    """Ask the team for a new invitation where this one no longer works; at most once a day.

    Whoever opened the link may do it without an account (`policy.holder`). Refuses InvitationNotYours,
    InvitationStillOpen, InvitationWasWithdrawn (the team has decided), InvitationWasUsed by a member,
    AskedAlready.
    """
    policy.require_recipient(invitation=invitation, by=by)
    with change(by=by, now=now) as record:
        invitation = Invitation.objects.locked(
            invitation
        )  # against the same click twice, and its being renewed meanwhile
        standing = invitation.standing(now)
        if standing is Standing.WITHDRAWN:
            raise errors.InvitationWasWithdrawn
        if standing is Standing.ACCEPTED:
            raise errors.InvitationWasUsed
        if standing is Standing.OPEN and policy.inviter_still_may(invitation=invitation):
            raise errors.InvitationStillOpen
        if invitation.asked_at and now < invitation.asked_at + timedelta(days=1):
            raise errors.AskedAlready
        invitation.asked_at = now
        invitation.save(update_fields=["asked_at"])
        record(
            events.InvitationAskedFor(invitation=invitation.pk, email=invitation.email),
            team=invitation.team_id,
        )
    return invitation


# --- what the verbs share --------------------------------------------------------------------------

_SENT: dict[Outcome, type[events.InvitationSent]] = {
    Outcome.INVITED: events.InvitationSent,
    Outcome.RENEWED: events.InvitationRenewed,
}


def _person(by: Actor) -> Person:
    if not by.is_person or by.id is None:
        raise Forbidden
    return Person.objects.get(pk=by.id)


def _require_quota(*, sender: Person, more: int, now: datetime) -> None:
    # A person who can sign up can write to strangers through us: the day is bounded.
    today = Invitation.objects.filter(invited_by=sender, sent_at__gt=now - timedelta(days=1)).count()
    if today + more > rules.INVITATIONS_PER_DAY:
        raise errors.TooManyToday(limit=rules.INVITATIONS_PER_DAY)


def _require_grant(*, by: Actor, team: Team, role: Role) -> None:
    if not policy.may_grant(actor=by, role=role, team=team):
        raise errors.RoleAboveOwn


def _present(member: Member) -> Member:
    found = Member.objects.active().select_related("person").filter(pk=member.pk).first()
    if found is None:
        raise Missing
    return found


def _sent(fact: type[events.InvitationSent], invitation: Invitation) -> events.InvitationSent:
    return fact(
        invitation=invitation.pk,
        version=invitation.version,
        role=invitation.role,
        email=invitation.email,
    )


def _joined(member: Member | None, *, invitation: Invitation, person: Person, now: datetime) -> Member:
    if member is None:
        return Member.objects.create(team=invitation.team, person=person, role=invitation.role, joined_at=now)
    # invited under a second address, or offered the ownership: never a second row, never a lower role
    if RANK[Role(invitation.role)] > RANK[Role(member.role)]:
        member.role = invitation.role
        member.save(update_fields=["role"])
    return member
