"""My licenses: through which team and for which projects something may be used, and why not."""

from typing import Any

import pytest
from django.utils import translation

from licet.leases import mine
from licet.leases.mine import Mine
from licet.projects import actions as projects
from licet.projects.models import Project
from licet.projects.states import ProjectRole
from tests.world import World

pytestmark = pytest.mark.django_db


def a_project(world: World, name: str = "School", *, team: Any = None, **more: Any) -> Project:
    team = team or world.team
    owner = world.alice if team == world.team else world.charlie
    return projects.create(
        team=team, name=name, products=[world.product], by=owner.actor(), now=world.now, **more
    )


def put(world: World, project: Project, role: ProjectRole = ProjectRole.EDITOR) -> Any:
    return projects.add(
        project=project,
        member=world.member(world.bob, project.team),
        role=role,
        by=(world.alice if project.team == world.team else world.charlie).actor(),
        now=world.now,
    )


def of_bob(world: World) -> Mine:
    return mine.licenses_of(person=world.bob, now=world.now)


def test_a_license_names_the_projects_that_need_it(world: World) -> None:
    world.seat(world.licenses().pool, world.member(world.bob))
    put(world, a_project(world, "School"))
    put(world, a_project(world, "Bridge"), ProjectRole.VIEWER)
    a_project(world, "Somebody else's")
    [holding] = of_bob(world).holdings
    assert [(each.name, each.role) for each in holding.works] == [
        ("Bridge", ProjectRole.VIEWER),
        ("School", ProjectRole.EDITOR),
    ]
    assert holding.team == world.team
    assert not holding.only_projects
    assert holding.obstacle is None


def test_an_archived_project_is_not_named(world: World) -> None:
    world.seat(world.licenses().pool, world.member(world.bob))
    project = a_project(world)
    put(world, project)
    projects.archive(project=project, by=world.alice.actor(), now=world.now)
    [holding] = of_bob(world).holdings
    assert holding.works == ()


def test_a_license_serves_in_projects_of_other_teams_unless_they_want_their_own(world: World) -> None:
    world.seat(world.licenses().pool, world.member(world.bob))
    world.join(world.other_team, world.bob)
    world.licenses(team=world.other_team)
    for name, own in (("Open", False), ("Closed", True)):
        project = a_project(world, name, team=world.other_team)
        Project.objects.filter(pk=project.pk).update(own_licenses=own)
        put(world, project)
    found = of_bob(world)
    [holding] = found.holdings
    assert [each.name for each in holding.works] == ["Open"]
    [lack] = [each for each in found.lacks if each.team == world.other_team]
    assert [each.name for each in lack.works] == ["Closed", "Open"]


def test_why_not_project_member_required(world: World) -> None:
    world.seat(world.licenses(project_required=True).pool, world.member(world.bob))
    [holding] = of_bob(world).holdings
    assert holding.only_projects
    assert holding.obstacle is not None
    assert holding.obstacle.code == "project_member_required"
    with translation.override("en"):
        assert "you belong to none" in holding.obstacle.sentence
    assert holding.obstacle.names == ("Alice Martin",)
    put(world, a_project(world))
    [holding] = of_bob(world).holdings
    assert holding.obstacle is None


def test_who_lacks_a_license_sees_which_project_needs_it(world: World) -> None:
    world.licenses()
    put(world, a_project(world, "School"))
    put(world, a_project(world, "Bridge"), ProjectRole.VIEWER)
    [lack] = of_bob(world).lacks
    assert [each.name for each in lack.works] == ["School"], "who only views needs none"
