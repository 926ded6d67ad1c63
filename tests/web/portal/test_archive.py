"""Archiving a team and bringing it back, as its owner sees it."""

from collections.abc import Callable

from django.test import Client

from licet.accounts.models import Person
from licet.teams.states import Role
from tests.teams.shared import ask
from tests.world import World

Browser = Callable[[Person], Client]


def path(world: World, what: str) -> str:
    return f"/teams/{world.team.public_id}/{what}/"


def test_what_still_runs_is_shown_instead_of_the_button(world: World, signed_in: Browser) -> None:
    world.licenses(seats=2)
    browser = signed_in(world.alice)
    page = browser.get(path(world, "archive")).content.decode()
    assert "something of this team still runs" in page
    assert world.product.name in page
    assert "2 licenses, usable until" in page
    assert "Archive the team</button>" not in page
    answer = browser.post(path(world, "archive"))
    assert answer.status_code == 422
    assert "cannot be archived yet" in answer.content.decode()


def test_it_is_shown_first_done_and_undone(world: World, signed_in: Browser) -> None:
    world.member(world.bob)
    ask(world)
    browser = signed_in(world.alice)
    assert path(world, "archive") in browser.get(path(world, "settings")).content.decode()
    page = browser.get(path(world, "archive")).content.decode()
    assert "2 people lose access, you too." in page
    assert "1 open invitation is withdrawn." in page

    answer = browser.post(path(world, "archive"), follow=True)
    assert answer.redirect_chain == [(path(world, "restore"), 302)]
    assert "Atelier Nord is archived" in answer.content.decode()
    assert browser.get(f"/teams/{world.team.public_id}/").status_code == 404
    account = browser.get("/account/").content.decode()
    assert "Archived teams" in account
    assert path(world, "restore") in account
    assert path(world, "restore") not in signed_in(world.bob).get("/account/").content.decode()

    answer = browser.post(path(world, "restore"), follow=True)
    assert answer.redirect_chain == [(f"/teams/{world.team.public_id}/", 302)]
    assert "The team Atelier Nord is back." in answer.content.decode()
    assert signed_in(world.bob).get(f"/teams/{world.team.public_id}/").status_code == 200


def test_nobody_but_owners_finds_it(world: World, signed_in: Browser) -> None:
    ada = world.person("ada@atelier.example", "Ada")
    world.join(world.team, ada, role=Role.ADMIN)
    browser = signed_in(ada)
    assert path(world, "archive") not in browser.get(path(world, "settings")).content.decode()
    assert browser.get(path(world, "archive")).status_code == 403
    signed_in(world.alice).post(path(world, "archive"))
    for person in (ada, world.charlie):
        assert signed_in(person).get(path(world, "restore")).status_code == 404
        assert signed_in(person).post(path(world, "restore")).status_code == 404


def test_a_team_that_is_there_has_no_page_to_bring_it_back(world: World, signed_in: Browser) -> None:
    assert signed_in(world.alice).get(path(world, "restore")).status_code == 404


def test_an_owner_alone_for_three_is_told_so_quietly(world: World, signed_in: Browser) -> None:
    browser = signed_in(world.alice)
    home = f"/teams/{world.team.public_id}/"
    assert "You are the only owner." not in browser.get(home).content.decode()
    world.people(world.team, 2)
    assert "You are the only owner." in browser.get(home).content.decode()


def test_an_offer_of_ownership_stands_on_the_first_page_until_it_is_withdrawn(
    world: World, signed_in: Browser
) -> None:
    bob, browser = world.member(world.bob), signed_in(world.alice)
    home = f"/teams/{world.team.public_id}/"
    member = f"/teams/{world.team.public_id}/people/{bob.public_id}/"
    page = browser.post(member, {"role": "owner"}).content.decode()
    assert "Hand over: I step back" in page
    browser.post(member, {"role": "owner", "sure": "on", "hand_over": "on"})
    assert "Bob Keller was asked to become an owner" in browser.get(home).content.decode()
    assert "Then Alice Martin becomes an administrator." in browser.get(member).content.decode()
    invitation = world.team.invitations.get(email=world.bob.email)
    browser.post(f"/teams/{world.team.public_id}/invitations/{invitation.public_id}/withdraw/")
    assert "was asked to become an owner" not in browser.get(home).content.decode()
