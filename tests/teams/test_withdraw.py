"""Taking an invitation back."""

from datetime import timedelta

import pytest

from licet.kernel.refusal import Forbidden, Missing
from licet.teams import actions as teams
from licet.teams import errors
from tests.teams.shared import DORA, asked, told
from tests.world import World


def test_an_administrator_takes_it_back(world: World) -> None:
    invitation = asked(world)
    teams.withdraw(invitation=invitation, by=world.alice.actor(), now=world.now)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.decided_at) == ("withdrawn", world.now)


def test_an_expired_one_can_be_taken_off_the_list(world: World) -> None:
    invitation = teams.withdraw(
        invitation=asked(world), by=world.alice.actor(), now=world.now + timedelta(days=20)
    )
    assert invitation.state == "withdrawn"


def test_withdrawing_twice_is_harmless(world: World) -> None:
    invitation = asked(world)
    for _ in range(2):
        teams.withdraw(invitation=invitation, by=world.alice.actor(), now=world.now)
    assert told(world.team).count("invitation.withdrawn") == 1


@pytest.mark.parametrize("verb", [teams.accept, teams.decline])
def test_what_was_answered_cannot_be_taken_back(world: World, verb) -> None:
    invitation, dora = asked(world), world.person(DORA)
    verb(invitation=invitation, by=dora.actor(), now=world.now)
    with pytest.raises(errors.InvitationIsDecided):
        teams.withdraw(invitation=invitation, by=world.alice.actor(), now=world.now)


def test_a_member_may_not(world: World) -> None:
    invitation = asked(world)
    with pytest.raises(Forbidden):
        teams.withdraw(invitation=invitation, by=world.bob.actor(), now=world.now)


def test_for_a_stranger_there_is_none(world: World) -> None:
    invitation = asked(world)
    with pytest.raises(Missing):
        teams.withdraw(invitation=invitation, by=world.charlie.actor(), now=world.now)
