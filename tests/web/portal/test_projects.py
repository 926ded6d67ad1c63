"""Projects as pages: the list, one with its people, a license with one click, empty states."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licet.accounts.models import Person
from licet.projects import actions as projects
from licet.projects.models import InvitationWish, Project, ProjectMember
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


def test_an_administrator_of_the_project_asks_and_one_of_the_team_invites_with_one_click(
    world: World, signed_in: Browser
) -> None:
    where = project(world)
    working(world, where, world.member(world.bob), ProjectRole.ADMIN)
    bob, alice = signed_in(world.bob), signed_in(world.alice)
    form = {"emails": "new@elsewhere.example", "role": "viewer"}
    page = bob.post(path(world, where, "people/"), form, follow=True).content.decode()
    assert "The administrators of the team were asked to invite new@elsewhere.example." in page
    assert "No longer ask for new@elsewhere.example" in page
    page = alice.get(path(world, where)).content.decode()
    assert "Bob Keller asked on 2 Mar 2026" in page
    [grant] = re.findall(r'formaction="([^"]*/grant/)"', page)
    assert bob.post(grant).status_code == 403
    page = alice.post(grant, follow=True).content.decode()
    assert "new@elsewhere.example was invited to the team and to the project." in page
    assert not InvitationWish.objects.exists()
    assert alice.post(grant).status_code == 404


def test_who_asked_takes_it_back(world: World, signed_in: Browser) -> None:
    where = project(world)
    working(world, where, world.member(world.bob), ProjectRole.ADMIN)
    bob = signed_in(world.bob)
    bob.post(path(world, where, "people/"), {"emails": "new@elsewhere.example", "role": "viewer"})
    [decline] = re.findall(r'action="([^"]*/decline/)"', bob.get(path(world, where)).content.decode())
    assert "new@elsewhere.example is not invited." in bob.post(decline, follow=True).content.decode()


def test_members_of_the_team_are_chosen_from_a_list_that_can_be_searched(
    world: World, signed_in: Browser
) -> None:
    where = project(world)
    people = world.people(world.team, 40)
    working(world, where, people[0])
    browser, there = signed_in(world.alice), path(world, where, "people/")
    page = browser.get(there).content.decode()
    assert "Person 001" not in page
    assert "Person 002" in page
    assert "Person 040" not in page
    assert "27 more people: search for the name." in page
    typed = {
        "go": "search",
        "q": "040",
        "who": [people[1].public_id],
        "emails": "x@y.example",
        "role": "viewer",
    }
    page = browser.post(there, typed).content.decode()
    assert re.search(rf'value="{people[1].public_id}" checked', page)
    assert "Person 040" in page
    assert "Person 003" not in page
    assert "x@y.example" in page
    assert ProjectMember.objects.count() == 2
    chosen = [people[1].public_id, people[39].public_id]
    answer = browser.post(there, {"who": chosen, "emails": "", "role": "viewer"})
    assert answer.status_code == 302
    names = {each.member.person.name for each in ProjectMember.objects.select_related("member__person")}
    assert names == {"Alice Martin", "Person 001", "Person 002", "Person 040"}


def test_who_chooses_nobody_reads_what_is_missing(world: World, signed_in: Browser) -> None:
    where = project(world)
    answer = signed_in(world.alice).post(path(world, where, "people/"), {"emails": "", "role": "viewer"})
    assert answer.status_code == 422


def test_long_lists_are_searched_and_paged(world: World, signed_in: Browser) -> None:
    for number in range(60):
        where = project(world, f"House {number:02}")
    for member in world.people(world.team, 60):
        working(world, where, member)
    browser = signed_in(world.alice)
    page = browser.get(path(world)).content.decode()
    assert "House 49" in page
    assert "House 50" not in page
    page = browser.get(path(world), {"q": "house 5"}).content.decode()
    assert "House 50" in page
    assert "House 49" not in page
    page = browser.get(path(world, where)).content.decode()
    assert "Person 049" in page
    assert "Person 050" not in page
    assert "Person 050" in browser.get(path(world, where), {"page": "2"}).content.decode()
    page = browser.get(path(world, where), {"q": "person 060"}).content.decode()
    assert "Person 060" in page
    assert "Person 001" not in page
    assert "Nobody found" in browser.get(path(world, where), {"q": "nobody"}).content.decode()


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
