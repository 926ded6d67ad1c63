"""More licenses in a contract that runs: they end with it, and cost the part of its term that is left."""

from datetime import date

import pytest

from licet.catalog.rules import Period
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses.models import License
from licet.orders import contracts
from licet.orders.errors import (
    CheckoutKeyMissing,
    ContractHasEnded,
    OfferChanged,
    PlanDoesNotFit,
    QuantityOutOfRange,
    TermIsOver,
)
from licet.orders.models import Order
from licet.orders.states import OrderKind
from tests.orders.contracts import Deal, at
from tests.world import World

MIDTERM = at(date(2026, 12, 8))  # 84 days before 2 March 2027


def test_they_end_with_the_term_and_cost_its_rest(deal: Deal) -> None:
    order = deal.add(2, now=MIDTERM)
    line = order.lines.get()
    assert (line.days, line.term_days) == (84, 365)
    assert order.net_minor == 22_093  # 2 x 480.00 x 84 / 365 = 220.931...
    assert line.license is not None
    assert line.license.valid_until == deal.license.valid_until
    assert order.kind == OrderKind.SEATS
    assert order.contract == deal.contract


def test_they_are_there_at_once(deal: Deal) -> None:
    deal.add(2, now=MIDTERM)
    assert deal.license.pool.capacity(MIDTERM) == 5


def test_what_was_there_keeps_its_license_and_its_days(deal: Deal) -> None:
    before = deal.license
    deal.add(2, now=MIDTERM)
    assert [each.quantity for each in deal.items] == [3, 2]
    assert License.objects.get(pk=before.pk).seats == 3


def test_another_product_of_the_same_period_can_be_added(world: World, deal: Deal) -> None:
    deal.add(1, plan=world.plan(world.other_product), now=MIDTERM)
    assert {each.plan.product.code for each in deal.items} == {
        world.product.code,
        world.other_product.code,
    }


def test_what_is_sold_by_the_month_is_refused_in_a_contract_by_the_year(world: World, deal: Deal) -> None:
    with pytest.raises(PlanDoesNotFit):
        deal.add(1, plan=world.plan(period=Period.MONTH), now=MIDTERM)


def test_what_is_withdrawn_is_refused(world: World, deal: Deal) -> None:
    plan = world.plan()
    plan.withdrawn_at = world.now
    plan.save()
    key, by = deal.fresh_key(), world.alice.actor()
    with pytest.raises(PlanDoesNotFit):
        contracts.add_seats(
            contract=deal.contract,
            plan=plan,
            quantity=1,
            seen=0,
            key=key,
            by=by,
            now=MIDTERM,
        )


def test_a_price_that_is_not_the_one_of_the_page_is_refused(deal: Deal) -> None:
    with pytest.raises(OfferChanged):
        deal.add(2, now=MIDTERM, seen=1)
    assert Order.objects.count() == 1


@pytest.mark.parametrize("quantity", [0, -1, 10_001])
def test_a_number_that_makes_no_sense_is_refused(deal: Deal, quantity: int) -> None:
    with pytest.raises(QuantityOutOfRange):
        deal.add(quantity, now=MIDTERM)


def test_on_the_last_day_it_costs_a_day_and_the_day_after_nothing_can_be_added(deal: Deal) -> None:
    assert deal.add(1, now=at(date(2027, 3, 1))).lines.get().days == 1
    with pytest.raises(TermIsOver):
        deal.add(1, now=at(date(2027, 3, 2)))


def test_a_contract_that_ended_takes_nothing(world: World, deal: Deal) -> None:
    contracts.cancel(contract=deal.contract, by=world.alice.actor(), now=MIDTERM)
    deal.night(at(date(2027, 3, 2)))
    with pytest.raises(ContractHasEnded):
        deal.add(1, now=at(date(2027, 3, 2)))


def test_the_same_form_sent_twice_is_one_order(world: World, deal: Deal) -> None:
    order = deal.add(2, now=MIDTERM)
    again = contracts.add_seats(
        contract=deal.contract,
        plan=deal.plan,
        quantity=2,
        seen=order.gross_minor,
        key=order.checkout_key,
        by=world.alice.actor(),
        now=MIDTERM,
    )
    assert again == order
    assert len(deal.items) == 2


def test_a_form_without_a_key_is_refused(world: World, deal: Deal) -> None:
    with pytest.raises(CheckoutKeyMissing):
        contracts.add_seats(
            contract=deal.contract,
            plan=deal.plan,
            quantity=1,
            seen=0,
            key="",
            by=world.alice.actor(),
            now=MIDTERM,
        )


@pytest.mark.parametrize(("who", "refusal"), [("bob", Forbidden), ("charlie", Missing)])
def test_who_may_not_order_for_the_team_is_refused(
    world: World, deal: Deal, who: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        contracts.add_seats(
            contract=deal.contract,
            plan=deal.plan,
            quantity=1,
            seen=0,
            key=deal.fresh_key(),
            by=getattr(world, who).actor(),
            now=MIDTERM,
        )
