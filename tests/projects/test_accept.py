"""Accepting an invitation that brings licenses and projects along."""

from datetime import timedelta

import pytest

from licet.eventlog.models import Delivery, Event
from licet.kernel.actor import system
from licet.licenses import actions as licenses
from licet.licenses.models import Pool
from licet.mailing.models import Mail
from licet.projects import actions as projects
from licet.projects import inviting
from licet.projects.inviting import Arrived, Carried
from licet.projects.models import InvitationProject, ProjectMember
from licet.projects.states import ProjectRole
from licet.seats import actions as seats
from licet.seats import mail
from licet.seats.models import Reservation, Seat
from licet.teams.errors import InvitationHasExpired, InvitationNotYours
from licet.teams.models import Member
from tests.projects.shared import DORA, invitation, invite, project
from tests.world import World


def accept(world: World, *, after: timedelta = timedelta(hours=1)) -> Arrived:
    dora = world.person(DORA, "Dora Weiss")
    return inviting.accept(invitation=invitation(world), by=dora.actor(), now=world.now + after)


def test_accepting_turns_what_was_kept_into_a_seat(world: World) -> None:
    pool = world.licenses(seats=1).pool
    invite(world, pools=[pool])
    arrived = accept(world)
    pool.refresh_from_db()
    assert [seat.pool for seat in arrived.seats] == [pool]
    assert Seat.objects.held().get().member == arrived.member
    assert (pool.held, pool.reserved) == (1, 0)


def test_invite_an_address_that_already_has_an_account_is_still_by_consent(world: World) -> None:
    world.person(DORA, "Dora Weiss")
    pool = world.licenses(seats=1).pool
    invite(world, pools=[pool])
    assert not Member.objects.filter(person__email=DORA).exists()
    assert not Seat.objects.exists()


def test_the_log_says_that_the_license_came_with_the_invitation(world: World) -> None:
    invite(world, pools=[world.licenses().pool])
    accept(world)
    event = Event.objects.get(name="seat.taken_up")
    product = world.product.name
    assert event.sentence() == (
        f"Dora Weiss got the license of {product} that was reserved with the invitation."
    )
    mail.license_assigned(event=event, now=world.now)
    assert "it came with your invitation" in Mail.objects.get(to=DORA).text


def test_accepting_twice_gives_one_seat(world: World) -> None:
    invite(world, pools=[world.licenses(seats=3).pool])
    first = accept(world)
    again = inviting.accept(invitation=invitation(world), by=first.member.person.actor(), now=world.now)
    assert again.member == first.member
    assert Seat.objects.count() == 1


def test_invitation_expiry_frees_what_was_kept_and_the_link_says_so(world: World) -> None:
    pool = world.licenses(seats=1).pool
    invite(world, pools=[pool])
    with pytest.raises(InvitationHasExpired):
        accept(world, after=timedelta(days=14))
    seats.assign(
        pool=pool, member=world.member(world.bob), by=world.alice.actor(), now=world.now + timedelta(days=14)
    )
    pool.refresh_from_db()
    assert (pool.held, pool.reserved) == (1, 0)


def test_invited_address_differs_from_the_account_used_to_accept(world: World) -> None:
    invite(world, pools=[world.licenses().pool])
    with pytest.raises(InvitationNotYours):
        inviting.accept(invitation=invitation(world), by=world.charlie.actor(), now=world.now)
    assert not Seat.objects.exists()


def revoked(world: World, license: object) -> None:
    licenses.revoke(license=license, by=system(label="test"), now=world.now)  # type: ignore[arg-type]


def test_where_the_licenses_have_ended_the_membership_goes_through_and_the_seat_does_not(
    world: World,
) -> None:
    license = world.licenses(seats=1)
    invite(world, pools=[license.pool])
    revoked(world, license)
    arrived = accept(world)
    assert Member.objects.active().filter(pk=arrived.member.pk).exists()
    assert arrived.seats == ()
    assert [(each.pool, each.why) for each in arrived.missed] == [(license.pool, "no_usable_license")]
    assert not Reservation.objects.kept().exists()
    assert Pool.objects.get(pk=license.pool.pk).reserved == 0


def test_seats_are_checked_again_on_acceptance_when_capacity_fell(world: World) -> None:
    pool = world.licenses(seats=1).pool
    extra = world.licenses(seats=1)
    world.seat(pool, world.member(world.bob))
    invite(world, pools=[pool])
    revoked(world, extra)
    arrived = accept(world)
    assert [each.why for each in arrived.missed] == ["no_free_seat"]
    assert Seat.objects.held().count() == 1


def test_everybody_concerned_is_told_of_a_seat_that_was_missed(world: World) -> None:
    license = world.licenses(seats=1)
    invite(world, pools=[license.pool])
    revoked(world, license)
    accept(world)
    event = Event.objects.get(name="seat.missed")
    handlers = Delivery.objects.filter(event=event).values_list("handler", flat=True)
    assert list(handlers) == ["licet.seats.mail.license_missed"]
    mail.license_missed(event=event, now=world.now)
    mail.license_missed(event=event, now=world.now)
    assert sorted(Mail.objects.values_list("to", flat=True)) == [world.alice.email, DORA]


def test_who_holds_one_already_keeps_it_and_the_kept_one_is_free_again(world: World) -> None:
    pool = world.licenses(seats=3).pool
    invite(world, pools=[pool])
    dora = world.person(DORA, "Dora Weiss")
    from licet.teams import actions as teams

    member = teams.accept(invitation=invitation(world), by=dora.actor(), now=world.now)
    world.seat(pool, member)
    pool.refresh_from_db()
    assert (pool.held, pool.reserved) == (
        1,
        1,
    )  # joined by a verb that knows of no licenses: kept until it ends
    seats.assign(
        pool=pool, member=world.member(world.bob), by=world.alice.actor(), now=world.now + timedelta(days=15)
    )
    pool.refresh_from_db()
    assert (pool.held, pool.reserved) == (2, 0)


def test_accepting_brings_the_projects_along(world: World) -> None:
    where = project(world)
    invite(world, carried=[Carried(where, ProjectRole.EDITOR)])
    arrived = accept(world)
    works = ProjectMember.objects.present().get(project=where, member=arrived.member)
    assert works.role == ProjectRole.EDITOR
    assert not InvitationProject.objects.exists()


def test_a_project_that_was_archived_meanwhile_stays_as_it_is(world: World) -> None:
    where = project(world)
    invite(world, carried=[Carried(where, ProjectRole.EDITOR)])
    projects.archive(project=where, by=world.alice.actor(), now=world.now)
    assert accept(world).projects == ()
    assert Member.objects.active().filter(person__email=DORA).exists()
