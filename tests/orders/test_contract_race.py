"""Contracts in the same moment: a term is ordered once, and what is added while it is renewed is not lost."""

from datetime import date

import pytest

from licet.orders import contracts, offering, renewing
from licet.orders.errors import OfferChanged, TermIsOver
from licet.orders.models import Order
from licet.orders.states import OrderKind
from tests.orders.contracts import Deal, at
from tests.races import together
from tests.world import OPERATOR, World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]

END = date(2027, 3, 2)


def test_eight_workers_renew_a_term_once(world: World) -> None:
    deal = Deal(world, world.now)
    outcomes = together([lambda: renewing.renew_due(by=OPERATOR, now=at(END))] * 8)
    assert [each.raised for each in outcomes if each.raised] == []
    assert sum(each.value for each in outcomes) == 1
    assert (len(deal.renewals()), deal.contract.term_index) == (1, 1)


def test_a_worker_and_an_administrator_renew_one_term_each(world: World) -> None:
    deal = Deal(world, world.now)
    draft = offering.renewal(contract=deal.contract, found=deal.items, person=world.alice)
    seen, by = draft.totals(on=END).gross_minor, world.alice.actor()
    contract = deal.contract
    outcomes = together(
        [
            lambda: renewing.renew_due(by=OPERATOR, now=at(END)),
            lambda: renewing.renew(contract=contract, seen=seen, by=by, now=at(END)),
        ]
    )
    # whoever of the two comes second finds a term that has begun: the clock leaves it, a person waits
    terms = [order.term_index for order in deal.renewals()]
    assert terms == list(range(1, len(terms) + 1))
    assert len(terms) == 1
    assert sum(1 for each in outcomes if each.raised) <= 1


def test_licenses_added_while_the_clock_renews_end_with_some_term_of_the_contract(world: World) -> None:
    deal = Deal(world, world.now)
    by, person, plan = world.alice.actor(), world.alice, deal.plan
    eve = at(date(2027, 3, 1), hour=23)
    contract = deal.contract
    draft = offering.more_seats(
        contract=contract, plan=plan, quantity=2, person=person, key="race-0001", now=eve
    )
    seen = draft.totals(on=eve.date()).gross_minor

    def add() -> Order:
        return contracts.add_seats(
            contract=contract, plan=plan, quantity=2, seen=seen, key="race-0001", by=by, now=eve
        )

    outcomes = together([add, add, lambda: renewing.renew_due(by=OPERATOR, now=at(END))])
    raised = [each.raised for each in outcomes if each.raised]
    assert all(isinstance(each, (OfferChanged, TermIsOver)) for each in raised)
    ends = {each.license.valid_until for each in deal.items}
    assert ends <= {at(END, hour=0), at(date(2028, 3, 2), hour=0)}
    orders = Order.objects.filter(kind=OrderKind.SEATS).count()
    assert sum(each.quantity for each in deal.items) == 3 + 2 * orders
    # what came before the renewal was renewed with it; what comes after would have to pay the long term
    assert ends == {at(date(2028, 3, 2), hour=0)}
