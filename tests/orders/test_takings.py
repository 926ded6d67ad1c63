"""The figures of the vendor: revenue by month and currency, and what became of terms."""

from datetime import date, timedelta

import pytest

from licet.invoices.actions import issue_credit
from licet.orders import contracts, invoicing, takings
from tests.orders.contracts import Deal, at
from tests.world import OPERATOR


@pytest.fixture
def deal(world):
    return Deal(world, now=world.now)


def test_revenue_is_what_was_invoiced_less_what_was_credited_in_the_month_of_each(world, deal):
    invoice = invoicing.issue(order=deal.order, by=OPERATOR, now=world.now)
    later = world.now + timedelta(days=40)
    issue_credit(invoice=invoice, amounts={0: 1000}, reason="Less", by=OPERATOR, now=later)
    months = takings.revenue(now=later)["EUR"]
    assert len(months) == 12
    march, april = months[-2:]
    assert (march.month, april.month) == (date(2026, 3, 1), date(2026, 4, 1))
    assert (march.net.amount, april.net.amount) == (invoice.net_minor, -1000)
    assert takings.revenue(now=later + timedelta(days=400)) == {}


def test_a_term_is_due_then_renewed_or_lost(world, deal):
    ends = deal.contract.ends_on
    before = {each.month: each for each in takings.renewals(now=at(ends - timedelta(days=60)))}
    month = ends.replace(day=1)
    assert (before[month].due, before[month].renewed, before[month].lost) == (1, 0, 0)
    deal.night(at(ends))
    after = {each.month: each for each in takings.renewals(now=at(ends))}
    assert (after[month].due, after[month].renewed, after[month].lost) == (1, 1, 0)
    contracts.cancel(contract=deal.contract, by=world.alice.actor(), now=at(ends))
    second = deal.contract.ends_on
    deal.night(at(second + timedelta(days=40)))
    lost = {each.month: each for each in takings.renewals(now=at(second))}
    assert (lost[second.replace(day=1)].due, lost[second.replace(day=1)].lost) == (1, 1)
