"""Joining a team: by consent, bound to the address, everything checked again."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from licet.eventlog.models import Event
from licet.kernel.actor import Actor, ActorKind
from licet.kernel.refusal import Forbidden
from licet.teams import actions as teams
from licet.teams import errors, policy
from licet.teams.models import Invitation, Member
from licet.teams.states import Role
from tests.teams.shared import DORA, ask, asked, told
from tests.world import World


def test_the_invited_person_joins_with_the_role(world: World) -> None:
    invitation, dora = asked(world, role=Role.ADMIN), world.person(DORA, "Dora")
    member = teams.accept(invitation=invitation, by=dora.actor(), now=world.now)

    assert (member.team, member.person, member.role) == (world.team, dora, Role.ADMIN)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.decided_at) == ("accepted", world.now)
    assert told(world.team)[-1] == "invitation.accepted"


def test_accepting_twice_is_harmless(world: World) -> None:
    invitation, dora = asked(world), world.person(DORA)
    first = teams.accept(invitation=invitation, by=dora.actor(), now=world.now)
    again = teams.accept(invitation=invitation, by=dora.actor(), now=world.now)
    assert again == first
    assert told(world.team).count("invitation.accepted") == 1


def test_any_verified_address_of_the_account_counts(world: World) -> None:
    EmailAddress.objects.create(user=world.charlie, email=DORA, verified=True)
    member = teams.accept(invitation=asked(world), by=world.charlie.actor(), now=world.now)
    assert member.person == world.charlie


def test_an_address_that_is_not_proven_does_not_count(world: World) -> None:
    EmailAddress.objects.create(user=world.charlie, email=DORA, verified=False)
    with pytest.raises(errors.InvitationNotYours) as refused:
        teams.accept(invitation=asked(world), by=world.charlie.actor(), now=world.now)
    assert DORA in str(refused.value)


def test_another_account_cannot_use_the_link(world: World) -> None:
    with pytest.raises(errors.InvitationNotYours):
        teams.accept(invitation=asked(world), by=world.charlie.actor(), now=world.now)
    assert not Member.objects.filter(team=world.team, person=world.charlie).exists()


def test_the_link_alone_does_not_join(world: World) -> None:
    invitation = asked(world)
    for nobody in (Actor(kind=ActorKind.PERSON), policy.holder(invitation=invitation)):
        with pytest.raises(Forbidden):
            teams.accept(invitation=invitation, by=nobody, now=world.now)


def test_it_can_be_accepted_until_its_last_moment_and_not_after(world: World) -> None:
    invitation, dora = asked(world), world.person(DORA)
    late = world.now + timedelta(days=14)
    with pytest.raises(errors.InvitationHasExpired):
        teams.accept(invitation=invitation, by=dora.actor(), now=late)
    teams.accept(invitation=invitation, by=dora.actor(), now=late - timedelta(seconds=1))


def test_a_withdrawn_invitation_says_so(world: World) -> None:
    invitation, dora = asked(world), world.person(DORA)
    teams.withdraw(invitation=invitation, by=world.alice.actor(), now=world.now)
    with pytest.raises(errors.InvitationWasWithdrawn):
        teams.accept(invitation=invitation, by=dora.actor(), now=world.now)


def test_a_declined_invitation_says_so(world: World) -> None:
    invitation, dora = asked(world), world.person(DORA)
    teams.decline(invitation=invitation, by=dora.actor(), now=world.now)
    with pytest.raises(errors.InvitationWasDeclined):
        teams.accept(invitation=invitation, by=dora.actor(), now=world.now)


def test_consent_is_to_what_was_shown(world: World) -> None:
    shown, dora = asked(world), world.person(DORA)
    ask(world, role=Role.ADMIN)
    with pytest.raises(errors.InvitationWasReplaced):
        teams.accept(invitation=shown, by=dora.actor(), now=world.now)


def test_it_works_once_and_does_not_let_back_in_who_has_left(world: World) -> None:
    invitation, dora = asked(world), world.person(DORA)
    member = teams.accept(invitation=invitation, by=dora.actor(), now=world.now)
    Member.objects.filter(pk=member.pk).update(left_at=world.now)
    with pytest.raises(errors.InvitationWasUsed):
        teams.accept(invitation=invitation, by=dora.actor(), now=world.now)


def test_an_invitation_of_somebody_who_lost_the_role_is_void(world: World) -> None:
    admin = world.person("ada@atelier.example")
    ada = world.join(world.team, admin, role=Role.ADMIN)
    invitation, dora = asked(world, by=admin, role=Role.ADMIN), world.person(DORA)
    teams.change_role(member=ada, role=Role.MEMBER, by=world.alice.actor(), now=world.now)
    with pytest.raises(errors.InviterMayNoLonger):
        teams.accept(invitation=invitation, by=dora.actor(), now=world.now)


def test_it_is_valid_again_once_somebody_else_sends_it(world: World) -> None:
    admin = world.person("ada@atelier.example")
    ada = world.join(world.team, admin, role=Role.ADMIN)
    asked(world, by=admin)
    teams.change_role(member=ada, role=Role.MEMBER, by=world.alice.actor(), now=world.now)
    dora = world.person(DORA)
    assert teams.accept(invitation=asked(world), by=dora.actor(), now=world.now).person == dora


def test_who_is_invited_under_two_addresses_is_one_member_with_the_higher_role(world: World) -> None:
    EmailAddress.objects.create(user=world.bob, email=DORA, verified=True)
    bob = world.member(world.bob)
    joined = teams.accept(invitation=asked(world, role=Role.ADMIN), by=world.bob.actor(), now=world.now)
    assert (joined.pk, joined.role) == (bob.pk, Role.ADMIN)
    assert Event.objects.filter(name="invitation.accepted").last().facts["before"] == "member"


def test_accepting_never_lowers_a_role(world: World) -> None:
    invitation = asked(world, role=Role.MEMBER)
    admin = world.person("ada@atelier.example")
    EmailAddress.objects.create(user=admin, email=DORA, verified=True)
    world.join(world.team, admin, role=Role.ADMIN)
    assert teams.accept(invitation=invitation, by=admin.actor(), now=world.now).role == Role.ADMIN


def test_who_has_left_and_is_asked_again_gets_a_new_membership(world: World) -> None:
    dora = world.person(DORA)
    first = world.join(world.team, dora)
    Member.objects.filter(pk=first.pk).update(left_at=world.now)
    again = world.join(world.team, dora)
    assert again.pk != first.pk
    assert Invitation.objects.filter(email=DORA).count() == 1
