"""What a project's administrator may not do alone: let somebody into the team. It is asked of those who may.

A wish is written by `inviting.invite_to`; here it is granted or declined, and is gone either way.
"""

from datetime import datetime

from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.projects import errors, inviting
from licet.projects.events import InvitationWishDeclined
from licet.projects.inviting import Joined
from licet.projects.models import InvitationWish, Project
from licet.projects.policy import Act
from licet.projects.policy import require as require_in
from licet.projects.states import ProjectRole
from licet.teams.inviting import AsItWas
from licet.teams.permissions import Permission, may, require


def grant_wish(*, wish: InvitationWish, by: Actor, now: datetime) -> Joined:
    """Invite an address that was asked for to the team, as a plain member, and to the project.

    Who belongs to the team by now is added at once. Refuses who may not invite, ProjectIsArchived,
    WishAnswered, and like `teams.inviting.ask`.
    """
    require(by, Permission.INVITE_MEMBERS, wish.team)
    with change(by=by, now=now) as record:
        # Against a second administrator who answers at this moment, and the project being archived.
        project = Project.objects.locked(wish.project)
        if project.is_archived:
            raise errors.ProjectIsArchived
        if not InvitationWish.objects.filter(pk=wish.pk).delete()[0]:
            raise errors.WishAnswered(email=wish.email)
        [joined] = inviting.join_or_invite(
            project=project,
            emails=[wish.email],
            role=ProjectRole(wish.role),
            message="",
            language=wish.asked_by.language,
            record=record,
        )
        if not record.facts:
            raise errors.WishAnswered(email=wish.email)
    return joined


def decline_wish(*, wish: InvitationWish, by: Actor, now: datetime) -> None:
    """Do not invite an address that was asked for; who manages the project may take the wish back.

    Declining twice is harmless. Refuses who may do neither.
    """
    if not may(actor=by, permission=Permission.INVITE_MEMBERS, team=wish.team):
        require_in(by, Act.MANAGE, wish.project)
    try:
        with change(by=by, now=now) as record:
            Project.objects.locked(wish.project)  # against its being granted at this moment
            if not InvitationWish.objects.filter(pk=wish.pk).delete()[0]:
                raise AsItWas
            fact = InvitationWishDeclined(
                project=wish.project_id,
                asked_by=wish.asked_by_id,
                email=wish.email,
                project_name=wish.project.name,
            )
            record(fact, team=wish.team_id)
    except AsItWas:
        pass
