"""May this person use this product in this project, and if not, why and who can fix it."""

from datetime import timedelta

import pytest

from licet.projects import actions as projects
from licet.projects import queries
from licet.projects.models import Project
from licet.projects.queries import Standing
from licet.projects.states import Fixer, ProjectRole
from tests.projects.shared import archive_team, project, working
from tests.world import World


def standing(world: World, where: Project, *, after: timedelta = timedelta(0)) -> Standing:
    where.refresh_from_db()
    return queries.standing(person=world.bob.pk, product=world.product, project=where, now=world.now + after)


def why(answer: Standing) -> tuple[str, Fixer]:
    assert answer.refusal is not None
    assert str(answer.refusal)
    return answer.refusal.code, answer.refusal.fixed_by


def test_who_edits_and_holds_a_license_may(world: World) -> None:
    where = project(world)
    world.seat(world.licenses().pool, world.member(world.bob))
    working(world, where, world.member(world.bob))
    assert standing(world, where) == Standing(role=ProjectRole.EDITOR)


def test_who_does_not_belong_to_the_project_may_not(world: World) -> None:
    world.seat(world.licenses().pool, world.member(world.bob))
    answer = standing(world, project(world))
    assert why(answer) == ("project_member_required", Fixer.PROJECT_ADMIN)
    assert answer.role is None


def test_project_member_without_seat_may_not_and_is_told_who_assigns_one(world: World) -> None:
    where = project(world)
    working(world, where, world.member(world.bob))
    answer = standing(world, where)
    assert why(answer) == ("license_required", Fixer.TEAM_ADMIN)
    assert "Ask an administrator of the team Atelier Nord" in str(answer.refusal)


def test_who_only_views_needs_no_license(world: World) -> None:
    where = project(world)
    working(world, where, world.member(world.bob), ProjectRole.VIEWER)
    assert standing(world, where) == Standing(role=ProjectRole.VIEWER)


def test_a_license_that_is_not_in_force_does_not_do(world: World) -> None:
    where, license = project(world), world.licenses()
    world.seat(license.pool, world.member(world.bob))
    working(world, where, world.member(world.bob))
    assert standing(world, where, after=timedelta(days=370)).permitted  # in grace
    assert why(standing(world, where, after=timedelta(days=400))) == ("held_license_ended", Fixer.TEAM_ADMIN)


@pytest.mark.parametrize("own_licenses", [False, True])
def test_seat_from_team_x_project_in_team_y_counts_unless_the_project_wants_its_own(
    world: World, own_licenses: bool
) -> None:
    where = project(world)
    working(world, where, world.member(world.bob))
    elsewhere = world.join(world.other_team, world.bob, by=world.charlie.actor())
    world.seat(world.licenses(world.other_team).pool, elsewhere, by=world.charlie)
    projects.set_needs(
        project=where, products=[], own_licenses=own_licenses, by=world.alice.actor(), now=world.now
    )
    answer = standing(world, where)
    assert answer.permitted is not own_licenses
    if own_licenses:
        assert why(answer) == ("team_license_required", Fixer.TEAM_ADMIN)


def test_in_an_archived_project_nobody_uses_anything(world: World) -> None:
    where = project(world)
    world.seat(world.licenses().pool, world.member(world.bob))
    working(world, where, world.member(world.bob))
    projects.archive(project=where, by=world.alice.actor(), now=world.now)
    assert why(standing(world, where)) == ("project_rests", Fixer.TEAM_ADMIN)


def test_in_an_archived_team_nobody_belongs_to_a_project(world: World) -> None:
    where = project(world)
    working(world, where, world.member(world.bob), ProjectRole.VIEWER)
    archive_team(world)
    assert why(standing(world, where)) == ("project_member_required", Fixer.PROJECT_ADMIN)


def test_the_page_marks_exactly_those_who_lack_a_license(world: World) -> None:
    pool = world.licenses(seats=5).pool
    where = project(world, products=[pool.product])
    editor, viewer, licensed = world.people(world.team, 3)
    working(world, where, editor)
    working(world, where, viewer, ProjectRole.VIEWER)
    working(world, where, licensed)
    world.seat(pool, licensed)
    rows = queries.members(project=where, actor=world.alice.actor(), now=world.now)
    lacking = {row.name: [need.product for need in row.needs] for row in rows if row.needs}
    code = pool.product.code
    assert lacking == {"Alice Martin": [code], "Person 001": [code]}
    assert {need.free for row in rows for need in row.needs} == {4}
