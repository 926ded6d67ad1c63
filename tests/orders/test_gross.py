"""Consumers buy at gross prices: what they are shown is what they pay, through every change of a contract."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licet.catalog.models import PriceList
from licet.invoices.formats import facturx, ubl
from licet.invoices.models import Invoice
from licet.invoices.schematron.checking import Checker
from licet.orders import booking, contracts, invoicing, offering, quoting, renewing, reviewing, standing
from licet.orders.basket import Basket
from licet.orders.coupons import Terms, make
from licet.orders.drafting import today
from licet.orders.errors import ContractsDoNotFit, PriceChanged, QuoteNotSound
from licet.orders.models import Contract, ContractItem, Order
from licet.orders.queries import basket_of as filled
from licet.orders.queries import placed, priced
from licet.orders.rules import Address
from licet.orders.states import LineKind
from licet.orders.terms import Term, parts
from licet.payments.models import Payment
from licet.payments.states import Told
from licet.taxes.rules import Category, Treatment, totals
from tests.orders.conftest import ADDRESS, Shop, basket_of
from tests.orders.contracts import at
from tests.orders.money import Till
from tests.world import OPERATOR, World

pytestmark = pytest.mark.django_db

PRIVATE = replace(ADDRESS, company="")
BERLIN = replace(PRIVATE, country="DE", postal_code="10115", city="Berlin")
ZURICH = replace(PRIVATE, country="CH", postal_code="8001", city="Zürich")


def listed(world: World, amount: int) -> None:
    """Let consumers read this price of the first product from the first day on."""
    PriceList.objects.create(
        code="small", currency="EUR", tax="gross", audience="public", starts_on=date(2026, 3, 1),
        prices={world.plan().code: amount, world.plan(world.other_product).code: amount},
    )  # fmt: skip


def unlisted(world: World) -> None:
    """Let consumers have no price list."""
    world.plan()
    PriceList.objects.filter(tax="gross").update(withdrawn_at=at(date(2026, 1, 1)))


def bought(world: World, quantity: int = 3, **other: Any) -> Order:
    values = {"address": PRIVATE, **other}
    basket = basket_of((world.plan(), quantity), address=values["address"])
    return Shop(world).place(**{"basket": basket, **values})


def adds_up(order: Order) -> bool:
    """Whether the lines are the sum to be paid, and the VAT is within it."""
    lines = sum(line.amount_minor for line in order.lines.all())
    return lines == order.gross_minor == order.net_minor + order.tax_minor


@pytest.mark.parametrize(
    ("address", "unit", "quantity", "net", "vat"),
    [
        (PRIVATE, 57_600, 3, 144_000, 28_800),
        (PRIVATE, 999, 1, 832, 167),  # the VAT in it is 1.665
        (PRIVATE, 999, 7, 5_827, 1_166),  # 11.655
        (PRIVATE, 999, 3, 2_497, 500),  # 4.995
        (BERLIN, 57_600, 1, 48_403, 9_197),
        (BERLIN, 999, 10, 8_395, 1_595),
        (ZURICH, 57_600, 1, 57_600, 0),
    ],
)
def test_a_gross_price_is_kept_whatever_vat_is_in_it(
    world: World, address: Address, unit: int, quantity: int, net: int, vat: int
) -> None:
    listed(world, unit)
    order = bought(world, quantity, address=address)
    assert order.gross_minor == unit * quantity, "9.99 stays 9.99"
    assert (order.display, order.lines.get().unit_price_minor) == ("gross", unit)
    assert (order.net_minor, order.tax_minor) == (net, vat)
    assert adds_up(order)


@pytest.mark.parametrize(("address", "unit"), [(PRIVATE, 57_600), (BERLIN, 57_120), (ZURICH, 48_000)])
def test_without_a_gross_list_the_price_is_the_net_one_with_the_vat_of_where_they_live(
    world: World, address: Address, unit: int
) -> None:
    unlisted(world)
    order = bought(world, address=address)
    assert order.lines.get().unit_price_minor == unit
    assert order.gross_minor == 3 * unit
    assert adds_up(order)


def test_a_company_buys_at_net_prices(world: World) -> None:
    order = bought(world, address=ADDRESS)
    assert (order.display, order.lines.get().unit_price_minor) == ("net", 48_000)
    assert not placed(order=order).with_vat


@pytest.mark.parametrize(("seen_by", "buyer"), [(ADDRESS, PRIVATE), (PRIVATE, ADDRESS), (PRIVATE, BERLIN)])
def test_prices_seen_by_somebody_else_are_asked_again(world: World, seen_by: Address, buyer: Address) -> None:
    unlisted(world)
    with pytest.raises(PriceChanged):
        Shop(world).place(basket=basket_of((world.plan(), 1), address=seen_by), address=buyer)
    assert not Order.objects.exists()


def test_a_basket_says_that_its_prices_are_of_another_sort_now(world: World) -> None:
    basket, day = basket_of((world.plan(), 2)), today(now=world.now)
    now = priced(basket=basket, on=day, display="gross", address=PRIVATE)
    assert (now.sort_changed, now.changed) == (True, []), "no other price, but one with VAT"
    assert [each and each.amount for each in (basket.total, now.total)] == [96_000, 115_200]
    again = priced(basket=Basket.restored(now.shown().stored()), on=day, address=PRIVATE)
    assert (again.sort_changed, again.gross) == (False, True)
    assert filled(wanted={world.plan().code: 2}, on=day, address=PRIVATE) == now.shown()


def test_the_review_is_the_order(world: World) -> None:
    listed(world, 999)
    made = make(code="SPRING", terms=Terms(percent=33), by=world.victor.actor(), now=world.now)
    day = today(now=world.now)
    found = priced(
        basket=basket_of((world.plan(), 7), address=PRIVATE), on=day, display="gross", address=PRIVATE
    )
    sums = reviewing.review(rows=reviewing.rows_of(priced=found, coupon=made), address=PRIVATE, on=day)
    assert sums.with_vat
    assert [row.amount.amount for row in sums.rows] == [7 * 669]
    assert (sums.saved.amount, sums.renewals[0].later.amount) == (7 * 330, 7 * 999)
    order = bought(world, 7, coupon="SPRING")
    assert (order.gross_minor, order.net_minor) == (sums.gross.amount, sums.net.amount)
    assert adds_up(order)


@settings(max_examples=50, deadline=None)
@given(
    unit=st.integers(1, 200_000),
    quantity=st.integers(1, 200),
    rate=st.sampled_from(["20", "19", "5.5", "8.5", "0"]),
    days=st.lists(st.integers(1, 364), max_size=4, unique=True),
)
def test_the_parts_of_a_gross_term_are_the_term_and_each_has_its_vat_within(
    unit: int, quantity: int, rate: str, days: list[int]
) -> None:
    """Pure: a term that is sold in pieces costs what it costs whole, to the cent."""
    whole, first = unit * quantity, date(2026, 3, 2)
    year = Term(first, date(2027, 3, 2))
    cuts = [first + timedelta(days=each) for each in sorted(days)]
    standard = Treatment(category=Category.STANDARD, rate=Decimal(rate), country="FR")
    told = [
        totals(lines=[(standard, piece)], currency="EUR", display="gross")
        for piece in parts(price=whole, cuts=cuts, whole=year)
    ]
    assert sum(each.gross_minor for each in told) == whole
    assert all(each.net_minor + each.tax_minor == each.gross_minor for each in told)
    assert all(0 <= each.tax_minor <= each.gross_minor for each in told)


# --- contracts --------------------------------------------------------------------------------


def contract() -> Contract:
    return Contract.objects.select_related("team", "placed_by").get()


def added(world: World, quantity: int, *, now: Any) -> Order:
    """Add licenses at the price that the page shows."""
    key = f"more-{now:%Y%m%d}"
    draft = offering.more_seats(
        contract=contract(), plan=world.plan(), quantity=quantity, person=world.alice, key=key, now=now
    )
    seen = draft.totals(on=today(now=now)).gross_minor
    return contracts.add_seats(
        contract=contract(), plan=world.plan(), quantity=quantity, seen=seen, key=key,
        by=world.alice.actor(), now=now,
    )  # fmt: skip


def test_licenses_added_in_the_term_cost_their_part_of_the_gross_price(world: World) -> None:
    listed(world, 999)
    bought(world, 1)
    assert contract().display == "gross"
    order = added(world, 2, now=at(date(2026, 8, 31)))
    line = order.lines.get()
    assert (line.unit_price_minor, line.days, line.term_days) == (999, 183, 365)
    assert line.amount_minor == order.gross_minor == 1_002  # 19.98 * 183 / 365 is 10.0174
    assert adds_up(order)


def test_the_next_term_costs_what_the_page_said_gross(world: World) -> None:
    listed(world, 999)
    bought(world, 3)
    (row,) = standing.of(contract=contract(), late=(), now=world.now).rows
    assert row.unit_price.amount == 999
    renewing.give_notice(by=OPERATOR, now=at(date(2026, 12, 8)))
    assert ContractItem.objects.get().next_price_minor == 999
    renewing.renew_due(by=OPERATOR, now=at(date(2027, 3, 2)))
    order = Order.objects.get(kind="renewal")
    assert (order.gross_minor, order.display) == (3 * 999, "gross")
    assert adds_up(order)


def test_a_raise_of_net_prices_reaches_consumers_with_their_vat(world: World) -> None:
    unlisted(world)
    bought(world, address=BERLIN)
    plan = world.plan()
    plan.price_minor = 50_000
    plan.save()
    renewing.give_notice(by=OPERATOR, now=at(date(2026, 12, 8)))
    assert ContractItem.objects.get().next_price_minor == 59_500


def test_an_upgrade_gives_back_what_was_paid_gross(world: World) -> None:
    bought(world, 3)
    cheap, now = world.plan(), at(date(2026, 8, 31))
    dear = world.plan(world.other_product)
    PriceList.objects.create(
        code="dear", currency="EUR", tax="gross", audience="public", starts_on=date(2026, 1, 2),
        prices={dear.code: 99_999},
    )  # fmt: skip
    draft = offering.upgrade(
        contract=contract(), plan=cheap, to=dear, person=world.alice, key="upgrade-0001", now=now
    )
    assert draft is not None
    seen = draft.totals(on=today(now=now)).gross_minor
    order = contracts.upgrade(
        contract=contract(), plan=cheap, to=dear, seen=seen, key="upgrade-0001",
        by=world.alice.actor(), now=now,
    )  # fmt: skip
    assert order is not None
    credit, charge = order.lines.order_by("kind").reverse()[0], order.lines.get(kind=LineKind.CHARGE)
    if credit.kind != LineKind.CREDIT:
        credit = order.lines.get(kind=LineKind.CREDIT)
    assert (-credit.amount_minor, charge.amount_minor) == (86_637, 150_409)  # 183 of 365 days, half up
    assert adds_up(order)


def test_a_company_that_becomes_a_person_reads_its_prices_with_vat_and_back(world: World) -> None:
    bought(world, address=ADDRESS)
    for address, display, unit in ((BERLIN, "gross", 57_120), (ADDRESS, "net", 48_000)):
        contracts.change_billing(
            contract=contract(), address=address, payment_method="invoice", by=world.alice.actor(),
            now=world.now,
        )  # fmt: skip
        assert (contract().display, contract().is_consumer) == (display, display == "gross")
        assert ContractItem.objects.get().unit_price_minor == unit
        assert standing.of(contract=contract(), late=(), now=world.now).rows[0].unit_price.amount == unit
    order = added(world, 1, now=world.now + timedelta(days=1))
    assert order.display == "net"


def test_contracts_of_different_sorts_do_not_get_one_date(world: World) -> None:
    first = bought(world, address=ADDRESS).lines.get().item
    later = at(date(2026, 12, 8))
    second = bought(world, checkout_key="another-0001", now=later).lines.get().item
    assert first is not None
    assert second is not None
    both = [Contract.objects.select_related("team").get(pk=each.contract_id) for each in (first, second)]
    assert standing.joinable(contract=both[0]) == []
    with pytest.raises(ContractsDoNotFit):
        offering.joined(first=both[0], second=both[1], person=world.alice, key="joined-0001", now=later)


# --- quotes -----------------------------------------------------------------------------------


def test_a_quote_for_a_person_keeps_its_gross_prices(world: World) -> None:
    to = quoting.Addressee(
        team=world.team, team_name="", address=BERLIN, email=world.alice.email, language="en"
    )
    by = world.alice.actor()
    with pytest.raises(QuoteNotSound):
        quoting.ask(basket=basket_of((world.plan(), 3)), to=to, by=by, now=world.now)
    basket = basket_of((world.plan(), 3), address=BERLIN)
    quote = quoting.ask(basket=basket, to=to, by=by, now=world.now)
    assert quote.display == "gross"
    order = quoting.accept(quote=quote, team=None, team_name="", purchase_order="", by=by, now=world.now)
    assert (order.display, order.gross_minor) == ("gross", 3 * 57_600)
    assert adds_up(order)


def test_staff_offers_a_person_prices_with_vat(world: World) -> None:
    line = quoting.wanted(plan=world.plan(), quantity=1, unit_price=None, address=PRIVATE, now=world.now)
    assert (line.unit_price, line.list_price) == (57_600, 57_600)


# --- invoices ---------------------------------------------------------------------------------


def invoice_of(order: Order, world: World) -> Invoice:
    invoice = invoicing.issue(order=order, by=OPERATOR, now=world.now)
    assert invoice is not None
    return invoice


def test_the_invoice_shows_gross_prices_and_its_net_lines_keep_the_rules(
    checker: Checker, world: World
) -> None:
    listed(world, 999)
    basket = basket_of((world.plan(), 7), (world.plan(world.other_product), 3), address=PRIVATE)
    order = bought(world, basket=basket)
    document = invoice_of(order, world).document()
    assert document.display == "gross"
    assert [(each.unit_price_minor, each.on_page) for each in document.lines] == [(999, 6_993), (999, 2_997)]
    assert sum(each.on_page for each in document.lines) == document.gross_minor == order.gross_minor
    assert sum(each.amount_minor for each in document.lines) == document.net_minor
    assert checker.check(xml=facturx.written(document=document), rules=["factur-x"]).faults == ()
    assert checker.check(xml=ubl.written(document=document), rules=["ubl"]).faults == ()


def test_an_invoice_without_vat_does_not_say_that_it_is_included(world: World) -> None:
    document = invoice_of(bought(world, address=ZURICH), world).document()
    assert (document.display, document.tax_minor) == ("net", 0)


def test_a_refund_is_credited_as_it_was_paid(world: World) -> None:
    listed(world, 999)
    till = Till(world)
    payment: Payment = till.apply(till.begin(bought(world, 7, payment_method="testcard")), Told.SETTLED)
    order = Order.objects.get()
    invoice_of(order, world)
    booking.refund(
        payment=payment, amount_minor=500, reason="Goodwill", end_licenses=False,
        by=world.victor.actor(), now=world.now,
    )  # fmt: skip
    note = Invoice.objects.get(corrects__isnull=False).document()
    assert (note.display, note.gross_minor) == ("gross", 500)
    assert sum(each.on_page for each in note.lines) == 500
