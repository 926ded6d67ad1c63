"""What happened to projects and to the people in them."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from licet.eventlog.facts import Fact, shown, worded
from licet.projects.states import ProjectRole

ROLES = {
    ProjectRole.ADMIN: pgettext_lazy("role", "Project administrator"),
    ProjectRole.EDITOR: pgettext_lazy("role", "Editor"),
    ProjectRole.VIEWER: pgettext_lazy("role", "Viewer"),
}


@dataclass(frozen=True, kw_only=True)
class ProjectCreated(Fact):
    """A project exists. Ids are primary keys."""

    name = "project.created"
    sentence = _("%(actor)s created the project %(project_name)s.")

    project: int
    project_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ProjectRenamed(Fact):
    """A project is called something else."""

    name = "project.renamed"
    sentence = _("%(actor)s renamed the project from %(before)s to %(after)s.")

    project: int
    before: str = shown()
    after: str = shown()


@dataclass(frozen=True, kw_only=True)
class ProjectArchived(Fact):
    """A project rests: nobody uses a product in it."""

    name = "project.archived"
    sentence = _("%(actor)s archived the project %(project_name)s.")

    project: int
    project_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ProjectRestored(Fact):
    """An archived project runs again, with the people it had."""

    name = "project.restored"
    sentence = _("%(actor)s brought the project %(project_name)s back.")

    project: int
    project_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ProjectNeedsChanged(Fact):
    """The project needs other products (codes), or licenses of its own team alone."""

    name = "project.needs_changed"
    sentence = _("%(actor)s changed which licenses the project %(project_name)s needs.")

    project: int
    before: list[str]
    after: list[str]
    own_licenses: bool
    project_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ProjectMemberAdded(Fact):
    """Somebody works on a project. `member`: of the team; `invitation`: the one that brought the person."""

    name = "project_member.added"
    sentence = _("%(member_name)s belongs to the project %(project_name)s, with the role %(role)s.")

    project: int
    member: int
    invitation: int | None
    role: str = worded(words=ROLES)
    member_name: str = shown()
    project_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ProjectRoleChanged(Fact):
    """Somebody has another role in a project."""

    name = "project_member.role_changed"
    sentence = _(
        "%(actor)s changed the role of %(member_name)s in the project %(project_name)s "
        "from %(before)s to %(role)s."
    )

    project: int
    member: int
    before: str = worded(words=ROLES)
    role: str = worded(words=ROLES)
    member_name: str = shown()
    project_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ProjectMemberRemoved(Fact):
    """Somebody no longer works on a project."""

    name = "project_member.removed"
    sentence = _("%(member_name)s no longer belongs to the project %(project_name)s.")

    project: int
    member: int
    role: str = worded(words=ROLES)
    member_name: str = shown()
    project_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class ProjectAddedToInvitation(Fact):
    """An invitation that was open brings a project along too."""

    name = "project.added_to_invitation"
    sentence = _("%(actor)s added the project %(project_name)s to the invitation to %(email)s.")

    project: int
    invitation: int
    role: str = worded(words=ROLES)
    email: str = shown()
    project_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class InvitationsWished(Fact):
    """Who manages a project asked the team to invite addresses to it; `people`: how many."""

    name = "project.invitations_wished"
    sentence = _("%(actor)s asked that the team invite to the project %(project_name)s: %(emails)s.")

    project: int
    people: int
    emails: str = shown()
    project_name: str = shown()


@dataclass(frozen=True, kw_only=True)
class InvitationWishDeclined(Fact):
    """Such an address is not invited; `asked_by`: the person who asked (who may have taken it back)."""

    name = "project.invitation_declined"
    sentence = _("%(email)s is not invited to the project %(project_name)s: %(actor)s decided so.")

    project: int
    asked_by: int
    email: str = shown()
    project_name: str = shown()
