"""Two at the same moment, on both databases."""

import pytest

from licet.eventlog.models import Event
from licet.teams import actions as teams
from licet.teams.errors import InvitationIsDecided, InvitationWasWithdrawn, LastOwner, RoleAboveOwn
from licet.teams.models import Invitation, Member
from licet.teams.states import Role
from tests.races import together
from tests.teams.shared import DORA, asked
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]


def test_two_acceptances_of_one_invitation_make_one_member(world: World) -> None:
    invitation, dora = asked(world), world.person(DORA)
    outcomes = together([lambda: teams.accept(invitation=invitation, by=dora.actor(), now=world.now)] * 6)
    assert [each.raised for each in outcomes] == [None] * 6
    assert len({each.value.pk for each in outcomes}) == 1
    assert Member.objects.active().filter(team=world.team, person=dora).count() == 1
    assert Event.objects.filter(name="invitation.accepted").count() == 1


def test_two_administrators_inviting_one_address_make_one_invitation(world: World) -> None:
    admin = world.person("ada@atelier.example")
    world.join(world.team, admin, role=Role.ADMIN)

    def invite(by):
        return lambda: teams.invite(
            team=world.team, emails=[DORA], role=Role.MEMBER, message="", language="en",
            by=by.actor(), now=world.now,
        )  # fmt: skip

    outcomes = together([invite(world.alice), invite(admin)])
    assert sorted(each.value[0].outcome for each in outcomes) == ["invited", "renewed"]
    assert Invitation.objects.get(email=DORA).version == 2


def test_accepting_and_withdrawing_at_once_ends_one_way(world: World) -> None:
    invitation, dora = asked(world), world.person(DORA)
    accepted, withdrawn = together(
        [
            lambda: teams.accept(invitation=invitation, by=dora.actor(), now=world.now),
            lambda: teams.withdraw(invitation=invitation, by=world.alice.actor(), now=world.now),
        ]
    )
    joined = Member.objects.active().filter(team=world.team, person=dora).exists()
    if joined:
        assert isinstance(withdrawn.raised, InvitationIsDecided)
    else:
        assert isinstance(accepted.raised, InvitationWasWithdrawn)
        assert withdrawn.raised is None


def test_two_owners_stepping_back_at_once_leave_one(world: World) -> None:
    second = world.person("eve@atelier.example")
    world.join(world.team, second, role=Role.OWNER)

    def step_back(person):
        member = world.member(person)
        return lambda: teams.change_role(member=member, role=Role.MEMBER, by=person.actor(), now=world.now)

    outcomes = together([step_back(world.alice), step_back(second)])
    refused = [each.raised for each in outcomes if each.raised]
    assert [type(each) for each in refused] == [LastOwner]
    assert Member.objects.owners(world.team.pk).count() == 1


def test_an_administrator_dismissed_meanwhile_appoints_nobody(world: World) -> None:
    admin = world.person("ada@atelier.example")
    ada, bob = world.join(world.team, admin, role=Role.ADMIN), world.member(world.bob)
    dismissed, appointed = together(
        [
            lambda: teams.change_role(member=ada, role=Role.MEMBER, by=world.alice.actor(), now=world.now),
            lambda: teams.change_role(member=bob, role=Role.ADMIN, by=admin.actor(), now=world.now),
        ]
    )
    assert dismissed.raised is None
    events = list(Event.objects.filter(name="member.role_changed").order_by("position"))
    if appointed.raised is None:  # then it came first
        assert [event.facts["role"] for event in events] == ["admin", "member"]
    else:
        assert not isinstance(appointed.raised, RoleAboveOwn)
        assert [event.facts["role"] for event in events] == ["member"]
