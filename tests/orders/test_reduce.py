"""Fewer licenses from the next term on: set any time before, undone any time before, nobody loses one now."""

from datetime import date, timedelta

import pytest

from licet.kernel.refusal import Forbidden
from licet.leases import shortage
from licet.licenses import actions as licenses
from licet.licenses.models import License
from licet.orders import contracts
from licet.orders.errors import NotInContract, NotRenewing, TooManyToRemove
from licet.seats.models import Seat
from tests.orders.contracts import Deal, at
from tests.world import OPERATOR, World

END = date(2027, 3, 2)
BEFORE = at(date(2027, 1, 15))


def following(deal: Deal) -> int:
    return sum(each.quantity for each in deal.items if each.renews)


def test_until_the_term_is_over_nothing_changes(deal: Deal) -> None:
    deal.reduce(1, now=BEFORE)
    assert deal.license.pool.capacity(BEFORE) == 3
    assert [(each.quantity, each.renews) for each in deal.items] == [(1, True), (2, False)]


def test_the_next_term_has_the_number_and_the_rest_ends_without_grace(deal: Deal) -> None:
    deal.pay(deal.order, now=deal.now)
    deal.reduce(1, now=BEFORE)
    deal.night(at(END, hour=0))
    assert deal.renewals()[0].net_minor == 48_000
    assert deal.license.pool.capacity(at(END, hour=0)) == 1


def test_what_stays_is_the_license_that_was_there(deal: Deal) -> None:
    before = deal.license
    deal.reduce(1, now=BEFORE)
    assert (deal.license, deal.license.seats, deal.license.renews) == (before, 1, True)


def test_the_newest_go_first(deal: Deal) -> None:
    deal.add(2, now=at(date(2026, 12, 8)))
    deal.reduce(3, now=BEFORE)
    assert [(each.quantity, each.renews) for each in deal.items] == [(3, True), (2, False)]


@pytest.mark.parametrize("later", [3, 2, 1, 0])
def test_another_number_can_be_chosen_until_then(deal: Deal, later: int) -> None:
    deal.reduce(1, now=BEFORE)
    deal.reduce(later, now=BEFORE + timedelta(days=1))
    assert following(deal) == later
    assert sum(each.license.seats for each in deal.items) == 3
    for each in deal.items:
        grace = 14 if each.renews else 0
        assert each.license.usable_until == each.license.valid_until + timedelta(days=grace)


def test_the_administrator_chooses_who_keeps_one(world: World, deal: Deal) -> None:
    pool = deal.license.pool
    held = [world.seat(pool, each) for each in world.people(world.team, 3)]
    deal.reduce(1, now=BEFORE)
    stays = [held[0].public_id]
    shortage.mark_stays(pool=pool, seats=stays, by=world.alice.actor(), now=BEFORE)
    deal.night(at(END, hour=0))
    shortage.settle_shortages(by=OPERATOR, now=at(END, hour=0))
    assert [each.public_id for each in Seat.objects.held()] == stays


def test_the_team_is_warned_of_those_that_end_and_of_no_other(deal: Deal) -> None:
    deal.reduce(1, now=BEFORE)
    assert licenses.warn_of_ends(by=OPERATOR, now=at(END - timedelta(days=7))) == 1
    pool = deal.license.pool
    pool.held, pool.allowed = 2, 3
    pool.save()
    ((_pool, coming),) = shortage.outlooks(team=deal.world.team, now=at(END - timedelta(days=7)))
    assert (coming.remaining, coming.missing) == (1, 1)


def test_down_to_none_the_contract_ends_with_its_term(deal: Deal) -> None:
    deal.reduce(0, now=BEFORE)
    deal.night(at(END))
    assert deal.contract.state == "ended"
    assert License.objects.get().seats == 3


@pytest.mark.parametrize("quantity", [-1, 4])
def test_more_than_there_are_is_refused(deal: Deal, quantity: int) -> None:
    with pytest.raises(TooManyToRemove):
        deal.reduce(quantity, now=BEFORE)


def test_what_is_cancelled_has_nothing_to_reduce(deal: Deal) -> None:
    contracts.cancel(contract=deal.contract, by=deal.world.alice.actor(), now=BEFORE)
    with pytest.raises(NotRenewing):
        deal.reduce(1, now=BEFORE)


def test_a_product_that_the_contract_does_not_have_is_refused(world: World, deal: Deal) -> None:
    with pytest.raises(NotInContract):
        contracts.reduce(
            contract=deal.contract,
            plan=world.plan(world.other_product),
            quantity=0,
            by=world.alice.actor(),
            now=BEFORE,
        )


def test_a_member_may_not(world: World, deal: Deal) -> None:
    with pytest.raises(Forbidden):
        contracts.reduce(contract=deal.contract, plan=deal.plan, quantity=1, by=world.bob.actor(), now=BEFORE)
