"""A member of the team is let into a project."""

import pytest

from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden, Missing
from licet.leases import offboarding
from licet.projects import actions as projects
from licet.projects.errors import NotOfTheTeam, ProjectIsArchived
from licet.projects.models import Project, ProjectMember
from licet.projects.states import ProjectRole
from licet.teams.models import Member
from tests.projects.shared import admin, project, sentence, told, working
from tests.world import World


def add(world: World, where: Project, member: Member, by: Person) -> ProjectMember:
    role, actor = ProjectRole.EDITOR, by.actor()
    return projects.add(project=where, member=member, role=role, by=actor, now=world.now)


def test_who_is_added_works_on_it_with_the_role(world: World) -> None:
    where, bob = project(world), world.member(world.bob)
    works = working(world, where, bob, ProjectRole.VIEWER)
    assert ProjectMember.objects.present().get(project=where, member=bob) == works
    assert (works.role, works.team, works.added_at) == (ProjectRole.VIEWER, world.team, world.now)


def test_it_is_told_with_the_role_in_words(world: World) -> None:
    working(world, project(world), world.member(world.bob))
    assert sentence("project_member.added") == (
        "Bob Keller belongs to the project School extension, with the role Editor."
    )


def test_who_is_added_twice_keeps_the_higher_role(world: World) -> None:
    where, bob = project(world), world.member(world.bob)
    working(world, where, bob, ProjectRole.VIEWER)
    assert working(world, where, bob, ProjectRole.EDITOR).role == ProjectRole.EDITOR
    assert working(world, where, bob, ProjectRole.VIEWER).role == ProjectRole.EDITOR
    assert ProjectMember.objects.filter(member=bob).count() == 1
    assert told(world.team)[-2:] == ["project_member.added", "project_member.role_changed"]


def test_who_was_removed_and_is_added_again_has_a_new_stay(world: World) -> None:
    where, bob = project(world), world.member(world.bob)
    first = working(world, where, bob, ProjectRole.ADMIN)
    projects.remove(works=first, by=world.alice.actor(), now=world.now)
    again = working(world, where, bob, ProjectRole.VIEWER)
    assert again != first
    assert again.role == ProjectRole.VIEWER


def test_somebody_of_another_team_is_not_added(world: World) -> None:
    with pytest.raises(NotOfTheTeam):
        working(world, project(world), world.member(world.charlie, world.other_team))
    assert ProjectMember.objects.count() == 1


def test_who_belongs_to_both_teams_is_added_as_a_member_of_this_one(world: World) -> None:
    elsewhere = world.join(world.other_team, world.bob, by=world.charlie.actor())
    where = project(world)
    with pytest.raises(NotOfTheTeam):
        working(world, where, elsewhere)
    assert working(world, where, world.member(world.bob)).team == world.team


def test_who_has_left_the_team_is_not_added(world: World) -> None:
    where, bob = project(world), world.member(world.bob)
    offboarding.leave(member=bob, by=world.bob.actor(), now=world.now)
    with pytest.raises(NotOfTheTeam):
        working(world, where, bob)


def test_administrators_of_team_and_project_add(world: World) -> None:
    where, ada = project(world), admin(world)
    people = world.people(world.team, 2)
    working(world, where, world.member(world.bob), ProjectRole.ADMIN)
    for by, member in zip((ada, world.bob), people, strict=True):
        assert add(world, where, member, by).member == member


@pytest.mark.parametrize("role", [ProjectRole.EDITOR, ProjectRole.VIEWER])
def test_editors_and_viewers_add_nobody(world: World, role: ProjectRole) -> None:
    where = project(world)
    working(world, where, world.member(world.bob), role)
    [other] = world.people(world.team, 1)
    with pytest.raises(Forbidden):
        add(world, where, other, world.bob)


def test_nobody_adds_himself_to_a_project_that_he_does_not_see(world: World) -> None:
    where = project(world)
    with pytest.raises(Missing):
        add(world, where, world.member(world.bob), world.bob)
    with pytest.raises(Missing):
        add(world, where, world.member(world.charlie, world.other_team), world.charlie)
    assert not Event.objects.filter(name="project_member.added", labels__member_name="Bob Keller").exists()


def test_an_archived_project_takes_nobody(world: World) -> None:
    where = project(world)
    projects.archive(project=where, by=world.alice.actor(), now=world.now)
    with pytest.raises(ProjectIsArchived):
        working(world, where, world.member(world.bob))
