"""What the tests of projects and of invitations that carry more have in common."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.licenses.models import Pool
from licet.orders import closing
from licet.projects import actions as projects
from licet.projects import inviting
from licet.projects.inviting import Asked, Carried
from licet.projects.models import Project, ProjectMember
from licet.projects.states import ProjectRole
from licet.teams.models import Invitation, Member, Team
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
    """Return a new project of Alice's team, or of another one (`team`, `by`)."""
    team, by = options.pop("team", None) or world.team, options.pop("by", None) or world.alice
    return projects.create(team=team, name=name, by=by.actor(), now=world.now, **options)


def working(
    world: World, where: Project, member: Member, role: ProjectRole = ProjectRole.EDITOR
) -> ProjectMember:
    """Let a member of the team work on the project."""
    return projects.add(project=where, member=member, role=role, by=world.alice.actor(), now=world.now)


def admin(world: World) -> Person:
    """Return an administrator of Alice's team who has no role in any project."""
    ada = world.person("ada@atelier.example", "Ada Berg")
    world.join(world.team, ada, role=Role.ADMIN)
    return ada


def archive_team(world: World) -> None:
    """Let Alice archive her whole team, which has no licenses that run."""
    closing.archive(team=world.team, by=world.alice.actor(), now=world.now)


def told(team: Team) -> list[str]:
    """Return the names of what was told of the team's projects, in their order."""
    facts = Event.objects.filter(team=team.pk, name__startswith="project").order_by("position")
    return list(facts.values_list("name", flat=True))


def sentence(name: str) -> str:
    """Return how the latest fact of this name is told."""
    return Event.objects.filter(name=name).latest("pk").sentence()
