"""A project is called something else."""

import pytest

from licet.accounts.models import Person
from licet.kernel.refusal import Forbidden, Missing
from licet.projects import actions as projects
from licet.projects.errors import (
    ProjectIsArchived,
    ProjectNameNeeded,
    ProjectNameTaken,
    ProjectNameTooLong,
)
from licet.projects.models import Project
from licet.projects.states import ProjectRole
from tests.projects.shared import admin, archive_team, project, sentence, told, working
from tests.world import World


def rename(world: World, where: Project, name: str = "Town hall", by: Person | None = None) -> Project:
    actor = (by or world.alice).actor()
    return projects.rename(project=where, name=name, by=actor, now=world.now)


def name_of(where: Project) -> str:
    return Project.objects.get(pk=where.pk).name


def test_an_administrator_of_the_team_renames_any_project(world: World) -> None:
    where = project(world)
    renamed = rename(world, where, " Town   hall ", by=admin(world))
    assert name_of(where) == renamed.name == "Town hall"


def test_an_administrator_of_the_project_renames_it(world: World) -> None:
    where = project(world)
    working(world, where, world.member(world.bob), ProjectRole.ADMIN)
    rename(world, where, by=world.bob)
    assert name_of(where) == "Town hall"


def test_it_is_told_with_both_names(world: World) -> None:
    rename(world, project(world))
    assert sentence("project.renamed") == (
        "Alice Martin renamed the project from School extension to Town hall."
    )


def test_the_same_name_changes_nothing(world: World) -> None:
    where = project(world)
    before = told(world.team)
    rename(world, where, "School extension ")
    assert told(world.team) == before


def test_what_was_renamed_meanwhile_is_compared_with_what_it_is_called_now(world: World) -> None:
    where, page_of_another = project(world), Project.objects.get()
    rename(world, where, "Town hall")
    rename(world, page_of_another, "School extension")
    assert name_of(where) == "School extension"
    rename(world, where, "School extension")
    assert told(world.team).count("project.renamed") == 2


def test_only_the_case_of_the_own_name_may_change(world: World) -> None:
    where = project(world)
    assert rename(world, where, "SCHOOL extension").name == "SCHOOL extension"


@pytest.mark.parametrize(
    ("name", "refusal"),
    [(" ", ProjectNameNeeded), ("x" * 121, ProjectNameTooLong), ("town HALL", ProjectNameTaken)],
)
def test_a_name_that_does_not_do_is_refused(world: World, name: str, refusal: type[Exception]) -> None:
    where, _other = project(world), project(world, "Town hall")
    with pytest.raises(refusal):
        rename(world, where, name)
    assert name_of(where) == "School extension"


def test_a_project_of_another_team_takes_no_name_away(world: World) -> None:
    project(world, "Town hall", team=world.other_team, by=world.charlie)
    assert rename(world, project(world)).name == "Town hall"


@pytest.mark.parametrize("role", [ProjectRole.EDITOR, ProjectRole.VIEWER])
def test_editors_and_viewers_do_not(world: World, role: ProjectRole) -> None:
    where = project(world)
    working(world, where, world.member(world.bob), role)
    with pytest.raises(Forbidden):
        rename(world, where, by=world.bob)


def test_for_who_does_not_work_on_it_there_is_no_such_project(world: World) -> None:
    where = project(world)
    for person in (world.bob, world.charlie):
        with pytest.raises(Missing):
            rename(world, where, by=person)


def test_an_archived_one_keeps_its_name(world: World) -> None:
    where = project(world)
    projects.archive(project=where, by=world.alice.actor(), now=world.now)
    with pytest.raises(ProjectIsArchived):
        rename(world, where)


def test_once_the_team_is_archived_nobody_of_the_project_renames_it(world: World) -> None:
    where = project(world)
    working(world, where, world.member(world.bob), ProjectRole.ADMIN)
    archive_team(world)
    for person in (world.alice, world.bob):
        with pytest.raises(Missing):
            rename(world, where, by=person)
