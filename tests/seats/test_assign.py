"""Giving a license to a member of the team."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from licet.eventlog.models import Delivery, Event
from licet.kernel.refusal import Forbidden, Kind, Missing
from licet.licenses.models import Pool
from licet.seats import actions as seats
from licet.seats.errors import NoFreeSeat, NotAMember, NoUsableLicense
from licet.seats.models import Seat
from licet.teams.models import Member
from licet.teams.states import Role
from tests.world import World


def assign(world: World, pool: Pool, member: Member, **options: object) -> Seat:
    by = options.get("by", world.alice)
    return seats.assign(pool=pool, member=member, by=by.actor(), now=options.get("now", world.now))  # type: ignore[attr-defined,arg-type]


def test_a_member_gets_a_seat_of_the_pool(world: World) -> None:
    pool = world.licenses(seats=2).pool
    bob = world.member(world.bob)
    seat = assign(world, pool, bob)
    assert (seat.team, seat.pool, seat.member) == (world.team, pool, bob)
    assert (seat.assigned_at, seat.assigned_by, seat.released_at) == (world.now, world.alice, None)


def test_the_pool_counts_what_is_held_and_what_was_allowed(world: World) -> None:
    pool = world.licenses(seats=2).pool
    world.licenses(seats=3)
    assign(world, pool, world.member(world.bob))
    pool.refresh_from_db()
    assert (pool.held, pool.allowed) == (1, 5)


def test_assigning_is_told_in_the_log_with_names_beside_the_facts(world: World) -> None:
    pool = world.licenses().pool
    seat = assign(world, pool, world.member(world.bob))
    event = Event.objects.get(name="seat.assigned")
    assert event.team == world.team.pk
    assert event.facts["seat"] == seat.pk
    assert event.facts["product"] == world.product.code
    assert event.sentence() == f"Alice Martin gave Bob Keller a license of {world.product.name}."


def test_assigning_leads_to_one_mail_to_the_person(world: World) -> None:
    pool = world.licenses().pool
    assign(world, pool, world.member(world.bob))
    told = Delivery.objects.filter(event__name="seat.assigned").values_list("handler", flat=True)
    assert list(told) == ["licet.education.mail.license_assigned"]


def test_ticking_a_ticked_box_changes_nothing(world: World) -> None:
    pool = world.licenses(seats=1).pool
    bob = world.member(world.bob)
    first = assign(world, pool, bob)
    again = assign(world, pool, bob)
    assert again == first
    assert Event.objects.filter(name="seat.assigned").count() == 1
    assert Pool.objects.get(pk=pool.pk).held == 1


def test_who_had_a_seat_before_gets_a_new_row(world: World) -> None:
    pool = world.licenses(seats=1).pool
    bob = world.member(world.bob)
    first = assign(world, pool, bob)
    seats.release(seat=first, by=world.alice.actor(), now=world.now)
    assert assign(world, pool, bob) != first


def test_no_more_are_given_than_were_bought(world: World) -> None:
    pool = world.licenses(seats=1).pool
    assign(world, pool, world.member(world.bob), now=world.now)
    with pytest.raises(NoFreeSeat) as refused:
        assign(world, pool, world.member(world.alice), now=world.now + timedelta(hours=1))
    assert refused.value.kind is Kind.CONFLICT
    assert refused.value.params["seats"] == 1
    assert str(refused.value) == "The team's only license is assigned. Buy more, or take it back first."


def test_the_one_who_came_too_late_is_told_who_took_the_last_one(world: World) -> None:
    pool = world.licenses(seats=1).pool
    dora = world.person("dora@atelier.example", "Dora Weiss")
    world.join(world.team, dora, role=Role.ADMIN)
    assign(world, pool, world.member(world.bob), by=dora)
    with pytest.raises(NoFreeSeat) as refused:
        assign(world, pool, world.member(world.alice), now=world.now + timedelta(seconds=20))
    assert str(refused.value) == (
        "Dora Weiss gave the last license to Bob Keller a moment ago. Buy more, or take one back first."
    )


def test_nobody_is_told_of_the_last_one_that_he_gave_himself(world: World) -> None:
    pool = world.licenses(seats=1).pool
    assign(world, pool, world.member(world.bob))
    with pytest.raises(NoFreeSeat) as refused:
        assign(world, pool, world.member(world.alice))
    assert "a moment ago" not in str(refused.value)


def test_when_capacity_fell_below_what_is_held_nobody_gets_one_and_nobody_loses_one(world: World) -> None:
    pool = world.licenses(seats=2).pool
    short = world.licenses(seats=1, valid_until=world.now + timedelta(days=1), grace_days=0)
    for member in world.people(world.team, 3):
        assign(world, pool, member)
    later = short.usable_until + timedelta(days=1)
    with pytest.raises(NoFreeSeat) as refused:
        assign(world, pool, world.member(world.bob), now=later)
    assert refused.value.params["seats"] == 2
    assert Seat.objects.held().filter(pool=pool).count() == 3


def test_a_license_counts_through_its_grace_and_not_a_moment_longer(world: World) -> None:
    license = world.licenses(seats=2, grace_days=14)
    last = license.valid_until + timedelta(days=14) - timedelta(seconds=1)
    assign(world, license.pool, world.member(world.bob), now=last)
    with pytest.raises(NoUsableLicense) as refused:
        assign(world, license.pool, world.member(world.alice), now=last + timedelta(seconds=1))
    assert refused.value.kind is Kind.ENDED


def test_a_license_that_has_not_begun_gives_nothing(world: World) -> None:
    license = world.licenses(valid_from=world.now + timedelta(days=3))
    with pytest.raises(NoUsableLicense):
        assign(world, license.pool, world.member(world.bob))


def test_who_has_left_the_team_gets_nothing(world: World) -> None:
    pool = world.licenses().pool
    bob = world.member(world.bob)
    Member.objects.filter(pk=bob.pk).update(left_at=world.now)
    with pytest.raises(NotAMember) as refused:
        assign(world, pool, bob)
    assert "Bob Keller no longer belongs to the team" in str(refused.value)


def test_a_member_of_another_team_cannot_be_given_this_teams_seat(world: World) -> None:
    pool = world.licenses().pool
    with pytest.raises(Missing):
        assign(world, pool, world.member(world.charlie, world.other_team))
    assert not Seat.objects.exists()


def test_a_stranger_does_not_learn_that_the_team_exists(world: World) -> None:
    pool = world.licenses().pool
    bob = world.member(world.bob)
    for stranger in (world.charlie, world.victor):
        with pytest.raises(Missing):
            assign(world, pool, bob, by=stranger)


def test_a_member_without_the_right_is_refused(world: World) -> None:
    pool = world.licenses().pool
    bob = world.member(world.bob)
    with pytest.raises(Forbidden):
        assign(world, pool, bob, by=world.bob)


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
def test_owners_and_admins_assign(world: World, role: Role) -> None:
    pool = world.licenses().pool
    by = world.alice
    if role is Role.ADMIN:
        by = world.person("dora@atelier.example", "Dora Weiss")
        world.join(world.team, by, role=role)
    assert assign(world, pool, world.member(world.bob), by=by).assigned_by == by


def test_a_refusal_leaves_no_trace(world: World) -> None:
    pool = world.licenses(seats=1).pool
    assign(world, pool, world.member(world.bob))
    before = Event.objects.count(), Delivery.objects.count()
    with pytest.raises(NoFreeSeat):
        assign(world, pool, world.member(world.alice))
    assert (Event.objects.count(), Delivery.objects.count()) == before


def test_the_database_itself_refuses_to_oversell(world: World) -> None:
    pool = world.licenses(seats=1).pool
    assign(world, pool, world.member(world.bob))
    with pytest.raises(IntegrityError), transaction.atomic():
        Pool.objects.filter(pk=pool.pk).update(held=F("held") + 1)


def test_the_database_itself_refuses_a_second_seat_for_one_person(world: World) -> None:
    pool = world.licenses(seats=5).pool
    seat = assign(world, pool, world.member(world.bob))
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(team=seat.team, pool=pool, member=seat.member, assigned_at=world.now)


def test_assigning_costs_the_same_whatever_the_size_of_the_team(world: World) -> None:
    from django.db import connection

    pool = world.licenses(seats=30).pool
    costs = []
    for member in world.people(world.team, 12):
        with CaptureQueriesContext(
            connection,
        ) as statements:
            assign(world, pool, member)
        costs.append(len(statements))
    assert len(set(costs)) == 1
