"""A member's page: the role is changed after a second look where it grants power."""

from collections.abc import Callable

import pytest
from django.test import Client

from licet.accounts.models import Person
from licet.teams import queries
from licet.teams.models import Invitation, Member
from licet.teams.states import Role
from tests.world import World

Browser = Callable[[Person], Client]


def path(member: Member) -> str:
    return f"/teams/{member.team.public_id}/people/{member.public_id}/"


def test_making_an_administrator_is_shown_in_plain_words_first(world: World, signed_in: Browser) -> None:
    bob, browser = world.member(world.bob), signed_in(world.alice)
    page = browser.post(path(bob), {"role": "admin"}).content.decode()
    assert "Make Bob Keller an administrator?" in page
    assert "see all orders, and place orders that the team has to pay" in page
    bob.refresh_from_db()
    assert bob.role == Role.MEMBER

    answer = browser.post(path(bob), {"role": "admin", "sure": "on"}, follow=True)
    assert "Bob Keller is now an administrator." in answer.content.decode()
    bob.refresh_from_db()
    assert bob.role == Role.ADMIN


def test_taking_the_role_back_needs_no_second_look(world: World, signed_in: Browser) -> None:
    bob = world.member(world.bob)
    Member.objects.filter(pk=bob.pk).update(role=Role.ADMIN)
    signed_in(world.alice).post(path(bob), {"role": "member"})
    bob.refresh_from_db()
    assert bob.role == Role.MEMBER


def test_giving_up_ones_own_role_is_shown_first(world: World, signed_in: Browser) -> None:
    admin = world.person("ada@atelier.example", "Ada")
    ada = world.join(world.team, admin, role=Role.ADMIN)
    page = signed_in(admin).post(path(ada), {"role": "member"}).content.decode()
    assert "Change your own role?" in page


def test_ownership_is_offered_and_the_offer_shown(world: World, signed_in: Browser) -> None:
    bob, browser = world.member(world.bob), signed_in(world.alice)
    assert "Offer Bob Keller to own this team?" in browser.post(path(bob), {"role": "owner"}).content.decode()
    browser.post(path(bob), {"role": "owner", "sure": "on"})
    bob.refresh_from_db()
    assert bob.role == Role.MEMBER
    assert Invitation.objects.get(email=world.bob.email).role == Role.OWNER
    assert "Asked to become an owner" in browser.get(path(bob)).content.decode()
    link = f"/invitations/{queries.token(invitation=Invitation.objects.get(email=world.bob.email))}/"
    assert link in signed_in(world.bob).get("/invitations/").content.decode()
    assert "Become an owner of Atelier Nord?" in signed_in(world.bob).get(link).content.decode()


def test_the_last_owner_is_told_why_not(world: World, signed_in: Browser) -> None:
    own = world.member(world.alice)
    answer = signed_in(world.alice).post(path(own), {"role": "member", "sure": "on"})
    assert answer.status_code == 422
    assert "never without an owner" in answer.content.decode()


def test_an_administrator_is_not_offered_what_only_owners_may(world: World, signed_in: Browser) -> None:
    admin = world.person("ada@atelier.example", "Ada")
    world.join(world.team, admin, role=Role.ADMIN)
    browser = signed_in(admin)
    page = browser.get(path(world.member(world.alice))).content.decode()
    assert "Only an owner can change the role of an owner." in page
    assert 'value="owner"' not in browser.get(path(world.member(world.bob))).content.decode()
    answer = browser.post(path(world.member(world.bob)), {"role": "owner", "sure": "on"})
    assert answer.status_code == 422
    answer = browser.post(path(world.member(world.alice)), {"role": "member", "sure": "on"})
    assert answer.status_code == 403


@pytest.mark.parametrize("role", ["", "king"])
def test_a_role_that_does_not_exist_is_refused(world: World, signed_in: Browser, role: str) -> None:
    assert signed_in(world.alice).post(path(world.member(world.bob)), {"role": role}).status_code == 422


def test_members_do_not_see_the_pages_of_others(world: World, signed_in: Browser) -> None:
    bob = world.member(world.bob)
    assert signed_in(world.bob).get(path(bob)).status_code == 403
    assert signed_in(world.charlie).get(path(bob)).status_code == 404


def test_a_member_of_another_team_is_not_found_here(world: World, signed_in: Browser) -> None:
    foreign = world.member(world.charlie, world.other_team)
    here = f"/teams/{world.team.public_id}/people/{foreign.public_id}/"
    assert signed_in(world.alice).get(here).status_code == 404


def test_a_guest_is_marked_in_words(world: World, signed_in: Browser) -> None:
    charlie = world.join(world.team, world.charlie)
    browser = signed_in(world.alice)
    page = browser.get(path(charlie)).content.decode()
    assert "The address is from outside the company of the owners." in page
    assert "from outside the company" not in browser.get(path(world.member(world.bob))).content.decode()
    members = browser.get(f"/teams/{world.team.public_id}/members/").content.decode()
    assert members.count("Guest</span>") == 1
