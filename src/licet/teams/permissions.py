"""Who may do what in a team: one table, readable on one screen."""

from enum import StrEnum

from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden, Missing
from licet.teams.models import Member, Team
from licet.teams.states import Role


class Permission(StrEnum):
    """Every permission that a role can carry, as `thing.verb`."""

    SEE_TEAM = "team.see"
    RENAME_TEAM = "team.rename"
    ARCHIVE_TEAM = "team.archive"
    SEE_HISTORY = "history.see"
    SEE_USAGE = "usage.see"
    SEE_MEMBERS = "members.see"
    INVITE_MEMBERS = "members.invite"
    CHANGE_ROLES = "members.change_role"
    REMOVE_MEMBERS = "members.remove"
    ASSIGN_SEATS = "seats.assign"
    MANAGE_PROJECTS = "projects.manage"
    MANAGE_CODES = "codes.manage"
    SEE_ORDERS = "orders.see"
    PLACE_ORDERS = "orders.place"


_MEMBER = {Permission.SEE_TEAM}
_ADMIN = _MEMBER | {
    Permission.SEE_HISTORY,
    Permission.SEE_USAGE,
    Permission.SEE_MEMBERS,
    Permission.INVITE_MEMBERS,
    Permission.CHANGE_ROLES,
    Permission.REMOVE_MEMBERS,
    Permission.ASSIGN_SEATS,
    Permission.MANAGE_PROJECTS,
    Permission.RENAME_TEAM,
    Permission.MANAGE_CODES,
    Permission.SEE_ORDERS,
    Permission.PLACE_ORDERS,
}
_OWNER = _ADMIN | {Permission.ARCHIVE_TEAM}

ROLES: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: frozenset(_MEMBER),
    Role.ADMIN: frozenset(_ADMIN),
    Role.OWNER: frozenset(_OWNER),
}

RANK: dict[Role, int] = {Role.MEMBER: 0, Role.ADMIN: 1, Role.OWNER: 2}


def role_of(*, actor: Actor, team: Team) -> Role | None:
    """Return the actor's role in the team; None for one who does not belong to it, or once it is archived."""
    if actor.id is None:
        return None
    role = Member.objects.current().filter(team=team, person=actor.id).values_list("role", flat=True).first()
    return Role(role) if role else None


def may(*, actor: Actor, permission: Permission, team: Team) -> bool:
    """Whether the actor's role in the team carries the permission; the system may all, scopes only narrow."""
    if actor.is_system:
        return True
    role = role_of(actor=actor, team=team)
    if role is None or permission not in ROLES[role]:
        return False
    return actor.scopes is None or permission in actor.scopes


def require(by: Actor, permission: Permission, team: Team) -> None:
    """Refuse who may not: Missing for strangers (they must not learn of the team), Forbidden for members."""
    if may(actor=by, permission=permission, team=team):
        return
    if role_of(actor=by, team=team) is None:
        raise Missing
    raise Forbidden
