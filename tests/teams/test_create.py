"""Making a team: by hand, or as a step of a first purchase."""

import pytest

from licet.eventlog.change import change
from licet.eventlog.models import Event
from licet.kernel.actor import Actor, ActorKind, system
from licet.kernel.refusal import Forbidden
from licet.teams import actions as teams
from licet.teams.errors import TeamNameNeeded, TeamNameTooLong
from licet.teams.models import Member, Team
from licet.teams.states import Role
from tests.world import World


def test_whoever_creates_a_team_owns_it(world: World) -> None:
    team = teams.create(name="Atelier Nord", by=world.alice.actor(), now=world.now)

    member = Member.objects.active().get(team=team)
    assert (member.person, member.role, member.joined_at) == (world.alice, Role.OWNER, world.now)
    assert team.created_at == world.now
    assert list(Event.objects.filter(team=team.pk).values_list("name", flat=True)) == ["team.created"]


def test_a_person_may_have_several_teams_of_the_same_name(world: World) -> None:
    first, second = (teams.create(name="Studio", by=world.alice.actor(), now=world.now) for _ in range(2))
    assert first.public_id != second.public_id


def test_surplus_blanks_of_the_name_go(world: World) -> None:
    team = teams.create(name="  Atelier \n Nord ", by=world.alice.actor(), now=world.now)
    assert team.name == "Atelier Nord"


@pytest.mark.parametrize("name", ["", "   ", "a\u202eb", "null\x00byte"])
def test_a_name_that_shows_nothing_is_refused(world: World, name: str) -> None:
    with pytest.raises(TeamNameNeeded):
        teams.create(name=name, by=world.alice.actor(), now=world.now)
    assert not Team.objects.exists()


def test_a_name_longer_than_its_place_is_refused(world: World) -> None:
    teams.create(name="x" * 120, by=world.alice.actor(), now=world.now)
    with pytest.raises(TeamNameTooLong):
        teams.create(name="x" * 121, by=world.alice.actor(), now=world.now)


@pytest.mark.parametrize("nobody", [Actor(kind=ActorKind.PERSON), system(label="worker")])
def test_only_a_person_can_own_a_team(world: World, nobody: Actor) -> None:
    with pytest.raises(Forbidden):
        teams.create(name="Atelier", by=nobody, now=world.now)


def test_a_larger_change_can_found_a_team_for_its_person(world: World) -> None:
    with change(by=system(label="shop"), now=world.now) as record:
        team = teams.found(name="Atelier", owner=world.alice, record=record)
    assert world.member(world.alice, team).role == Role.OWNER
