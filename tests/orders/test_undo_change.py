"""A change of plan that is taken back: the plan before goes on, people go back to it, money is credited."""

from datetime import date, timedelta

import pytest

from licet.invoices.models import Invoice
from licet.licenses.models import License
from licet.orders import booking, contracts, deciding, dunning, invoicing
from licet.orders.errors import OrderIsMixed
from licet.orders.models import Order
from licet.payments.models import Payment
from licet.seats import actions as seats
from licet.seats.models import Seat
from tests.orders.contracts import Deal, at
from tests.orders.test_upgrade import END, MIDTERM, dearer
from tests.world import OPERATOR, World

LATER = MIDTERM + timedelta(days=2)


def cancel(world: World, order: Order, *, now=LATER) -> Order:
    return deciding.cancel_order(order=order, reason="By mistake", by=world.victor.actor(), now=now)


@pytest.fixture
def changed(world: World, deal: Deal) -> Order:
    """The upgrade of a contract with two people on it."""
    for each in world.people(world.team, 2):
        world.seat(deal.license.pool, each)
    order = deal.upgrade(dearer(world), now=MIDTERM)
    assert order is not None
    return order


def held() -> dict[str, int]:
    found: dict[str, int] = {}
    for each in Seat.objects.held().select_related("pool__product"):
        found[each.pool.product.code] = found.get(each.pool.product.code, 0) + 1
    return found


def test_the_plan_before_comes_back_with_its_end_and_its_people(world, deal, changed):
    until = deal.license.valid_until
    assert held() == {world.other_product.code: 2}
    cancel(world, changed)
    assert [each.plan for each in deal.items] == [deal.plan]
    assert (deal.license.valid_until, deal.license.state) == (until, "issued")
    assert deal.license.usable_until > until
    assert deal.license.renews
    assert held() == {deal.plan.product.code: 2}
    assert deal.license.pool.capacity(LATER) == 3
    assert not License.objects.filter(pool__product=world.other_product, state="issued").exists()


def test_its_invoice_is_credited_with_both_of_its_lines(world, deal, changed):
    invoicing.issue(order=changed, by=OPERATOR, now=MIDTERM)
    cancel(world, changed)
    invoice, note = Invoice.objects.filter(subject=changed.public_id).order_by("pk")
    assert (note.corrects, note.gross_minor) == (invoice, invoice.gross_minor)
    assert sorted(each.amount_minor for each in note.document().lines) == [-33_140, 41_425]


def test_the_contract_renews_with_the_plan_before(world, deal, changed):
    cancel(world, changed)
    deal.night(at(END, hour=0))
    assert [each.plan for each in deal.items] == [deal.plan]
    assert deal.renewals()[0].net_minor == 3 * deal.plan.price_minor


def test_it_can_be_changed_again_and_taken_back_again(world, deal, changed):
    cancel(world, changed)
    again = deal.upgrade(changed.lines.last().plan, now=LATER)
    assert held() == {world.other_product.code: 2}
    cancel(world, again, now=LATER + timedelta(days=1))
    assert held() == {deal.plan.product.code: 2}


def test_who_got_a_license_since_goes_back_too_as_far_as_there_are_licenses(world, deal, changed):
    pool = deal.license.pool
    seats.assign(pool=pool, member=world.member(world.alice), by=world.alice.actor(), now=MIDTERM)
    cancel(world, changed)
    assert held() == {deal.plan.product.code: 3}


def test_what_was_suspended_for_it_is_not_suspended_any_more(world, deal, changed):
    deal.pay(deal.order, now=MIDTERM)
    late = at(changed.due_on + timedelta(days=dunning.days().suspended))
    dunning.tend(by=OPERATOR, now=late)
    assert deal.license.state == "suspended"
    cancel(world, changed, now=late)
    assert deal.license.state == "issued"
    assert deal.license.valid_until == at(END, hour=0)


def test_money_that_goes_back_with_its_licenses_brings_the_plan_before_back(world, deal, changed):
    victor = world.victor.actor()
    invoicing.issue(order=changed, by=OPERATOR, now=MIDTERM)
    booking.record_payment(
        order=changed, amount_minor=changed.gross_minor, reason="Cash", by=victor, now=MIDTERM
    )
    booking.refund(
        payment=Payment.objects.get(),
        amount_minor=changed.gross_minor,
        reason="By mistake",
        end_licenses=True,
        by=victor,
        now=LATER,
    )
    assert [each.plan for each in deal.items] == [deal.plan]
    assert held() == {deal.plan.product.code: 2}


@pytest.mark.parametrize("since", ["reduced", "renewed", "revoked"])
def test_what_has_gone_on_since_is_not_taken_back(world, deal, changed, since):
    now = LATER
    if since == "reduced":
        contracts.reduce(
            contract=deal.contract,
            plan=deal.items[0].plan,
            quantity=1,
            by=world.alice.actor(),
            now=LATER,
        )
    elif since == "renewed":
        now = at(END)
        deal.night(now)
    else:
        deciding.revoke(license=deal.license, reason="Fraud", by=world.victor.actor(), now=LATER)
    with pytest.raises(OrderIsMixed):
        cancel(world, changed, now=now)
    assert Order.objects.get(pk=changed.pk).state == "placed"


def test_a_change_that_waits_for_its_money_gave_nothing_and_takes_nothing(world, deal):
    deal.pay(deal.order, now=world.now)
    contract = deal.contract
    contract.payment_method = "testcard"
    contract.save(update_fields=["payment_method"])
    order = deal.upgrade(dearer(world), now=MIDTERM)
    assert order.fulfilled_at is None
    cancel(world, order)
    assert [each.plan for each in deal.items] == [deal.plan]
    assert (deal.license.state, deal.license.valid_until) == ("issued", at(date(2027, 3, 2), hour=0))
