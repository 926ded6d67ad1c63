"""Administrators see before they click that a license goes on offline, and when its place is free."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from licet.accounts.models import Person
from licet.leases import offboarding
from licet.seats import actions as seats
from tests.gateway.conftest import Scene, stage
from tests.leases.borrowing import borrow
from tests.web.portal.test_matrix import sent
from tests.world import World

Browser = Callable[[Person], Client]
FREE = "11 Mar 2026, 10:00"


def lent(world: World) -> Scene:
    """Bob has borrowed on his laptop for nine days."""
    scene = stage(world)
    borrow(scene.machine(name="Laptop"), scene.product, until=world.now + timedelta(days=9))
    return scene


def grid(world: World, signed_in: Browser) -> str:
    url = reverse("team_members", args=[world.team.public_id, world.product.code])
    return signed_in(world.alice).get(url, headers={"Accept-Language": "en"}).text


def test_the_grid_says_until_when_a_license_is_borrowed(world: World, signed_in: Browser) -> None:
    world.alice.language = "en"
    world.alice.save()
    lent(world)
    assert f"borrowed; free for others on {FREE}" in grid(world, signed_in)


def test_the_grid_says_so_of_somebody_who_lost_it(world: World, signed_in: Browser) -> None:
    world.alice.language = "en"
    world.alice.save()
    scene = lent(world)
    seats.release(seat=scene.seat, by=world.alice.actor(), now=world.now)
    assert f"still used offline; free on {FREE}" in grid(world, signed_in)


def test_the_grid_says_so_of_somebody_who_left(world: World, signed_in: Browser) -> None:
    world.alice.language = "en"
    world.alice.save()
    lent(world)
    offboarding.remove(member=world.member(world.bob), by=world.alice.actor(), now=world.now)
    page = grid(world, signed_in)
    assert f"Bob Keller left the team and still uses a license offline. It is free on {FREE}." in page


def test_the_answer_to_the_untick_says_when_the_place_is_free(world: World, signed_in: Browser) -> None:
    world.alice.language = "en"
    world.alice.save()
    lent(world)
    bob = world.member(world.bob).public_id
    url = reverse("seat_toggle", args=[world.team.public_id, world.product.code, bob])
    page = signed_in(world.alice).post(url, {}, headers={"HX-Request": "true"}).text
    assert f"still used offline; free on {FREE}" in page
    assert "2 licenses are free" in page


def test_the_effect_of_many_changes_says_so_before_they_are_applied(world: World, signed_in: Browser) -> None:
    world.alice.language = "en"
    world.alice.save()
    lent(world)
    browser = signed_in(world.alice)
    table = browser.get(reverse("team_matrix", args=[world.team.public_id])).text
    values = sent(table, do="take", product=world.product.code, who=["1"])
    effect = browser.post(reverse("matrix_effect", args=[world.team.public_id]), values).text
    assert (
        f"Borrowed on Laptop: the license is used there offline, and free for somebody else on {FREE}"
        in effect
    )


def test_the_preview_of_a_removal_says_so(world: World, signed_in: Browser) -> None:
    world.alice.language = "en"
    world.alice.save()
    lent(world)
    bob = world.member(world.bob).public_id
    page = signed_in(world.alice).get(reverse("member_remove", args=[world.team.public_id, bob])).text
    assert f"is borrowed: it goes on offline, and the license is free for somebody else on {FREE}" in page
