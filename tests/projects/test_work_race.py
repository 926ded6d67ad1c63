"""Two who change one project at the same moment, on both databases: it ends as if one came first."""

from collections.abc import Callable
from typing import Any

import pytest

from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden, Missing
from licet.leases import offboarding
from licet.orders import closing
from licet.projects import actions as projects
from licet.projects.errors import LeftTheProject, NotOfTheTeam, ProjectIsArchived, ProjectNameTaken
from licet.projects.models import Project, ProjectMember, ProjectProduct
from licet.projects.states import ProjectRole
from licet.teams import actions as teams
from licet.teams.models import Member
from licet.teams.states import Role
from tests.projects.shared import admin, project, working
from tests.races import Outcome, together
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]


def raised(outcomes: list[Outcome]) -> list[type[Exception]]:
    return [type(each.raised) for each in outcomes if each.raised]


def test_a_name_that_many_choose_at_once_goes_to_one(world: World) -> None:
    other = project(world, "Town hall")
    calls: list[Callable[[], Any]] = [lambda: project(world, "School")] * 4
    by = world.alice.actor()
    calls += [lambda: projects.rename(project=other, name="school", by=by, now=world.now)] * 2
    outcomes = together(calls)
    assert set(raised(outcomes)) <= {ProjectNameTaken}
    assert Project.objects.active().filter(team=world.team, name__iexact="school").count() == 1


def test_an_archived_project_comes_back_beside_a_new_one_of_its_name_only_if_it_came_first(
    world: World,
) -> None:
    where, by = project(world), world.alice.actor()
    projects.archive(project=where, by=by, now=world.now)
    outcomes = together(
        [lambda: project(world), lambda: projects.restore(project=where, by=by, now=world.now)]
    )
    assert raised(outcomes) == [ProjectNameTaken]
    assert Project.objects.active().filter(team=world.team).count() == 1


def test_who_is_added_by_many_at_once_works_on_it_once(world: World) -> None:
    where, bob = project(world), world.member(world.bob)
    outcomes = together([lambda: working(world, where, bob)] * 8)
    assert raised(outcomes) == []
    assert ProjectMember.objects.filter(project=where, member=bob).count() == 1
    assert Event.objects.filter(name="project_member.added", facts__member=bob.pk).count() == 1


def test_who_is_added_while_leaving_the_team_is_left_in_no_project(world: World) -> None:
    where, bob = project(world), world.member(world.bob)
    added, left = together(
        [
            lambda: working(world, where, bob),
            lambda: offboarding.leave(member=bob, by=world.bob.actor(), now=world.now),
        ]
    )
    assert left.raised is None
    assert added.raised is None or isinstance(added.raised, NotOfTheTeam)
    assert not ProjectMember.objects.present().filter(member=bob).exists()


def test_a_role_changes_before_the_removal_or_not_at_all(world: World) -> None:
    works, by = working(world, project(world), world.member(world.bob)), world.alice.actor()
    changed, removed = together(
        [
            lambda: projects.change_role(works=works, role=ProjectRole.ADMIN, by=by, now=world.now),
            lambda: projects.remove(works=works, by=by, now=world.now),
        ]
    )
    assert removed.raised is None
    names = Event.objects.filter(team=world.team.pk, name__startswith="project_member.").order_by("position")
    told = list(names.values_list("name", flat=True))[2:]
    if changed.raised is None:
        assert told == ["project_member.role_changed", "project_member.removed"]
    else:
        assert isinstance(changed.raised, LeftTheProject)
        assert told == ["project_member.removed"]


def test_nobody_is_added_after_it_was_archived(world: World) -> None:
    where, people = project(world), world.people(world.team, 6)
    by = world.alice.actor()

    def add(member: Member) -> Callable[[], Any]:
        return lambda: working(world, where, member)

    calls = [lambda: projects.archive(project=where, by=by, now=world.now), *(add(each) for each in people)]
    archived, *added = together(calls)
    assert archived.raised is None
    assert set(raised(added)) <= {ProjectIsArchived}
    end = Event.objects.get(name="project.archived")
    assert not Event.objects.filter(name="project_member.added", position__gt=end.position).exists()


def test_needs_that_two_choose_at_once_are_those_of_one(world: World) -> None:
    first, second = (world.licenses(product=each).pool.product for each in world.catalog[:2])
    where, by = project(world), world.alice.actor()

    def need(product: Any) -> Callable[[], Any]:
        return lambda: projects.set_needs(
            project=where, products=[product], own_licenses=False, by=by, now=world.now
        )

    outcomes = together([need(first), need(second)] * 3)
    assert raised(outcomes) == []
    assert ProjectProduct.objects.filter(project=where).count() == 1


@pytest.mark.parametrize("end", ["dismissed", "archived"])
def test_who_loses_the_right_at_this_moment_makes_no_project_after(world: World, end: str) -> None:
    ada, by = admin(world), world.alice.actor()
    member = world.member(ada)

    def dismiss() -> Any:
        if end == "dismissed":
            return teams.change_role(member=member, role=Role.MEMBER, by=by, now=world.now)
        return closing.archive(team=world.team, by=by, now=world.now)

    made, ended = together([lambda: project(world, by=ada), dismiss])
    assert ended.raised is None
    last = Event.objects.filter(team=world.team.pk).latest("position").name
    if made.raised is None:
        assert last in {"member.role_changed", "team.archived"}
    else:
        assert isinstance(made.raised, Forbidden | Missing)
        assert not Project.objects.exists()
