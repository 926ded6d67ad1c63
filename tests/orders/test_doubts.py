"""Orders whose VAT a register's later answer puts in doubt: what staff has to look at."""

from datetime import timedelta

import pytest
from django.urls import reverse

from licet.invoices.actions import issue_credit
from licet.orders import invoicing
from licet.orders.doubting import LOOK_BACK, doubts
from licet.orders.models import Order
from licet.taxes.models import VatNumber
from tests.orders.conftest import ADDRESS, Shop
from tests.world import OPERATOR

GERMAN = "DE136695976"


@pytest.fixture
def order(world):
    order = Shop(world).place()
    billed = {**ADDRESS.stored(), "country": "DE", "vat_number": GERMAN}
    Order.objects.filter(pk=order.pk).update(
        billed_to=billed, net_minor=1000, tax_minor=190, gross_minor=1190, is_consumer=False
    )
    return Order.objects.get(pk=order.pk)


def answered(status, at):
    values = {"status": status, "answered_at": at}
    return VatNumber.objects.update_or_create(number=GERMAN, defaults=values)[0]


def test_vat_that_was_charged_is_in_doubt_once_the_number_turns_out_valid(world, order):
    later = world.now + timedelta(days=2)
    answered("unknown", None)
    assert doubts(now=later) == []
    answered("valid", later)
    (doubt,) = doubts(now=later)
    assert (doubt.order, doubt.charged) == (order, True)
    assert doubts(now=later + LOOK_BACK) == []


def test_what_was_known_before_the_order_is_no_doubt(world, order):
    answered("valid", world.now - timedelta(days=1))
    assert doubts(now=world.now) == []
    answered("invalid", world.now + timedelta(days=1))
    assert doubts(now=world.now + timedelta(days=1)) == []


def test_vat_that_was_not_charged_is_in_doubt_once_the_number_turns_out_wrong(world, order):
    Order.objects.update(tax_minor=0, gross_minor=1000)
    later = world.now + timedelta(days=2)
    answered("invalid", later)
    (doubt,) = doubts(now=later)
    assert not doubt.charged


def test_domestic_vat_is_never_in_doubt(world, order):
    Order.objects.update(billed_to={**order.billed_to, "country": "FR"})
    answered("valid", world.now + timedelta(days=1))
    assert doubts(now=world.now + timedelta(days=1)) == []


def test_a_credit_note_settles_it_and_the_desk_lists_the_rest(world, signed_in):
    order = Shop(world).place()
    invoice = invoicing.issue(order=order, by=OPERATOR, now=world.now)
    billed = {**order.billed_to, "country": "DE", "vat_number": GERMAN}
    Order.objects.update(billed_to=billed, is_consumer=False)
    answered("valid", world.now + timedelta(seconds=1))
    desk = signed_in(world.victor)
    page = desk.get(reverse("desk_vat_doubts")).content.decode()
    assert str(order.number) in page
    assert GERMAN in page
    issue_credit(invoice=invoice, amounts=None, reason="Number is valid", by=OPERATOR, now=world.now)
    assert "Nothing is in doubt" in desk.get(reverse("desk_vat_doubts")).content.decode()
