"""The next term: notices before it, one order for it, the same licenses with a later end."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from licet.catalog.rules import Period
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden
from licet.licenses import actions as licenses
from licet.licenses.models import License
from licet.orders import contracts, offering, renewing
from licet.orders.errors import NotRenewing, OfferChanged, TooEarlyToRenew
from licet.orders.models import Contract, Order
from licet.orders.states import ContractState, OrderKind
from tests.orders.conftest import Shop, basket_of
from tests.orders.contracts import Deal, at
from tests.world import OPERATOR, World

END = date(2027, 3, 2)


def told(name: str) -> list[Event]:
    return list(Event.objects.filter(name=name).order_by("pk"))


# --- by the clock -------------------------------------------------------------------------------


def test_on_the_day_its_term_is_over_it_is_renewed_with_the_same_license(deal: Deal) -> None:
    before = deal.license
    deal.night(at(END, hour=0))
    (order,) = deal.renewals()
    line = order.lines.get()
    assert (line.starts_on, line.ends_on, line.license) == (END, date(2028, 3, 2), before)
    assert order.net_minor == 3 * 48_000
    assert deal.license == before
    assert deal.license.valid_until == at(date(2028, 3, 2), hour=0)
    assert (deal.contract.term_index, deal.contract.ends_on) == (1, date(2028, 3, 2))


def test_the_day_before_nothing_happens_and_twice_is_once(deal: Deal) -> None:
    deal.night(at(END - timedelta(days=1), hour=23))
    assert deal.renewals() == []
    deal.night(at(END))
    deal.night(at(END))
    assert len(deal.renewals()) == 1


def test_a_term_cannot_be_ordered_twice_whatever_the_program_does(deal: Deal) -> None:
    deal.night(at(END))
    order = deal.renewals()[0]
    order.pk, order.public_id, order.number, order.checkout_key = None, "ord_another", 99_999, "another-key"
    with pytest.raises(IntegrityError), transaction.atomic():
        order.save(force_insert=True)


def test_added_licenses_are_renewed_for_whole_terms_with_the_others(deal: Deal) -> None:
    deal.add(2, now=at(date(2026, 12, 8)))
    deal.night(at(END))
    (order,) = deal.renewals()
    assert order.net_minor == 5 * 48_000
    assert {each.license.valid_until for each in deal.items} == {at(date(2028, 3, 2), hour=0)}


def test_a_worker_that_was_away_for_long_renews_without_a_gap(deal: Deal) -> None:
    deal.night(at(END + timedelta(days=10)))
    assert deal.renewals()[0].lines.get().starts_on == END


def test_three_years_at_a_time_cost_three_and_last_three(world: World) -> None:
    deal = Deal(world, world.now, seats=1, periods=3)
    assert deal.order.net_minor == 3 * 48_000
    assert deal.contract.ends_on == date(2029, 3, 2)


def test_by_the_month_it_renews_on_the_right_days_through_a_leap_year(world: World) -> None:
    # ten years of it: test_terms.py for the days, test_choose_length.py for a contract
    deal = Deal(world, at(date(2026, 1, 31)), seats=2, period=Period.MONTH)
    capacity = set()
    for index in range(1, 27):
        day = deal.contract.ends_on
        assert day == offering.last_day_to_opt_out(contract=deal.contract) + timedelta(days=1)
        renewing.renew_due(by=OPERATOR, now=at(day))
        capacity.add(deal.license.pool.capacity(at(day)))
        assert deal.contract.term_index == index
    ends = [order.lines.get().ends_on for order in deal.renewals()]
    assert ends[:3] == [date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]
    assert ends[23:] == [date(2028, 2, 29), date(2028, 3, 31), date(2028, 4, 30)]
    assert capacity == {2}
    assert License.objects.count() == 1


def test_what_costs_a_renewal_does_not_grow_with_how_many_are_due(world: World) -> None:
    plan = world.plan()
    shop = Shop(world)

    def spent(many: int) -> int:
        for each in range(many):
            key = f"many-{many}-{each:05}"
            shop.place(basket=basket_of((plan, 1)), checkout_key=key)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert renewing.renew_due(by=OPERATOR, now=at(END)) == many
        Contract.objects.update(state=ContractState.ENDED)
        return len(queries)

    one, more = spent(1), spent(4)
    assert (more - one) % 3 == 0
    assert (more - one) // 3 <= one


def test_a_worker_that_dies_in_the_middle_leaves_nothing_twice_and_no_number_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, fulfil, calls = Shop(world), renewing.fulfil, []
    for each in range(5):
        shop.place(basket=basket_of((world.plan(), 1)), checkout_key=f"killed-{each:05}")

    def dying(**values: Any) -> Order:
        calls.append(values)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return fulfil(**values)

    monkeypatch.setattr(renewing, "fulfil", dying)
    with pytest.raises(KeyboardInterrupt):
        renewing.renew_due(by=OPERATOR, now=at(END))
    assert Order.objects.filter(kind=OrderKind.RENEWAL).count() == 2
    assert renewing.renew_due(by=OPERATOR, now=at(END)) == 3
    renewed = Order.objects.filter(kind=OrderKind.RENEWAL)
    assert sorted(renewed.values_list("number", flat=True)) == list(range(10_006, 10_011))
    assert len(set(renewed.values_list("contract", flat=True))) == 5


# --- notices ------------------------------------------------------------------------------------


def test_the_team_is_told_90_60_30_and_7_days_before_each_once(deal: Deal) -> None:
    for left in (120, 91, 90, 89, 61, 60, 59, 31, 30, 29, 8, 7, 6, 1):
        deal.night(at(END - timedelta(days=left)))
    assert [each.facts["days"] for each in told("contract.renewal_noticed")] == [90, 60, 30, 7]


def test_who_looks_late_tells_the_most_urgent_only(deal: Deal) -> None:
    deal.night(at(END - timedelta(days=5)))
    assert [each.facts["days"] for each in told("contract.renewal_noticed")] == [7]


def test_of_a_month_that_goes_on_by_itself_nothing_is_told(world: World) -> None:
    deal = Deal(world, world.now, period=Period.MONTH)
    deal.night(at(deal.contract.ends_on - timedelta(days=3)))
    assert told("contract.renewal_noticed") == []


def test_nobody_is_warned_that_a_license_ends_which_renews(deal: Deal) -> None:
    assert licenses.warn_of_ends(by=OPERATOR, now=at(END - timedelta(days=5))) == 0
    contracts.set_auto_renew(
        contract=deal.contract, on=False, by=deal.world.alice.actor(), now=deal.world.now
    )
    assert licenses.warn_of_ends(by=OPERATOR, now=at(END - timedelta(days=5))) == 1


def test_a_new_price_holds_once_it_was_told(deal: Deal) -> None:
    plan = deal.plan
    plan.price_minor = 50_000
    plan.save()
    deal.night(at(END - timedelta(days=90)))
    plan.price_minor = 60_000
    plan.save()
    deal.night(at(END))
    assert deal.renewals()[0].net_minor == 3 * 50_000


def test_a_price_that_nobody_was_told_is_not_asked(deal: Deal) -> None:
    plan = deal.plan
    plan.price_minor = 60_000
    plan.save()
    renewing.renew_due(by=OPERATOR, now=at(END))
    assert deal.renewals()[0].net_minor == 3 * 48_000


# --- ends ---------------------------------------------------------------------------------------


def test_what_is_cancelled_ends_with_its_term(deal: Deal) -> None:
    contracts.cancel(contract=deal.contract, by=deal.world.alice.actor(), now=deal.world.now)
    deal.night(at(END))
    assert deal.contract.state == ContractState.ENDED
    assert deal.renewals() == []
    assert deal.items == []


def test_what_was_taken_up_again_goes_on(deal: Deal) -> None:
    by = deal.world.alice.actor()
    contracts.cancel(contract=deal.contract, by=by, now=deal.world.now)
    contracts.take_up(contract=deal.contract, by=by, now=at(END - timedelta(days=1)))
    deal.night(at(END))
    assert len(deal.renewals()) == 1


def test_without_automatic_renewal_it_waits_for_30_days_and_ends(deal: Deal) -> None:
    by = deal.world.alice.actor()
    contracts.set_auto_renew(contract=deal.contract, on=False, by=by, now=deal.world.now)
    deal.night(at(END + timedelta(days=29)))
    assert deal.contract.state == ContractState.ISSUED
    deal.night(at(END + timedelta(days=30)))
    assert deal.contract.state == ContractState.ENDED


# --- by hand ------------------------------------------------------------------------------------


def by_hand(deal: Deal, day: date, *, seen: int = 3 * 57_600) -> Order:
    return renewing.renew(contract=deal.contract, seen=seen, by=deal.world.alice.actor(), now=at(day))


def test_it_can_be_renewed_90_days_before_and_the_clock_does_not_do_it_again(deal: Deal) -> None:
    order = by_hand(deal, END - timedelta(days=90))
    assert order.kind == OrderKind.RENEWAL
    deal.night(at(END))
    assert deal.renewals() == [order]


def test_it_can_be_renewed_late_and_its_terms_have_no_gap(deal: Deal) -> None:
    by = deal.world.alice.actor()
    contracts.set_auto_renew(contract=deal.contract, on=False, by=by, now=deal.world.now)
    order = by_hand(deal, END + timedelta(days=20))
    assert order.lines.get().starts_on == END


def test_earlier_than_90_days_before_is_refused_with_the_day(deal: Deal) -> None:
    with pytest.raises(TooEarlyToRenew, match="2 December 2026"):
        by_hand(deal, END - timedelta(days=91))


def test_another_price_than_that_of_the_page_is_refused(deal: Deal) -> None:
    with pytest.raises(OfferChanged):
        by_hand(deal, END - timedelta(days=10), seen=1)


def test_what_is_cancelled_is_not_renewed_by_hand(deal: Deal) -> None:
    contracts.cancel(contract=deal.contract, by=deal.world.alice.actor(), now=deal.world.now)
    with pytest.raises(NotRenewing):
        by_hand(deal, END - timedelta(days=10))


def test_nobody_but_the_clock_runs_the_batch(world: World) -> None:
    for verb in (renewing.renew_due, renewing.give_notice):
        with pytest.raises(Forbidden):
            verb(by=world.alice.actor(), now=world.now)
