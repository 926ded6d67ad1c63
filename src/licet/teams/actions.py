"""Every write to teams, members and invitations.

All verbs lock the team first and the invitation after it, so that roles, memberships and
invitations of one team change one after the other.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from licet.accounts.models import Person
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing
from licet.teams import errors, events, inviting, policy, rules
from licet.teams.inviting import AsItWas, Invited
from licet.teams.models import Invitation, Member, Team
from licet.teams.permissions import Permission, require
from licet.teams.states import Role, Standing

# --- teams --------------------------------------------------------------------------------------


def create(*, name: str, by: Actor, now: datetime) -> Team:
    """Make a team whose owner is the acting person.

    Refuses Forbidden for anyone but a person, TeamNameNeeded, TeamNameTooLong.
    """
    owner = inviting.person(by=by)
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
    try:
        with change(by=by, now=now) as record:
            team = Team.objects.locked(team.pk)  # another administrator renaming, an owner archiving
            require(by, Permission.RENAME_TEAM, team)
            if name == team.name:
                raise AsItWas
            record(events.TeamRenamed(before=team.name, after=name), team=team.pk)
            team.name = name
            team.save(update_fields=["name"])
    except AsItWas:
        pass
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
            inviting.require_grant(by=by, team=team, role=Role(member.role))
            if member.role == role:
                raise AsItWas
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
    except AsItWas:
        return member
    return member


def restore(*, team: Team, by: Actor, now: datetime) -> Team:
    """Bring an archived team back, with its members and their roles; one that is back stays as it is.

    Refuses Missing for everybody but its owners, RestoreTooLate after 30 days.
    """
    if not policy.owns(actor=by, team=team):
        raise Missing
    try:
        with change(by=by, now=now) as record:
            team = Team.objects.locked(team.pk)  # against another owner doing the same
            until = team.restorable_until()
            if until is None:
                raise AsItWas
            if now >= until:
                raise errors.RestoreTooLate
            team.archived_at = None
            team.save(update_fields=["archived_at"])
            record(events.TeamRestored(team_name=team.name), team=team.pk)
    except AsItWas:
        return team
    return team


def offer_ownership(*, member: Member, hand_over: bool = False, by: Actor, now: datetime) -> Invitation:
    """Ask a member to become an owner too, by accepting in the term of an invitation.

    With `hand_over`, who offers it becomes an administrator at the same moment. Refuses RoleAboveOwn for
    everybody but owners, AlreadyOwner, Missing for somebody who has left.
    """
    require(by, Permission.CHANGE_ROLES, member.team)
    sender = inviting.person(by=by)
    with change(by=by, now=now) as record:
        team = Team.objects.locked(member.team_id)  # against the offering owner losing the role
        inviting.require_grant(by=by, team=team, role=Role.OWNER)
        member = _present(member)
        if member.role == Role.OWNER:
            raise errors.AlreadyOwner
        email = member.person.email
        invitation = Invitation.objects.filter(team=team, email=email).first() or Invitation(
            team=team, email=email, version=0
        )
        invitation.renew(role=Role.OWNER, sender=sender, now=now)
        invitation.hands_over = hand_over
        invitation.message, invitation.language = "", member.person.language
        invitation.save()
        record(inviting.told(events.OwnershipOffered, invitation=invitation), team=team.pk)
    return invitation


# --- invitations: the team's side ----------------------------------------------------------------
#
# These verbs are about membership alone. An invitation may carry more, and what it carries is kept by
# packages above: pages call the verbs of the highest of them, which take the same steps (`inviting`).


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

    Refuses who may not invite, and like `inviting.ask`; then nobody at all is invited.
    """
    require(by, Permission.INVITE_MEMBERS, team)
    asked: list[Invited] = []
    try:
        with change(by=by, now=now) as record:
            asked = inviting.ask(
                team=team, emails=emails, role=role, message=message, language=language, record=record
            )
            if not record.facts:
                raise AsItWas
    except AsItWas:
        pass
    return asked


def resend(*, invitation: Invitation, by: Actor, now: datetime) -> Invitation:
    """Mail a pending invitation again: new link, new term; the acting person becomes its sender.

    Refuses who may not invite, and like `inviting.send_again`.
    """
    require(by, Permission.INVITE_MEMBERS, invitation.team)
    with change(by=by, now=now) as record:
        return inviting.send_again(invitation=invitation, record=record)


def withdraw(*, invitation: Invitation, by: Actor, now: datetime) -> Invitation:
    """Take a pending invitation back; its link then says so. Withdrawing twice is harmless.

    Refuses who may not invite, InvitationIsDecided where it was accepted or declined before.
    """
    require(by, Permission.INVITE_MEMBERS, invitation.team)
    try:
        with change(by=by, now=now) as record:
            invitation = inviting.take_back(invitation=invitation, record=record)
    except AsItWas:
        invitation.refresh_from_db()
    return invitation


# --- invitations: the invited person's side --------------------------------------------------------


def accept(*, invitation: Invitation, by: Actor, now: datetime) -> Member:
    """Join the team with the invitation's role; who belongs to it already keeps the higher role.

    Accepting twice is harmless. Refuses like `inviting.join`.
    """
    joining = inviting.person(by=by)
    policy.require_addressee(invitation=invitation, by=by)
    try:
        with change(by=by, now=now) as record:
            return inviting.join(invitation=invitation, record=record)
    except AsItWas:
        return Member.objects.active().get(team=invitation.team_id, person=joining)


def decline(*, invitation: Invitation, by: Actor, now: datetime) -> Invitation:
    """Say no; the sender is told. Declining twice is harmless.

    Whoever opened the link may do it without an account (`policy.holder`). Refuses InvitationNotYours,
    and like `inviting.say_no`.
    """
    policy.require_recipient(invitation=invitation, by=by)
    try:
        with change(by=by, now=now) as record:
            invitation = inviting.say_no(invitation=invitation, record=record)
    except AsItWas:
        invitation.refresh_from_db()
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


def _present(member: Member) -> Member:
    found = Member.objects.active().select_related("person").filter(pk=member.pk).first()
    if found is None:
        raise Missing
    return found
