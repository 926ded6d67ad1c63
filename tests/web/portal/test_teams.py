"""A team's own pages: made, shown, renamed."""

from collections.abc import Callable

import pytest
from django.test import Client

from licet.accounts.models import Person
from licet.teams.models import Team
from tests.teams.shared import ask
from tests.world import World

Browser = Callable[[Person], Client]


def test_a_team_is_made_and_opened(world: World, signed_in: Browser) -> None:
    answer = signed_in(world.charlie).post("/teams/new/", {"name": "Studio Stone"}, follow=True)
    team = Team.objects.get()
    assert answer.redirect_chain == [(f"/teams/{team.public_id}/", 302)]
    assert "The team Studio Stone is ready." in answer.content.decode()


@pytest.mark.parametrize("name", ["", "   ", "a\u202eb", "x" * 121])
def test_a_name_that_does_not_do_is_said_at_its_field(world: World, signed_in: Browser, name: str) -> None:
    answer = signed_in(world.charlie).post("/teams/new/", {"name": name})
    assert answer.status_code == 422
    assert answer.context["form"].errors["name"]
    assert not Team.objects.exists()


def test_administrators_see_people_and_licenses(world: World, signed_in: Browser) -> None:
    world.licenses(seats=7)
    ask(world)
    page = signed_in(world.alice).get(f"/teams/{world.team.public_id}/").content.decode()
    assert "0 of 7 licenses assigned" in page
    assert world.product.name in page
    assert f"/teams/{world.team.public_id}/invite/" in page


def test_members_see_their_own_and_whom_to_ask(world: World, signed_in: Browser) -> None:
    world.member(world.bob)
    world.licenses(seats=7)
    page = signed_in(world.bob).get(f"/teams/{world.team.public_id}/").content.decode()
    assert "alice@atelier.example" in page
    assert "You hold no license of this team yet." in page
    assert "/invite/" not in page
    assert "of 7 licenses" not in page


def test_the_side_leads_members_only_where_they_may_go(world: World, signed_in: Browser) -> None:
    world.member(world.bob)
    page = signed_in(world.bob).get(f"/teams/{world.team.public_id}/").content.decode()
    for forbidden in ("members", "settings", "subscriptions"):
        assert f'href="/teams/{world.team.public_id}/{forbidden}/"' not in page
    page = signed_in(world.alice).get(f"/teams/{world.team.public_id}/").content.decode()
    for allowed in ("members", "settings"):
        assert f'href="/teams/{world.team.public_id}/{allowed}/"' in page


def test_strangers_do_not_learn_that_it_exists(world: World, signed_in: Browser) -> None:
    for page in ("", "settings/", "invite/"):
        assert signed_in(world.charlie).get(f"/teams/{world.team.public_id}/{page}").status_code == 404


def test_an_administrator_renames_it(world: World, signed_in: Browser) -> None:
    path = f"/teams/{world.team.public_id}/settings/"
    browser = signed_in(world.alice)
    assert 'value="Atelier Nord"' in browser.get(path).content.decode()
    assert (
        "The team is called Nord now." in browser.post(path, {"name": "Nord"}, follow=True).content.decode()
    )


def test_a_member_does_not(world: World, signed_in: Browser) -> None:
    world.member(world.bob)
    assert signed_in(world.bob).get(f"/teams/{world.team.public_id}/settings/").status_code == 403


def test_the_switcher_lists_every_team_and_marks_this_one(world: World, signed_in: Browser) -> None:
    assert world.team
    world.join(world.other_team, world.alice)
    page = signed_in(world.alice).get(f"/teams/{world.other_team.public_id}/").content.decode()
    assert f'href="/teams/{world.team.public_id}/"' in page
    assert f'href="/teams/{world.other_team.public_id}/" aria-current="true"' in page
