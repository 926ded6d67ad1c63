"""A team's history: for its administrators, in sentences, to filter and to keep."""

import re
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licet.accounts.models import Person
from licet.eventlog.facts import every_fact
from licet.leases import offboarding
from licet.seats import actions as seats
from licet.web.portal.history import TOPICS
from tests.world import World

Browser = Callable[[Person], Client]


def address(world: World, name: str = "team_history") -> str:
    return reverse(name, args=[world.team.public_id])


def given(world: World) -> None:
    pool = world.licenses(seats=2).pool
    seat = world.seat(pool, world.member(world.bob))
    seats.release(seat=seat, by=world.alice.actor(), now=world.now)


def test_it_tells_who_did_what(world: World, signed_in: Browser) -> None:
    given(world)
    page = signed_in(world.alice).get(address(world)).text
    assert "Alice Martin gave Bob Keller a license of Structure." in page
    assert page.index("back from Bob Keller") < page.index("gave Bob Keller")


def test_another_teams_history_is_not_in_it(world: World, signed_in: Browser) -> None:
    given(world)
    assert world.other_team.name not in signed_in(world.alice).get(address(world)).text
    assert signed_in(world.charlie).get(address(world)).status_code == HTTPStatus.NOT_FOUND


def test_a_member_does_not_read_it(world: World, signed_in: Browser) -> None:
    browser = signed_in(world.bob)
    assert browser.get(address(world)).status_code == HTTPStatus.FORBIDDEN
    assert browser.get(address(world, "team_history_export")).status_code == HTTPStatus.FORBIDDEN
    assert address(world) not in browser.get(reverse("team_home", args=[world.team.public_id])).text


def test_a_topic_narrows_it(world: World, signed_in: Browser) -> None:
    given(world)
    browser = signed_in(world.alice)
    people = browser.get(address(world), {"topic": "people"}).text
    assert "invited" in people
    assert "gave Bob Keller" not in people
    assert "gave Bob Keller" in browser.get(address(world), {"topic": "licenses"}).text
    assert "gave Bob Keller" in browser.get(address(world), {"topic": "nonsense"}).text


def test_every_fact_of_a_team_has_its_topic() -> None:
    elsewhere = {"catalog", "connect", "coupon", "delivery", "device_request", "grant", "key", "person"}
    elsewhere |= {"note", "statement", "taxes"}
    # the installation's, the vendor's (notes) and the person's own; of what education tells, agreements
    # alone are a team's
    ours = [
        name
        for name, fact in every_fact().items()
        if re.match(r"licet\.(?!education\.(?!agreements))", fact.__module__)
    ]
    told = {name.split(".")[0] for name in ours} - elsewhere
    assert {word for _, words in TOPICS.values() for word in words} == told


def test_who_acted_narrows_it(world: World, signed_in: Browser) -> None:
    given(world)
    bob = world.member(world.bob).public_id
    page = signed_in(world.alice).get(address(world), {"member": bob}).text
    assert "accepted the invitation" in page
    assert "gave Bob Keller" not in page


def test_who_has_left_is_found_by_name_and_stands_there_once(world: World, signed_in: Browser) -> None:
    first = world.member(world.bob)
    offboarding.leave(member=first, by=world.bob.actor(), now=world.now)
    offboarding.leave(member=world.join(world.team, world.bob), by=world.bob.actor(), now=world.now)
    browser = signed_in(world.alice)
    page = browser.get(address(world)).text
    assert page.count(">Bob Keller</option>") == 1
    [found] = re.findall(r'value="(mbr_\w+)">Bob Keller</option>', page)
    narrowed = browser.get(address(world), {"member": found}).text
    assert narrowed.count('<th scope="row">') == 4  # twice accepted, twice left
    world.join(world.team, world.bob)
    again = browser.get(address(world)).text
    assert (again.count(">Bob Keller</option>"), "optgroup" in again) == (1, False)


@pytest.mark.parametrize("member", ["mbr_nobody", "'; DROP TABLE", "0"])
def test_who_never_was_here_did_nothing(world: World, signed_in: Browser, member: str) -> None:
    given(world)
    page = signed_in(world.alice).get(address(world), {"member": member}).text
    assert "Nothing of this kind happened yet" in page


def test_it_goes_on_over_pages(world: World, signed_in: Browser) -> None:
    pool = world.licenses(seats=1).pool
    for _ in range(30):
        seat = world.seat(pool, world.member(world.bob))
        seats.release(seat=seat, by=world.alice.actor(), now=world.now)
    browser = signed_in(world.alice)
    first = browser.get(address(world))
    older = first.context["older"]
    second = browser.get(older)
    shown = [each.id for each in (*first.context["entries"], *second.context["entries"])]
    assert len(shown) == len(set(shown)) > 60
    assert shown == sorted(shown, reverse=True)
    assert browser.get(address(world), {"before": "99999999999999999999"}).status_code == HTTPStatus.OK


def test_the_export_is_a_table_that_no_spreadsheet_computes(world: World, signed_in: Browser) -> None:
    world.join(world.team, world.person("eve@atelier.example", "=HYPERLINK(1)"))
    answer = signed_in(world.alice).get(address(world, "team_history_export"), {"topic": "people"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="history-2026-03-02.csv"'
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "When (UTC),Who,What happened,Event"
    assert any(line.startswith("2026-03-02T09:00:00+00:00,'=HYPERLINK(1)") for line in lines)
    assert not any(",=HYPERLINK" in line for line in lines)


def test_the_page_costs_the_same_for_many_facts(world: World, signed_in: Browser) -> None:
    browser = signed_in(world.alice)
    browser.get(address(world))
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get(address(world))
    world.people(world.team, 10)
    with CaptureQueriesContext(connection) as many:
        browser.get(address(world))
    assert len(many) == len(few)
