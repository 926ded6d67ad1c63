"""My account: the ways into the teams."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licet.accounts.models import Person
from licet.teams import queries
from licet.teams.models import Invitation
from licet.teams.states import Role
from tests.teams.shared import ask
from tests.world import World

Browser = Callable[[Person], Client]


def test_who_has_no_team_is_told_what_to_do_first(world: World, signed_in: Browser) -> None:
    page = signed_in(world.charlie).get("/account/").content.decode()
    assert "You do not belong to a team yet" in page
    assert 'href="/teams/new/"' in page


def test_an_owner_finds_both_doors_to_the_grid(world: World, signed_in: Browser) -> None:
    team = world.team
    page = signed_in(world.alice).get("/account/").content.decode()
    assert f'href="/teams/{team.public_id}/subscriptions/"' in page
    assert f'href="/teams/{team.public_id}/members/"' in page


def test_a_member_finds_the_team_and_the_own_licenses_only(world: World, signed_in: Browser) -> None:
    world.seat(world.licenses().pool, world.member(world.bob))
    page = signed_in(world.bob).get("/account/").content.decode()
    assert "Atelier Nord" in page
    assert world.product.name in page
    assert f'href="/teams/{world.team.public_id}/members/"' not in page


def test_person_in_several_teams(world: World, signed_in: Browser) -> None:
    """The row of the research: one account, the licenses of every team on one page."""
    for team, product, by in (
        (world.team, world.product, world.alice),
        (world.other_team, world.other_product, world.charlie),
    ):
        member = world.member(world.bob) if team == world.team else world.join(team, world.bob)
        world.seat(world.licenses(team, product).pool, member, by=by)
    page = signed_in(world.bob).get("/account/").content.decode()
    for word in ("Atelier Nord", "Studio Stone", world.product.name, world.other_product.name):
        assert word in page
    assert "From the team Studio Stone" in page


def test_an_invitation_waits_where_one_looks_first(world: World, signed_in: Browser) -> None:
    ask(world, world.charlie.email, role=Role.ADMIN)
    page = signed_in(world.charlie).get("/account/").content.decode()
    assert "Alice Martin invites you as an administrator" in page
    assert queries.token(invitation=Invitation.objects.get()) in page


def test_the_page_takes_the_same_statements_for_one_team_and_for_ten(
    world: World, signed_in: Browser
) -> None:
    browser = signed_in(world.charlie)
    counts = []
    for number in range(10):
        world.found(f"Team {number}", owner=world.charlie)
        with CaptureQueriesContext(connection) as statements:
            browser.get("/account/")
        counts.append(len(statements))
    # the very first requests also write the session
    assert counts[3] == counts[9]
