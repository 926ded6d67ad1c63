"""Asking for a license and answering, as people meet it."""

import re
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licet.accounts.models import Person
from licet.licenses.models import Pool
from licet.seats.models import Seat, SeatRequest
from tests.seats.waiting import ask, queue
from tests.world import World

Browser = Callable[[Person], Client]
MINE = "/account/licenses/"


def path(name: str, world: World, asked: SeatRequest | None = None) -> str:
    last = asked.public_id if asked else world.product.code
    return reverse(name, args=[world.team.public_id, last])


def grid(world: World) -> str:
    return path("team_members", world)


def test_a_member_asks_from_the_own_page_and_sees_the_place_in_the_line(
    world: World, signed_in: Browser
) -> None:
    world.licenses()
    world.member(world.bob)
    browser = signed_in(world.bob)
    assert path("license_request", world) in browser.get(MINE).text
    assert "Request a license of" in browser.get(path("license_request", world)).text
    answer = browser.post(path("license_request", world), {"message": "For the bridge"}, follow=True)
    assert "Your place in the line: 1." in answer.text
    assert SeatRequest.objects.get().message == "For the bridge"


def test_a_request_is_withdrawn(world: World, signed_in: Browser) -> None:
    pool = world.licenses().pool
    world.member(world.bob)
    asked = ask(world, pool, world.bob)
    page = signed_in(world.bob).post(path("request_withdraw", world, asked), follow=True).text
    assert "Your place in the line" not in page
    assert path("license_request", world) in page


def test_an_administrator_sees_who_waits_and_gives(world: World, signed_in: Browser) -> None:
    pool = world.licenses(seats=2).pool
    people = queue(world, pool, 2)
    browser = signed_in(world.alice)
    page = browser.get(grid(world)).text
    assert "2 people wait: give it to the first, Person 001." in page
    asked = SeatRequest.objects.get(member=people[0])
    answer = browser.post(path("request_grant", world, asked), {"next": grid(world)}, follow=True)
    assert f"Person 001 has a license of {world.product.name} now." in answer.text
    assert Seat.objects.get().member == people[0]
    assert "1 person waits: give it to Person 002." in answer.text


def test_the_tab_says_how_many_wait(world: World, signed_in: Browser) -> None:
    world.licenses()
    other = world.licenses(product=world.other_product).pool
    queue(world, other, 3)
    assert "3 people wait" in signed_in(world.alice).get(grid(world)).text


def test_where_none_is_free_nothing_can_be_given(world: World, signed_in: Browser) -> None:
    pool: Pool = world.licenses(seats=1).pool
    world.seat(pool, world.member(world.alice))
    [first] = queue(world, pool, 1)
    browser = signed_in(world.alice)
    page = browser.get(grid(world)).text
    assert "disabled>Give</button>" in page
    asked = SeatRequest.objects.get(member=first)
    answer = browser.post(path("request_grant", world, asked), follow=True)
    assert "only license is assigned" in answer.text
    assert SeatRequest.objects.waiting().exists()


def test_a_request_is_declined_with_a_reason_that_the_person_reads(world: World, signed_in: Browser) -> None:
    pool = world.licenses().pool
    world.member(world.bob)
    asked = ask(world, pool, world.bob)
    browser = signed_in(world.alice)
    assert "Decline the request of Bob Keller" in browser.get(path("request_decline", world, asked)).text
    answer = browser.post(path("request_decline", world, asked), {"message": "Next month"}, follow=True)
    assert "You declined the request of Bob Keller" in answer.text
    page = signed_in(world.bob).get(MINE).text
    assert "Your request was declined on 2 Mar 2026." in page
    assert "Next month" in page


def test_what_was_answered_meanwhile_is_said(world: World, signed_in: Browser) -> None:
    pool = world.licenses().pool
    world.member(world.bob)
    asked = ask(world, pool, world.bob)
    browser = signed_in(world.alice)
    browser.post(path("request_grant", world, asked))
    answer = browser.post(path("request_decline", world, asked), {"message": ""})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "no longer open" in answer.text


@pytest.mark.parametrize("automatic", ["on", ""])
def test_an_administrator_chooses_how_free_licenses_go_out(
    world: World, signed_in: Browser, automatic: str
) -> None:
    pool = world.licenses().pool
    browser = signed_in(world.alice)
    browser.post(path("offers_switch", world), {"automatic": automatic, "next": grid(world)})
    pool.refresh_from_db()
    assert pool.auto_offer is bool(automatic)
    assert ("goes to the first in line by itself" in browser.get(grid(world)).text) is bool(automatic)


def test_who_has_a_license_is_told_so(world: World, signed_in: Browser) -> None:
    pool = world.licenses().pool
    world.seat(pool, world.member(world.bob))
    answer = signed_in(world.bob).post(path("license_request", world), {"message": ""})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "already has a license" in answer.text


def test_a_message_cannot_bring_markup_into_the_page(world: World, signed_in: Browser) -> None:
    pool = world.licenses().pool
    world.member(world.bob)
    ask(world, pool, world.bob, message='"><img src=x onerror=alert(1)>')
    assert "<img" not in signed_in(world.alice).get(grid(world)).text


def test_both_pages_cost_the_same_however_many_wait(world: World, signed_in: Browser) -> None:
    pool = world.licenses().pool
    browsers = {grid(world): signed_in(world.alice), MINE: signed_in(world.bob)}
    world.member(world.bob)
    ask(world, pool, world.bob)
    costs: dict[str, list[int]] = {each: [] for each in browsers}
    for page, browser in browsers.items():
        browser.get(page)
    for start, more in ((1, 2), (3, 20)):
        for member in world.people(world.team, more, start=start):
            ask(world, pool, member.person)
        for page, browser in browsers.items():
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(page).status_code == HTTPStatus.OK
            costs[page].append(len(captured))
    assert all(few == many for few, many in costs.values()), costs


def test_an_untick_while_people_wait_says_who_is_first_and_the_card_reads_itself_again(
    world: World, signed_in: Browser
) -> None:
    pool = world.licenses(seats=1).pool
    bob = world.member(world.bob)
    world.seat(pool, bob)
    queue(world, pool, 2)
    browser = signed_in(world.alice)
    page = browser.get(grid(world)).text
    assert re.search(r'id="line" hx-get="[^"]+" hx-trigger="line-changed from:body', page)
    tick = reverse("seat_toggle", args=[world.team.public_id, world.product.code, bob.public_id])
    answer = browser.post(tick, {}, headers={"HX-Request": "true"})
    assert answer["HX-Trigger"] == "line-changed"
    assert "Person 001 waits for a license" in answer.text
    given = browser.post(tick, {"wanted": "on"}, headers={"HX-Request": "true"})
    assert "is first in line" not in given.text
