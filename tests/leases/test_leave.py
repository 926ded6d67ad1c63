"""Leaving a team: the person alone decides, and the last owner cannot."""

from dataclasses import replace

import pytest

from licet.kernel.actor import system
from licet.kernel.refusal import Missing
from licet.leases import offboarding
from licet.leases.models import Lease
from licet.seats.models import Seat
from licet.teams import actions as teams
from licet.teams.errors import LastOwnerStays
from licet.teams.models import Invitation, Team
from licet.teams.states import InvitationState, Role
from tests.gateway.conftest import stage
from tests.teams.shared import ask, told
from tests.world import World


def test_member_wants_out(world: World) -> None:
    """The row of the research: self-service, with the seats freed."""
    scene = stage(world)
    scene.machine().checkout(world.product.code)
    gone = offboarding.leave(member=world.member(world.bob), by=world.bob.actor(), now=world.now)
    assert gone.left_at == world.now
    assert not Seat.objects.held().exists()
    assert Lease.objects.get().end_reason == "left_team"
    assert told(world.team)[-1] == "member.left"
    assert not Team.objects.visible_to(world.bob.actor()).exists()


def test_an_administrators_invitations_are_withdrawn(world: World) -> None:
    ada = world.person("ada@atelier.example", "Ada")
    world.join(world.team, ada, role=Role.ADMIN)
    ask(world, by=ada)
    offboarding.leave(member=world.member(ada), by=ada.actor(), now=world.now)
    assert Invitation.objects.get(invited_by=ada).state == InvitationState.WITHDRAWN


def test_an_administrators_invitations_can_go_on_in_the_name_of_an_owner(world: World) -> None:
    ada = world.person("ada@atelier.example", "Ada")
    world.join(world.team, ada, role=Role.ADMIN)
    ask(world, by=ada)
    offboarding.leave(member=world.member(ada), hand_over=True, by=ada.actor(), now=world.now)
    kept = Invitation.objects.exclude(email=ada.email).get()
    assert (kept.state, kept.invited_by) == (InvitationState.SENT, world.alice)
    assert "invitation.taken_over" in told(world.team)


def test_the_only_owner_hands_over_first(world: World) -> None:
    own = world.member(world.alice)
    with pytest.raises(LastOwnerStays) as refused:
        offboarding.leave(member=own, by=world.alice.actor(), now=world.now)
    assert "Hand over first" in str(refused.value)
    offer = teams.offer_ownership(member=world.member(world.bob), by=world.alice.actor(), now=world.now)
    with pytest.raises(LastOwnerStays):
        offboarding.leave(member=own, by=world.alice.actor(), now=world.now)
    teams.accept(invitation=offer, by=world.bob.actor(), now=world.now)
    assert offboarding.leave(member=own, by=world.alice.actor(), now=world.now).left_at


def test_leaving_twice_is_harmless(world: World) -> None:
    member = world.member(world.bob)
    for _ in range(2):
        assert offboarding.leave(member=member, by=world.bob.actor(), now=world.now).left_at == world.now
    assert told(world.team).count("member.left") == 1


def test_nobody_leaves_for_somebody_else(world: World) -> None:
    for other in (world.alice.actor(), world.charlie.actor(), system(label="desk")):
        with pytest.raises(Missing):
            offboarding.leave(member=world.member(world.bob), by=other, now=world.now)


def test_an_application_does_not_leave_for_its_person(world: World) -> None:
    narrow = replace(world.bob.actor(), scopes=frozenset({"team.see"}))
    with pytest.raises(Missing):
        offboarding.leave(member=world.member(world.bob), by=narrow, now=world.now)
