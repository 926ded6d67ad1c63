"""Coupons: who may use which, what they lower, and that nobody gets one use too many."""

from datetime import timedelta
from typing import Any

import pytest

from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden
from licet.orders import coupons, renewing
from licet.orders.coupons import Terms
from licet.orders.errors import (
    CouponCodeTaken,
    CouponEnded,
    CouponFitsNothing,
    CouponNotSound,
    CouponUnknown,
    CouponUsed,
)
from licet.orders.models import Contract, ContractItem, Order
from licet.orders.promises import Coupon
from tests.orders.conftest import Shop
from tests.races import together
from tests.world import OPERATOR, World


def coupon(world: World, code: str = "SPRING", **terms: Any) -> Coupon:
    values = terms or {"percent": 25}
    return coupons.make(code=code, terms=Terms(**values), by=world.victor.actor(), now=world.now)


def test_a_percentage_lowers_the_price_of_each_license(world: World, shop: Shop) -> None:
    made = coupon(world)
    order = shop.place(coupon=" spr ing ")
    line = order.lines.get()
    assert (line.list_price_minor, line.unit_price_minor, line.amount_minor) == (48_000, 36_000, 108_000)
    assert order.net_minor == 108_000
    assert order.coupon == made
    made.refresh_from_db()
    assert made.uses == 1


def test_an_amount_is_taken_off_each_license_and_never_more_than_it_costs(world: World, shop: Shop) -> None:
    coupon(world, "TEN", amount_minor=1_000, currency="EUR")
    coupon(world, "ALL", amount_minor=99_999_999, currency="EUR")
    assert shop.place(coupon="TEN").net_minor == 3 * 47_000
    free = shop.place(coupon="ALL", checkout_key="checkout-0002")
    assert free.gross_minor == 0
    assert free.fulfilled_at is not None


@pytest.mark.parametrize(("every_term", "later"), [(False, 48_000), (True, 36_000)])
def test_it_lowers_the_first_term_or_all(world: World, shop: Shop, every_term: bool, later: int) -> None:
    coupon(world, percent=25, every_term=every_term)
    shop.place(coupon="SPRING")
    contract = Contract.objects.get()
    renewing.give_notice(by=OPERATOR, now=world.now + timedelta(days=310))
    renewing.renew_due(by=OPERATOR, now=world.now + timedelta(days=366))
    assert ContractItem.objects.get(contract=contract).unit_price_minor == later


def test_the_invoice_of_a_lowered_order_adds_up(world: World, shop: Shop) -> None:
    from licet.orders.invoicing import document_of

    coupon(world, percent=33)
    order = shop.place(coupon="SPRING")
    document = document_of(order=order, now=world.now)
    assert sum(line.amount_minor for line in document.lines) == document.net_minor == order.net_minor
    assert document.lines[0].unit_price_minor * 3 == document.lines[0].amount_minor


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ({"percent": 5, "products": ("other",)}, CouponFitsNothing),
        ({"percent": 5, "period": "month"}, CouponFitsNothing),
        ({"amount_minor": 5, "currency": "USD"}, CouponFitsNothing),
        ({"percent": 5, "most_uses": 0}, CouponUsed),
    ],
)
def test_what_does_not_fit_is_refused(
    world: World, shop: Shop, terms: dict[str, Any], refusal: type[Exception]
) -> None:
    coupon(world, **terms)
    with pytest.raises(refusal):
        shop.place(coupon="SPRING")
    assert not Order.objects.exists()


def test_it_holds_between_its_days(world: World, shop: Shop) -> None:
    today = world.now.date()
    coupon(world, "LATER", percent=5, starts_on=today + timedelta(days=1))
    coupon(world, "OVER", percent=5, ends_on=today)
    coupon(world, "TODAY", percent=5, starts_on=today, ends_on=today + timedelta(days=1))
    for code in ("LATER", "OVER"):
        with pytest.raises(CouponEnded):
            shop.place(coupon=code)
    assert shop.place(coupon="TODAY").coupon is not None


def test_another_customers_coupon_is_as_unknown_as_one_that_never_was(world: World, shop: Shop) -> None:
    coupon(world, percent=5, team=world.other_team)
    for code in ("SPRING", "NOBODY"):
        with pytest.raises(CouponUnknown):
            shop.place(coupon=code)


def test_once_each_counts_teams_and_people(world: World, shop: Shop) -> None:
    coupon(world)
    shop.place(coupon="SPRING")
    with pytest.raises(CouponUsed):
        shop.place(coupon="SPRING", checkout_key="checkout-0002")
    with pytest.raises(CouponUsed):
        shop.place(coupon="SPRING", checkout_key="checkout-0003", team=None, team_name="Another name")


def test_a_withdrawn_one_is_over_and_what_was_ordered_stays(world: World, shop: Shop) -> None:
    made = coupon(world, percent=5, once_each=False)
    order = shop.place(coupon="SPRING")
    coupons.withdraw(coupon=made, by=world.victor.actor(), now=world.now)
    with pytest.raises(CouponEnded):
        shop.place(coupon="SPRING", checkout_key="checkout-0002")
    with pytest.raises(CouponEnded):
        coupons.withdraw(coupon=made, by=world.victor.actor(), now=world.now)
    assert Order.objects.get().coupon == order.coupon
    assert Event.objects.filter(name="coupon.withdrawn").count() == 1


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"percent": 0},
        {"percent": 101},
        {"amount_minor": 5},
        {"percent": 5, "amount_minor": 5, "currency": "EUR"},
    ],
)
def test_only_staff_makes_sound_coupons(world: World, terms: dict[str, Any]) -> None:
    with pytest.raises(CouponNotSound):
        coupons.make(code="SPRING", terms=Terms(**terms), by=world.victor.actor(), now=world.now)
    with pytest.raises(Forbidden):
        coupons.make(code="SPRING", terms=Terms(percent=5), by=world.alice.actor(), now=world.now)
    with pytest.raises(CouponNotSound):
        coupons.make(code="x", terms=Terms(percent=5), by=world.victor.actor(), now=world.now)


def test_a_code_is_taken_once(world: World) -> None:
    coupon(world)
    with pytest.raises(CouponCodeTaken):
        coupon(world, "spring")


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_the_last_use_goes_to_one_of_many(world: World, shop: Shop) -> None:
    coupon(world, percent=5, most_uses=2, once_each=False)
    world.team, world.plan()
    outcomes = together(
        [lambda key=f"checkout-{n:04}": shop.place(coupon="SPRING", checkout_key=key) for n in range(5)]
    )
    refused = [each.raised for each in outcomes if each.raised]
    assert [type(each) for each in refused] == [CouponUsed] * 3
    assert Order.objects.count() == Coupon.objects.get().uses == 2
