"""What pages read: people, my teams, my invitations, links."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.signing import Signer
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licet.kernel.refusal import Missing
from licet.teams import queries
from licet.teams.errors import InvitationWasReplaced
from licet.teams.permissions import Permission
from licet.teams.states import Role, Standing
from tests.teams.shared import DORA, ask, asked
from tests.world import World


def test_people_lists_members_by_name_and_who_is_pending(world: World) -> None:
    bob, invitation = world.member(world.bob), asked(world, role=Role.ADMIN)
    people = queries.people(team=world.team, now=world.now)

    assert [(row.name, row.role) for row in people.members] == [
        ("Alice Martin", "owner"),
        ("Bob Keller", "member"),
    ]
    assert people.members[1].pk == bob.pk
    (pending,) = people.pending
    assert (pending.public_id, pending.email, pending.role) == (invitation.public_id, DORA, "admin")
    assert (pending.sent_at, pending.expires_at) == (world.now, world.now + timedelta(days=14))
    assert (pending.expired, pending.invited_by) == (False, "Alice Martin")


def test_people_marks_what_has_expired(world: World) -> None:
    asked(world)
    (pending,) = queries.people(team=world.team, now=world.now + timedelta(days=14)).pending
    assert pending.expired


def test_people_takes_two_statements_for_two_and_for_forty(world: World) -> None:
    counts = []
    for start in (1, 21):
        world.people(world.team, 20, start=start)
        ask(world, *(f"p{start}-{number}@elsewhere.example" for number in range(20)))
        with CaptureQueriesContext(
            connection,
        ) as statements:
            queries.people(team=world.team, now=world.now)
        counts.append(len(statements))
    assert counts == [2, 2]


def test_my_teams_come_with_my_role_and_their_size(world: World) -> None:
    world.member(world.bob)
    world.join(world.other_team, world.bob, role=Role.ADMIN)
    assert [(row.name, row.role, row.members) for row in queries.teams_of(actor=world.bob.actor())] == [
        ("Atelier Nord", "member", 2),
        ("Studio Stone", "admin", 2),
    ]
    assert queries.teams_of(actor=world.victor.actor()) == ()


def test_my_invitations_are_those_to_my_proven_addresses(world: World) -> None:
    asked(world)
    asked(world, world.charlie.email)
    assert [row.team_name for row in queries.invitations_for(actor=world.charlie.actor(), now=world.now)] == [
        "Atelier Nord"
    ]
    EmailAddress.objects.create(user=world.charlie, email=DORA, verified=False)
    assert len(queries.invitations_for(actor=world.charlie.actor(), now=world.now)) == 1
    EmailAddress.objects.filter(email=DORA).update(verified=True)
    assert len(queries.invitations_for(actor=world.charlie.actor(), now=world.now)) == 2


def test_an_expired_invitation_is_still_shown_to_its_addressee(world: World) -> None:
    asked(world, world.charlie.email)
    late = world.now + timedelta(days=14)
    (row,) = queries.invitations_for(actor=world.charlie.actor(), now=late)
    assert row.standing is Standing.EXPIRED


def test_a_link_opens_its_invitation(world: World) -> None:
    invitation = asked(world)
    assert queries.by_token(token=queries.token(invitation=invitation)) == invitation


def test_an_older_link_says_so(world: World) -> None:
    old = queries.token(invitation=asked(world))
    ask(world)
    with pytest.raises(InvitationWasReplaced):
        queries.by_token(token=old)


def test_a_link_that_we_did_not_sign_opens_nothing(world: World) -> None:
    invitation = asked(world)
    token = queries.token(invitation=invitation)
    foreign = Signer(salt="elsewhere", sep=".").sign(f"{invitation.public_id}.1")
    nobody = token.replace(invitation.public_id, "inv_0000000000000000")
    for forged in ("", "x", invitation.public_id, f"{invitation.public_id}.1", token[:-1], foreign, nobody):
        with pytest.raises(Missing):
            queries.by_token(token=forged)


def test_whoever_may_invite_is_found_owners_first(world: World) -> None:
    admin = world.person("ada@atelier.example")
    world.join(world.team, admin, role=Role.ADMIN)
    world.member(world.bob)
    assert queries.allowed(team=world.team, permission=Permission.INVITE_MEMBERS) == [world.alice, admin]
