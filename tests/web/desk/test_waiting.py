"""What waits for the vendor's people: pressing things come first, and nothing is named in vain."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licet.accounts.models import Person
from licet.education.models import Case
from licet.orders.models import Order
from licet.web.desk.waiting import SORTS, waits
from tests.education.conftest import Campus
from tests.orders.contracts import Deal
from tests.world import World


@pytest.fixture
def desk(world: World, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(world.victor)


def told(world: World, *, days: int = 0) -> list[tuple[int, str]]:
    return [
        (each.count, each.sentence)
        for each in waits(by=world.victor.actor(), now=world.now + timedelta(days=days))
    ]


def test_where_nothing_waits_the_desk_says_so(world: World, desk: Client) -> None:
    assert waits(by=world.victor.actor(), now=world.now) == []
    assert "Nothing waits" in desk.get(reverse("desk_home")).content.decode()


def test_an_unpaid_order_waits_from_the_day_after_it_was_due(world: World) -> None:
    order = Deal(world, now=world.now).order
    days = (order.due_on - world.now.date()).days
    assert told(world, days=days) == []
    assert told(world, days=days + 1) == [(1, "1 order should have been paid by now")]
    Order.objects.filter(pk=order.pk).update(state="paid")
    assert told(world, days=days + 1) == []


def test_requests_past_their_time_come_first_and_are_counted_apart(world: World) -> None:
    campus = Campus(world)
    late, early = campus.sent(), campus.sent(world.bob)
    Case.objects.filter(pk=late.pk).update(queued_at=world.now - timedelta(days=30))
    assert told(world) == [
        (1, "1 education request has waited longer than promised"),
        (1, "1 education request waits for a decision"),
        (1, "1 institution was written by hand"),
    ]
    Case.objects.filter(pk=early.pk).update(queued_at=world.now - timedelta(days=30))
    assert told(world)[0] == (2, "2 education requests have waited longer than promised")
    assert len(told(world)) == 2


def test_each_leads_to_the_page_where_it_is_done(world: World, desk: Client) -> None:
    Campus(world).sent()
    answer = desk.get(reverse("desk_home")).content.decode()
    assert f'<a href="{reverse("desk_cases")}">1 education request waits for a decision</a>' in answer
    for each in SORTS:
        assert desk.get(reverse(each.page) + f"?{each.query}").status_code == 200


def test_it_takes_as_many_statements_whatever_waits(world: World, desk: Client) -> None:
    campus = Campus(world)
    campus.sent()
    desk.get(reverse("desk_home"))
    with CaptureQueriesContext(connection) as one:
        desk.get(reverse("desk_home"))
    campus.sent(world.bob)
    with CaptureQueriesContext(connection) as two:
        desk.get(reverse("desk_home"))
    assert len(one) == len(two)
