"""Invitations as pages: the link, with and without an account, and the list of one's own."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from licet.accounts.models import Person
from licet.teams import actions as teams
from licet.teams import queries
from licet.teams.models import Invitation, Member
from licet.teams.states import Role
from tests.teams.shared import DORA, ask, asked
from tests.world import World

Browser = Callable[[Person], Client]


def path(invitation: Invitation, act: str = "") -> str:
    return f"/invitations/{queries.token(invitation=invitation)}/{act}"


def test_without_an_account_the_link_says_who_invites_to_what(world: World, client: Client) -> None:
    invitation = asked(world, role=Role.ADMIN, message="See you <b>soon</b>")
    page = client.get(path(invitation)).content.decode()
    assert "Join the team Atelier Nord?" in page
    assert f"Alice Martin invites {DORA}." in page
    assert "Invites people, changes roles" in page
    assert "See you &lt;b&gt;soon&lt;/b&gt;" in page
    assert f"/account/signup/?email=dora%40elsewhere.example&amp;next={path(invitation)}" in page
    assert f"/account/login/?next={path(invitation)}" in page


def test_the_page_does_not_tell_whether_the_address_has_an_account(world: World, client: Client) -> None:
    pages = []
    for email in ("with@elsewhere.example", "sans@elsewhere.example"):
        if email.startswith("with"):
            world.person(email)
        invitation = asked(world, email)
        page = client.get(path(invitation)).content.decode()
        token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        for own in (email, email.replace("@", "%40"), queries.token(invitation=invitation)):
            page = page.replace(own, "*")
        pages.append([line for line in page.splitlines() if "csrf" not in line.lower() and token not in line])
    assert pages[0] == pages[1]


def test_the_invited_person_accepts_with_one_click(world: World, signed_in: Browser) -> None:
    invitation, dora = asked(world), world.person(DORA)
    browser = signed_in(dora)
    assert path(invitation, "accept/") in browser.get(path(invitation)).content.decode()
    answer = browser.post(path(invitation, "accept/"), follow=True)
    assert answer.redirect_chain == [(f"/teams/{world.team.public_id}/", 302)]
    assert "Welcome to Atelier Nord." in answer.content.decode()


def test_accepting_twice_leads_to_the_team(world: World, signed_in: Browser) -> None:
    invitation, dora = asked(world), world.person(DORA)
    browser = signed_in(dora)
    for _ in range(2):
        assert browser.post(path(invitation, "accept/")).url == f"/teams/{world.team.public_id}/"
    assert "You belong to Atelier Nord" in browser.get(path(invitation)).content.decode()


def test_opening_the_link_accepts_nothing(world: World, signed_in: Browser) -> None:
    invitation, dora = asked(world), world.person(DORA)
    browser = signed_in(dora)
    browser.get(path(invitation))
    assert browser.get(path(invitation, "accept/")).status_code == 405
    assert not Member.objects.filter(person=dora).exists()


def test_another_account_is_told_whom_the_invitation_is_for(world: World, signed_in: Browser) -> None:
    invitation = asked(world)
    browser = signed_in(world.charlie)
    page = browser.get(path(invitation)).content.decode()
    assert f"This invitation is for {DORA}" in page
    assert "charlie@other.example" in page
    assert path(invitation, "accept/") not in page
    answer = browser.post(path(invitation, "accept/"))
    assert answer.status_code == 403
    assert DORA in answer.content.decode()


def test_accepting_without_an_account_leads_to_sign_in(world: World, client: Client) -> None:
    assert client.post(path(asked(world), "accept/")).url.startswith("/account/login/")


def test_no_account_is_needed_to_decline(world: World, client: Client) -> None:
    invitation = asked(world)
    page = client.post(path(invitation, "decline/"), follow=True).content.decode()
    assert "The invitation was declined" in page
    invitation.refresh_from_db()
    assert invitation.state == "declined"


def test_a_withdrawn_invitation_explains(world: World, client: Client) -> None:
    invitation = asked(world)
    teams.withdraw(invitation=invitation, by=world.alice.actor(), now=world.now)
    page = client.get(path(invitation)).content.decode()
    assert "This invitation was withdrawn" in page
    assert "ask/" not in page


def test_an_expired_invitation_offers_to_ask_for_a_new_one(world: World, client: Client) -> None:
    invitation = asked(world)
    with time_machine.travel(world.now + timedelta(days=14), tick=False):
        assert "This invitation has expired" in client.get(path(invitation)).content.decode()
        page = client.post(path(invitation, "ask/"), follow=True).content.decode()
        assert "The team was told" in page
        assert client.post(path(invitation, "ask/")).status_code == 409


def test_an_older_link_explains(world: World, client: Client) -> None:
    invitation = asked(world)
    old = path(invitation)
    ask(world)
    answer = client.get(old)
    assert answer.status_code == 410
    assert "A newer invitation replaced this one." in answer.content.decode()


def test_a_forged_link_opens_nothing(world: World, client: Client) -> None:
    invitation = asked(world)
    for forged in (invitation.public_id, f"{invitation.public_id}.1.x", "x" * 3000):
        assert client.get(f"/invitations/{forged}/").status_code == 404
    assert client.get("/invitations/%00/").status_code == 422


def test_an_invitation_of_somebody_who_left_the_role_explains(world: World, signed_in: Browser) -> None:
    admin = world.person("ada@atelier.example", "Ada")
    ada = world.join(world.team, admin, role=Role.ADMIN)
    invitation, dora = asked(world, by=admin), world.person(DORA)
    teams.change_role(member=ada, role=Role.MEMBER, by=world.alice.actor(), now=world.now)
    page = signed_in(dora).get(path(invitation)).content.decode()
    assert "This invitation is no longer valid" in page
    assert path(invitation, "ask/") in page


def test_my_invitations_are_listed(world: World, signed_in: Browser) -> None:
    browser = signed_in(world.charlie)
    assert "No invitation waits for you" in browser.get("/invitations/").content.decode()
    invitation = asked(world, world.charlie.email)
    assert path(invitation) in browser.get("/invitations/").content.decode()


@pytest.mark.parametrize("act", ["withdraw", "resend"])
def test_other_teams_invitations_are_out_of_reach(world: World, signed_in: Browser, act: str) -> None:
    foreign = asked(world)
    own = f"/teams/{world.other_team.public_id}/invitations/{foreign.public_id}/{act}/"
    theirs = f"/teams/{world.team.public_id}/invitations/{foreign.public_id}/{act}/"
    for target in (own, theirs):
        assert signed_in(world.charlie).post(target).status_code == 404


def test_an_administrator_withdraws_and_comes_back_to_the_grid(world: World, signed_in: Browser) -> None:
    invitation = asked(world)
    home = f"/teams/{world.team.public_id}"
    answer = signed_in(world.alice).post(
        f"{home}/invitations/{invitation.public_id}/withdraw/", {"next": f"{home}/subscriptions/"}
    )
    assert answer.url == f"{home}/subscriptions/"
    invitation.refresh_from_db()
    assert invitation.state == "withdrawn"


def test_nobody_is_led_to_another_site(world: World, signed_in: Browser) -> None:
    invitation = asked(world)
    home = f"/teams/{world.team.public_id}"
    answer = signed_in(world.alice).post(
        f"{home}/invitations/{invitation.public_id}/withdraw/", {"next": "https://elsewhere.example/"}
    )
    assert answer.url == f"{home}/members/"


def test_an_administrator_sends_again_but_not_at_once(world: World, signed_in: Browser) -> None:
    invitation = asked(world)
    target = f"/teams/{world.team.public_id}/invitations/{invitation.public_id}/resend/"
    answer = signed_in(world.alice).post(target)
    assert answer.status_code == 409
    assert "sent a moment ago" in answer.content.decode()
    with time_machine.travel(world.now + timedelta(minutes=5), tick=False):
        assert signed_in(world.alice).post(target).status_code == 302
    invitation.refresh_from_db()
    assert invitation.version == 2
