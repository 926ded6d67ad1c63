"""Making, renaming and archiving projects, and what they need."""

import pytest

from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden, Missing
from licet.projects import actions as projects
from licet.projects import queries
from licet.projects.errors import (
    ProductNotHeld,
    ProjectIsArchived,
    ProjectNameNeeded,
    ProjectNameTaken,
    ProjectNameTooLong,
)
from licet.projects.models import Project, ProjectMember
from licet.projects.states import ProjectRole, ProjectState
from licet.teams.states import Role
from tests.projects.shared import project, working
from tests.world import World


def test_who_makes_a_project_becomes_its_administrator(world: World) -> None:
    where = project(world)
    works = ProjectMember.objects.present().get(project=where)
    assert (works.member.person, works.role) == (world.alice, ProjectRole.ADMIN)


@pytest.mark.parametrize(
    ("name", "refusal"),
    [("  ", ProjectNameNeeded), ("\u202e", ProjectNameNeeded), ("x" * 121, ProjectNameTooLong)],
)
def test_a_project_has_a_name_that_fits(world: World, name: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        project(world, name)


def test_two_running_projects_of_a_team_have_two_names(world: World) -> None:
    project(world)
    with pytest.raises(ProjectNameTaken):
        project(world, "school EXTENSION")


def test_members_make_no_projects_and_strangers_learn_nothing(world: World) -> None:
    for person, refusal in ((world.bob, Forbidden), (world.charlie, Missing)):
        with pytest.raises(refusal):
            projects.create(team=world.team, name="Mine", by=person.actor(), now=world.now)


def test_an_administrator_of_the_team_manages_every_project(world: World) -> None:
    where, ada = project(world), world.person("ada@atelier.example", "Ada")
    world.join(world.team, ada, role=Role.ADMIN)
    renamed = projects.rename(project=where, name="Town hall", by=ada.actor(), now=world.now)
    assert Project.objects.get(pk=where.pk).name == renamed.name == "Town hall"


def test_an_administrator_of_the_project_renames_it_and_does_not_archive_it(world: World) -> None:
    where = project(world)
    working(world, where, world.member(world.bob), ProjectRole.ADMIN)
    projects.rename(project=where, name="Town hall", by=world.bob.actor(), now=world.now)
    with pytest.raises(Forbidden):
        projects.archive(project=where, by=world.bob.actor(), now=world.now)


@pytest.mark.parametrize("role", [ProjectRole.EDITOR, ProjectRole.VIEWER])
def test_editors_and_viewers_manage_nothing(world: World, role: ProjectRole) -> None:
    where = project(world)
    bob = working(world, where, world.member(world.bob), role)
    by, now = world.bob.actor(), world.now
    with pytest.raises(Forbidden):
        projects.rename(project=where, name="Mine", by=by, now=now)
    with pytest.raises(Forbidden):
        projects.change_role(works=bob, role=ProjectRole.ADMIN, by=by, now=now)
    with pytest.raises(Forbidden):
        projects.set_needs(project=where, products=[], own_licenses=True, by=by, now=now)


def test_a_member_of_the_team_who_does_not_work_on_it_does_not_see_it(world: World) -> None:
    where = project(world)
    assert not Project.objects.visible_to(world.bob.actor()).exists()
    with pytest.raises(Missing):
        projects.rename(project=where, name="Mine", by=world.bob.actor(), now=world.now)
    working(world, where, world.member(world.bob))
    assert Project.objects.visible_to(world.bob.actor()).get() == where


def test_a_project_is_archived_and_brought_back_with_its_people(world: World) -> None:
    where = project(world)
    working(world, where, world.member(world.bob))
    for verb, state in ((projects.archive, ProjectState.ARCHIVED), (projects.restore, ProjectState.ACTIVE)):
        for _twice in range(2):
            where = verb(project=where, by=world.alice.actor(), now=world.now)
        assert Project.objects.get(pk=where.pk).state == state
    assert ProjectMember.objects.present().filter(project=where).count() == 2
    assert Event.objects.filter(name__in=["project.archived", "project.restored"]).count() == 2


def test_nothing_changes_in_an_archived_project(world: World) -> None:
    where = project(world)
    projects.archive(project=where, by=world.alice.actor(), now=world.now)
    with pytest.raises(ProjectIsArchived):
        projects.rename(project=where, name="Town hall", by=world.alice.actor(), now=world.now)
    with pytest.raises(ProjectIsArchived):
        working(world, where, world.member(world.bob))


def test_the_name_of_an_archived_project_is_free_until_it_comes_back(world: World) -> None:
    where = project(world)
    projects.archive(project=where, by=world.alice.actor(), now=world.now)
    project(world)
    with pytest.raises(ProjectNameTaken):
        projects.restore(project=where, by=world.alice.actor(), now=world.now)


def test_a_project_needs_products_that_the_team_has(world: World) -> None:
    pool = world.licenses().pool
    where = project(world, products=[pool.product])
    assert queries.products(project=where) == [pool.product]
    with pytest.raises(ProductNotHeld):
        projects.set_needs(
            project=where,
            products=[world.other_product],
            own_licenses=False,
            by=world.alice.actor(),
            now=world.now,
        )
    projects.set_needs(project=where, products=[], own_licenses=False, by=world.alice.actor(), now=world.now)
    assert queries.products(project=where) == []
