"""Another length of term from the next one on: shown with its price, taken back until then."""

from datetime import date, timedelta

import pytest

from licet.catalog.models import Plan
from licet.catalog.rules import Period
from licet.eventlog.models import Event
from licet.licenses.models import License
from licet.orders import contracts, offering, renewing, standing
from licet.orders.changing.errors import TermNotSold
from licet.orders.errors import ContractsDoNotFit, NotRenewing, OfferChanged, TermIsOver
from licet.orders.lengths import choosing
from licet.orders.lengths.choosing import Length
from licet.orders.models import OrderLine
from licet.orders.terms import part
from licet.seats.models import Seat
from tests.orders.conftest import Shop, basket_of
from tests.orders.contracts import Deal, at
from tests.world import OPERATOR, World

END = date(2027, 3, 2)
DURING = at(date(2026, 12, 8))
MONTH, YEAR, YEARS = (Period.MONTH, 1), (Period.YEAR, 1), (Period.YEAR, 3)


def found(deal: Deal) -> dict[tuple[Period, int], Length]:
    return {(each.period, each.periods): each for each in choosing.lengths(contract=deal.contract)}


def choose(
    deal: Deal, length: tuple[Period, int], *, day: date | None = None, seen: int | None = None
) -> None:
    """Choose at the price that the page shows."""
    period, periods = length
    gross = found(deal)[length].gross.amount if length in found(deal) else 0
    choosing.choose(
        contract=deal.contract,
        period=period,
        periods=periods,
        seen=gross if seen is None else seen,
        by=deal.world.alice.actor(),
        now=at(day) if day else DURING,
    )


def renew(deal: Deal) -> date:
    """Let the term end; return the day."""
    day = deal.contract.ends_on
    renewing.renew_due(by=OPERATOR, now=at(day, hour=0))
    return day


def dearer(plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(price_minor=999_900)


# --- choosing -----------------------------------------------------------------------------------


def test_every_length_is_shown_with_its_first_day_and_its_price(world: World, deal: Deal) -> None:
    month = world.plan(period=Period.MONTH)
    rows = found(deal)
    assert list(rows) == [MONTH, YEAR, (Period.YEAR, 2), YEARS]
    assert {each.term.starts_on for each in rows.values()} == {END}
    assert (rows[MONTH].net.amount, rows[YEARS].net.amount) == (3 * month.price_minor, 9 * 48_000)
    assert rows[YEARS].term.last_day == date(2030, 3, 1)
    assert [key for key, each in rows.items() if each.current] == [YEAR]
    assert [key for key, each in rows.items() if each.chosen] == [YEAR]


def test_a_year_becomes_months_with_the_next_term_and_people_keep_their_licenses(
    world: World, deal: Deal
) -> None:
    pool, month = deal.license.pool, world.plan(period=Period.MONTH)
    world.seat(pool, world.people(world.team, 1)[0])
    choose(deal, MONTH)
    assert (deal.contract.months, deal.contract.ends_on) == (12, END)
    assert deal.contract.next_term.ends_on == date(2027, 4, 2)
    renew(deal)
    line = deal.renewals()[0].lines.get()
    assert (line.plan, line.license, line.amount_minor) == (month, deal.license, 3 * month.price_minor)
    assert (line.starts_on, line.ends_on) == (END, date(2027, 4, 2))
    assert (pool.capacity(at(END, hour=0)), Seat.objects.held().get().pool) == (3, pool)
    assert deal.license.valid_until == at(date(2027, 4, 2), hour=0)
    assert (deal.contract.period, deal.contract.next_period) == (Period.MONTH, "")
    assert renew(deal) == date(2027, 4, 2)
    assert deal.contract.ends_on == date(2027, 5, 2)


def test_three_years_at_a_time_are_the_same_plan(deal: Deal) -> None:
    choose(deal, YEARS)
    renew(deal)
    (order,) = deal.renewals()
    assert order.net_minor == 3 * 3 * 48_000
    assert (deal.contract.periods, deal.contract.ends_on) == (3, date(2030, 3, 2))


def test_the_license_stays_the_same_where_months_and_years_have_the_same_terms(
    world: World, deal: Deal
) -> None:
    Plan.objects.filter(pk=world.plan(period=Period.MONTH).pk).update(terms=deal.plan.terms)
    license = deal.license
    choose(deal, MONTH)
    renew(deal)
    assert (License.objects.get(), deal.license) == (license, license)


def test_a_month_that_becomes_a_year_keeps_the_day_of_the_first_anchor(world: World) -> None:
    deal = Deal(world, at(date(2026, 1, 31)), seats=2, period=Period.MONTH)
    choose(deal, YEAR, day=date(2026, 2, 1))
    assert renew(deal) == date(2026, 2, 28)
    assert deal.contract.ends_on == date(2027, 2, 28)
    choose(deal, MONTH, day=date(2026, 6, 1))
    renew(deal)
    # counted from 31 January, not from the short February
    assert deal.contract.ends_on == date(2027, 3, 31)


def test_it_costs_what_the_choice_showed_whatever_prices_do(world: World, deal: Deal) -> None:
    month = world.plan(period=Period.MONTH)
    choose(deal, MONTH)
    promised = 3 * month.price_minor
    dearer(month)
    assert found(deal)[MONTH].net.amount == promised
    deal.night(at(END - timedelta(days=90)))
    renew(deal)
    assert deal.renewals()[0].net_minor == promised
    assert deal.items[0].chosen_price_minor is None


def test_another_price_than_that_of_the_page_is_refused(deal: Deal) -> None:
    with pytest.raises(OfferChanged):
        choose(deal, MONTH, seen=1)
    assert deal.contract.next_period == ""


def test_the_same_choice_twice_is_told_once(deal: Deal) -> None:
    choose(deal, MONTH)
    choose(deal, MONTH, seen=1)
    assert Event.objects.filter(name="contract.term_chosen").count() == 1


# --- taking back --------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["keep", "choose"])
def test_it_can_be_taken_back_until_the_term_ends(deal: Deal, way: str) -> None:
    choose(deal, MONTH)
    last = END - timedelta(days=1)
    if way == "keep":
        choosing.keep(contract=deal.contract, by=deal.world.alice.actor(), now=at(last, hour=23))
    else:
        choose(deal, YEAR, day=last)
    renew(deal)
    assert deal.renewals()[0].net_minor == 3 * 48_000
    assert deal.contract.ends_on == date(2028, 3, 2)


def test_after_the_term_nothing_is_chosen_and_nothing_taken_back(world: World, deal: Deal) -> None:
    choose(deal, MONTH)
    by = world.alice.actor()
    with pytest.raises(TermIsOver):
        choosing.keep(contract=deal.contract, by=by, now=at(END, hour=0))
    with pytest.raises(TermIsOver):
        choose(deal, YEARS, day=END)


def test_what_was_never_chosen_is_taken_back_without_a_word(deal: Deal) -> None:
    choosing.keep(contract=deal.contract, by=deal.world.alice.actor(), now=DURING)
    assert not Event.objects.filter(name="contract.term_kept").exists()


# --- what does not fit --------------------------------------------------------------------------


def test_what_ends_anyway_has_no_other_length(world: World, deal: Deal) -> None:
    contracts.cancel(contract=deal.contract, by=world.alice.actor(), now=DURING)
    with pytest.raises(NotRenewing):
        choose(deal, MONTH)


def test_only_lengths_are_offered_that_everything_is_sold_for(world: World, deal: Deal) -> None:
    Plan.objects.filter(pk=world.plan(period=Period.MONTH).pk).update(withdrawn_at=world.now)
    assert MONTH not in found(deal)
    for length in (MONTH, (Period.YEAR, 9)):
        with pytest.raises(TermNotSold):
            choose(deal, length)


def test_what_is_withdrawn_after_the_choice_is_renewed_all_the_same(world: World, deal: Deal) -> None:
    month = world.plan(period=Period.MONTH)
    choose(deal, MONTH)
    Plan.objects.filter(pk=month.pk).update(withdrawn_at=world.now)
    renew(deal)
    assert deal.renewals()[0].lines.get().plan == month


def test_licenses_that_come_after_the_choice_renew_by_it_too(world: World, deal: Deal) -> None:
    month = world.plan(period=Period.MONTH)
    choose(deal, MONTH)
    promised = month.price_minor
    deal.add(2, now=DURING)
    dearer(month)
    renew(deal)
    assert deal.renewals()[0].net_minor == 5 * promised


def test_nothing_is_added_that_is_not_sold_for_the_chosen_length(world: World, deal: Deal) -> None:
    other = world.plan(world.other_product)
    Plan.objects.filter(product=other.product, period=Period.MONTH).update(withdrawn_at=world.now)
    choose(deal, MONTH)
    assert other not in offering.plans(contract=deal.contract)
    with pytest.raises(TermNotSold):
        deal.add(1, plan=other, now=DURING)
    choosing.keep(contract=deal.contract, by=world.alice.actor(), now=DURING)
    assert other in offering.plans(contract=deal.contract)


def test_contracts_with_another_length_to_come_are_not_joined(world: World, deal: Deal) -> None:
    choose(deal, MONTH)
    Shop(world).place(basket=basket_of((deal.plan, 1)), checkout_key="second-contract")
    second = type(deal.contract).objects.order_by("pk").last()
    assert second is not None
    assert standing.joinable(contract=second) == []
    with pytest.raises(ContractsDoNotFit):
        offering.joined(first=deal.contract, second=second, person=world.alice, key="", now=DURING)


# --- notices and years --------------------------------------------------------------------------


def told() -> list[int]:
    return [
        each.facts["days"] for each in Event.objects.filter(name="contract.renewal_noticed").order_by("pk")
    ]


def test_a_month_that_becomes_a_year_is_told_and_the_year_has_all_notices(world: World) -> None:
    deal = Deal(world, world.now, period=Period.MONTH)
    choose(deal, YEAR, day=date(2026, 3, 3))
    deal.night(at(deal.contract.ends_on - timedelta(days=3)))
    assert told() == [7]
    renew(deal)
    for left in (90, 60, 30, 7):
        deal.night(at(deal.contract.ends_on - timedelta(days=left)))
    assert told() == [7, 90, 60, 30, 7]


def test_a_choice_after_a_notice_is_told_again(deal: Deal) -> None:
    deal.night(at(END - timedelta(days=90)))
    choose(deal, MONTH)
    deal.night(at(END - timedelta(days=80)))
    assert told() == [90, 90]


def test_ten_years_of_mixed_terms_follow_one_another_and_add_up(world: World) -> None:
    deal = Deal(world, at(date(2026, 1, 31)), seats=2, period=Period.MONTH)
    prices = {period: world.plan(period=period).price_minor for period in Period}
    plan = [YEAR, YEAR, MONTH, MONTH, YEARS, MONTH, YEAR, YEARS, MONTH, (Period.YEAR, 2)]
    for length in plan:
        choose(deal, length, day=deal.contract.term.starts_on)
        renew(deal)
        assert (deal.contract.period, deal.contract.periods) == length
    lines = list(OrderLine.objects.order_by("pk"))
    assert [each.starts_on for each in lines[1:]] == [each.ends_on for each in lines[:-1]]
    assert [each.starts_on.isoformat() for each in lines] == [
        "2026-01-31", "2026-02-28", "2027-02-28", "2028-02-29", "2028-03-31", "2028-04-30",
        "2031-04-30", "2031-05-31", "2032-05-31", "2035-05-31", "2035-06-30",
    ]  # fmt: skip
    assert lines[-1].ends_on == date(2037, 6, 30)
    assert [each.amount_minor for each in lines[1:]] == [2 * n * prices[period] for period, n in plan]
    assert all(each.days == each.term_days for each in lines)
    assert deal.license.valid_until == at(date(2037, 6, 30), hour=0)
    for each in lines:  # never more, never less
        assert deal.license.pool.capacity(at(each.starts_on)) == 2
    assert deal.contract.term_index == len(plan)


def test_what_is_added_in_a_term_of_another_length_costs_its_part_of_that(deal: Deal) -> None:
    choose(deal, YEARS)
    renew(deal)
    order = deal.add(1, now=at(date(2029, 3, 2)))
    assert order.net_minor == part(price=3 * 48_000, days=365, term_days=1096)
