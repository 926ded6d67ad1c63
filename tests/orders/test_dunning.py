"""What is not paid in time: reminders, no new assignment, suspended; what is paid goes on."""

from datetime import date, timedelta

import pytest

from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden
from licet.licenses import actions as licenses
from licet.licenses.models import License
from licet.licenses.states import LicenseState
from licet.orders import dunning
from licet.orders.dunning import Step
from licet.orders.models import ContractItem, Order
from licet.seats.errors import LicensesUnpaid
from licet.seats.models import Seat
from tests.orders.contracts import Deal, at
from tests.world import OPERATOR, World

DUE = date(2026, 4, 1)


def after(days: int) -> date:
    return DUE + timedelta(days=days)


def told(name: str) -> int:
    return Event.objects.filter(name=name).count()


@pytest.mark.parametrize(
    ("days", "step"),
    [(0, Step.OPEN), (1, Step.DUE), (20, Step.DUE), (21, Step.RESTRICTED), (34, Step.RESTRICTED)],
)
def test_the_steps_follow_from_the_due_day(deal: Deal, days: int, step: Step) -> None:
    assert dunning.step(order=deal.order, today=after(days)) is step


def test_the_team_is_reminded_twice_and_its_licenses_are_suspended_in_the_end(deal: Deal) -> None:
    for days in range(60):
        dunning.tend(by=OPERATOR, now=at(after(days)))
    assert (told("order.payment_reminded"), told("order.suspended")) == (2, 1)
    assert License.objects.get().state == LicenseState.SUSPENDED


def test_nobody_new_gets_one_while_who_has_one_goes_on(world: World, deal: Deal) -> None:
    first, second = world.people(world.team, 2)
    pool = deal.license.pool
    world.seat(pool, first)
    world.now = at(after(21))
    with pytest.raises(LicensesUnpaid):
        world.seat(pool, second)
    assert pool.capacity(world.now) == 3
    assert Seat.objects.held().count() == 1


def test_a_payment_lifts_everything_at_once(world: World, deal: Deal) -> None:
    dunning.tend(by=OPERATOR, now=at(after(40)))
    deal.pay(deal.order, now=at(after(41)))
    license = License.objects.get()
    assert (license.state, license.assign_until) == (LicenseState.ISSUED, None)
    assert ContractItem.objects.get().suspended_at is None
    world.now = at(after(41))
    assert world.seat(license.pool, world.people(world.team, 1)[0])


def test_paid_twice_is_paid_once_and_what_is_paid_is_never_reminded_of(deal: Deal) -> None:
    deal.pay(deal.order, now=deal.now)
    settled = told("order.settled")
    assert dunning.tend(by=OPERATOR, now=at(after(60))) == 0
    assert (settled, told("order.settled")) == (1, 1)


def test_what_is_paid_goes_on_beside_what_is_not(deal: Deal) -> None:
    deal.pay(deal.order, now=deal.now)
    deal.add(2, now=at(date(2026, 12, 8)))
    dunning.tend(by=OPERATOR, now=at(date(2026, 12, 8) + timedelta(days=70)))
    paid, unpaid = deal.items
    assert (paid.license.state, unpaid.license.state) == (LicenseState.ISSUED, LicenseState.SUSPENDED)
    assert paid.license.assign_until is None


def test_a_part_that_was_split_off_stands_still_with_its_order_and_comes_back_with_it(deal: Deal) -> None:
    deal.reduce(1, now=deal.now)
    dunning.tend(by=OPERATOR, now=at(after(35)))
    assert {each.state for each in License.objects.all()} == {LicenseState.SUSPENDED}
    deal.pay(deal.order, now=at(after(36)))
    assert {each.state for each in License.objects.all()} == {LicenseState.ISSUED}


def test_an_unpaid_renewal_suspends_the_new_term_and_never_the_paid_one(deal: Deal) -> None:
    deal.pay(deal.order, now=deal.now)
    end = deal.contract.ends_on
    deal.night(at(end))
    for days in range(65):
        dunning.tend(by=OPERATOR, now=at(end + timedelta(days=days)))
        assert deal.license.state == LicenseState.ISSUED
    dunning.tend(by=OPERATOR, now=at(end + timedelta(days=65)))
    assert deal.license.state == LicenseState.SUSPENDED


def test_what_the_vendor_suspended_is_not_lifted_by_a_payment(deal: Deal) -> None:
    licenses.suspend(license=deal.license, by=OPERATOR, now=deal.now)
    deal.pay(deal.order, now=at(after(1)))
    assert deal.license.state == LicenseState.SUSPENDED


def test_what_costs_nothing_is_never_due(deal: Deal) -> None:
    Order.objects.update(gross_minor=0, net_minor=0, tax_minor=0)
    order = Order.objects.get()
    assert dunning.step(order=order, today=after(100)) is Step.PAID
    assert dunning.tend(by=OPERATOR, now=at(after(100))) == 0


def test_nobody_but_the_clock_tends(world: World) -> None:
    with pytest.raises(Forbidden):
        dunning.tend(by=world.alice.actor(), now=world.now)
