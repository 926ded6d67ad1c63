"""What the tests of projects and of invitations that carry more have in common."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from licet.licenses.models import Pool
from licet.projects import actions as projects
from licet.projects import inviting
from licet.projects.inviting import Asked, Carried
from licet.projects.models import Project, ProjectMember
from licet.projects.states import ProjectRole
from licet.teams.models import Invitation, Member
from licet.teams.states import Role
from tests.world import World

DORA = "dora@elsewhere.example"


def invite(
    world: World,
    *emails: str,
    pools: Sequence[Pool] = (),
    carried: Sequence[Carried] = (),
    now: datetime | None = None,
    **options: Any,
) -> list[Asked]:
    """Let Alice invite these addresses (or DORA) with what goes along."""
    return inviting.invite(
        team=world.team,
        emails=emails or [DORA],
        role=options.pop("role", Role.MEMBER),
        message="",
        language="en",
        pools=pools,
        projects=carried,
        by=(options.pop("by", None) or world.alice).actor(),
        now=now or world.now,
        **options,
    )


def invitation(world: World, email: str = DORA) -> Invitation:
    """Return the invitation to this address."""
    return Invitation.objects.select_related("team", "invited_by").get(team=world.team, email=email)


def project(world: World, name: str = "School extension", **options: Any) -> Project:
    """Return a new project of Alice's team."""
    return projects.create(team=world.team, name=name, by=world.alice.actor(), now=world.now, **options)


def working(
    world: World, where: Project, member: Member, role: ProjectRole = ProjectRole.EDITOR
) -> ProjectMember:
    """Let a member of the team work on the project."""
    return projects.add(project=where, member=member, role=role, by=world.alice.actor(), now=world.now)
