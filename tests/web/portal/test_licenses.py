"""My licenses: what a person may use, where it runs, and why not."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licet.accounts.models import Person
from licet.leases import mine
from licet.leases.models import Lease
from licet.licenses import actions as licenses
from licet.seats import actions as seats
from licet.teams.states import Role
from tests.gateway.conftest import stage
from tests.leases.borrowing import borrow
from tests.world import OPERATOR, World

PAGE = "/account/licenses/"
Browser = Callable[[Person], Client]


def test_a_license_stands_there_with_its_team_and_its_last_day(world: World, signed_in: Browser) -> None:
    pool = world.licenses(valid_until=world.now.replace(month=6, day=2)).pool
    world.seat(pool, world.member(world.bob))
    page = signed_in(world.bob).get(PAGE).text
    assert world.product.name in page
    assert "From the team Atelier Nord" in page
    assert "You may use it until 2 June 2026." in page
    assert "It runs on no device at the moment." in page


def test_a_device_is_shown_with_its_platform_and_until_when_it_runs(world: World, signed_in: Browser) -> None:
    scene = stage(world)
    scene.machine(name="Tower").checkout(scene.product.code)
    page = signed_in(world.bob).get(PAGE).text
    assert "Tower" in page
    assert "(test)" in page
    assert "Running, with a permission until" in page


def test_what_is_borrowed_says_until_when_and_is_not_released_from_here(
    world: World, signed_in: Browser
) -> None:
    scene = stage(world)
    borrow(scene.machine(name="Tower"), scene.product, until=world.now + timedelta(days=9))
    page = signed_in(world.bob).get(PAGE).text
    assert "Borrowed until 11 Mar 2026" in page
    assert "in the application on this device" in page
    assert "Release from here" not in page


def test_a_device_is_released_from_here(world: World, signed_in: Browser) -> None:
    scene = stage(world)
    machine = scene.machine(name="Tower")
    machine.checkout(scene.product.code)
    path = reverse("device_release", args=[scene.seat.public_id, machine.device.public_id])
    answer = signed_in(world.bob).post(path, follow=True)
    assert f"{scene.product.name} is released on Tower" in answer.text
    assert not Lease.objects.running(world.now).exists()


def test_nobody_releases_somebody_elses_device(world: World, signed_in: Browser) -> None:
    scene = stage(world)
    machine = scene.machine()
    machine.checkout(scene.product.code)
    path = reverse("device_release", args=[scene.seat.public_id, machine.device.public_id])
    for person in (world.alice, world.charlie):
        assert signed_in(person).post(path).status_code == HTTPStatus.NOT_FOUND
    assert Lease.objects.running(world.now).exists()


def test_why_not_no_seat_names_the_people_of_the_team_who_can_give_one(
    world: World, signed_in: Browser
) -> None:
    world.licenses()
    world.member(world.bob)
    world.join(world.team, world.person("dora@atelier.example", "Dora Weiss"), role=Role.ADMIN)
    page = signed_in(world.bob).get(PAGE).text
    assert "You have no license of it." in page
    assert "Up to: Alice Martin and Dora Weiss" in page


def test_why_not_taken_back_says_when(world: World, signed_in: Browser) -> None:
    pool = world.licenses().pool
    seat = world.seat(pool, world.member(world.bob))
    seats.release(seat=seat, by=world.alice.actor(), now=world.now)
    assert "Your license was taken back on 2 Mar 2026." in signed_in(world.bob).get(PAGE).text


def test_why_not_device_limit_tells_where_it_runs(world: World, signed_in: Browser) -> None:
    scene = stage(world, devices_per_person=1)
    scene.machine(name="Tower").checkout(scene.product.code)
    page = signed_in(world.bob).get(PAGE).text
    assert "No further device" in page
    assert "Release from here" in page


@pytest.mark.parametrize("holds", [True, False])
def test_why_not_license_ended(world: World, holds: bool) -> None:
    license = world.licenses(valid_until=world.now + timedelta(days=1))
    bob = world.member(world.bob)
    if holds:
        world.seat(license.pool, bob)
    found = mine.licenses_of(person=world.bob, now=world.now + timedelta(days=15, seconds=1))
    (entry,) = found.holdings or found.lacks
    assert entry.obstacle
    assert entry.obstacle.code == "license_ended"
    assert entry.obstacle.names == ("Alice Martin",)


def test_why_not_suspended_and_not_begun(world: World) -> None:
    suspended = world.licenses()
    world.licenses(product=world.other_product, valid_from=world.now + timedelta(days=3))
    licenses.suspend(license=suspended, by=OPERATOR, now=world.now)
    world.member(world.bob)
    found = mine.licenses_of(person=world.bob, now=world.now)
    assert [each.obstacle.code for each in found.lacks] == ["license_on_hold", "license_upcoming"]


def test_grace_keeps_running_and_says_until_when(world: World) -> None:
    license = world.licenses(valid_until=world.now + timedelta(days=1))
    world.seat(license.pool, world.member(world.bob))
    (holding,) = mine.licenses_of(person=world.bob, now=world.now + timedelta(days=5)).holdings
    assert (holding.standing, holding.stops) == ("grace", license.usable_until)
    assert holding.obstacle is None


def test_what_another_team_has_is_not_there(world: World, signed_in: Browser) -> None:
    world.licenses(team=world.other_team)
    world.member(world.bob)
    page = signed_in(world.bob).get(PAGE).text
    assert "No licenses yet" in page
    assert world.product.name not in page


def test_person_in_several_teams(world: World) -> None:
    for team, owner in ((world.team, world.alice), (world.other_team, world.charlie)):
        if team is world.other_team:
            world.join(team, world.bob)
        world.seat(world.licenses(team=team).pool, world.member(world.bob, team), by=owner)
    found = mine.licenses_of(person=world.bob, now=world.now)
    assert [each.team.name for each in found.holdings] == ["Atelier Nord", "Studio Stone"]


def test_who_left_the_team_has_none_of_its_licenses(world: World) -> None:
    pool = world.licenses().pool
    bob = world.member(world.bob)
    world.seat(pool, bob)
    type(bob).objects.filter(pk=bob.pk).update(left_at=world.now)
    found = mine.licenses_of(person=world.bob, now=world.now)
    assert (found.holdings, found.lacks) == ((), ())


def test_the_page_costs_the_same_for_one_and_for_ten_teams(world: World, signed_in: Browser) -> None:
    browser = signed_in(world.bob)
    browser.get(PAGE)
    costs = []
    for more in (1, 9):
        for number in range(more):
            owner = world.person(f"owner{more}{number}@atelier.example", "Owner")
            team = world.found(f"Team {more}{number}", owner=owner)
            world.seat(world.licenses(team=team).pool, world.join(team, world.bob), by=owner)
            world.licenses(team=team, product=world.other_product)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(PAGE).status_code == HTTPStatus.OK
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 18


def test_a_lost_device_is_blocked_and_unblocked_here(world: World, signed_in: Browser) -> None:
    scene = stage(world)
    machine = scene.machine(name="Tower")
    running = machine.checkout(scene.product.code)
    browser = signed_in(world.bob)
    browser.post(reverse("device_block", args=[machine.device.public_id]))
    refused = machine.renew(running)
    assert refused.code == "device_blocked"
    assert "You have blocked this device" in refused.values["detail"]
    assert refused.values["fixed_by"] == "person"
    browser.post(reverse("device_unblock", args=[machine.device.public_id]))
    assert machine.checkout(scene.product.code).status == 200


def test_nobody_blocks_another_persons_device(world: World, signed_in: Browser) -> None:
    machine = stage(world).machine(name="Tower")
    answer = signed_in(world.alice).post(reverse("device_block", args=[machine.device.public_id]))
    assert answer.status_code == 404
