"""Coupons: who may use which, what they lower, and that nobody gets one use too many."""

from datetime import timedelta
from typing import Any

import pytest

from licet.eventlog.models import Event
from licet.invoices.crediting import written
from licet.invoices.formats import facturx, ubl
from licet.invoices.formats.pdf.drawing import page
from licet.invoices.rules import disagreeing, missing
from licet.invoices.schematron.checking import Checker
from licet.kernel.refusal import Forbidden
from licet.orders import coupons, invoicing, quoting, renewing
from licet.orders.coupons import Terms
from licet.orders.errors import (
    CouponCodeTaken,
    CouponEnded,
    CouponFitsNothing,
    CouponNotInQuotes,
    CouponNotSound,
    CouponUnknown,
    CouponUsed,
)
from licet.orders.models import Contract, ContractItem, Order
from licet.orders.promises import Coupon
from licet.orders.queries import priced
from licet.orders.reviewing import review, rows_of
from licet.orders.rules import Address
from tests.invoices.vectors import numbered
from tests.orders.conftest import ADDRESS, Shop, basket_of
from tests.races import together
from tests.world import OPERATOR, World

PRIVATE = Address(
    name="Alice Martin", street="1 rue Haute", postal_code="67000", city="Strasbourg", country="FR"
)


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


def test_an_amount_per_order_is_taken_off_once_to_the_cent(world: World, shop: Shop) -> None:
    coupon(world, "WELCOME", amount_minor=1_000, currency="EUR", per="order")
    basket = basket_of((world.plan(), 7), (world.plan(world.other_product), 1))
    order = shop.place(coupon="WELCOME", basket=basket)
    lines = list(order.lines.order_by("pk"))
    before = [line.list_price_minor * line.quantity for line in lines if line.list_price_minor]
    assert sum(before) - sum(line.amount_minor for line in lines) == 1_000
    for line, whole in zip(lines, before, strict=True):
        # what an upgrade gives back for one is never more than was paid for it
        assert line.unit_price_minor * line.quantity <= line.amount_minor < whole
    assert order.net_minor == sum(before) - 1_000


def test_an_amount_per_order_lowers_the_first_term_only(world: World, shop: Shop) -> None:
    coupon(world, "WELCOME", amount_minor=1_000, currency="EUR", per="order")
    shop.place(coupon="WELCOME")
    renewing.renew_due(by=OPERATOR, now=world.now + timedelta(days=366))
    assert ContractItem.objects.get().unit_price_minor == 48_000


def test_more_than_the_order_costs_makes_it_free(world: World, shop: Shop) -> None:
    coupon(world, "ALL", amount_minor=99_999_999, currency="EUR", per="order")
    assert shop.place(coupon="ALL").gross_minor == 0


def test_the_review_shows_what_the_order_will_cost(world: World, shop: Shop) -> None:
    made = coupon(world, "WELCOME", amount_minor=1_000, currency="EUR", per="order")
    basket, day = basket_of((world.plan(), 7)), world.now.date()
    now_priced = priced(basket=basket, on=day, display="net", address=ADDRESS)
    shown = review(rows=rows_of(priced=now_priced, coupon=made), address=ADDRESS, on=day)
    assert shown.saved.amount == 1_000
    assert shown.gross.amount == shop.place(coupon="WELCOME", basket=basket).gross_minor


def test_what_is_taken_off_an_order_stands_on_no_quote(world: World) -> None:
    made = coupon(world, "WELCOME", amount_minor=1_000, currency="EUR", per="order")
    to = quoting.Addressee(
        team=world.team, team_name="", address=ADDRESS, email=world.alice.email, language="en"
    )
    with pytest.raises(CouponNotInQuotes):
        quoting.ask(
            basket=basket_of((world.plan(), 1)), to=to, coupon=made, by=world.alice.actor(), now=world.now
        )


@pytest.mark.parametrize(("every_term", "later"), [(False, 48_000), (True, 36_000)])
def test_it_lowers_the_first_term_or_all(world: World, shop: Shop, every_term: bool, later: int) -> None:
    coupon(world, percent=25, every_term=every_term)
    shop.place(coupon="SPRING")
    contract = Contract.objects.get()
    renewing.give_notice(by=OPERATOR, now=world.now + timedelta(days=310))
    renewing.renew_due(by=OPERATOR, now=world.now + timedelta(days=366))
    assert ContractItem.objects.get(contract=contract).unit_price_minor == later


@pytest.mark.parametrize("address", [ADDRESS, PRIVATE], ids=["business", "consumer"])
@pytest.mark.parametrize(
    "terms",
    [
        {"percent": 33},
        {"amount_minor": 777, "currency": "EUR"},
        {"amount_minor": 1_000, "currency": "EUR", "per": "order"},
    ],
    ids=["percent", "per license", "per order"],
)
def test_the_invoice_names_the_coupon_and_adds_up(
    checker: Checker, world: World, shop: Shop, terms: dict[str, Any], address: Address
) -> None:
    coupon(world, **terms)
    basket = basket_of((world.plan(), 3), (world.plan(world.other_product), 2), address=address)
    order = shop.place(coupon="SPRING", basket=basket, address=address)
    document = numbered(invoicing.document_of(order=order, now=world.now))
    assert (missing(document=document), disagreeing(document=document)) == ([], "")
    for line, row in zip(document.lines, order.lines.order_by("pk"), strict=True):
        assert "SPRING" in line.off_reason
        assert line.unit_price_minor == row.list_price_minor
        assert line.unit_price_minor * line.quantity == line.on_page + line.off_on_page
    html = page(document=document)
    assert html.count("Coupon SPRING") == 2
    cii, peppol = facturx.written(document=document), ubl.written(document=document)
    assert checker.check(xml=cii, rules=["factur-x"]).faults == ()
    assert checker.check(xml=peppol, rules=["ubl"]).faults == ()
    assert cii.count(b"Coupon SPRING") == peppol.count(b"Coupon SPRING") == 2


def test_the_credit_note_of_a_lowered_line_says_the_price_that_was_paid(world: World, shop: Shop) -> None:
    coupon(world, percent=50)
    document = invoicing.document_of(order=shop.place(coupon="SPRING"), now=world.now)
    whole = written(document=document, amounts={0: 72_000}, earlier=[])
    assert (whole.lines[0].off_minor, whole.net_minor) == (72_000, 72_000)
    part = written(document=document, amounts={0: 24_000}, earlier=[])
    assert (part.lines[0].off_minor, part.lines[0].unit_price_minor) == (0, 24_000)


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
        {"percent": 5, "per": "order"},
        {"amount_minor": 5, "currency": "EUR", "per": "order", "every_term": True},
        {"amount_minor": 5, "currency": "EUR", "per": "seat"},
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
