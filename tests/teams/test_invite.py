"""Asking addresses to join: one result for each, nobody is let in without consent."""

from datetime import timedelta

import pytest

from licet.eventlog.models import Event
from licet.kernel.actor import system
from licet.kernel.refusal import Forbidden, Missing
from licet.teams import actions as teams
from licet.teams import errors
from licet.teams.models import Invitation, Member
from licet.teams.states import InvitationState, Role
from tests.teams.shared import DORA, ask, asked, told
from tests.world import World


def test_an_address_is_asked_to_join_with_a_role(world: World) -> None:
    assert ask(world, " Dora@Elsewhere.Example ", message=" Welcome! ", language="fr") == [(DORA, "invited")]

    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.state) == (DORA, "member", "sent")
    assert (invitation.message, invitation.language, invitation.version) == ("Welcome!", "fr", 1)
    assert (invitation.invited_by, invitation.sent_at) == (world.alice, world.now)
    assert told(world.team) == ["team.created", "invitation.sent"]


def test_whoever_has_an_account_is_asked_like_everybody_else(world: World) -> None:
    assert ask(world, world.charlie.email) == [(world.charlie.email, "invited")]
    assert not Member.objects.active().filter(team=world.team, person=world.charlie).exists()


def test_every_address_of_a_list_gets_its_own_result(world: World) -> None:
    asked(world, "pending@elsewhere.example")
    assert ask(
        world,
        DORA,
        "pending@elsewhere.example",
        world.bob.email,
        "ALICE@atelier.example",
        "not-an-address",
        "x" * 250 + "@long.example",
        DORA.upper(),
    ) == [
        (DORA, "invited"),
        ("pending@elsewhere.example", "renewed"),
        (world.bob.email, "already_member"),
        ("alice@atelier.example", "oneself"),
        ("not-an-address", "invalid"),
        ("x" * 250 + "@long.example", "invalid"),
    ]


def test_a_list_of_which_nobody_can_be_asked_leaves_no_trace(world: World) -> None:
    assert ask(world, "not-an-address", "alice@atelier.example") == [
        ("not-an-address", "invalid"),
        ("alice@atelier.example", "oneself"),
    ]
    assert told(world.team) == ["team.created"]


def test_asking_again_renews_the_same_invitation(world: World) -> None:
    first = asked(world)
    world.now += timedelta(days=15)
    assert ask(world, role=Role.ADMIN, message="Please", language="de") == [(DORA, "renewed")]

    again = Invitation.objects.get()
    assert (again.pk, again.public_id, again.version) == (first.pk, first.public_id, 2)
    assert (again.role, again.message, again.language) == ("admin", "Please", "de")
    assert again.expires_at() == world.now + timedelta(days=14)
    assert told(world.team)[-1] == "invitation.renewed"


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_whoever_declined_or_was_uninvited_can_be_asked_anew(world: World, state: str) -> None:
    invitation = asked(world)
    dora = world.person(DORA)
    if state == "declined":
        teams.decline(invitation=invitation, by=dora.actor(), now=world.now)
    else:
        teams.withdraw(invitation=invitation, by=world.alice.actor(), now=world.now)
    assert ask(world) == [(DORA, "invited")]
    invitation.refresh_from_db()
    assert (invitation.state, invitation.decided_at, invitation.version) == (InvitationState.SENT, None, 2)


def test_another_team_asks_the_same_address_on_its_own(world: World) -> None:
    asked(world)
    assert ask(world, team=world.other_team, by=world.charlie) == [(DORA, "invited")]
    assert Invitation.objects.count() == 2


def test_an_administrator_may_appoint_administrators(world: World) -> None:
    admin = world.person("ada@atelier.example")
    world.join(world.team, admin, role=Role.ADMIN)
    assert ask(world, by=admin, role=Role.ADMIN) == [(DORA, "invited")]


def test_an_administrator_may_not_appoint_owners(world: World) -> None:
    admin = world.person("ada@atelier.example")
    world.join(world.team, admin, role=Role.ADMIN)
    with pytest.raises(errors.RoleAboveOwn):
        ask(world, by=admin, role=Role.OWNER)
    assert not Invitation.objects.filter(email=DORA).exists()


def test_an_owner_may_invite_an_owner(world: World) -> None:
    assert asked(world, role=Role.OWNER).role == Role.OWNER


def test_a_member_may_not_invite(world: World) -> None:
    with pytest.raises(Forbidden):
        ask(world, by=world.bob)


def test_for_a_stranger_there_is_no_such_team(world: World) -> None:
    with pytest.raises(Missing):
        ask(world, by=world.charlie)


def test_nobody_invites_without_a_name(world: World) -> None:
    with pytest.raises(Forbidden):
        teams.invite(
            team=world.team, emails=[DORA], role=Role.MEMBER, message="", language="en",
            by=system(label="worker"), now=world.now,
        )  # fmt: skip


def test_an_empty_list_is_refused(world: World) -> None:
    with pytest.raises(errors.AddressNeeded):
        ask(world, " ", "")


def test_a_hundred_addresses_at_once_are_asked(world: World) -> None:
    results = ask(world, *(f"p{number}@elsewhere.example" for number in range(100)))
    assert [outcome for _, outcome in results] == ["invited"] * 100
    assert Event.objects.filter(name="invitation.sent").count() == 100


def test_five_hundred_addresses_at_once_are_refused_whole(world: World) -> None:
    with pytest.raises(errors.TooManyAddresses) as refused:
        ask(world, *(f"p{number}@elsewhere.example" for number in range(500)))
    assert "500" in str(refused.value)
    assert "100" in str(refused.value)
    assert not Invitation.objects.exists()


def test_a_day_of_one_person_is_bounded(world: World) -> None:
    for batch in range(5):
        ask(world, *(f"p{batch}-{number}@elsewhere.example" for number in range(100)))
    with pytest.raises(errors.TooManyToday):
        ask(world)
    world.now += timedelta(days=1)
    assert ask(world) == [(DORA, "invited")]


def test_a_message_that_is_too_long_is_refused(world: World) -> None:
    with pytest.raises(errors.MessageTooLong):
        ask(world, message="x" * 501)


def test_a_language_that_we_do_not_speak_is_refused(world: World) -> None:
    with pytest.raises(errors.LanguageUnknown):
        ask(world, language="tlh")
