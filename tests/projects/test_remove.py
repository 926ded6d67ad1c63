"""Somebody no longer works on a project: removed, gone by choice, or gone from the whole team."""

import pytest

from licet.accounts.models import Person
from licet.eventlog.change import change
from licet.kernel.refusal import Forbidden, Missing
from licet.projects import actions as projects
from licet.projects.models import ProjectMember
from licet.projects.states import ProjectRole
from licet.seats.models import Seat
from licet.teams.models import Member
from licet.teams.permissions import Permission
from tests.projects.shared import admin, archive_team, project, sentence, told, working
from tests.world import World


def remove(world: World, works: ProjectMember, by: Person | None = None) -> ProjectMember:
    actor = (by or world.alice).actor()
    return projects.remove(works=works, by=actor, now=world.now)


def works_on(works: ProjectMember) -> bool:
    return ProjectMember.objects.present().filter(pk=works.pk).exists()


def test_removing_from_a_project_changes_nothing_else(world: World) -> None:
    bob = world.member(world.bob)
    world.seat(world.licenses().pool, bob)
    works, other = (working(world, project(world, name), bob) for name in ("School", "Town hall"))
    remove(world, works)
    assert not works_on(works)
    assert works_on(other)
    assert Seat.objects.held().filter(member=bob).exists()
    assert Member.objects.active().filter(pk=bob.pk).exists()


def test_twice_is_harmless_and_told_once(world: World) -> None:
    works = working(world, project(world), world.member(world.bob))
    for _twice in range(2):
        assert remove(world, works).left_at == world.now
    assert told(world.team).count("project_member.removed") == 1
    assert sentence("project_member.removed") == (
        "Bob Keller no longer belongs to the project School extension."
    )


def test_administrators_of_team_and_project_remove(world: World) -> None:
    where, people = project(world), world.people(world.team, 2)
    working(world, where, world.member(world.bob), ProjectRole.ADMIN)
    for by, person in zip((admin(world), world.bob), people, strict=True):
        works = working(world, where, person)
        remove(world, works, by=by)
        assert not works_on(works)


@pytest.mark.parametrize("role", ProjectRole)
def test_everybody_may_leave(world: World, role: ProjectRole) -> None:
    works = working(world, project(world), world.member(world.bob), role)
    remove(world, works, by=world.bob)
    assert not works_on(works)


@pytest.mark.parametrize("role", [ProjectRole.EDITOR, ProjectRole.VIEWER])
def test_editors_and_viewers_remove_nobody_else(world: World, role: ProjectRole) -> None:
    where = project(world)
    [person] = world.people(world.team, 1)
    other = working(world, where, person)
    working(world, where, world.member(world.bob), role)
    with pytest.raises(Forbidden):
        remove(world, other, by=world.bob)
    assert works_on(other)


def test_for_who_does_not_work_on_it_there_is_no_such_project(world: World) -> None:
    [person] = world.people(world.team, 1)
    works = working(world, project(world), person)
    for by in (world.bob, world.charlie):
        with pytest.raises(Missing):
            remove(world, works, by=by)
    assert works_on(works)


def test_an_application_does_not_leave_for_its_person(world: World) -> None:
    works = working(world, project(world), world.member(world.bob))
    by = world.bob.actor()
    token = type(by)(kind=by.kind, id=by.id, label=by.label, scopes=frozenset({Permission.MANAGE_PROJECTS}))
    with pytest.raises(Missing):
        projects.remove(works=works, by=token, now=world.now)
    assert works_on(works)


def test_leaving_the_team_ends_every_membership_of_its_projects(world: World) -> None:
    bob = world.member(world.bob)
    for name in ("School", "Town hall"):
        working(world, project(world, name), bob)
    elsewhere = world.join(world.other_team, world.bob, by=world.charlie.actor())
    kept = projects.add(
        project=project(world, team=world.other_team, by=world.charlie),
        member=elsewhere,
        role=ProjectRole.EDITOR,
        by=world.charlie.actor(),
        now=world.now,
    )
    with change(by=world.alice.actor(), now=world.now) as record:
        assert len(projects.leave_all(member=bob, record=record)) == 2
    assert list(ProjectMember.objects.present().filter(member__person=world.bob)) == [kept]


def test_once_the_team_is_archived_its_projects_are_nobodys(world: World) -> None:
    where = project(world)
    [person] = world.people(world.team, 1)
    other = working(world, where, person)
    working(world, where, world.member(world.bob), ProjectRole.ADMIN)
    archive_team(world)
    with pytest.raises(Missing):
        remove(world, other, by=world.bob)
