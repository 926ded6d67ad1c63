"""The list of orders and the page of one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licet.accounts.models import Person
from licet.catalog.models import Plan
from licet.orders import actions as orders
from licet.orders.drafting import today
from licet.orders.models import Order
from licet.orders.queries import basket_of
from licet.orders.rules import Address
from licet.teams.states import Role
from tests.web.shop.conftest import ADDRESS
from tests.world import World

Browser = Callable[[Person], Client]


def place(world: World, plan: Plan | None = None, key: str = "checkout-0001") -> Order:
    plan = plan or world.plan()
    return orders.place(
        basket=basket_of(wanted={plan.code: 3}, on=today(now=world.now)),
        team=world.team,
        team_name="",
        address=Address.restored(ADDRESS),
        checkout_key=key,
        language="en",
        by=world.alice.actor(),
        now=world.now,
    )


def read(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_has_all_that_a_transfer_needs(world: World, signed_in: Browser) -> None:
    order = place(world)
    page = read(signed_in(world.alice), f"/orders/{order.public_id}/")
    grouped = " ".join(order.reference[at : at + 4] for at in range(0, len(order.reference), 4))
    for words in (
        "Maquette Example SAS",
        "FR76 3000 6000 0112 3456 7890 189",
        "AGRIFRPP",
        "€1,440.00",
        grouped,
        "1 April 2026",
        'aria-label="QR code with the data of this bank transfer"',
    ):
        assert words in page, words
    assert "Thank you for your order" not in page


def test_what_was_agreed_stays_whatever_changes_later(world: World, signed_in: Browser) -> None:
    order = place(world)
    plan = world.plan()
    plan.price_minor = 99_900
    plan.save()
    page = read(signed_in(world.alice), f"/orders/{order.public_id}/")
    assert "€480.00" in page
    assert "€999.00" not in page


@pytest.mark.parametrize(("currency", "price"), [("CHF", 100), ("EUR", 0)])
def test_there_is_a_code_for_euros_only_and_none_for_nothing(
    world: World, signed_in: Browser, currency: str, price: int
) -> None:
    plan = world.plan()
    plan.currency, plan.price_minor = currency, price
    plan.save()
    page = read(signed_in(world.alice), f"/orders/{place(world, plan).public_id}/")
    assert "QR code" not in page
    assert ("Bank transfer" in page) == (price > 0)


def test_an_order_is_overdue_from_the_day_after_the_due_day(world: World) -> None:
    order = place(world)
    assert not order.is_overdue(order.due_on)
    assert order.is_overdue(order.due_on + timedelta(days=1))


def test_whoever_runs_the_team_sees_its_orders_and_others_do_not(world: World, signed_in: Browser) -> None:
    order = place(world)
    admin = world.person("dora@atelier.example", "Dora")
    world.join(world.team, admin, role=Role.ADMIN)
    for person, sees in [(world.alice, True), (admin, True), (world.bob, False), (world.charlie, False)]:
        browser = signed_in(person)
        assert (str(order.number) in read(browser, "/orders/")) == sees, person
        assert browser.get(f"/orders/{order.public_id}/").status_code == (200 if sees else 404), person


def test_the_list_names_the_sum_that_is_paid_as_what_it_is(world: World, signed_in: Browser) -> None:
    world.alice.language = "en"
    world.alice.save()
    order = place(world)
    page = read(signed_in(world.alice), "/orders/")
    assert order.tax_minor
    assert f'Total incl. VAT">€{order.total.amount / 100:,.2f}<' in page
    assert "excl. VAT" not in page


def test_no_orders_says_what_to_do(world: World, signed_in: Browser) -> None:
    assert "No orders yet" in read(signed_in(world.charlie), "/orders/")


def test_the_list_costs_the_same_for_one_order_as_for_twenty(world: World, signed_in: Browser) -> None:
    browser = signed_in(world.alice)
    place(world)
    browser.get("/orders/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/orders/")
    for number in range(20):
        place(world, key=f"checkout-more-{number}")
    with CaptureQueriesContext(connection) as many:
        browser.get("/orders/")
    assert len(few) == len(many)
