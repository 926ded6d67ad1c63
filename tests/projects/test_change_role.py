"""Somebody gets another role in a project."""

import pytest

from licet.accounts.models import Person
from licet.kernel.refusal import Forbidden, Missing
from licet.projects import actions as projects
from licet.projects.errors import LeftTheProject, ProjectIsArchived
from licet.projects.models import ProjectMember
from licet.projects.states import ProjectRole
from licet.teams.models import Member
from licet.teams.states import Role
from tests.projects.shared import admin, project, sentence, told, working
from tests.world import World


def change(world: World, works: ProjectMember, role: ProjectRole, by: Person | None = None) -> ProjectMember:
    actor = (by or world.alice).actor()
    return projects.change_role(works=works, role=role, by=actor, now=world.now)


def test_administrators_of_team_and_project_change_it(world: World) -> None:
    where = project(world)
    working(world, where, world.member(world.bob), ProjectRole.ADMIN)
    [person] = world.people(world.team, 1)
    works = working(world, where, person)
    for by, role in ((admin(world), ProjectRole.VIEWER), (world.bob, ProjectRole.ADMIN)):
        change(world, works, role, by=by)
        assert ProjectMember.objects.get(pk=works.pk).role == role


def test_it_is_told_with_both_roles_in_words(world: World) -> None:
    change(world, working(world, project(world), world.member(world.bob)), ProjectRole.ADMIN)
    assert sentence("project_member.role_changed") == (
        "Alice Martin changed the role of Bob Keller in the project School extension "
        "from Editor to Project administrator."
    )


def test_the_role_that_is_there_changes_nothing(world: World) -> None:
    works = working(world, project(world), world.member(world.bob))
    before = told(world.team)
    change(world, works, ProjectRole.EDITOR)
    assert told(world.team) == before


def test_it_changes_nothing_in_the_team_and_in_other_projects(world: World) -> None:
    bob = world.member(world.bob)
    works, other = (working(world, project(world, name), bob) for name in ("School", "Town hall"))
    change(world, works, ProjectRole.ADMIN)
    assert Member.objects.get(pk=bob.pk).role == Role.MEMBER
    assert ProjectMember.objects.get(pk=other.pk).role == ProjectRole.EDITOR


def test_an_administrator_of_the_project_may_step_back(world: World) -> None:
    works = working(world, project(world), world.member(world.bob), ProjectRole.ADMIN)
    assert change(world, works, ProjectRole.VIEWER, by=world.bob).role == ProjectRole.VIEWER
    with pytest.raises(Forbidden):
        change(world, works, ProjectRole.ADMIN, by=world.bob)


@pytest.mark.parametrize("role", [ProjectRole.EDITOR, ProjectRole.VIEWER])
def test_editors_and_viewers_do_not(world: World, role: ProjectRole) -> None:
    works = working(world, project(world), world.member(world.bob), role)
    with pytest.raises(Forbidden):
        change(world, works, ProjectRole.ADMIN, by=world.bob)


def test_an_administrator_of_one_project_has_no_say_in_another(world: World) -> None:
    working(world, project(world, "School"), world.member(world.bob), ProjectRole.ADMIN)
    [person] = world.people(world.team, 1)
    other = working(world, project(world, "Town hall"), person)
    with pytest.raises(Missing):
        change(world, other, ProjectRole.ADMIN, by=world.bob)


def test_for_a_stranger_there_is_no_such_project(world: World) -> None:
    works = working(world, project(world), world.member(world.bob))
    with pytest.raises(Missing):
        change(world, works, ProjectRole.ADMIN, by=world.charlie)


def test_who_was_removed_meanwhile_has_no_role(world: World) -> None:
    works = working(world, project(world), world.member(world.bob))
    projects.remove(works=works, by=world.alice.actor(), now=world.now)
    with pytest.raises(LeftTheProject) as refused:
        change(world, works, ProjectRole.ADMIN)
    assert "Bob Keller" in str(refused.value)


def test_in_an_archived_project_roles_stay(world: World) -> None:
    where = project(world)
    works = working(world, where, world.member(world.bob))
    projects.archive(project=where, by=world.alice.actor(), now=world.now)
    with pytest.raises(ProjectIsArchived):
        change(world, works, ProjectRole.ADMIN)
