"""A project is made: by whom, with which name, and with which products."""

import pytest

from licet.kernel.refusal import Forbidden, Missing
from licet.projects import actions as projects
from licet.projects import queries
from licet.projects.errors import ProductNotHeld, ProjectNameNeeded, ProjectNameTaken, ProjectNameTooLong
from licet.projects.models import Project, ProjectMember
from licet.projects.states import ProjectRole
from licet.teams.permissions import Permission
from tests.projects.shared import admin, archive_team, project, sentence, told
from tests.world import OPERATOR, World


def test_who_makes_a_project_becomes_its_administrator(world: World) -> None:
    where = project(world)
    works = ProjectMember.objects.present().get(project=where)
    assert (works.member.person, works.role) == (world.alice, ProjectRole.ADMIN)
    assert (where.team, where.created_by, where.created_at) == (world.team, world.alice, world.now)


def test_it_is_told_with_who_works_on_it(world: World) -> None:
    project(world)
    assert told(world.team) == ["project.created", "project_member.added"]
    assert sentence("project.created") == "Alice Martin created the project School extension."


def test_an_administrator_of_the_team_makes_one_too(world: World) -> None:
    ada = admin(world)
    works = ProjectMember.objects.present().get(project=project(world, by=ada))
    assert (works.member.person, works.role) == (ada, ProjectRole.ADMIN)


def test_one_that_an_operator_makes_has_nobody_in_it(world: World) -> None:
    where = projects.create(team=world.team, name="School", by=OPERATOR, now=world.now)
    assert where.created_by is None
    assert not ProjectMember.objects.exists()


def test_surplus_blanks_of_the_name_go(world: World) -> None:
    assert project(world, "  School   extension ").name == "School extension"


@pytest.mark.parametrize(
    ("name", "refusal"),
    [("  ", ProjectNameNeeded), ("\u202e", ProjectNameNeeded), ("x" * 121, ProjectNameTooLong)],
)
def test_a_project_has_a_name_that_fits(world: World, name: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        project(world, name)
    assert not Project.objects.exists()


def test_two_running_projects_of_a_team_have_two_names(world: World) -> None:
    project(world)
    with pytest.raises(ProjectNameTaken):
        project(world, "school EXTENSION")
    assert Project.objects.count() == 1


def test_another_team_calls_its_project_the_same(world: World) -> None:
    assert project(world).name == project(world, team=world.other_team, by=world.charlie).name


def test_it_needs_products_that_the_team_has(world: World) -> None:
    pool = world.licenses().pool
    assert queries.products(project=project(world, products=[pool.product])) == [pool.product]


def test_licenses_of_another_team_are_none_of_this_one(world: World) -> None:
    foreign = world.licenses(team=world.other_team).pool
    with pytest.raises(ProductNotHeld):
        project(world, products=[foreign.product])
    assert not Project.objects.exists()
    assert told(world.team) == []


def test_a_member_makes_none(world: World) -> None:
    with pytest.raises(Forbidden):
        project(world, by=world.bob)


def test_for_a_stranger_there_is_no_such_team(world: World) -> None:
    with pytest.raises(Missing):
        project(world, by=world.charlie)


def test_a_token_needs_the_scope(world: World) -> None:
    for scopes, refused in ((frozenset(), True), (frozenset({Permission.MANAGE_PROJECTS.value}), False)):
        by = world.alice.actor()
        narrowed = type(by)(kind=by.kind, id=by.id, label=by.label, scopes=scopes)
        if refused:
            with pytest.raises(Forbidden):
                projects.create(team=world.team, name="School", by=narrowed, now=world.now)
        else:
            assert projects.create(team=world.team, name="School", by=narrowed, now=world.now)


def test_an_archived_team_gets_none(world: World) -> None:
    archive_team(world)
    with pytest.raises(Missing):
        project(world)
