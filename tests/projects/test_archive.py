"""A project rests."""

import pytest

from licet.accounts.models import Person
from licet.kernel.refusal import Forbidden, Missing
from licet.projects import actions as projects
from licet.projects.errors import ProjectIsArchived
from licet.projects.models import Project, ProjectMember
from licet.projects.states import ProjectRole, ProjectState
from licet.seats.models import Seat
from tests.projects.shared import admin, project, sentence, told, working
from tests.world import World


def archive(world: World, where: Project, by: Person | None = None) -> Project:
    actor = (by or world.alice).actor()
    return projects.archive(project=where, by=actor, now=world.now)


def test_its_people_stay_listed_and_keep_their_licenses(world: World) -> None:
    where, bob = project(world), world.member(world.bob)
    working(world, where, bob)
    world.seat(world.licenses().pool, bob)
    archive(world, where)
    where.refresh_from_db()
    assert (where.state, where.archived_at) == (ProjectState.ARCHIVED, world.now)
    assert ProjectMember.objects.present().filter(project=where).count() == 2
    assert Seat.objects.held().filter(member=bob).exists()


def test_twice_is_harmless_and_told_once(world: World) -> None:
    where = project(world)
    for _twice in range(2):
        archive(world, where)
    assert told(world.team).count("project.archived") == 1
    assert sentence("project.archived") == "Alice Martin archived the project School extension."


def test_an_administrator_of_the_team_archives_any(world: World) -> None:
    assert archive(world, project(world), by=admin(world)).is_archived


@pytest.mark.parametrize("role", ProjectRole)
def test_a_role_in_the_project_does_not_do(world: World, role: ProjectRole) -> None:
    where = project(world)
    working(world, where, world.member(world.bob), role)
    with pytest.raises(Forbidden):
        archive(world, where, by=world.bob)
    assert not Project.objects.get(pk=where.pk).is_archived


def test_for_who_does_not_work_on_it_there_is_no_such_project(world: World) -> None:
    where = project(world)
    for person in (world.bob, world.charlie):
        with pytest.raises(Missing):
            archive(world, where, by=person)


def test_nothing_changes_in_it_any_more(world: World) -> None:
    where, by, now = project(world), world.alice.actor(), world.now
    works = working(world, where, world.member(world.bob))
    archive(world, where)
    with pytest.raises(ProjectIsArchived):
        projects.rename(project=where, name="Town hall", by=by, now=now)
    with pytest.raises(ProjectIsArchived):
        projects.set_needs(project=where, products=[], own_licenses=True, by=by, now=now)
    with pytest.raises(ProjectIsArchived):
        working(world, where, world.member(world.alice))
    with pytest.raises(ProjectIsArchived):
        projects.change_role(works=works, role=ProjectRole.ADMIN, by=by, now=now)


def test_who_wants_out_gets_out_of_it_all_the_same(world: World) -> None:
    where = project(world)
    works = working(world, where, world.member(world.bob))
    archive(world, where)
    projects.remove(works=works, by=world.bob.actor(), now=world.now)
    assert not ProjectMember.objects.present().filter(pk=works.pk).exists()
