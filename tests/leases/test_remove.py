"""Removing a member ends everything that the membership carries, in one change."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licet.accounts.models import Person
from licet.eventlog.change import change
from licet.eventlog.models import Event
from licet.kernel.actor import system
from licet.kernel.refusal import Forbidden, Missing
from licet.leases import offboarding
from licet.leases.models import Device, Lease
from licet.licenses.models import Pool
from licet.projects import actions as projects
from licet.projects import inviting
from licet.projects.models import InvitationProject, ProjectMember
from licet.projects.states import ProjectRole
from licet.seats import actions as seats
from licet.seats.models import Reservation, Seat, SeatRequest
from licet.seats.requests import request_license
from licet.teams import actions as teams
from licet.teams.errors import InviterMayNoLonger, LastOwnerStays, RoleAboveOwn
from licet.teams.models import Invitation, Member
from licet.teams.states import InvitationState, Role
from tests.gateway.conftest import stage
from tests.teams.shared import DORA, asked, told
from tests.world import OPERATOR, World


@pytest.fixture
def ada(world: World) -> Person:
    """An administrator of the team."""
    person = world.person("ada@atelier.example", "Ada Berg")
    world.join(world.team, person, role=Role.ADMIN)
    return person


def remove(world: World, who: Person, *, by: Person | None = None, take_over: bool = False) -> Member:
    return offboarding.remove(
        member=world.member(who), take_over=take_over, by=(by or world.alice).actor(), now=world.now
    )


def test_member_leaves_or_is_removed(world: World) -> None:
    """The row of the research: seats, leases, reservations and membership end together."""
    scene = stage(world)
    other = world.licenses(product=world.other_product, seats=1).pool
    world.seat(other, world.member(world.bob))
    machine = scene.machine()
    reply = machine.checkout(world.product.code)

    gone = remove(world, world.bob)

    assert gone.left_at == world.now
    assert not Seat.objects.held().filter(member=gone).exists()
    assert {pool.held for pool in Pool.objects.all()} == {0}
    lease = Lease.objects.get()
    assert (lease.released_at, lease.end_reason) == (world.now, "left_team")
    assert sorted(told(world.team)[-3:]) == ["member.removed", "seat.released", "seat.released"]
    assert machine.renew(reply).code == "seat_released"


def test_the_account_the_devices_and_other_teams_stay(world: World) -> None:
    scene = stage(world)
    device = scene.machine().device
    foreign = world.licenses(team=world.other_team, seats=1).pool
    there = world.join(world.other_team, world.bob)
    kept = world.seat(foreign, there, by=world.charlie)
    remove(world, world.bob)
    assert Person.objects.get(pk=world.bob.pk).is_active
    assert Device.objects.get(pk=device.pk).state == "active"
    assert Seat.objects.held().get() == kept
    assert world.member(world.bob, world.other_team) == there


def test_the_freed_seat_goes_to_somebody_else_at_once(world: World) -> None:
    pool = world.licenses(seats=1).pool
    world.seat(pool, world.member(world.bob))
    eve = world.people(world.team, 1)[0]
    remove(world, world.bob)
    assert world.seat(pool, eve).member == eve


def test_what_is_kept_for_the_member_is_free_again(world: World) -> None:
    pool = world.licenses(seats=1).pool
    member = world.member(world.bob)
    with change(by=OPERATOR, now=world.now) as record:
        seats.reserve(pool=pool, member=member, expires_at=world.now.replace(year=2027), record=record)
    remove(world, world.bob)
    assert not Reservation.objects.kept().exists()
    pool.refresh_from_db()
    assert (pool.held, pool.reserved) == (0, 0)


def test_what_is_kept_for_an_invitation_of_the_member_is_free_again(world: World, ada: Person) -> None:
    pool = world.licenses(seats=1).pool
    invitation = asked(world, by=ada)
    with change(by=OPERATOR, now=world.now) as record:
        seats.reserve(pool=pool, invitation=invitation, expires_at=invitation.expires_at(), record=record)
    remove(world, ada)
    pool.refresh_from_db()
    assert (pool.held, pool.reserved) == (0, 0)


def test_work_on_projects_ends(world: World, ada: Person) -> None:
    project = projects.create(team=world.team, name="Bridge", by=world.alice.actor(), now=world.now)
    bob = world.member(world.bob)
    projects.add(project=project, member=bob, role=ProjectRole.EDITOR, by=world.alice.actor(), now=world.now)
    (line,) = offboarding.preview(member=bob, now=world.now).projects
    assert (line.project, line.role) == ("Bridge", ProjectRole.EDITOR)
    remove(world, world.bob)
    assert not ProjectMember.objects.present().filter(member=bob).exists()
    assert "project_member.removed" in told(world.team)


def test_a_place_in_the_line_is_given_up(world: World) -> None:
    pool = world.licenses(seats=1).pool
    world.seat(pool, world.member(world.alice))
    bob = world.member(world.bob)
    request_license(pool=pool, message="", by=world.bob.actor(), now=world.now)
    (line,) = offboarding.preview(member=bob, now=world.now).requests
    assert line.product == world.product.name
    remove(world, world.bob)
    assert not SeatRequest.objects.waiting().exists()


def test_what_a_withdrawn_invitation_brought_along_is_gone(world: World, ada: Person) -> None:
    project = projects.create(team=world.team, name="Bridge", by=world.alice.actor(), now=world.now)
    pool = world.licenses(seats=1).pool
    inviting.invite(
        team=world.team,
        emails=[DORA],
        role=Role.MEMBER,
        message="",
        language="en",
        pools=[pool],
        projects=[inviting.Carried(project, ProjectRole.VIEWER)],
        by=ada.actor(),
        now=world.now,
    )
    remove(world, ada)
    pool.refresh_from_db()
    assert pool.reserved == 0
    assert not InvitationProject.objects.exists()


def test_open_invitations_are_withdrawn(world: World, ada: Person) -> None:
    invitation = asked(world, by=ada)
    remove(world, ada)
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.WITHDRAWN


def test_open_invitations_go_on_in_the_name_of_who_removes(world: World, ada: Person) -> None:
    invitation = asked(world, by=ada)
    remove(world, ada, take_over=True)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.invited_by) == (InvitationState.SENT, world.alice)
    assert Event.objects.get(name="invitation.taken_over").actor_id == world.alice.pk
    dora = world.person(DORA, "Dora")
    assert teams.accept(invitation=invitation, by=dora.actor(), now=world.now).person == dora


def test_an_offer_of_ownership_does_not_let_the_removed_back_in(world: World) -> None:
    offer = teams.offer_ownership(member=world.member(world.bob), by=world.alice.actor(), now=world.now)
    remove(world, world.bob, take_over=True)
    offer.refresh_from_db()
    assert offer.state == InvitationState.WITHDRAWN


def test_invitations_of_others_go_on(world: World, ada: Person) -> None:
    invitation = asked(world)
    remove(world, ada)
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.SENT


def test_whoever_is_asked_again_comes_back_as_a_new_member_without_seats(world: World) -> None:
    world.seat(world.licenses().pool, world.member(world.bob))
    gone = remove(world, world.bob)
    again = world.join(world.team, world.bob)
    assert again.pk != gone.pk
    assert not Seat.objects.held().filter(member=again).exists()


def test_removing_twice_is_harmless(world: World) -> None:
    member = world.member(world.bob)
    remove(world, world.bob)
    count = Event.objects.count()
    again = offboarding.remove(member=member, by=world.alice.actor(), now=world.now)
    assert again.left_at == world.now
    assert Event.objects.count() == count


def test_an_administrator_removes_members_and_administrators(world: World, ada: Person) -> None:
    second = world.person("eve@atelier.example", "Eve")
    world.join(world.team, second, role=Role.ADMIN)
    assert remove(world, second, by=ada).left_at
    assert remove(world, world.bob, by=ada).left_at


def test_an_administrator_does_not_remove_an_owner(world: World, ada: Person) -> None:
    second = world.person("eve@atelier.example", "Eve")
    world.join(world.team, second, role=Role.OWNER)
    with pytest.raises(RoleAboveOwn):
        remove(world, second, by=ada)


def test_last_admin_or_owner_leaves(world: World) -> None:
    """The row of the research: the last owner stays until somebody else has accepted to be one."""
    offer = teams.offer_ownership(member=world.member(world.bob), by=world.alice.actor(), now=world.now)
    with pytest.raises(LastOwnerStays):
        offboarding.remove(member=world.member(world.alice), by=system(label="desk"), now=world.now)
    teams.accept(invitation=offer, by=world.bob.actor(), now=world.now)
    assert remove(world, world.alice, by=world.bob).left_at
    assert list(Member.objects.owners(world.team.pk)) == [world.member(world.bob)]


def test_a_member_may_not(world: World) -> None:
    eve = world.people(world.team, 1)[0]
    with pytest.raises(Forbidden):
        offboarding.remove(member=eve, by=world.bob.actor(), now=world.now)


def test_for_a_stranger_there_is_no_such_team(world: World) -> None:
    with pytest.raises(Missing):
        remove(world, world.bob, by=world.charlie)


def test_an_operator_removes_and_the_invitations_are_withdrawn(world: World, ada: Person) -> None:
    asked(world, by=ada)
    offboarding.remove(member=world.member(ada), take_over=True, by=system(label="desk"), now=world.now)
    assert Invitation.objects.get(email=DORA).state == InvitationState.WITHDRAWN


def test_an_expired_invitation_of_the_member_is_void(world: World, ada: Person) -> None:
    invitation = asked(world, by=ada)
    Member.objects.filter(person=ada).update(left_at=world.now)  # as if by an older version
    with pytest.raises(InviterMayNoLonger):
        teams.accept(invitation=invitation, by=world.person(DORA).actor(), now=world.now)


def test_the_statements_are_the_same_for_any_number_of_seats(world: World) -> None:
    counts = []
    people = world.people(world.team, 3)
    pools = [world.licenses(product=product, seats=5).pool for product in world.catalog[:3]]
    for number, member in enumerate(people, start=1):
        for pool in pools[:number]:
            world.seat(pool, member)
        with CaptureQueriesContext(connection) as statements:
            offboarding.remove(member=member, by=world.alice.actor(), now=world.now)
        counts.append(len(statements))
    assert counts[0] == counts[1] == counts[2]
