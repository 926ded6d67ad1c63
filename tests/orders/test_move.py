"""The wrong team was chosen at the checkout: licenses move to another team of the same owner, and back."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest

from licet.accounts.models import Person
from licet.catalog.rules import Reassignment
from licet.education.models import Given
from licet.eventlog import worker
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses import actions as licensing
from licet.licenses import codes
from licet.licenses.models import Code, License, Pool
from licet.mailing.models import Mail
from licet.orders import errors, moving, queries
from licet.orders.models import OrderLine
from licet.seats import actions as seats
from licet.seats.models import Seat
from licet.teams import actions as teams
from licet.teams.models import Invitation, Team
from licet.teams.states import Role
from tests.rules.tenants import Tenant
from tests.world import OPERATOR, World


@pytest.fixture
def workshop(world: World) -> Team:
    """Alice's other team."""
    assert world.team
    return world.found("Atelier Sud", owner=world.alice)


def move(world: World, license: License, to: Team, *, seats: int, by: Person | None = None) -> License:
    return moving.move(license=license, seats=seats, to=to, by=(by or world.alice).actor(), now=world.now)


def capacity(world: World, team: Team) -> int:
    pool = Pool.objects.filter(team=team, product=world.product).first()
    return pool.capacity(world.now) if pool else 0


def test_wrong_team_chosen_at_checkout_the_license_moves_to_another_team_of_the_owner(
    world: World, workshop: Team
) -> None:
    license = world.licenses(seats=5, lease_minutes=20)
    moved = move(world, license, workshop, seats=5)
    assert moved.pk == license.pk
    assert (moved.team, moved.pool.team) == (workshop, workshop)
    assert (capacity(world, world.team), capacity(world, workshop)) == (0, 5)
    fresh = License.objects.get(pk=license.pk)
    assert fresh.read_terms().lease_minutes == 20
    assert fresh.valid_until == license.valid_until


def test_wrong_team_chosen_at_checkout_some_of_its_licenses_move(world: World, workshop: Team) -> None:
    license = world.licenses(seats=5, lease_minutes=20)
    moved = move(world, license, workshop, seats=2)
    license.refresh_from_db()
    assert (license.seats, license.team) == (3, world.team)
    assert (moved.seats, moved.team, moved.split_from) == (2, workshop, license)
    assert (moved.terms, moved.valid_until, moved.issued_at) == (
        license.terms,
        license.valid_until,
        license.issued_at,
    )
    assert moved.public_id != license.public_id
    assert (capacity(world, world.team), capacity(world, workshop)) == (3, 2)


def test_moving_back_undoes_it(world: World, workshop: Team) -> None:
    license = world.licenses(seats=5)
    back = move(world, move(world, license, workshop, seats=2), world.team, seats=2)
    assert back.team == world.team
    assert (capacity(world, world.team), capacity(world, workshop)) == (5, 0)


def test_what_people_have_stays(world: World, workshop: Team) -> None:
    license = world.licenses(seats=3)
    world.seat(license.pool, world.member(world.bob))
    with pytest.raises(errors.TooFewToMove) as refused:
        move(world, license, workshop, seats=3)
    assert refused.value.params == {"most": 2}
    move(world, license, workshop, seats=2)
    assert Seat.objects.held().filter(pool=license.pool).count() == 1


def test_what_is_kept_for_somebody_stays(world: World, workshop: Team) -> None:
    license = world.licenses(seats=2)
    pool = license.pool
    Pool.objects.filter(pk=pool.pk).update(reserved=1, allowed=2)  # as an invitation does
    with pytest.raises(errors.TooFewToMove):
        move(world, license, workshop, seats=2)


def test_what_is_needed_later_stays_where_another_license_ends_before(world: World, workshop: Team) -> None:
    short = world.licenses(seats=1, valid_until=world.now + timedelta(days=60))
    long = world.licenses(seats=1)
    world.seat(long.pool, world.member(world.bob))
    with pytest.raises(errors.TooFewToMove):
        move(world, long, workshop, seats=1)
    move(world, short, workshop, seats=1)
    assert capacity(world, world.team) == 1


def test_a_place_that_waits_before_another_person_can_have_it_stays(world: World, workshop: Team) -> None:
    license = world.licenses(seats=2, reassignment=Reassignment(cooldown_days=90))
    seat = world.seat(license.pool, world.member(world.bob))
    Seat.objects.filter(pk=seat.pk).update(first_used_at=world.now)
    seats.release(seat=seat, by=world.alice.actor(), now=world.now)
    with pytest.raises(errors.TooFewToMove) as refused:
        move(world, license, workshop, seats=2)
    assert refused.value.params == {"most": 1}


def test_licenses_whose_changes_are_counted_move_together(world: World, workshop: Team) -> None:
    license = world.licenses(seats=2, reassignment=Reassignment(quota=1))
    with pytest.raises(errors.LicenseMovesWhole):
        move(world, license, workshop, seats=1)
    assert move(world, license, workshop, seats=2).team == workshop


def test_a_code_that_nobody_redeemed_goes_along(world: World, workshop: Team) -> None:
    license = world.licenses(seats=2)
    code = codes.issue(license=license, member=None, chance=_chance("a"), by=OPERATOR, now=world.now)
    move(world, license, workshop, seats=2)
    assert Code.objects.get(pk=code.pk).team == workshop


def test_a_code_that_is_somebodys_keeps_one_license_here(world: World, workshop: Team) -> None:
    license, bob = world.licenses(seats=2), world.member(world.bob)
    codes.issue(license=license, member=bob, chance=_chance("a"), by=OPERATOR, now=world.now)
    with pytest.raises(errors.LicenseHasCodes) as refused:
        move(world, license, workshop, seats=2)
    assert refused.value.params == {"person": "Bob Keller"}
    assert moving.movable(license=license, by=world.alice.actor(), now=world.now).most == 1
    assert move(world, license, workshop, seats=1).team == workshop


@pytest.mark.parametrize("stop", [licensing.suspend, licensing.revoke])
def test_what_the_vendor_stopped_stays(world: World, workshop: Team, stop: Callable[..., License]) -> None:
    license = world.licenses(seats=2)
    stop(license=license, by=OPERATOR, now=world.now)
    with pytest.raises(errors.LicenseNotMovable):
        move(world, license, workshop, seats=1)


def test_an_education_license_stays(world: World) -> None:
    tenant = Tenant(world, "north")
    given = Given.objects.filter(entitlement=tenant.entitlement)[0].license
    other = world.found("Another", owner=tenant.member)
    with pytest.raises(errors.LicenseIsPersonal):
        moving.move(license=given, seats=1, to=other, by=tenant.member.actor(), now=world.now)
    assert License.objects.get(pk=given.pk).team == given.team


def test_an_administrator_cannot_carry_licenses_off_to_a_team_of_their_own(world: World) -> None:
    license = world.licenses(seats=2)
    world.join(world.team, world.charlie, role=Role.ADMIN)
    with pytest.raises(errors.TeamsOfDifferentOwners):
        move(world, license, world.other_team, seats=1, by=world.charlie)
    assert moving.targets(team=world.team, by=world.charlie.actor()) == []


def test_an_administrator_of_both_teams_of_one_owner_may(world: World, workshop: Team) -> None:
    license = world.licenses(seats=2)
    for team in (world.team, workshop):
        world.join(team, world.charlie, role=Role.ADMIN)
    assert move(world, license, workshop, seats=1, by=world.charlie).team == workshop


def test_members_may_not_and_strangers_learn_nothing(world: World, workshop: Team) -> None:
    license = world.licenses(seats=2)
    assert world.member(world.bob)
    with pytest.raises(Forbidden):
        move(world, license, workshop, seats=1, by=world.bob)
    with pytest.raises(Missing):
        move(world, license, workshop, seats=1, by=world.charlie)
    with pytest.raises(Missing):
        move(world, license, world.other_team, seats=1)


def test_the_same_team_is_no_other_team(world: World) -> None:
    license = world.licenses(seats=2)
    with pytest.raises(errors.TeamsOfDifferentOwners):
        move(world, license, world.team, seats=1)


def test_the_history_of_both_teams_tells_it(world: World, workshop: Team) -> None:
    move(world, world.licenses(seats=5), workshop, seats=2)
    away = Event.objects.get(name="license.moved_away")
    here = Event.objects.get(name="license.moved_here")
    assert (away.team, here.team) == (world.team.pk, workshop.pk)
    assert (away.facts["seats"], away.labels["team_name"]) == (2, "Atelier Sud")
    assert (here.facts["seats"], here.labels["team_name"]) == (2, "Atelier Nord")


def test_the_owners_of_both_teams_are_told_but_not_who_did_it(world: World, workshop: Team) -> None:
    license = world.licenses(seats=5)
    offer = teams.offer_ownership(
        member=world.join(workshop, world.charlie), by=world.alice.actor(), now=world.now
    )
    assert isinstance(offer, Invitation)
    teams.accept(invitation=offer, by=world.charlie.actor(), now=world.now)
    move(world, license, workshop, seats=2)
    worker.drain(now=world.now)
    told = Mail.objects.filter(template="orders/licenses_moved")
    assert [each.to for each in told] == [world.charlie.email]


def test_order_lines_keep_pointing_at_what_was_bought(world: World) -> None:
    tenant = Tenant(world, "north")
    line = OrderLine.objects.select_related("license").get(order=tenant.order)
    other = world.found("Another", owner=tenant.owner)
    moving.move(license=line.license, seats=1, to=other, by=tenant.owner.actor(), now=world.now)
    shown = queries.placed(order=tenant.order).lines[0]
    assert (shown.quantity, shown.moved) == (2, ((1, "Another"),))
    assert OrderLine.objects.get(pk=line.pk).license_id == line.license_id


def _chance(word: str) -> bytes:
    return hashlib.sha256(word.encode()).digest()[:15]
