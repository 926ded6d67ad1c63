"""Withdrawals and cancellations at the desk: read as they came, and set aside where they were not theirs."""

from datetime import timedelta

import pytest
from django.urls import reverse

from licet.orders import declaring
from licet.orders.declarations import Declaration
from licet.orders.models import Contract, Order
from tests.orders.conftest import Shop
from tests.orders.test_declare import SITE, bought, withdraw
from tests.world import OPERATOR


@pytest.fixture
def desk(world, signed_in):
    return signed_in(world.victor)


@pytest.fixture
def declaration(world):
    """Somebody who was not signed in withdrew from Alice's order."""
    return withdraw(world, bought(Shop(world)), words="I changed my mind.")


def words(answer):
    return " ".join(answer.content.decode().split())


def test_where_nobody_declared_anything_the_list_says_so(desk):
    assert "Nobody withdrew or cancelled yet" in words(desk.get(reverse("desk_declarations")))


def test_one_that_waits_is_named_on_the_first_page_and_shown_as_it_came(desk, declaration):
    assert "1 withdrawal is carried out soon" in words(desk.get(reverse("desk_home")))
    url = reverse("desk_declaration", args=[declaration.public_id])
    assert url in words(desk.get(reverse("desk_declarations"), {"show": "waiting"}))
    assert url in words(desk.get(reverse("desk_order", args=[declaration.order.public_id])))
    page = words(desk.get(url))
    assert "I changed my mind." in page
    assert "Set it aside" in page


def test_it_is_set_aside_once_with_a_reason_and_never_carried_out(world, desk, declaration):
    url = reverse("desk_declaration", args=[declaration.public_id])
    assert desk.post(url, {"reason": " "}).status_code == 422
    page = words(desk.post(url, {"reason": "A neighbour's joke"}, follow=True))
    assert "A neighbour&#x27;s joke" in page
    assert "Set it aside" not in page
    assert desk.post(url, {"reason": "Again"}).status_code == 422
    assert declaring.carry_out_due(by=OPERATOR, now=world.now + timedelta(days=2)) == 0
    assert Order.objects.get().state == "placed"
    assert url in words(desk.get(reverse("desk_declarations"), {"show": "aside"}))
    assert "No declaration fits" in words(desk.get(reverse("desk_declarations"), {"show": "waiting"}))


def test_what_is_carried_out_cannot_be_set_aside(world, desk, declaration):
    declaring.carry_out_due(by=OPERATOR, now=world.now + timedelta(days=2))
    url = reverse("desk_declaration", args=[declaration.public_id])
    assert "Set it aside" not in words(desk.get(url))
    assert desk.post(url, {"reason": "Too late"}).status_code == 422


def test_a_cancellation_is_shown_and_cannot_be_set_aside(world, desk):
    bought(Shop(world))
    contract = Contract.objects.get()
    declaring.cancel(
        number=str(contract.number), email=world.alice.email, name="Alice", by=SITE, now=world.now
    )
    found = Declaration.objects.get()
    url = reverse("desk_declaration", args=[found.public_id])
    assert url in words(desk.get(reverse("desk_declarations"), {"show": "cancellation"}))
    page = words(desk.get(url))
    assert f"Cancellation of contract {contract.number}" in page
    assert "Set it aside" not in page
    assert desk.post(url, {"reason": "x"}).status_code == 403
