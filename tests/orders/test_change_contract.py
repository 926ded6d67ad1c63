"""Cancelling, automatic renewal, billing, one date for two contracts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from licet.catalog.rules import Period
from licet.licenses.states import Standing
from licet.orders import contracts, offering
from licet.orders.errors import AddressIncomplete, ContractsDoNotFit, NotRenewing, TermIsOver
from licet.orders.models import Contract, Order
from licet.orders.states import ContractState
from licet.payments.errors import MethodUnknown
from tests.orders.conftest import ADDRESS, Shop, basket_of
from tests.orders.contracts import Deal, at
from tests.world import World

END = date(2027, 3, 2)
LATER = at(date(2026, 12, 8))


def another(world: World, period: Period = Period.YEAR) -> Contract:
    """A contract that began 84 days before the end of the first one."""
    order = Shop(world).place(
        basket=basket_of((world.plan(world.other_product, period=period), 2)),
        checkout_key="another-0001",
        now=LATER,
    )
    item = order.lines.get().item
    assert item is not None
    return Contract.objects.select_related("team").get(pk=item.contract_id)


def joined(deal: Deal, other: Contract) -> Order:
    key = deal.fresh_key()
    by = deal.world.alice
    draft = offering.joined(first=deal.contract, second=other, person=by, key=key, now=LATER)
    seen = draft.totals(on=LATER.date()).gross_minor
    return contracts.join(first=deal.contract, second=other, seen=seen, key=key, by=by.actor(), now=LATER)


def test_a_cancelled_contract_runs_on_until_its_end(deal: Deal) -> None:
    by = deal.world.alice.actor()
    contracts.cancel(contract=deal.contract, by=by, now=LATER)
    contracts.cancel(contract=deal.contract, by=by, now=LATER)
    assert not deal.contract.renews
    assert deal.license.standing(LATER) is Standing.ACTIVE
    assert deal.license.standing(at(END - timedelta(days=5))) is Standing.ENDING


def test_a_cancellation_can_be_taken_back_until_the_end_and_not_after(deal: Deal) -> None:
    by = deal.world.alice.actor()
    contracts.cancel(contract=deal.contract, by=by, now=LATER)
    contracts.take_up(contract=deal.contract, by=by, now=at(END - timedelta(days=1)))
    assert deal.contract.renews
    assert deal.license.renews
    contracts.cancel(contract=deal.contract, by=by, now=LATER)
    with pytest.raises(TermIsOver):
        contracts.take_up(contract=deal.contract, by=by, now=at(END))


def test_the_last_day_to_opt_out_is_the_last_of_the_term(deal: Deal) -> None:
    assert offering.last_day_to_opt_out(contract=deal.contract) == END - timedelta(days=1)


def test_the_next_orders_go_to_the_new_address_and_the_old_one_stays_on_the_old(deal: Deal) -> None:
    contracts.change_billing(
        contract=deal.contract,
        address=replace(ADDRESS, city="Colmar", purchase_order="PO-77"),
        payment_method="invoice",
        by=deal.world.alice.actor(),
        now=LATER,
    )
    order = deal.add(1, now=LATER)
    assert (order.billed_to["city"], order.purchase_order) == ("Colmar", "PO-77")
    assert Order.objects.get(pk=deal.order.pk).billed_to["city"] == "Strasbourg"


def test_another_way_of_paying_than_those_that_fit_is_refused(deal: Deal) -> None:
    with pytest.raises(MethodUnknown):
        contracts.change_billing(
            contract=deal.contract,
            address=ADDRESS,
            payment_method="manual",
            by=deal.world.alice.actor(),
            now=LATER,
        )
    assert deal.contract.payment_method == "invoice"


def test_an_address_with_gaps_is_refused(deal: Deal) -> None:
    with pytest.raises(AddressIncomplete):
        contracts.change_billing(
            contract=deal.contract,
            address=replace(ADDRESS, city=""),
            payment_method="invoice",
            by=deal.world.alice.actor(),
            now=LATER,
        )


def test_what_ends_earlier_goes_on_to_the_date_of_the_other_and_into_it(world: World, deal: Deal) -> None:
    other = another(world)
    order = joined(deal, other)
    line = order.lines.get()
    assert (line.starts_on, line.ends_on, line.days) == (END, other.ends_on, 281)
    assert order.net_minor == 110_860  # 3 x 480.00 x 281 / 365 = 1,108.602...
    assert deal.contract.state == ContractState.ENDED
    whole = offering.items(contract=other)
    assert sum(each.quantity for each in whole) == 5
    assert {each.license.valid_until for each in whole} == {at(other.ends_on, hour=0)}


def test_joined_contracts_renew_with_one_order(world: World, deal: Deal) -> None:
    other = another(world)
    joined(deal, other)
    deal.night(at(other.ends_on))
    (order,) = Order.objects.filter(kind="renewal")
    assert order.net_minor == 3 * 48_000 + 2 * world.plan(world.other_product).price_minor


def test_a_month_and_a_year_do_not_get_one_date(world: World, deal: Deal) -> None:
    with pytest.raises(ContractsDoNotFit):
        joined(deal, another(world, Period.MONTH))


def test_a_contract_is_not_joined_to_itself_nor_to_one_that_ends(world: World, deal: Deal) -> None:
    with pytest.raises(ContractsDoNotFit):
        joined(deal, deal.contract)
    other = another(world)
    contracts.cancel(contract=other, by=world.alice.actor(), now=LATER)
    with pytest.raises(NotRenewing):
        joined(deal, Contract.objects.select_related("team").get(pk=other.pk))
