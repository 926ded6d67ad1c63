"""How licenses are used: counted from what is there, day by day."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licet.leases.models import UseDay
from licet.leases.usage import DAYS, Fit, usage
from licet.seats import actions as seats
from licet.seats.models import Seat
from tests.gateway.conftest import Scene, scene, stage
from tests.world import World

__all__ = ["scene"]
pytestmark = pytest.mark.django_db


def test_a_checkout_is_a_day_of_use_once(scene: Scene) -> None:
    machine = scene.machine()
    reply = machine.checkout(scene.product.code)
    machine.checkout(scene.product.code, process="two")
    reply = machine.renew(machine.checkout(scene.product.code))
    assert UseDay.objects.count() == 1
    machine.now += timedelta(minutes=50)
    assert machine.renew(reply).status == 200
    assert [each.day for each in UseDay.objects.all()] == [scene.world.now.date()]


def test_a_lease_that_runs_over_midnight_is_used_on_both_days(scene: Scene) -> None:
    scene.world.now = scene.world.now.replace(hour=23, minute=30)
    machine = scene.machine()
    reply = machine.checkout(scene.product.code)
    machine.now += timedelta(minutes=45)
    assert machine.renew(reply).status == 200
    assert [each.day.day for each in UseDay.objects.order_by("day")] == [2, 3]


def test_the_figures_are_those_of_the_last_thirty_days(scene: Scene) -> None:
    world = scene.world
    scene.machine().checkout(scene.product.code)
    [found] = usage(team=world.team, now=world.now + timedelta(days=1))
    assert len(found.days) == DAYS
    assert (found.bought, found.assigned, found.used, found.peak) == (3, 1, 1, 1)
    assert [day.used for day in found.days[-3:]] == [0, 1, 0]
    assert [day.bought for day in found.days[-3:]] == [0, 3, 3]
    [later] = usage(team=world.team, now=world.now + timedelta(days=40))
    assert (later.used, later.fit) == (0, Fit.UNUSED)


def test_two_people_who_share_a_license_one_after_the_other_are_two(scene: Scene) -> None:
    world = scene.world
    scene.machine().checkout(scene.product.code)
    seats.release(seat=scene.seat, by=world.alice.actor(), now=world.now)
    other = world.seat(scene.pool, world.member(world.alice))
    UseDay.objects.create(team=world.team, seat=other, day=world.now.date())
    [found] = usage(team=world.team, now=world.now)
    assert (found.assigned, found.used, found.peak) == (1, 2, 2)


def test_who_is_refused_for_want_of_a_license_counts(world: World) -> None:
    scene = stage(world)
    clara = world.person("clara@atelier.example", "Clara Vogt")
    world.join(world.team, clara)
    machine = scene.machine(person=clara)
    assert machine.checkout(scene.product.code).code == "no_seat"
    [found] = usage(team=world.team, now=world.now)
    assert (found.denials, found.refused) == (1, 1)
    assert found.fit is Fit.UNUSED  # there are free licenses: giving one is enough
    for member in world.people(world.team, 2):
        world.seat(scene.pool, member)
    [found] = usage(team=world.team, now=world.now)
    assert found.fit is Fit.SHORT


def test_a_refusal_counts_for_the_team_whose_license_it_was_about(scene: Scene) -> None:
    world = scene.world
    world.licenses(team=world.other_team)
    machine = scene.machine()
    world.join(world.other_team, world.bob)
    seats.release(seat=scene.seat, by=world.alice.actor(), now=world.now)
    assert machine.checkout(scene.product.code).code == "seat_released"
    [ours], [theirs] = usage(team=world.team, now=world.now), usage(team=world.other_team, now=world.now)
    assert (ours.denials, theirs.denials) == (1, 0)


def test_a_refusal_that_could_be_of_two_teams_counts_for_both(scene: Scene) -> None:
    world = scene.world
    world.licenses(team=world.other_team)
    clara = world.person("clara@atelier.example", "Clara Vogt")
    for team in (world.team, world.other_team):
        world.join(team, clara)
    assert scene.machine(person=clara).checkout(scene.product.code).code == "no_seat"
    for team in (world.team, world.other_team):
        [found] = usage(team=team, now=world.now)
        assert (found.denials, found.refused) == (1, 1)


def test_another_teams_use_is_not_counted(scene: Scene) -> None:
    world = scene.world
    world.licenses(team=world.other_team, seats=1)
    scene.machine().checkout(scene.product.code)
    [found] = usage(team=world.other_team, now=world.now)
    assert (found.bought, found.assigned, found.used) == (1, 0, 0)


def test_fewer_would_do_when_fewer_are_used_and_nobody_is_refused(scene: Scene) -> None:
    scene.machine().checkout(scene.product.code)
    [found] = usage(team=scene.world.team, now=scene.world.now + timedelta(days=20))
    assert found.fit is Fit.AMPLE
    for member in scene.world.people(scene.world.team, 2):
        seat = scene.world.seat(scene.pool, member)
        UseDay.objects.create(team=scene.world.team, seat=seat, day=scene.world.now.date())
    [found] = usage(team=scene.world.team, now=scene.world.now)
    assert found.fit is Fit.RIGHT


def test_licenses_of_the_last_two_weeks_are_not_called_too_many(scene: Scene) -> None:
    world = scene.world

    def fit(days: int) -> Fit:
        [found] = usage(team=world.team, now=world.now + timedelta(days=days))
        return found.fit

    assert [fit(days) for days in (0, 13, 14)] == [Fit.EARLY, Fit.EARLY, Fit.UNUSED]
    scene.machine().checkout(scene.product.code)
    assert [fit(days) for days in (13, 14)] == [Fit.EARLY, Fit.AMPLE]
    world.licenses(valid_from=world.now + timedelta(days=14))
    assert [fit(days) for days in (15, 28)] == [Fit.EARLY, Fit.AMPLE]


def test_it_costs_the_same_for_many(scene: Scene) -> None:
    world = scene.world
    with CaptureQueriesContext(connection) as few:
        usage(team=world.team, now=world.now)
    world.licenses(product=world.other_product, seats=20)
    for member in world.people(world.team, 2):
        world.seat(scene.pool, member)
    assert Seat.objects.held().count() == 3
    with CaptureQueriesContext(connection) as many:
        usage(team=world.team, now=world.now)
    assert len(many) == len(few) == 5
