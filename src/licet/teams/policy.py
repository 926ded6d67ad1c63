"""Who may grant which role, and whose invitation it is: what a permission alone does not answer."""

from datetime import datetime

from licet.accounts import queries as accounts
from licet.kernel.actor import Actor, ActorKind
from licet.teams.errors import (
    InvitationHasExpired,
    InvitationNotYours,
    InvitationWasDeclined,
    InvitationWasUsed,
    InvitationWasWithdrawn,
)
from licet.teams.models import Invitation, Member, Team
from licet.teams.permissions import RANK, ROLES, Permission, role_of
from licet.teams.states import Role, Standing

_CLOSED = {
    Standing.EXPIRED: InvitationHasExpired,
    Standing.ACCEPTED: InvitationWasUsed,
    Standing.DECLINED: InvitationWasDeclined,
    Standing.WITHDRAWN: InvitationWasWithdrawn,
}


def own_role(*, actor: Actor, team: Team) -> Role | None:
    """Return the role that the actor acts with: the system acts as an owner does."""
    return Role.OWNER if actor.is_system else role_of(actor=actor, team=team)


def owns(*, actor: Actor, team: Team) -> bool:
    """Whether the actor owns the team, archived or not; the system does."""
    return actor.is_system or (
        actor.id is not None
        and actor.scopes is None
        and Member.objects.owners(team.pk).filter(person=actor.id).exists()
    )


def grantable(*, role: Role | None) -> tuple[Role, ...]:
    """Return the roles that somebody with `role` may give to others, the lowest first."""
    if role is None or Permission.INVITE_MEMBERS not in ROLES[role]:
        return ()
    return tuple(sorted((each for each in Role if RANK[each] <= RANK[role]), key=RANK.__getitem__))


def may_grant(*, actor: Actor, role: Role, team: Team) -> bool:
    """Whether the actor may, at this moment, give or take `role` in the team."""
    return role in grantable(role=own_role(actor=actor, team=team))


def inviter_still_may(*, invitation: Invitation) -> bool:
    """Whether who sent the invitation belongs to the team and may still grant its role."""
    sender = invitation.invited_by
    return sender.is_active and may_grant(
        actor=sender.actor(), role=Role(invitation.role), team=invitation.team
    )


def holder(*, invitation: Invitation) -> Actor:
    """Return the actor for somebody who opened the link without signing in: the mailbox is proven."""
    return Actor(kind=ActorKind.PERSON, label=invitation.email)


def is_for(*, invitation: Invitation, actor: Actor) -> bool:
    """Whether the invited address is a verified one of the acting person."""
    return actor.is_person and invitation.email in accounts.verified_addresses(person=actor.id)


def require_addressee(*, invitation: Invitation, by: Actor) -> None:
    """Refuse everybody but the person who owns the invited address: InvitationNotYours."""
    if not is_for(invitation=invitation, actor=by):
        raise InvitationNotYours(address=invitation.email)


def require_recipient(*, invitation: Invitation, by: Actor) -> None:
    """Refuse everybody but the addressee and whoever opened the link: InvitationNotYours."""
    if by != holder(invitation=invitation):
        require_addressee(invitation=invitation, by=by)


def require_open(*, invitation: Invitation, now: datetime) -> None:
    """Refuse an invitation that was decided or has expired, each with its own sentence."""
    closed = _CLOSED.get(invitation.standing(now))
    if closed:
        raise closed
