"""Handing over a team: offered by an owner, taken by acceptance."""

import pytest

from licet.kernel.refusal import Forbidden, Missing
from licet.teams import actions as teams
from licet.teams import errors, queries
from licet.teams.models import Invitation, Member
from licet.teams.states import Role
from tests.teams.shared import ask, told
from tests.world import World


def test_a_member_becomes_owner_by_accepting(world: World) -> None:
    bob = world.member(world.bob)
    offer = teams.offer_ownership(member=bob, by=world.alice.actor(), now=world.now)
    bob.refresh_from_db()
    assert bob.role == Role.MEMBER
    assert queries.offered_ownership(member=bob, now=world.now) == offer

    assert teams.accept(invitation=offer, by=world.bob.actor(), now=world.now).pk == bob.pk
    bob.refresh_from_db()
    assert bob.role == Role.OWNER
    assert world.member(world.alice).role == Role.OWNER
    assert told(world.team)[-2:] == ["ownership.offered", "invitation.accepted"]


def test_accepting_the_offer_twice_is_harmless(world: World) -> None:
    offer = teams.offer_ownership(member=world.member(world.bob), by=world.alice.actor(), now=world.now)
    for _ in range(2):
        assert teams.accept(invitation=offer, by=world.bob.actor(), now=world.now).role == Role.OWNER


def test_the_offer_is_no_second_row_among_the_people(world: World) -> None:
    teams.offer_ownership(member=world.member(world.bob), by=world.alice.actor(), now=world.now)
    people = queries.people(team=world.team, now=world.now)
    assert (len(people.members), people.pending) == (2, ())


def test_a_declined_offer_changes_nothing(world: World) -> None:
    offer = teams.offer_ownership(member=world.member(world.bob), by=world.alice.actor(), now=world.now)
    teams.decline(invitation=offer, by=world.bob.actor(), now=world.now)
    assert world.member(world.bob).role == Role.MEMBER
    assert queries.offered_ownership(member=world.member(world.bob), now=world.now) is None


def test_an_administrator_cannot_offer_it(world: World) -> None:
    admin = world.person("ada@atelier.example")
    world.join(world.team, admin, role=Role.ADMIN)
    with pytest.raises(errors.RoleAboveOwn):
        teams.offer_ownership(member=world.member(world.bob), by=admin.actor(), now=world.now)


def test_a_member_cannot_offer_it(world: World) -> None:
    with pytest.raises(Forbidden):
        teams.offer_ownership(member=world.member(world.bob), by=world.bob.actor(), now=world.now)


def test_an_owner_is_not_offered_what_he_has(world: World) -> None:
    with pytest.raises(errors.AlreadyOwner):
        teams.offer_ownership(member=world.member(world.alice), by=world.alice.actor(), now=world.now)


def test_who_has_left_is_not_offered_it(world: World) -> None:
    bob = world.member(world.bob)
    Member.objects.filter(pk=bob.pk).update(left_at=world.now)
    with pytest.raises(Missing):
        teams.offer_ownership(member=bob, by=world.alice.actor(), now=world.now)


def test_inviting_a_member_does_not_touch_the_offer(world: World) -> None:
    teams.offer_ownership(member=world.member(world.bob), by=world.alice.actor(), now=world.now)
    assert ask(world, world.bob.email) == [(world.bob.email, "already_member")]
    assert Invitation.objects.get(email=world.bob.email).role == Role.OWNER
