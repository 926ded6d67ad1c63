"""Changing a member's role: nobody above the own one, never without an owner."""

import pytest
from django.utils import translation

from licet.accounts.models import Person
from licet.eventlog.models import Event
from licet.kernel.actor import system
from licet.kernel.refusal import Forbidden, Missing
from licet.teams import actions as teams
from licet.teams import errors
from licet.teams.models import Member
from licet.teams.states import Role
from tests.teams.shared import told
from tests.world import World


@pytest.fixture
def ada(world: World) -> Person:
    """An administrator of the team."""
    person = world.person("ada@atelier.example", "Ada")
    world.join(world.team, person, role=Role.ADMIN)
    return person


def test_an_owner_appoints_an_administrator(world: World) -> None:
    bob = world.member(world.bob)
    teams.change_role(member=bob, role=Role.ADMIN, by=world.alice.actor(), now=world.now)
    bob.refresh_from_db()
    assert bob.role == Role.ADMIN
    assert Event.objects.get(name="member.role_changed").facts == {
        "member": bob.pk, "before": "member", "role": "admin",
    }  # fmt: skip


def test_the_log_says_roles_in_the_words_of_the_pages(world: World) -> None:
    teams.change_role(member=world.member(world.bob), role=Role.ADMIN, by=world.alice.actor(), now=world.now)
    with translation.override("en"):
        told_as = Event.objects.get(name="member.role_changed").sentence()
    assert told_as == "Alice Martin changed the role of Bob Keller from Member to Administrator."


def test_an_administrator_appoints_and_dismisses_administrators(world: World, ada: Person) -> None:
    bob = world.member(world.bob)
    assert teams.change_role(member=bob, role=Role.ADMIN, by=ada.actor(), now=world.now).role == "admin"
    assert teams.change_role(member=bob, role=Role.MEMBER, by=ada.actor(), now=world.now).role == "member"


def test_an_administrator_may_step_back(world: World, ada: Person) -> None:
    own = world.member(ada)
    assert teams.change_role(member=own, role=Role.MEMBER, by=ada.actor(), now=world.now).role == "member"
    with pytest.raises(Forbidden):
        teams.change_role(member=own, role=Role.ADMIN, by=ada.actor(), now=world.now)


def test_the_role_that_is_there_changes_nothing(world: World) -> None:
    bob = world.member(world.bob)
    teams.change_role(member=bob, role=Role.MEMBER, by=world.alice.actor(), now=world.now)
    assert "member.role_changed" not in told(world.team)


@pytest.mark.parametrize("by", ["alice", "ada"])
def test_nobody_is_made_owner_without_consent(world: World, ada: Person, by: str) -> None:
    actor = (world.alice if by == "alice" else ada).actor()
    with pytest.raises(errors.OwnershipNeedsConsent):
        teams.change_role(member=world.member(world.bob), role=Role.OWNER, by=actor, now=world.now)


def test_an_administrator_does_not_dismiss_an_owner(world: World, ada: Person) -> None:
    with pytest.raises(errors.RoleAboveOwn):
        teams.change_role(member=world.member(world.alice), role=Role.MEMBER, by=ada.actor(), now=world.now)


def test_the_last_owner_stays(world: World) -> None:
    own = world.member(world.alice)
    with pytest.raises(errors.LastOwner):
        teams.change_role(member=own, role=Role.ADMIN, by=world.alice.actor(), now=world.now)
    own.refresh_from_db()
    assert own.role == Role.OWNER


def test_an_owner_who_cannot_sign_in_is_no_other_owner(world: World) -> None:
    gone = world.person("gone@atelier.example")
    world.join(world.team, gone, role=Role.OWNER)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    with pytest.raises(errors.LastOwner):
        teams.change_role(
            member=world.member(world.alice), role=Role.ADMIN, by=world.alice.actor(), now=world.now
        )


def test_one_of_two_owners_may_step_back(world: World) -> None:
    second = world.person("eve@atelier.example")
    world.join(world.team, second, role=Role.OWNER)
    own = world.member(world.alice)
    assert (
        teams.change_role(member=own, role=Role.ADMIN, by=world.alice.actor(), now=world.now).role == "admin"
    )


def test_a_member_may_not(world: World) -> None:
    with pytest.raises(Forbidden):
        teams.change_role(
            member=world.member(world.bob), role=Role.ADMIN, by=world.bob.actor(), now=world.now
        )


def test_for_a_stranger_there_is_no_such_team(world: World) -> None:
    with pytest.raises(Missing):
        teams.change_role(
            member=world.member(world.bob), role=Role.ADMIN, by=world.charlie.actor(), now=world.now
        )


def test_who_has_left_has_no_role(world: World) -> None:
    bob = world.member(world.bob)
    Member.objects.filter(pk=bob.pk).update(left_at=world.now)
    with pytest.raises(Missing):
        teams.change_role(member=bob, role=Role.ADMIN, by=world.alice.actor(), now=world.now)


def test_an_operator_may_help_a_team(world: World) -> None:
    bob = world.member(world.bob)
    operator = system(label="recovery")
    assert teams.change_role(member=bob, role=Role.ADMIN, by=operator, now=world.now).role == "admin"
