"""Saying no, with or without an account."""

from datetime import timedelta

import pytest

from licet.kernel.actor import Actor, ActorKind
from licet.teams import actions as teams
from licet.teams import errors, policy
from licet.teams.models import Member
from tests.teams.shared import DORA, ask, asked, told
from tests.world import World


def test_the_invited_person_says_no(world: World) -> None:
    invitation, dora = asked(world), world.person(DORA)
    teams.decline(invitation=invitation, by=dora.actor(), now=world.now)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.decided_at) == ("declined", world.now)
    assert not Member.objects.filter(person=dora).exists()


def test_no_account_is_needed_to_say_no(world: World) -> None:
    invitation = asked(world)
    teams.decline(invitation=invitation, by=policy.holder(invitation=invitation), now=world.now)
    invitation.refresh_from_db()
    assert invitation.state == "declined"


def test_declining_twice_is_harmless(world: World) -> None:
    invitation, dora = asked(world), world.person(DORA)
    teams.decline(invitation=invitation, by=dora.actor(), now=world.now)
    teams.decline(invitation=invitation, by=dora.actor(), now=world.now)
    assert told(world.team).count("invitation.declined") == 1


def test_nobody_declines_for_somebody_else(world: World) -> None:
    for stranger in (world.charlie.actor(), Actor(kind=ActorKind.PERSON)):
        with pytest.raises(errors.InvitationNotYours):
            teams.decline(invitation=asked(world), by=stranger, now=world.now)


def test_what_was_accepted_cannot_be_declined(world: World) -> None:
    invitation, dora = asked(world), world.person(DORA)
    teams.accept(invitation=invitation, by=dora.actor(), now=world.now)
    with pytest.raises(errors.InvitationWasUsed):
        teams.decline(invitation=invitation, by=dora.actor(), now=world.now)


def test_what_was_withdrawn_cannot_be_declined(world: World) -> None:
    invitation, dora = asked(world), world.person(DORA)
    teams.withdraw(invitation=invitation, by=world.alice.actor(), now=world.now)
    with pytest.raises(errors.InvitationWasWithdrawn):
        teams.decline(invitation=invitation, by=dora.actor(), now=world.now)


def test_what_has_expired_cannot_be_declined(world: World) -> None:
    invitation, dora = asked(world), world.person(DORA)
    with pytest.raises(errors.InvitationHasExpired):
        teams.decline(invitation=invitation, by=dora.actor(), now=world.now + timedelta(days=14))


def test_an_older_link_says_that_there_is_a_newer_one(world: World) -> None:
    shown, dora = asked(world), world.person(DORA)
    ask(world)
    with pytest.raises(errors.InvitationWasReplaced):
        teams.decline(invitation=shown, by=dora.actor(), now=world.now)
