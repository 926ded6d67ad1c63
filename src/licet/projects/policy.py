"""Who may do what in a project: its own administrators its people and needs, those of the team everything."""

from enum import StrEnum

from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden, Missing
from licet.projects.models import Project, ProjectMember
from licet.projects.states import ProjectRole
from licet.teams.models import Member
from licet.teams.permissions import Permission, may


class Act(StrEnum):
    """What can be done with a project."""

    SEE = "see"
    MANAGE = "manage"  # its members, its name, the products it needs
    ARCHIVE = "archive"


_OWN: dict[ProjectRole, frozenset[Act]] = {
    ProjectRole.ADMIN: frozenset({Act.SEE, Act.MANAGE}),
    ProjectRole.EDITOR: frozenset({Act.SEE}),
    ProjectRole.VIEWER: frozenset({Act.SEE}),
}


def allowed(*, actor: Actor, project: Project) -> frozenset[Act]:
    """Return what the actor may do: all for who manages the team's projects, else what the own role says.

    Nothing once the team is archived.
    """
    if may(actor=actor, permission=Permission.MANAGE_PROJECTS, team=project.team):
        return frozenset(Act)
    if actor.scopes is not None or actor.id is None:
        return frozenset()
    here = Member.objects.current().filter(person=actor.id)
    works = ProjectMember.objects.present().filter(project=project, member__in=here)
    role = works.values_list("role", flat=True).first()
    return _OWN[ProjectRole(role)] if role else frozenset()


def require(by: Actor, act: Act, project: Project) -> None:
    """Refuse who may not: Missing for whoever does not see the project, Forbidden for who sees it."""
    granted = allowed(actor=by, project=project)
    if act in granted:
        return
    raise Forbidden if Act.SEE in granted else Missing
