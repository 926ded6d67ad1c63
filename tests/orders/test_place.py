"""Placing an order: what it becomes, and every way in which it is refused."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from licet.catalog.rules import Period
from licet.eventlog.models import Event
from licet.kernel import brand
from licet.kernel.actor import system
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses.models import License, Pool
from licet.orders.basket import Basket, Line
from licet.orders.errors import (
    AddressIncomplete,
    BasketEmpty,
    CheckoutKeyMissing,
    MixedCurrency,
    PriceChanged,
    ProductWithdrawn,
    QuantityOutOfRange,
    TooManyLines,
)
from licet.orders.models import Order
from licet.orders.rules import creditor_reference
from licet.teams.errors import TeamNameNeeded
from licet.teams.models import Team
from licet.teams.states import Role
from tests.orders.conftest import ADDRESS, Shop, basket_of
from tests.world import World

PARIS = ZoneInfo("Europe/Paris")


# --- what an order becomes ----------------------------------------------------------------------


def test_the_licenses_are_on_the_team_at_once(world: World, shop: Shop) -> None:
    plan = world.plan()
    order = shop.place(basket=basket_of((plan, 3)))
    (license,) = License.objects.filter(team=world.team)
    assert (license.seats, license.pool.product, license.terms) == (3, plan.product, plan.terms)
    assert license.pool.capacity(world.now) == 3
    assert order.lines.get().license == license


def test_a_month_and_a_year_end_at_midnight_of_the_vendors_day(world: World, shop: Shop) -> None:
    month, year = world.plan(period=Period.MONTH), world.plan(period=Period.YEAR)
    order = shop.place(basket=basket_of((month, 1), (year, 2)))
    ends = {line.plan.code: line.license.valid_until for line in order.lines.all()}
    assert ends == {
        month.code: datetime(2026, 4, 2, tzinfo=PARIS),
        year.code: datetime(2027, 3, 2, tzinfo=PARIS),
    }
    assert all(line.license.valid_from == world.now for line in order.lines.all())
    assert Pool.objects.get(team=world.team, product=world.product).capacity(world.now) == 3


def test_total_lines_reference_and_due_day_are_frozen(world: World, shop: Shop) -> None:
    plan, other = world.plan(), world.plan(world.other_product)
    order = shop.place(basket=basket_of((plan, 3), (other, 2)))
    assert order.net.amount == 3 * plan.price_minor + 2 * other.price_minor
    assert order.tax.amount == order.net.amount // 5, "a company in the vendor's own country"
    assert [each["rate"] for each in order.tax_lines] == ["20"]
    assert [(line.quantity, line.unit_price, line.amount) for line in order.lines.order_by("pk")] == [
        (3, plan.price, plan.price * 3),
        (2, other.price, other.price * 2),
    ]
    assert order.reference == creditor_reference(number=order.number)
    assert order.due_on == date(2026, 4, 1)  # 30 days


def test_the_four_parties_are_written_down_as_they_were(world: World, shop: Shop) -> None:
    typed = replace(ADDRESS, city="  Strasbourg ", vat_number="fr 12 345678901", purchase_order="PO-7")
    order = shop.place(address=typed)
    assert order.sold_by["legal_name"] == brand.current().legal_name
    assert order.billed_to["city"] == "Strasbourg"
    assert order.billed_to["vat_number"] == "FR12345678901"
    assert order.billed_to["purchase_order"] == "PO-7"
    assert (order.team, order.placed_by) == (world.team, world.alice)


def test_without_a_team_a_new_one_is_founded_and_the_buyer_owns_it(world: World, shop: Shop) -> None:
    order = shop.place(team=None, team_name="Bureau Sud", by=world.charlie.actor())
    assert order.team.name == "Bureau Sud"
    assert world.member(world.charlie, order.team).role == Role.OWNER
    assert License.objects.get().team == order.team


def test_numbers_follow_one_another_and_a_refused_order_takes_none(world: World, shop: Shop) -> None:
    first = shop.place(checkout_key="checkout-a")
    with pytest.raises(BasketEmpty):
        shop.place(basket=Basket(), checkout_key="checkout-b")
    with pytest.raises(TeamNameNeeded):
        shop.place(team=None, team_name=" ", checkout_key="checkout-c")
    second = shop.place(checkout_key="checkout-d")
    assert (first.number, second.number) == (10_001, 10_002)


def test_the_log_tells_the_order_and_the_licenses(world: World, shop: Shop) -> None:
    order = shop.place()
    told = Event.objects.filter(team=world.team.pk, name__in=["license.issued", "order.placed"])
    assert list(told.order_by("pk").values_list("name", flat=True)) == ["order.placed", "license.issued"]
    assert told.get(name="order.placed").sentence() == f"Alice Martin placed order {order.number}."


# --- once ---------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_order(world: World, shop: Shop) -> None:
    first = shop.place()
    again = shop.place(basket=Basket())  # the surface has emptied the basket meanwhile
    assert again == first
    assert (Order.objects.count(), License.objects.count()) == (1, 1)


def test_the_same_key_of_somebody_else_is_another_order(world: World, shop: Shop) -> None:
    shop.place()
    shop.place(team=world.other_team, by=world.charlie.actor())
    assert Order.objects.count() == 2


def test_another_form_with_the_same_basket_is_another_order(world: World, shop: Shop) -> None:
    shop.place(checkout_key="checkout-a")
    shop.place(checkout_key="checkout-b")
    assert Order.objects.count() == 2


# --- who may ------------------------------------------------------------------------------------


def test_an_admin_may_order_and_a_member_may_not(world: World, shop: Shop) -> None:
    with pytest.raises(Forbidden):
        shop.place(by=world.bob.actor())
    admin = world.person("admin@atelier.example", "Dora")
    world.join(world.team, admin, role=Role.ADMIN)
    assert shop.place(by=admin.actor()).placed_by == admin


def test_a_stranger_learns_nothing_of_the_team(world: World, shop: Shop) -> None:
    with pytest.raises(Missing):
        shop.place(by=world.charlie.actor())


def test_only_a_person_places_orders(world: World, shop: Shop) -> None:
    with pytest.raises(Forbidden):
        shop.place(by=system(label="job"))


def test_a_token_without_the_scope_may_not_even_found_a_team(world: World, shop: Shop) -> None:
    narrow = replace(world.charlie.actor(), scopes=frozenset({"team.see"}))
    with pytest.raises(Forbidden):
        shop.place(team=None, team_name="Bureau Sud", by=narrow)
    assert not Team.objects.filter(name="Bureau Sud").exists()


# --- what is refused ----------------------------------------------------------------------------


def refused(shop: Shop, refusal: type[Exception], **other: object) -> Exception:
    with pytest.raises(refusal) as caught:
        shop.place(**other)
    assert (Order.objects.count(), License.objects.count()) == (0, 0)
    return caught.value


def test_an_empty_basket_is_refused(shop: Shop) -> None:
    refused(shop, BasketEmpty, basket=Basket())


@pytest.mark.parametrize("quantity", [0, -1, 1_000_000])
def test_a_basket_made_by_hand_with_a_wild_quantity_is_refused(
    world: World, shop: Shop, quantity: int
) -> None:
    plan = world.plan()
    line = Line(plan=plan.code, quantity=quantity, price=plan.price)
    assert refused(shop, QuantityOutOfRange, basket=Basket((line,))).field == "quantity"


def test_a_basket_made_by_hand_with_too_many_lines_is_refused(world: World, shop: Shop) -> None:
    plan = world.plan()
    line = Line(plan=plan.code, quantity=1, price=plan.price)
    refused(shop, TooManyLines, basket=Basket((line,) * 21))


def test_two_currencies_are_refused(world: World, shop: Shop) -> None:
    plan, other = world.plan(), world.plan(world.other_product)
    other.currency = "CHF"
    other.save()
    lines = tuple(Line(plan=each.code, quantity=1, price=each.price) for each in (plan, other))
    refused(shop, MixedCurrency, basket=Basket(lines))


def test_a_plan_that_never_was_is_refused(world: World, shop: Shop) -> None:
    line = Line(plan="no-such-plan", quantity=1, price=world.plan().price)
    refused(shop, ProductWithdrawn, basket=Basket((line,)))


@pytest.mark.parametrize("what", ["plan", "product", "family"])
def test_what_was_withdrawn_meanwhile_is_named(world: World, shop: Shop, what: str) -> None:
    plan = world.plan()
    basket = basket_of((plan, 1), (world.plan(world.other_product), 1))
    row = {"plan": plan, "product": plan.product, "family": plan.product.family}[what]
    row.withdrawn_at = world.now
    row.save()
    assert plan.product.name in str(refused(shop, ProductWithdrawn, basket=basket))


@pytest.mark.parametrize("change", [+1, -1])
def test_a_price_that_changed_meanwhile_is_asked_again(world: World, shop: Shop, change: int) -> None:
    plan = world.plan()
    basket = basket_of((plan, 1))
    plan.price_minor += change
    plan.save()
    assert plan.product.name in str(refused(shop, PriceChanged, basket=basket))
    order = shop.place(basket=basket.seen(prices={plan.code: plan.price}))
    assert order.net == plan.price


def test_an_address_with_gaps_names_them(shop: Shop) -> None:
    refusal = refused(shop, AddressIncomplete, address=replace(ADDRESS, street=" ", country="Utopia"))
    assert "street, country" in str(refusal)


@pytest.mark.parametrize("key", ["", "short", "k" * 41])
def test_a_checkout_without_a_fit_key_is_refused(shop: Shop, key: str) -> None:
    refused(shop, CheckoutKeyMissing, checkout_key=key)
