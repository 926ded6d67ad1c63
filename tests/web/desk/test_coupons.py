"""Coupons at the desk: made with what they take off said clearly, counted, ended."""

import pytest
from django.urls import reverse

from licet.orders.promises import Coupon
from tests.orders.conftest import Shop


@pytest.fixture
def desk(world, signed_in):
    assert world.plan()
    world.victor.language = "en"
    world.victor.save()
    return signed_in(world.victor)


URL = "/desk/coupons/"
FORM = {"code": "spring", "off": "percent", "percent": "25", "currency": "EUR", "period": "", "product": ""}


def words(answer):
    return " ".join(answer.content.decode().split())


def test_a_percentage_is_made_and_counted(world, desk):
    assert desk.post(URL, FORM).headers["Location"] == URL
    made = Coupon.objects.get()
    assert (made.code, made.percent, made.amount_minor, made.per) == ("SPRING", 25, None, "license")
    Shop(world).place(coupon="SPRING")
    page = words(desk.get(URL))
    assert "25 %" in page
    assert "In force" in page


@pytest.mark.parametrize(
    ("off", "said"), [("license", "€10.00 off each license"), ("order", "€10.00 off the order")]
)
def test_an_amount_says_what_it_is_taken_off(desk, off, said):
    desk.post(URL, {**FORM, "off": off, "percent": "", "amount": "10", "last_on": "2026-03-31"})
    made = Coupon.objects.get()
    assert (made.per, made.amount_minor, made.currency) == (off, 1_000, "EUR")
    page = words(desk.get(URL))
    assert said in page
    assert "until 31 Mar 2026" in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"percent": ""}, "percent"),
        ({"percent": "101"}, "percent"),
        ({"off": "order"}, "amount"),
        ({"off": "order", "amount": "5", "every_term": "on"}, "every_term"),
        ({"last_on": "31/31"}, "last_on"),
        ({"code": ""}, "code"),
    ],
)
def test_what_is_missing_is_said_at_its_field(desk, change, field):
    answer = desk.post(URL, {**FORM, **change})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Coupon.objects.exists()


def test_a_code_is_taken_once_and_must_be_one(desk):
    desk.post(URL, FORM)
    for code in ("SPRING", "x"):
        assert desk.post(URL, {**FORM, "code": code}).status_code == 422
    assert Coupon.objects.count() == 1


def test_one_is_ended_and_says_so(desk):
    desk.post(URL, FORM)
    made = Coupon.objects.get()
    assert desk.post(reverse("desk_coupon_withdraw", args=[made.public_id])).headers["Location"] == URL
    page = words(desk.get(URL))
    assert "Ended" in page
    assert "End SPRING" not in page
