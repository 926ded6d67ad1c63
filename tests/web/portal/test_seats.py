"""The seat grid as people meet it, behind both of its doors."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licet.accounts.models import Person
from licet.licenses.models import Pool
from licet.seats import actions as seats
from licet.seats.models import Seat
from licet.teams import actions as teams
from licet.teams.models import Member
from licet.teams.states import Role
from tests.world import World

HTMX = {"HX-Request": "true"}
DOORS = ["subscriptions", "team_members"]
Browser = Callable[[Person], Client]


def grid(world: World, door: str = "team_members") -> str:
    return reverse(door, args=[world.team.public_id, world.product.code])


def box(world: World, member: Member) -> str:
    return reverse("seat_toggle", args=[world.team.public_id, world.product.code, member.public_id])


def ticked(html: str, member: Member) -> bool:
    tag = html.split(f'id="tick-{member.public_id}"')[1].split(">", maxsplit=1)[0]
    return " checked" in tag


def statements(captured: CaptureQueriesContext) -> list[str]:
    """Leave out what opens and closes transactions."""
    brackets = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [each["sql"] for each in captured.captured_queries if not each["sql"].startswith(brackets)]


@pytest.mark.parametrize("door", DOORS)
def test_both_doors_show_one_grid(world: World, signed_in: Browser, door: str) -> None:
    pool = world.licenses(seats=3).pool
    world.seat(pool, world.member(world.bob))
    page = signed_in(world.alice).get(grid(world, door)).text
    assert ticked(page, world.member(world.bob))
    assert not ticked(page, world.member(world.alice))


@pytest.mark.parametrize("door", DOORS)
def test_every_product_of_the_team_has_its_tab(world: World, signed_in: Browser, door: str) -> None:
    world.licenses(product=world.product)
    world.licenses(product=world.other_product)
    page = signed_in(world.alice).get(reverse(door, args=[world.team.public_id])).text
    for product in (world.product, world.other_product):
        assert reverse(door, args=[world.team.public_id, product.code]) in page


def test_a_check_box_says_what_it_is_for(world: World, signed_in: Browser) -> None:
    world.licenses()
    world.member(world.bob)
    page = signed_in(world.alice).get(grid(world), headers={"Accept-Language": "en"})
    assert f'aria-label="License of {world.product.name} for Bob Keller"' in page.text


def test_a_tick_gives_the_license_and_answers_a_fragment(world: World, signed_in: Browser) -> None:
    world.licenses(seats=3)
    bob = world.member(world.bob)
    answer = signed_in(world.alice).post(box(world, bob), {"wanted": "on"}, headers=HTMX)
    assert answer.status_code == HTTPStatus.OK
    assert "<html" not in answer.text
    assert ticked(answer.text, bob)
    assert 'id="seat-counts" hx-swap-oob="true"' in answer.text
    assert Seat.objects.held().get().member == bob


def test_an_untick_takes_the_license_back(world: World, signed_in: Browser) -> None:
    pool = world.licenses(seats=3).pool
    bob = world.member(world.bob)
    world.seat(pool, bob)
    answer = signed_in(world.alice).post(box(world, bob), headers=HTMX)
    assert answer.status_code == HTTPStatus.OK
    assert not ticked(answer.text, bob)
    assert not Seat.objects.held().exists()


def test_an_untick_of_what_nobody_holds_is_harmless(world: World, signed_in: Browser) -> None:
    world.licenses()
    bob = world.member(world.bob)
    answer = signed_in(world.alice).post(box(world, bob), headers=HTMX)
    assert answer.status_code == HTTPStatus.OK
    assert not ticked(answer.text, bob)


def test_who_ticks_too_late_sees_the_true_box_and_is_told_who_took_the_last_one(
    world: World, signed_in: Browser
) -> None:
    pool = world.licenses(seats=1).pool
    dora = world.person("dora@atelier.example", "Dora Weiss")
    world.join(world.team, dora, role=Role.ADMIN)
    bob = world.member(world.bob)
    world.seat(pool, world.member(dora), by=dora)
    browser = signed_in(world.person("emil@atelier.example", "Emil"))
    world.join(world.team, Person.objects.get(email="emil@atelier.example"), role=Role.ADMIN)
    answer = browser.post(box(world, bob), {"wanted": "on"}, headers=HTMX)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert not ticked(answer.text, bob)
    assert "Dora Weiss gave the last license to Dora Weiss a moment ago" in answer.text
    assert answer["HX-Trigger"] == "seats-changed"


def test_without_scripts_a_tick_leads_back_to_the_page_with_a_message(
    world: World, signed_in: Browser
) -> None:
    world.licenses(seats=1)
    bob = world.member(world.bob)
    browser = signed_in(world.alice)
    back = grid(world, "subscriptions") + "?q=bob"
    answer = browser.post(box(world, bob), {"wanted": "on", "next": back}, follow=True)
    assert answer.redirect_chain == [(back, HTTPStatus.FOUND)]
    assert ticked(answer.text, bob)
    refused = browser.post(box(world, world.member(world.alice)), {"wanted": "on"}, follow=True)
    assert "All" in refused.text or "only license" in refused.text
    assert Seat.objects.held().count() == 1


def test_without_scripts_the_button_decides_and_not_the_box(world: World, signed_in: Browser) -> None:
    pool = world.licenses().pool
    bob = world.member(world.bob)
    world.seat(pool, bob)
    signed_in(world.alice).post(box(world, bob), {"wanted": ["on", ""]})
    assert not Seat.objects.held().exists()


@pytest.mark.parametrize("wanted", [{"wanted": "on"}, {}])
def test_a_plain_member_may_neither_give_nor_take(
    world: World, signed_in: Browser, wanted: dict[str, str]
) -> None:
    world.licenses()
    bob = world.member(world.bob)
    answer = signed_in(world.bob).post(box(world, bob), wanted, headers=HTMX)
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert not Seat.objects.exists()


@pytest.mark.parametrize("door", DOORS)
def test_a_plain_member_does_not_see_who_else_is_there(world: World, signed_in: Browser, door: str) -> None:
    world.licenses()
    world.member(world.bob)
    assert signed_in(world.bob).get(grid(world, door)).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("door", DOORS)
def test_a_stranger_finds_nothing(world: World, signed_in: Browser, door: str) -> None:
    pool = world.licenses().pool
    bob = world.member(world.bob)
    world.seat(pool, bob)
    browser = signed_in(world.charlie)
    assert browser.get(grid(world, door)).status_code == HTTPStatus.NOT_FOUND
    for wanted in ({"wanted": "on"}, {}):
        assert browser.post(box(world, bob), wanted, headers=HTMX).status_code == HTTPStatus.NOT_FOUND
    assert Seat.objects.held().count() == 1


def test_who_is_not_signed_in_is_asked_to(world: World, client: Client) -> None:
    world.licenses()
    for answer in (client.get(grid(world)), client.post(box(world, world.member(world.alice)))):
        assert answer.status_code == HTTPStatus.FOUND
        assert reverse("account_login") in answer["Location"]


def test_a_product_that_the_team_never_had_is_not_there(world: World, signed_in: Browser) -> None:
    world.licenses()
    path = reverse("team_members", args=[world.team.public_id, world.other_product.code])
    assert signed_in(world.alice).get(path).status_code == HTTPStatus.NOT_FOUND


def test_a_member_of_another_team_has_no_box_here(world: World, signed_in: Browser) -> None:
    world.licenses()
    stranger = world.member(world.charlie, world.other_team)
    answer = signed_in(world.alice).post(box(world, stranger), {"wanted": "on"}, headers=HTMX)
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_who_is_invited_is_shown_without_a_box(world: World, signed_in: Browser) -> None:
    world.licenses()
    teams.invite(
        team=world.team,
        emails=["new@atelier.example"],
        role=Role.MEMBER,
        message="",
        language="en",
        by=world.alice.actor(),
        now=world.now,
    )
    page = signed_in(world.alice).get(grid(world)).text
    assert "new@atelier.example" in page
    assert page.count('type="checkbox" name="wanted"') == 1


def test_people_are_found_by_part_of_name_or_address_whatever_accents(
    world: World, signed_in: Browser
) -> None:
    world.licenses()
    world.join(world.team, world.person("e.b@atelier.example", "Élodie Brûlé"))
    world.member(world.bob)
    browser = signed_in(world.alice)
    for words in ("elod", "BRULE", "e.b@", "brule elodie"):
        page = browser.get(grid(world), {"q": words}).text
        assert "Élodie Brûlé" in page
        assert "Bob Keller" not in page


def test_the_list_narrows_to_those_with_without_or_invited(world: World, signed_in: Browser) -> None:
    pool = world.licenses().pool
    world.seat(pool, world.member(world.bob))
    browser = signed_in(world.alice)
    alice = f"tick-{world.member(world.alice).public_id}"
    bob = f"tick-{world.member(world.bob).public_id}"
    shown = {
        choice: [name for name in (alice, bob) if name in browser.get(grid(world), {"show": choice}).text]
        for choice in ("all", "with", "without", "invited", "nonsense")
    }
    assert shown == {
        "all": [alice, bob],
        "with": [bob],
        "without": [alice],
        "invited": [],
        "nonsense": [alice, bob],
    }


def test_typing_in_the_filter_answers_the_list_alone(world: World, signed_in: Browser) -> None:
    world.licenses()
    headers = {**HTMX, "HX-Target": "people"}
    page = signed_in(world.alice).get(grid(world), {"q": "ali"}, headers=headers).text
    assert page.lstrip().startswith('<div id="people"')


def test_a_hundred_people_stand_on_a_page(world: World, signed_in: Browser) -> None:
    world.licenses()
    world.people(world.team, 129)
    browser = signed_in(world.alice)
    on_page = [browser.get(grid(world), {"page": n}).text.count('name="wanted" id') for n in (1, 2)]
    assert on_page == [100, 30]


def test_the_counts_asked_for_tell_a_page_that_is_behind_to_read_again(
    world: World, signed_in: Browser
) -> None:
    pool = world.licenses(seats=3).pool
    browser = signed_in(world.alice)
    headers = {**HTMX, "HX-Target": "seat-counts"}
    same = browser.get(grid(world), {"bought": 3, "assigned": 0, "reserved": 0}, headers=headers)
    assert "HX-Trigger" not in same
    world.seat(pool, world.member(world.bob))
    behind = browser.get(grid(world), {"bought": 3, "assigned": 0, "reserved": 0}, headers=headers)
    assert behind["HX-Trigger"] == "seats-changed"
    assert len(behind.content) < 4_000


def test_a_team_without_licenses_is_led_to_the_shop(world: World, signed_in: Browser) -> None:
    browser = signed_in(world.alice)
    for door in DOORS:
        page = browser.get(reverse(door, args=[world.team.public_id]), headers={"Accept-Language": "en"}).text
        assert "No licenses yet" in page
        assert reverse("shop_home") in page


def test_the_ends_of_what_was_bought_are_shown(world: World, signed_in: Browser) -> None:
    world.licenses(seats=2)
    world.licenses(seats=1, valid_until=world.now + timedelta(days=10))
    world.licenses(seats=4, valid_from=world.now + timedelta(days=40))
    browser = signed_in(world.alice)
    page = browser.get(grid(world, "subscriptions"), headers={"Accept-Language": "en"}).text
    for word in ("Active", "Ends soon", "Not begun"):
        assert word in page
    beside_the_people = browser.get(grid(world, "team_members"), headers={"Accept-Language": "en"}).text
    assert "Ends soon" in beside_the_people
    assert "Active" not in beside_the_people


def test_the_page_costs_the_same_for_20_and_for_200_people(world: World, signed_in: Browser) -> None:
    pool = world.licenses(seats=200).pool
    browser = signed_in(world.alice)
    browser.get(grid(world))
    costs = []
    for start, more in ((1, 19), (20, 180)):
        for member in world.people(world.team, more, start=start):
            world.seat(pool, member)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(grid(world)).status_code == HTTPStatus.OK
        costs.append(len(statements(captured)))
    assert costs[0] == costs[1] <= 17


# Taking a license back also signs out of its applications: which there are, whether another license
# opens them, and what is open of codes, devices and grants.
@pytest.mark.parametrize(("wanted", "most"), [({"wanted": "on"}, 12), ({}, 12 + 5)])
def test_a_tick_costs_so_many_statements_sign_in_included(
    world: World, signed_in: Browser, wanted: dict[str, str], most: int
) -> None:
    pool: Pool = world.licenses(seats=20).pool
    world.people(world.team, 5)
    bob = world.member(world.bob)
    if not wanted:
        world.seat(pool, bob)
    browser = signed_in(world.alice)
    browser.get(grid(world))
    with CaptureQueriesContext(connection) as captured:
        answer = browser.post(box(world, bob), wanted, headers=HTMX)
    assert answer.status_code == HTTPStatus.OK
    assert len(answer.content) < 6_000
    assert len(statements(captured)) <= most, "\n".join(statements(captured))


def test_a_name_cannot_bring_markup_into_the_page(world: World, signed_in: Browser) -> None:
    world.licenses()
    evil = world.person("evil@atelier.example", '"><img src=x onerror=alert(1)>')
    member = world.join(world.team, evil)
    browser = signed_in(world.alice)
    assert "<img" not in browser.get(grid(world)).text
    assert "<img" not in browser.post(box(world, member), {"wanted": "on"}, headers=HTMX).text


def test_what_was_released_elsewhere_is_shown_as_it_is(world: World, signed_in: Browser) -> None:
    pool = world.licenses().pool
    bob = world.member(world.bob)
    seat = world.seat(pool, bob)
    seats.release(seat=seat, by=world.alice.actor(), now=world.now)
    assert not ticked(signed_in(world.alice).get(grid(world)).text, bob)
