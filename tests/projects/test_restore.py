"""An archived project runs again."""

import pytest

from licet.accounts.models import Person
from licet.kernel.refusal import Forbidden, Missing
from licet.projects import actions as projects
from licet.projects.errors import ProjectNameTaken
from licet.projects.models import Project, ProjectMember
from licet.projects.states import ProjectRole, ProjectState
from tests.projects.shared import project, sentence, told, working
from tests.world import World


def archived(world: World) -> Project:
    where = project(world)
    working(world, where, world.member(world.bob), ProjectRole.ADMIN)
    return projects.archive(project=where, by=world.alice.actor(), now=world.now)


def restore(world: World, where: Project, by: Person | None = None) -> Project:
    actor = (by or world.alice).actor()
    return projects.restore(project=where, by=actor, now=world.now)


def test_it_comes_back_with_the_people_it_had(world: World) -> None:
    where = restore(world, archived(world))
    where.refresh_from_db()
    assert (where.state, where.archived_at) == (ProjectState.ACTIVE, None)
    roles = ProjectMember.objects.present().filter(project=where).values_list("member__person", "role")
    assert set(roles) == {
        (world.alice.pk, ProjectRole.ADMIN.value),
        (world.bob.pk, ProjectRole.ADMIN.value),
    }


def test_twice_is_harmless_and_told_once(world: World) -> None:
    where = archived(world)
    for _twice in range(2):
        restore(world, where)
    assert told(world.team).count("project.restored") == 1
    assert sentence("project.restored") == "Alice Martin brought the project School extension back."


def test_its_name_is_free_until_it_comes_back(world: World) -> None:
    where = archived(world)
    project(world, "SCHOOL EXTENSION")
    with pytest.raises(ProjectNameTaken):
        restore(world, where)
    assert Project.objects.get(pk=where.pk).is_archived


def test_a_role_in_the_project_does_not_do(world: World) -> None:
    where = archived(world)
    with pytest.raises(Forbidden):
        restore(world, where, by=world.bob)


def test_for_a_stranger_there_is_no_such_project(world: World) -> None:
    with pytest.raises(Missing):
        restore(world, archived(world), by=world.charlie)
