"""Mailing a pending invitation again."""

from datetime import timedelta

import pytest

from licet.kernel.refusal import Forbidden, Missing
from licet.teams import actions as teams
from licet.teams import errors, queries
from licet.teams.states import Role
from tests.teams.shared import DORA, asked, told
from tests.world import World

LATER = timedelta(minutes=5)


def test_it_gets_a_new_link_and_a_new_term(world: World) -> None:
    invitation = asked(world, role=Role.ADMIN, message="Hello", language="de")
    old = queries.token(invitation=invitation)
    later = world.now + timedelta(days=20)
    again = teams.resend(invitation=invitation, by=world.alice.actor(), now=later)

    assert (again.version, again.sent_at, again.role) == (2, later, Role.ADMIN)
    assert (again.message, again.language) == ("Hello", "de")
    assert told(world.team)[-1] == "invitation.renewed"
    with pytest.raises(errors.InvitationWasReplaced):
        queries.by_token(token=old)
    assert queries.by_token(token=queries.token(invitation=again)) == again


def test_who_sends_it_again_answers_for_it(world: World) -> None:
    admin = world.person("ada@atelier.example")
    world.join(world.team, admin, role=Role.ADMIN)
    again = teams.resend(invitation=asked(world), by=admin.actor(), now=world.now + LATER)
    assert again.invited_by == admin


def test_not_within_five_minutes(world: World) -> None:
    with pytest.raises(errors.SentJustNow) as refused:
        teams.resend(
            invitation=asked(world), by=world.alice.actor(), now=world.now + LATER - timedelta(seconds=1)
        )
    assert "5 minutes" in str(refused.value)


def test_an_administrator_does_not_send_what_only_an_owner_may_grant(world: World) -> None:
    admin = world.person("ada@atelier.example")
    world.join(world.team, admin, role=Role.ADMIN)
    invitation = asked(world, role=Role.OWNER)
    with pytest.raises(errors.RoleAboveOwn):
        teams.resend(invitation=invitation, by=admin.actor(), now=world.now + LATER)


@pytest.mark.parametrize("verb", [teams.accept, teams.decline])
def test_what_was_answered_is_not_sent_again(world: World, verb) -> None:
    invitation, dora = asked(world), world.person(DORA)
    verb(invitation=invitation, by=dora.actor(), now=world.now)
    with pytest.raises(errors.InvitationIsDecided):
        teams.resend(invitation=invitation, by=world.alice.actor(), now=world.now + LATER)


def test_what_was_withdrawn_is_not_sent_again(world: World) -> None:
    invitation = asked(world)
    teams.withdraw(invitation=invitation, by=world.alice.actor(), now=world.now)
    with pytest.raises(errors.InvitationIsDecided):
        teams.resend(invitation=invitation, by=world.alice.actor(), now=world.now + LATER)


def test_a_member_may_not(world: World) -> None:
    invitation = asked(world)
    with pytest.raises(Forbidden):
        teams.resend(invitation=invitation, by=world.bob.actor(), now=world.now + LATER)


def test_for_a_stranger_there_is_none(world: World) -> None:
    invitation = asked(world)
    with pytest.raises(Missing):
        teams.resend(invitation=invitation, by=world.charlie.actor(), now=world.now + LATER)
