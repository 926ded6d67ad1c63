"""Projects as pages: the list, one with its people, a license with one click, empty states."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licet.accounts.models import Person
from licet.projects import actions as projects
from licet.projects.models import Project, ProjectMember
from licet.projects.states import ProjectRole
from licet.seats.models import Seat
from tests.projects.shared import project, working
from tests.world import World

Browser = Callable[[Person], Client]


def path(world: World, where: Project | None = None, act: str = "") -> str:
    return f"/teams/{world.team.public_id}/projects/" + (f"{where.public_id}/{act}" if where else act)


def test_a_team_without_projects_says_what_to_do_first(world: World, signed_in: Browser) -> None:
    page = signed_in(world.alice).get(path(world)).content.decode()
    assert "No project yet" in page
    assert path(world, act="new/") in page
    page = signed_in(world.bob).get(path(world)).content.decode()
    assert "Ask an administrator of the team or of the project to add you." in page
    assert path(world, act="new/") not in page


def test_a_project_is_made_with_the_products_it_needs(world: World, signed_in: Browser) -> None:
    pool = world.licenses().pool
    browser = signed_in(world.alice)
    answer = browser.post(
        path(world, act="new/"), {"name": " Town  hall ", "products": [pool.product.code]}, follow=True
    )
    assert answer.redirect_chain == [(path(world, Project.objects.get()), 302)]
    page = answer.content.decode()
    assert "The project Town hall is ready." in page
    assert f"Needs a license of {pool.product.name}" in page


def test_bad_input_is_said_at_its_field(world: World, signed_in: Browser) -> None:
    project(world, "Town hall")
    answer = signed_in(world.alice).post(path(world, act="new/"), {"name": "town hall"})
    assert answer.status_code == 422
    assert "The team has a project called town hall already." in answer.content.decode()
    answer = signed_in(world.alice).post(path(world, act="new/"), {"name": "x", "products": ["unknown"]})
    assert answer.status_code == 422


def test_who_lacks_a_license_gets_one_with_one_click(world: World, signed_in: Browser) -> None:
    pool = world.licenses().pool
    where, bob = project(world, products=[pool.product]), world.member(world.bob)
    working(world, where, bob)
    browser = signed_in(world.alice)
    toggle = f"/teams/{world.team.public_id}/seats/{pool.product.code}/{bob.public_id}/"
    page = browser.get(path(world, where)).content.decode()
    assert f"Assign a license of {pool.product.name} to Bob Keller" in page
    assert f'action="{toggle}"' in page
    answer = browser.post(toggle, {"wanted": "on", "next": path(world, where)}, follow=True)
    assert answer.redirect_chain == [(path(world, where), 302)]
    assert Seat.objects.held().filter(member=bob).exists()
    assert toggle not in answer.content.decode()


def test_who_edits_reads_who_can_give_the_missing_license(world: World, signed_in: Browser) -> None:
    pool = world.licenses().pool
    where = project(world, products=[pool.product])
    working(world, where, world.member(world.bob))
    page = signed_in(world.bob).get(path(world, where)).content.decode()
    assert "An administrator of the team can assign it." in page
    assert "/seats/" not in page
    assert "Add people" not in page


def test_people_are_added_and_what_is_no_address_stays(world: World, signed_in: Browser) -> None:
    where = project(world)
    answer = signed_in(world.alice).post(
        path(world, where, "people/"),
        {"emails": f"{world.bob.email}, nobody", "role": "viewer"},
    )
    assert answer.status_code == 422
    assert "nobody is not an e-mail address. Correct it." in answer.content.decode()
    assert ProjectMember.objects.get(member__person=world.bob).role == ProjectRole.VIEWER


def test_an_administrator_of_the_project_is_told_whom_to_ask(world: World, signed_in: Browser) -> None:
    where = project(world)
    working(world, where, world.member(world.bob), ProjectRole.ADMIN)
    answer = signed_in(world.bob).post(
        path(world, where, "people/"), {"emails": "new@elsewhere.example", "role": "viewer"}
    )
    assert answer.status_code == 422
    assert "do not belong to the team: new@elsewhere.example" in answer.content.decode()


def test_a_role_is_changed_and_somebody_is_removed(world: World, signed_in: Browser) -> None:
    where = project(world)
    works = working(world, where, world.member(world.bob))
    browser = signed_in(world.alice)
    browser.post(path(world, where, f"people/{works.public_id}/role/"), {"role": "admin"})
    works.refresh_from_db()
    assert works.role == ProjectRole.ADMIN
    browser.post(path(world, where, f"people/{works.public_id}/role/"), {"role": "emperor"})
    works.refresh_from_db()
    assert works.role == ProjectRole.ADMIN
    answer = browser.post(path(world, where, f"people/{works.public_id}/remove/"), follow=True)
    assert "Bob Keller no longer works on School extension." in answer.content.decode()


def test_who_leaves_a_project_comes_back_to_the_list(world: World, signed_in: Browser) -> None:
    where = project(world)
    works = working(world, where, world.member(world.bob))
    answer = signed_in(world.bob).post(path(world, where, f"people/{works.public_id}/remove/"), follow=True)
    assert answer.redirect_chain == [(path(world), 302)]


def test_a_project_is_archived_and_brought_back(world: World, signed_in: Browser) -> None:
    where, browser = project(world), signed_in(world.alice)
    page = browser.post(path(world, where, "archive/"), follow=True).content.decode()
    assert "Archived on 2 March 2026" in page
    assert "Add people" not in page
    assert "Archived projects" in browser.get(path(world)).content.decode()
    page = browser.post(path(world, where, "restore/"), follow=True).content.decode()
    assert "Archived on" not in page


def test_a_project_of_another_team_does_not_exist_here(world: World, signed_in: Browser) -> None:
    foreign = projects.create(team=world.other_team, name="Tower", by=world.charlie.actor(), now=world.now)
    assert signed_in(world.alice).get(path(world, foreign)).status_code == 404


@pytest.mark.parametrize("act", ["", "settings/"])
def test_a_page_costs_the_same_for_few_and_for_many(world: World, signed_in: Browser, act: str) -> None:
    pool = world.licenses(seats=3).pool
    where = project(world, products=[pool.product])
    browser = signed_in(world.alice)
    browser.get(path(world, where, act))
    costs = []
    for start in (1, 3):
        for member in world.people(world.team, 2 * start, start=10 * start):
            working(world, where, member)
        with CaptureQueriesContext(connection) as statements:
            assert browser.get(path(world, where, act)).status_code == 200
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 20
