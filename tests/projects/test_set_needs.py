"""Which products a project needs, and whether only licenses of its own team count."""

import pytest

from licet.accounts.models import Person
from licet.catalog.models import Product
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden, Missing
from licet.projects import actions as projects
from licet.projects import queries
from licet.projects.errors import ProductNotHeld, ProjectIsArchived
from licet.projects.models import Project
from licet.projects.states import ProjectRole
from tests.projects.shared import project, sentence, told, working
from tests.world import World


def need(
    world: World, where: Project, *products: Product, own: bool = False, by: Person | None = None
) -> Project:
    actor = (by or world.alice).actor()
    return projects.set_needs(project=where, products=products, own_licenses=own, by=actor, now=world.now)


def test_what_is_chosen_replaces_what_was(world: World) -> None:
    first, second = (world.licenses(product=each).pool.product for each in world.catalog[:2])
    where = project(world, products=[first])
    need(world, where, second, own=True)
    assert queries.products(project=where) == [second]
    assert Project.objects.get(pk=where.pk).own_licenses
    need(world, where)
    assert queries.products(project=where) == []


def test_it_is_told_with_what_it_was_and_is(world: World) -> None:
    product = world.licenses().pool.product
    need(world, project(world), product, own=True)
    facts = Event.objects.get(name="project.needs_changed").facts
    assert (facts["before"], facts["after"], facts["own_licenses"]) == ([], [product.code], True)
    assert sentence("project.needs_changed") == (
        "Alice Martin changed which licenses the project School extension needs."
    )


def test_the_same_needs_change_nothing(world: World) -> None:
    product = world.licenses().pool.product
    where = project(world, products=[product])
    before = told(world.team)
    need(world, where, product, product)
    assert told(world.team) == before


def test_a_product_that_the_team_never_had_is_refused(world: World) -> None:
    where = project(world)
    foreign = world.licenses(team=world.other_team).pool.product
    with pytest.raises(ProductNotHeld):
        need(world, where, foreign)
    assert queries.products(project=where) == []


def test_an_administrator_of_the_project_chooses(world: World) -> None:
    where = project(world)
    working(world, where, world.member(world.bob), ProjectRole.ADMIN)
    assert need(world, where, own=True, by=world.bob).own_licenses


@pytest.mark.parametrize("role", [ProjectRole.EDITOR, ProjectRole.VIEWER])
def test_editors_and_viewers_do_not(world: World, role: ProjectRole) -> None:
    where = project(world)
    working(world, where, world.member(world.bob), role)
    with pytest.raises(Forbidden):
        need(world, where, own=True, by=world.bob)


def test_for_who_does_not_work_on_it_there_is_no_such_project(world: World) -> None:
    where = project(world)
    for person in (world.bob, world.charlie):
        with pytest.raises(Missing):
            need(world, where, own=True, by=person)


def test_an_archived_one_keeps_its_needs(world: World) -> None:
    where = project(world)
    projects.archive(project=where, by=world.alice.actor(), now=world.now)
    with pytest.raises(ProjectIsArchived):
        need(world, where, own=True)
