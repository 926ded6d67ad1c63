"""Leaving and being removed: shown first, then done."""

import re
from collections.abc import Callable

from django.test import Client

from licet.accounts.models import Person
from licet.seats.models import Seat
from licet.teams import actions as teams
from licet.teams.models import Invitation, Member
from licet.teams.states import InvitationState, Role
from tests.gateway.conftest import stage
from tests.teams.shared import DORA, ask
from tests.world import World

Browser = Callable[[Person], Client]


def remove_path(member: Member) -> str:
    return f"/teams/{member.team.public_id}/people/{member.public_id}/remove/"


def leave_path(world: World) -> str:
    return f"/teams/{world.team.public_id}/leave/"


def test_the_page_names_what_ends_before_it_is_done(world: World, signed_in: Browser) -> None:
    scene = stage(world)
    scene.machine().checkout(world.product.code)
    bob, browser = world.member(world.bob), signed_in(world.alice)
    assert remove_path(bob) in browser.get(remove_path(bob).removesuffix("remove/")).content.decode()
    page = browser.get(remove_path(bob)).content.decode()
    assert "Remove Bob Keller from Atelier Nord?" in page
    assert world.product.name in page
    assert "Devices in use" in page
    assert Seat.objects.held().count() == 1

    answer = browser.post(remove_path(bob), {}, follow=True)
    assert answer.redirect_chain == [(f"/teams/{world.team.public_id}/members/", 302)]
    assert "Bob Keller no longer belongs to the team." in answer.content.decode()
    assert Seat.objects.held().count() == 0


def test_open_invitations_are_asked_about(world: World, signed_in: Browser) -> None:
    ada = world.person("ada@atelier.example", "Ada")
    member = world.join(world.team, ada, role=Role.ADMIN)
    ask(world, by=ada)
    browser = signed_in(world.alice)
    page = browser.get(remove_path(member)).content.decode()
    assert DORA in page
    assert "They go on in my name" in page
    browser.post(remove_path(member), {"invitations": "take_over"})
    invitation = Invitation.objects.get(email=DORA)
    assert (invitation.invited_by, invitation.state) == (world.alice, InvitationState.SENT)


def test_a_choice_that_does_not_exist_removes_nobody(world: World, signed_in: Browser) -> None:
    bob = world.member(world.bob)
    answer = signed_in(world.alice).post(remove_path(bob), {"invitations": "eat"})
    assert answer.status_code == 422
    assert world.member(world.bob)


def test_removing_oneself_is_leaving(world: World, signed_in: Browser) -> None:
    own = world.member(world.alice)
    answer = signed_in(world.alice).get(remove_path(own))
    assert answer["Location"] == leave_path(world)


def test_an_administrator_is_told_that_only_owners_remove_owners(world: World, signed_in: Browser) -> None:
    ada = world.person("ada@atelier.example", "Ada")
    world.join(world.team, ada, role=Role.ADMIN)
    own = world.member(world.alice)
    assert "Only an owner can remove an owner." in signed_in(ada).get(remove_path(own)).content.decode()
    assert signed_in(ada).post(remove_path(own), {}).status_code == 403


def test_a_member_finds_the_way_out(world: World, signed_in: Browser) -> None:
    world.seat(world.licenses().pool, world.member(world.bob))
    browser = signed_in(world.bob)
    assert leave_path(world) in browser.get(f"/teams/{world.team.public_id}/").content.decode()
    assert leave_path(world) in browser.get("/account/").content.decode()
    page = browser.get(leave_path(world)).content.decode()
    assert "Leave Atelier Nord?" in page
    assert world.product.name in page
    answer = browser.post(leave_path(world), follow=True)
    assert answer.redirect_chain == [("/account/", 302)]
    assert "You left the team Atelier Nord." in answer.content.decode()
    assert browser.get(f"/teams/{world.team.public_id}/").status_code == 404


def test_the_only_owner_is_shown_what_to_do_instead(world: World, signed_in: Browser) -> None:
    world.member(world.bob)
    browser = signed_in(world.alice)
    page = browser.get(leave_path(world)).content.decode()
    assert "You are the only owner" in page
    assert "Choose a new owner" in page
    assert "Leave the team" not in page
    assert browser.post(leave_path(world)).status_code == 422


def test_the_only_owner_sees_who_was_asked_already(world: World, signed_in: Browser) -> None:
    bob = world.member(world.bob)
    teams.offer_ownership(member=bob, hand_over=True, by=world.alice.actor(), now=world.now)
    page = signed_in(world.alice).get(leave_path(world)).content.decode()
    assert "Bob Keller was asked to become an owner" in page


def test_who_is_alone_is_told_to_archive(world: World, signed_in: Browser) -> None:
    page = signed_in(world.alice).get(leave_path(world)).content.decode()
    assert "nobody else belongs to this one" in page


def test_strangers_do_not_learn_of_the_team(world: World, signed_in: Browser) -> None:
    bob = world.member(world.bob)
    assert signed_in(world.charlie).get(leave_path(world)).status_code == 404
    assert signed_in(world.charlie).post(remove_path(bob)).status_code == 404
    assert signed_in(world.bob).get(remove_path(world.member(world.alice))).status_code == 403


def test_who_leaves_is_asked_what_becomes_of_the_own_invitations(world: World, signed_in: Browser) -> None:
    ada = world.person("ada@atelier.example", "Ada")
    world.join(world.team, ada, role=Role.ADMIN)
    there = leave_path(world)
    browser = signed_in(ada)
    assert "Your open invitations" not in browser.get(there).text
    ask(world, by=ada)
    page = browser.get(there).text
    assert "They go on in the name of an owner of the team" in page
    assert re.search(r'value="withdraw"[^>]* checked', page)
    browser.post(there, {"invitations": "take_over"})
    assert Invitation.objects.pending().get(team=world.team).invited_by == world.alice
