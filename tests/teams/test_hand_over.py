"""Ownership transfer: by acceptance, expiring, to be taken back; the former owner steps back if asked."""

from datetime import timedelta

import pytest

from licet.eventlog.models import Event
from licet.leases import offboarding
from licet.teams import actions as teams
from licet.teams import errors, queries
from licet.teams.models import Invitation, Member
from licet.teams.states import Role
from tests.teams.shared import ask, told
from tests.world import World


def offer(world: World, *, hand_over: bool = True) -> Invitation:
    return teams.offer_ownership(
        member=world.member(world.bob), hand_over=hand_over, by=world.alice.actor(), now=world.now
    )


def test_ownership_transfer(world: World) -> None:
    """The row of the research: the former owner becomes administrator at the moment of acceptance."""
    offered = offer(world)
    assert world.member(world.alice).role == Role.OWNER
    teams.accept(invitation=offered, by=world.bob.actor(), now=world.now)
    assert world.member(world.bob).role == Role.OWNER
    assert world.member(world.alice).role == Role.ADMIN
    assert told(world.team)[-2:] == ["ownership.handed_over", "invitation.accepted"]
    assert Event.objects.get(name="ownership.handed_over").sentence() == (
        "Alice Martin handed the ownership over, and has the role Administrator now."
    )


def test_without_being_asked_nobody_steps_back(world: World) -> None:
    teams.accept(invitation=offer(world, hand_over=False), by=world.bob.actor(), now=world.now)
    assert Member.objects.owners(world.team.pk).count() == 2


def test_a_declined_expired_or_withdrawn_offer_changes_nobody(world: World) -> None:
    teams.decline(invitation=offer(world), by=world.bob.actor(), now=world.now)
    with pytest.raises(errors.InvitationHasExpired):
        teams.accept(invitation=offer(world), by=world.bob.actor(), now=world.now + timedelta(days=14))
    offered = offer(world)
    teams.withdraw(invitation=offered, by=world.alice.actor(), now=world.now)
    offered.refresh_from_db()
    with pytest.raises(errors.InvitationWasWithdrawn):
        teams.accept(invitation=offered, by=world.bob.actor(), now=world.now)
    assert list(Member.objects.owners(world.team.pk)) == [world.member(world.alice)]


def test_the_former_owner_is_not_lowered_further_by_a_second_offer(world: World) -> None:
    eve = world.people(world.team, 1)[0]
    second = teams.offer_ownership(member=eve, hand_over=True, by=world.alice.actor(), now=world.now)
    teams.accept(invitation=offer(world), by=world.bob.actor(), now=world.now)
    with pytest.raises(errors.InviterMayNoLonger):
        teams.accept(invitation=second, by=eve.person.actor(), now=world.now)
    assert world.member(world.alice).role == Role.ADMIN


def test_a_later_invitation_to_the_address_hands_nothing_over(world: World) -> None:
    offered = offer(world)
    teams.decline(invitation=offered, by=world.bob.actor(), now=world.now)
    Member.objects.filter(person=world.bob).update(left_at=world.now)
    ask(world, world.bob.email)
    again = Invitation.objects.get(email=world.bob.email)
    assert not again.hands_over
    teams.accept(invitation=again, by=world.bob.actor(), now=world.now)
    assert world.member(world.alice).role == Role.OWNER


def test_an_offer_that_is_sent_again_still_hands_over(world: World) -> None:
    again = teams.resend(
        invitation=offer(world), by=world.alice.actor(), now=world.now + timedelta(minutes=6)
    )
    assert again.hands_over


def test_another_owner_who_goes_on_with_the_offer_does_not_step_back(world: World) -> None:
    eve = world.person("eve@atelier.example", "Eve")
    world.join(world.team, eve, role=Role.OWNER)
    again = teams.resend(invitation=offer(world), by=eve.actor(), now=world.now + timedelta(minutes=6))
    assert not again.hands_over
    offered = offer(world)
    offboarding.remove(member=world.member(world.alice), take_over=True, by=eve.actor(), now=world.now)
    offered.refresh_from_db()
    assert (offered.invited_by, offered.hands_over) == (eve, False)
    teams.accept(invitation=offered, by=world.bob.actor(), now=world.now)
    assert world.member(eve).role == world.member(world.bob).role == Role.OWNER


def test_a_second_owner_is_suggested_to_one_alone_for_three(world: World) -> None:
    world.member(world.bob)
    assert not queries.succession(team=world.team, now=world.now).wants_second_owner
    world.people(world.team, 1)
    assert queries.succession(team=world.team, now=world.now).wants_second_owner
    offer(world)
    asked = queries.succession(team=world.team, now=world.now)
    assert not asked.wants_second_owner
    assert [(each.name, each.hands_over) for each in asked.offers] == [("Bob Keller", True)]
    assert queries.succession(team=world.team, now=world.now + timedelta(days=14)).wants_second_owner
