"""Guests from other companies are marked, told by their addresses."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licet.accounts.models import Person
from licet.seats.queries import Row, Show, grid
from licet.teams import queries
from licet.teams.guests import companies, is_guest
from licet.teams.states import Role
from tests.world import World


@pytest.mark.parametrize(
    ("owners", "email", "guest"),
    [
        (["a@firm.example"], "b@firm.example", False),
        (["a@firm.example"], "b@FIRM.example", False),
        (["a@firm.example"], "b@paris.firm.example", False),
        (["a@firm.example"], "b@notfirm.example", True),
        (["a@firm.example"], "b@other.example", True),
        (["a@firm.example"], "b@gmail.com", True),
        (["a@firm.example", "b@other.example"], "c@other.example", False),
        (["a@gmail.com", "b@firm.example"], "c@firm.example", False),
        (["a@gmail.com"], "b@firm.example", False),
        (["a@gmail.com"], "b@gmail.com", False),
        (["a@gmail.com", "b@web.de"], "c@orange.fr", False),
    ],
)
def test_a_guest_is_who_has_an_address_of_another_company(owners: list[str], email: str, guest: bool) -> None:
    assert is_guest(email=email, companies=companies(owners=owners)) is guest


def test_the_lists_mark_guests_and_take_no_statement_more(world: World) -> None:
    world.member(world.bob)
    world.join(world.team, world.charlie)
    with CaptureQueriesContext(connection) as statements:
        people = queries.people(team=world.team, now=world.now)
    assert {each.name: each.guest for each in people.members} == {
        "Alice Martin": False,
        "Bob Keller": False,
        "Charlie Stone": True,
    }
    assert len(statements) == 2
    rows = grid(team=world.team, product=None, search="", show=Show.ALL, now=world.now).rows
    assert [each.name for each in rows if isinstance(each, Row) and each.guest] == ["Charlie Stone"]


def test_an_owner_is_never_a_guest_of_the_own_team(world: World) -> None:
    world.join(world.team, world.charlie, role=Role.OWNER)
    people = queries.people(team=world.team, now=world.now).members
    assert not any(each.guest for each in people)


def test_who_is_a_guest_follows_the_owners(world: World) -> None:
    member = world.join(world.team, world.charlie)
    assert queries.guest(member=member)
    Person.objects.filter(pk=world.alice.pk).update(email="alice@gmail.com")
    assert not queries.guest(member=member)
