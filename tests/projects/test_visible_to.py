"""Who sees a project: those who work on it, and those who manage the team's projects."""

from licet.accounts.models import Person
from licet.projects.models import Project
from licet.projects.states import ProjectRole
from tests.projects.shared import admin, archive_team, project, working
from tests.world import OPERATOR, World


def sees(person: Person) -> list[Project]:
    return list(Project.objects.visible_to(person.actor()))


def test_who_works_on_it_and_who_manages_the_teams_projects(world: World) -> None:
    where, viewer = project(world), world.member(world.bob)
    assert sees(world.bob) == []
    working(world, where, viewer, ProjectRole.VIEWER)
    assert sees(world.bob) == sees(world.alice) == sees(admin(world)) == [where]
    assert list(Project.objects.visible_to(OPERATOR)) == [where]


def test_a_stranger_sees_none_and_each_team_its_own(world: World) -> None:
    where, other = project(world), project(world, team=world.other_team, by=world.charlie)
    assert (sees(world.alice), sees(world.charlie)) == ([where], [other])


def test_once_the_team_is_archived_nobody_sees_it(world: World) -> None:
    working(world, project(world), world.member(world.bob), ProjectRole.ADMIN)
    archive_team(world)
    assert sees(world.alice) == sees(world.bob) == []
