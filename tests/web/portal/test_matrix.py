"""People x products on one page, the page that shows the effect, applying and undoing."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licet.accounts.models import Person
from licet.seats.models import Reservation, Seat, SeatBatch
from licet.teams import actions as teams
from licet.teams.models import Invitation, Member
from licet.teams.states import Role
from tests.gateway.conftest import stage
from tests.world import World

Browser = Callable[[Person], Client]


def table(world: World) -> str:
    return reverse("team_matrix", args=[world.team.public_id])


def to(world: World, name: str, *more: str) -> str:
    return reverse(name, args=[world.team.public_id, *more])


def box(html: str, member: Member, product: str) -> tuple[str, bool]:
    """Return the name of a box (`row.column`) and whether it is ticked."""
    label = re.escape(f"License of {product} for {member.person.name}")
    found = re.search(rf'name="on" value="([\d.]+)" aria-label="{label}"( checked)?', unescape(html))
    assert found, "no such box"
    return found[1], bool(found[2])


def hidden(html: str, *names: str) -> dict[str, str]:
    """Return the hidden fields of the page, as a browser sends them back."""
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html)
    found = dict(reversed(fields))  # the footer's choice of language comes last
    return {name: unescape(found[name]) for name in names}


def sent(html: str, *, change: list[str] = [], **more: Any) -> dict[str, Any]:  # noqa: B006
    """Return what the form of the table sends when these boxes were clicked."""
    ticked = set(re.findall(r'name="on" value="([\d.]+)" aria-label="[^"]*" checked', html))
    page = hidden(html, "members", "products", "shown", "next", "filter")
    return {**page, "on": sorted(ticked ^ set(change)), **more}


def statements(captured: CaptureQueriesContext) -> list[str]:
    """Leave out what opens and closes transactions."""
    brackets = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [each["sql"] for each in captured.captured_queries if not each["sql"].startswith(brackets)]


def test_every_person_has_a_box_for_every_product_with_its_name(world: World, signed_in: Browser) -> None:
    pool = world.licenses().pool
    world.licenses(product=world.other_product)
    bob = world.member(world.bob)
    world.seat(pool, bob)
    page = signed_in(world.alice).get(table(world)).text
    assert box(page, bob, world.product.name)[1]
    assert not box(page, bob, world.other_product.name)[1]
    assert not box(page, world.member(world.alice), world.product.name)[1]


def test_changed_boxes_show_their_effect_and_nothing_happens_yet(world: World, signed_in: Browser) -> None:
    pool = world.licenses(seats=1).pool
    bob, alice = world.member(world.bob), world.member(world.alice)
    world.seat(pool, bob)
    browser = signed_in(world.alice)
    page = browser.get(table(world)).text
    boxes = [box(page, each, world.product.name)[0] for each in (bob, alice)]
    effect = browser.post(to(world, "matrix_effect"), sent(page, change=boxes))
    assert effect.status_code == HTTPStatus.OK
    assert "1 license is taken back" in effect.text
    assert "1 license is given" in effect.text
    assert Seat.objects.held().get().member == bob
    applied = browser.post(to(world, "matrix_apply"), hidden(effect.text, "wishes", "mode", "next"))
    assert applied.status_code == HTTPStatus.FOUND
    assert applied["Location"] == table(world)
    assert Seat.objects.held().get().member == alice


def test_what_does_not_fit_is_told_with_its_reason_and_the_rest_can_be_applied(
    world: World, signed_in: Browser
) -> None:
    world.licenses(seats=1)
    bob, alice = world.member(world.bob), world.member(world.alice)
    browser = signed_in(world.alice)
    page = browser.get(table(world)).text
    boxes = [box(page, each, world.product.name)[0] for each in (bob, alice)]
    effect = browser.post(to(world, "matrix_effect"), sent(page, change=boxes)).text
    assert "1 change cannot be made" in effect
    assert "only license is assigned" in unescape(effect)
    assert "Apply the 1 change that fits" in effect
    browser.post(to(world, "matrix_apply"), hidden(effect, "wishes", "mode", "next"))
    assert Seat.objects.held().count() == 1


def test_two_admins_change_at_once_and_the_second_sees_the_fresh_effect(
    world: World, signed_in: Browser
) -> None:
    pool = world.licenses(seats=1).pool
    dora = world.person("dora@atelier.example", "Dora Weiss")
    world.join(world.team, dora, role=Role.ADMIN)
    bob = world.member(world.bob)
    browser = signed_in(world.alice)
    page = browser.get(table(world)).text
    change = [box(page, bob, world.product.name)[0]]
    effect = browser.post(to(world, "matrix_effect"), sent(page, change=change)).text
    world.seat(pool, world.member(dora), by=dora)
    late = browser.post(to(world, "matrix_apply"), hidden(effect, "wishes", "mode", "next"))
    assert late.status_code == HTTPStatus.CONFLICT
    assert "Nothing was changed" in late.text
    assert "Dora Weiss gave the last license to Dora Weiss a moment ago" in late.text
    assert Seat.objects.held().get().member == world.member(dora)


def test_revoke_while_the_product_is_in_use_shows_where_and_until_when(
    world: World, signed_in: Browser
) -> None:
    scene = stage(world)
    scene.machine(name="Bob's desk").checkout(scene.product.code)
    bob = world.member(world.bob)
    browser = signed_in(world.alice)
    page = browser.get(table(world)).text
    change = [box(page, bob, scene.product.name)[0]]
    effect = unescape(browser.post(to(world, "matrix_effect"), sent(page, change=change)).text)
    assert "In use on Bob's desk; it may run on until 2 Mar 2026" in effect


@pytest.mark.parametrize(("everybody", "given"), [("", 1), ("on", 3)])
def test_a_product_is_given_to_the_selected_rows_or_to_all_who_were_found(
    world: World, signed_in: Browser, everybody: str, given: int
) -> None:
    world.licenses(seats=9)
    world.people(world.team, 3)
    browser = signed_in(world.alice)
    page = browser.get(table(world), {"q": "person"}).text
    form = sent(page, who=["1"], do="give", product=world.product.code, everybody=everybody)
    effect = browser.post(to(world, "matrix_effect"), form).text
    browser.post(to(world, "matrix_apply"), hidden(effect, "wishes", "mode", "next"))
    people = {seat.member.person.name for seat in Seat.objects.held().select_related("member__person")}
    assert len(people) == given
    assert "Person 002" in people


def test_the_last_changes_can_be_undone_from_the_table(world: World, signed_in: Browser) -> None:
    world.licenses()
    bob = world.member(world.bob)
    browser = signed_in(world.alice)
    browser.post(
        to(world, "matrix_apply"), {"wishes": f"{world.product.code}+ {bob.public_id}", "mode": "all"}
    )
    there = to(world, "matrix_undo", SeatBatch.objects.get().public_id)
    assert there in browser.get(table(world)).text
    assert "1 license is taken back" in browser.get(there).text
    assert Seat.objects.held().count() == 1
    assert browser.post(there, follow=True).redirect_chain == [(table(world), HTTPStatus.FOUND)]
    assert Seat.objects.held().count() == 0
    assert there not in browser.get(table(world)).text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "person 001"}, {"Person 001"}),
        ({"role": "owner"}, {"Alice Martin"}),
        ({"show": "with"}, {"Person 002"}),
        ({"show": "without", "role": "member"}, {"Person 001"}),
        ({"show": "nonsense", "role": "king"}, {"Alice Martin", "Person 001", "Person 002"}),
    ],
)
def test_the_table_is_searched_and_filtered(
    world: World, signed_in: Browser, query: dict[str, str], names: set[str]
) -> None:
    pool = world.licenses().pool
    _one, two = world.people(world.team, 2)
    world.seat(pool, two)
    page = signed_in(world.alice).get(table(world), query).text
    assert set(re.findall(r'name="who"[^>]*><span><span class="person-name">([^<]+)<', page)) == names


def test_who_has_or_lacks_one_product_is_found(world: World, signed_in: Browser) -> None:
    pool = world.licenses().pool
    world.licenses(product=world.other_product)
    bob = world.member(world.bob)
    world.seat(pool, bob)
    browser = signed_in(world.alice)
    for product, there in ((world.product, True), (world.other_product, False)):
        page = browser.get(table(world), {"show": "with", "product": product.code}).text
        assert ("Bob Keller" in page) is there
    assert browser.get(table(world), {"product": "no-such"}).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    "broken", [{"shown": "11"}, {"shown": "2"}, {"members": "mbr_x mbr_y"}, {"products": "a b c"}]
)
def test_a_form_that_was_tampered_with_changes_nothing(
    world: World, signed_in: Browser, broken: dict[str, str]
) -> None:
    world.licenses()
    browser = signed_in(world.alice)
    page = browser.get(table(world)).text
    answer = browser.post(to(world, "matrix_effect"), sent(page) | broken, follow=True)
    assert "out of date" in answer.text
    answer = browser.post(to(world, "matrix_apply"), {"wishes": "<b>", "mode": "all"}, follow=True)
    assert "out of date" in answer.text
    assert Seat.objects.count() == 0


def test_people_of_another_team_cannot_be_wished_for(world: World, signed_in: Browser) -> None:
    world.licenses()
    stranger = world.member(world.charlie, world.other_team)
    form = {"wishes": f"{world.product.code}+ {stranger.public_id}", "mode": "fit"}
    answer = signed_in(world.alice).post(to(world, "matrix_apply"), form)
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_a_name_cannot_bring_markup_into_the_table(world: World, signed_in: Browser) -> None:
    world.licenses()
    world.join(world.team, world.person("evil@atelier.example", '"><img src=x onerror=alert(1)>'))
    assert "<img" not in signed_in(world.alice).get(table(world)).text


def test_a_thousand_people_and_ten_products_cost_the_same_and_stay_light(
    world: World, signed_in: Browser
) -> None:
    from licet.catalog.models import Product
    from licet.licenses.models import Pool

    first = world.licenses(seats=2000).pool
    model = world.product
    for number in range(9):
        clone = Product.objects.get(pk=model.pk)
        clone.pk, clone.code = None, f"product-with-a-long-name-{number}"
        clone.public_id = f"prd_{number:016}" if hasattr(clone, "public_id") else None
        clone.save()
        world.licenses(product=clone, seats=2000)
    browser = signed_in(world.alice)
    browser.get(table(world))
    costs = []
    for size in (3, 997):
        crowd = world.crowd(world.team, size, start=len(costs) * 100)
        Seat.objects.bulk_create(
            Seat(team=world.team, pool=first, member=each, assigned_at=world.now) for each in crowd
        )
        Pool.objects.filter(pk=first.pk).update(held=Seat.objects.count(), allowed=2000)
        with CaptureQueriesContext(connection) as captured:
            answer = browser.get(table(world))
        costs.append(len(statements(captured)))
    assert answer.text.count('name="on"') == 1000
    assert len(answer.content) < 300_000
    assert costs[0] == costs[1] <= 13


# --- people who are invited, and changes that are not applied yet -------------------------------------


def invited(world: World, email: str = "ada@x.example") -> Invitation:
    teams.invite(
        team=world.team,
        emails=[email],
        role=Role.MEMBER,
        message="",
        language="en",
        by=world.alice.actor(),
        now=world.now,
    )
    return Invitation.objects.get(team=world.team, email=email)


def kept_box(html: str, email: str, product: str) -> tuple[str, bool]:
    label = re.escape(f"Reserved license of {product} for {email}")
    found = re.search(rf'name="on" value="([\d.]+)" aria-label="{label}"( checked)?', unescape(html))
    assert found, "no such box"
    return found[1], bool(found[2])


def test_who_is_invited_has_a_row_and_a_tick_keeps_a_license_free(world: World, signed_in: Browser) -> None:
    world.licenses()
    invited(world)
    browser = signed_in(world.alice)
    page = browser.get(table(world)).text
    name, ticked = kept_box(page, "ada@x.example", world.product.name)
    assert not ticked
    effect = browser.post(to(world, "matrix_effect"), sent(page, change=[name])).text
    assert "1 license is reserved until the invitation is answered" in effect
    browser.post(to(world, "matrix_apply"), hidden(effect, "wishes", "mode", "next"))
    page = browser.get(table(world)).text
    assert kept_box(page, "ada@x.example", world.product.name)[1]
    effect = browser.post(to(world, "matrix_effect"), sent(page, change=[name])).text
    assert "1 license is no longer reserved" in effect
    told = browser.post(to(world, "matrix_apply"), hidden(effect, "wishes", "mode", "next"), follow=True).text
    assert "1 reservation was ended" in told
    assert Reservation.objects.kept().count() == 0


def test_an_expired_invitation_is_shown_without_a_box_to_click(world: World, signed_in: Browser) -> None:
    world.licenses(valid_until=world.now.replace(year=2028))
    invited(world)
    with time_machine.travel(world.now + timedelta(days=15), tick=False):
        page = signed_in(world.alice).get(table(world)).text
    row = page[page.index("ada@x.example") :]
    assert "Expired" in row
    assert "disabled" in row[: row.index("</tr>")]


@pytest.mark.parametrize("go", ["search", "2", "everybody"])
def test_changes_that_are_not_applied_survive_searching_and_turning_pages(
    world: World, signed_in: Browser, go: str
) -> None:
    world.licenses()
    one, two = world.people(world.team, 2)
    browser = signed_in(world.alice)
    page = browser.get(table(world)).text
    change = [box(page, one, world.product.name)[0]]
    form = sent(page, change=change, go=go, **{"of-q": "person 002"})
    away = browser.post(to(world, "matrix_keep"), form)
    assert away.status_code == HTTPStatus.FOUND
    assert ("q=person+002" in away["Location"]) is (go == "search")
    there = browser.get(away["Location"]).text
    assert "1 change is not applied yet" in there
    assert ("among people who are not shown" in there) is (go == "search")
    also = [box(there, two, world.product.name)[0]]
    effect = browser.post(to(world, "matrix_effect"), sent(there, change=also)).text
    assert "2 licenses are given" in effect
    browser.post(to(world, "matrix_apply"), hidden(effect, "wishes", "mode", "next"))
    assert {seat.member for seat in Seat.objects.held().select_related("member")} == {one, two}
    assert "not applied yet" not in browser.get(table(world)).text


def test_a_kept_change_is_shown_in_its_box_and_a_second_click_takes_it_back(
    world: World, signed_in: Browser
) -> None:
    world.licenses()
    bob = world.member(world.bob)
    browser = signed_in(world.alice)
    page = browser.get(table(world)).text
    name = box(page, bob, world.product.name)[0]
    browser.post(to(world, "matrix_keep"), sent(page, change=[name], go="search"))
    page = browser.get(table(world)).text
    assert box(page, bob, world.product.name)[1]
    browser.post(to(world, "matrix_keep"), sent(page, change=[name], go="search"))
    page = browser.get(table(world)).text
    assert not box(page, bob, world.product.name)[1]
    assert "not applied yet" not in page


def test_kept_changes_can_be_discarded_and_belong_to_one_team(world: World, signed_in: Browser) -> None:
    world.licenses()
    world.join(world.other_team, world.alice, role=Role.ADMIN)
    world.licenses(world.other_team)
    bob = world.member(world.bob)
    browser = signed_in(world.alice)
    page = browser.get(table(world)).text
    form = sent(page, change=[box(page, bob, world.product.name)[0]], go="search")
    browser.post(to(world, "matrix_keep"), form)
    other = reverse("team_matrix", args=[world.other_team.public_id])
    assert "not applied yet" not in browser.get(other).text
    browser.post(to(world, "matrix_keep"), sent(page, go="discard"))
    assert "not applied yet" not in browser.get(table(world)).text


def test_kept_changes_forget_who_left_meanwhile_and_what_is_so_already(
    world: World, signed_in: Browser
) -> None:
    pool = world.licenses().pool
    one, two = world.people(world.team, 2)
    browser = signed_in(world.alice)
    page = browser.get(table(world)).text
    change = [box(page, each, world.product.name)[0] for each in (one, two)]
    browser.post(to(world, "matrix_keep"), sent(page, change=change, go="search"))
    Member.objects.filter(pk=one.pk).update(left_at=world.now)
    world.seat(pool, two)
    page = browser.get(table(world)).text
    assert "not applied yet" not in page
    assert browser.post(to(world, "matrix_effect"), sent(page)).status_code == HTTPStatus.FOUND
