"""Asking for a new invitation where the old one no longer works."""

from datetime import timedelta

import pytest

from licet.teams import actions as teams
from licet.teams import errors, policy
from licet.teams.states import Role
from tests.teams.shared import DORA, ask, asked, told
from tests.world import World

LATE = timedelta(days=14)


def test_the_team_is_told_that_a_new_one_is_wanted(world: World) -> None:
    invitation, dora = asked(world), world.person(DORA)
    teams.ask_again(invitation=invitation, by=dora.actor(), now=world.now + LATE)
    assert told(world.team)[-1] == "invitation.asked_for"


def test_no_account_is_needed_to_ask(world: World) -> None:
    invitation = asked(world)
    holder = policy.holder(invitation=invitation)
    assert teams.ask_again(invitation=invitation, by=holder, now=world.now + LATE).asked_at is not None


def test_once_a_day(world: World) -> None:
    invitation, late = asked(world), world.now + LATE
    holder = policy.holder(invitation=invitation)
    teams.ask_again(invitation=invitation, by=holder, now=late)
    with pytest.raises(errors.AskedAlready):
        teams.ask_again(invitation=invitation, by=holder, now=late + timedelta(hours=23))
    teams.ask_again(invitation=invitation, by=holder, now=late + timedelta(days=1))


def test_a_renewed_invitation_forgets_that_it_was_asked_for(world: World) -> None:
    invitation, late = asked(world), world.now + LATE
    teams.ask_again(invitation=invitation, by=policy.holder(invitation=invitation), now=late)
    ask(world)
    invitation.refresh_from_db()
    assert invitation.asked_at is None


def test_while_it_works_there_is_nothing_to_ask(world: World) -> None:
    invitation = asked(world)
    with pytest.raises(errors.InvitationStillOpen):
        teams.ask_again(invitation=invitation, by=policy.holder(invitation=invitation), now=world.now)


def test_whoever_declined_can_change_his_mind(world: World) -> None:
    invitation, dora = asked(world), world.person(DORA)
    teams.decline(invitation=invitation, by=dora.actor(), now=world.now)
    assert teams.ask_again(invitation=invitation, by=dora.actor(), now=world.now).asked_at == world.now


def test_one_whose_sender_lost_the_role_can_be_asked_for_anew(world: World) -> None:
    admin = world.person("ada@atelier.example")
    ada = world.join(world.team, admin, role=Role.ADMIN)
    invitation = asked(world, by=admin)
    teams.change_role(member=ada, role=Role.MEMBER, by=world.alice.actor(), now=world.now)
    holder = policy.holder(invitation=invitation)
    assert teams.ask_again(invitation=invitation, by=holder, now=world.now).asked_at == world.now


def test_a_team_that_has_withdrawn_is_not_asked(world: World) -> None:
    invitation = asked(world)
    teams.withdraw(invitation=invitation, by=world.alice.actor(), now=world.now)
    with pytest.raises(errors.InvitationWasWithdrawn):
        teams.ask_again(invitation=invitation, by=policy.holder(invitation=invitation), now=world.now)


def test_an_accepted_one_is_not_asked_for(world: World) -> None:
    invitation, dora = asked(world), world.person(DORA)
    teams.accept(invitation=invitation, by=dora.actor(), now=world.now)
    with pytest.raises(errors.InvitationWasUsed):
        teams.ask_again(invitation=invitation, by=dora.actor(), now=world.now)


def test_nobody_asks_for_somebody_else(world: World) -> None:
    invitation = asked(world)
    with pytest.raises(errors.InvitationNotYours):
        teams.ask_again(invitation=invitation, by=world.charlie.actor(), now=world.now + LATE)
