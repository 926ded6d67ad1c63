"""The vendor's decisions about what was sold: licenses stopped and taken back, unpaid orders cancelled."""

from datetime import timedelta

import pytest

from licet.eventlog.models import Event
from licet.invoices.models import Invoice
from licet.kernel.refusal import Forbidden
from licet.licenses.errors import ReasonNeeded
from licet.licenses.models import License
from licet.orders import booking, deciding, dunning, invoicing
from licet.orders.errors import ContractHasEnded, OrderNotOpen
from licet.orders.models import Contract, ContractItem, Order
from licet.orders.states import OrderKind
from tests.orders.contracts import Deal, at
from tests.world import OPERATOR


def cancel(deal, order, *, now=None, by=None):
    return deciding.cancel_order(
        order=order,
        reason="Ordered twice",
        by=by or deal.world.victor.actor(),
        now=now or deal.world.now,
    )


@pytest.fixture
def deal(world):
    return Deal(world, now=world.now)


def test_a_cancelled_order_takes_its_licenses_contract_and_invoice_along(deal, world):
    invoicing.issue(order=deal.order, by=OPERATOR, now=world.now)
    pool = deal.license.pool
    order = cancel(deal, deal.order)
    assert order.state == "cancelled"
    assert pool.capacity(world.now) == 0
    assert Contract.objects.get().state == "ended"
    invoice, note = Invoice.objects.order_by("pk")
    assert note.corrects == invoice
    assert note.gross_minor == invoice.gross_minor
    assert invoice.standing.open_minor == 0
    assert note.standing.settled_at, "nothing was paid: no money has to go back"
    told = Event.objects.get(name="order.cancelled")
    assert told.labels["reason"] == "Ordered twice"


def test_an_order_that_is_cancelled_before_its_invoice_never_gets_one(deal, world):
    cancel(deal, deal.order)
    assert invoicing.issue(order=deal.order, by=OPERATOR, now=world.now) is None


def test_cancelling_added_licenses_leaves_the_others(deal, world):
    order = deal.add(2, now=world.now)
    pool = deal.license.pool
    assert pool.capacity(world.now) == 5
    cancel(deal, order)
    assert pool.capacity(world.now) == 3
    assert deal.contract.state == "issued"
    assert [each.quantity for each in deal.items] == [3]


def test_cancelling_a_renewal_ends_licenses_where_the_paid_term_ended(deal, world):
    deal.pay(deal.order, now=world.now)
    until = deal.license.valid_until
    late = at(deal.contract.ends_on)
    deal.night(late)
    renewal = Order.objects.get(kind=OrderKind.RENEWAL)
    license = deal.license
    assert license.valid_until > until
    cancel(deal, renewal, now=late + timedelta(days=3))
    license.refresh_from_db()
    assert (license.valid_until, license.usable_until) == (until, until)
    assert license.state == "issued"
    assert deal.contract.state == "ended"


def test_what_is_paid_in_part_is_not_cancelled(deal, world):
    victor = world.victor.actor()
    booking.record_payment(order=deal.order, amount_minor=1, reason="Cash", by=victor, now=world.now)
    with pytest.raises(OrderNotOpen):
        cancel(deal, deal.order)
    assert License.objects.get().state == "issued"


def test_only_staff_decides_and_only_with_a_reason(deal, world):
    for verb in (deciding.suspend, deciding.resume, deciding.revoke):
        with pytest.raises(Forbidden):
            verb(license=deal.license, reason="x", by=world.alice.actor(), now=world.now)
        with pytest.raises(ReasonNeeded):
            verb(license=deal.license, reason=" ", by=world.victor.actor(), now=world.now)
    with pytest.raises(Forbidden):
        cancel(deal, deal.order, by=world.alice.actor())


def test_a_license_is_stopped_and_resumed_with_its_reason_in_the_history(deal, world):
    by, license = world.victor.actor(), deal.license
    deciding.suspend(license=license, reason="Shared in public", by=by, now=world.now)
    assert license.pool.capacity(world.now) == 0
    deciding.resume(license=license, reason="Settled", by=by, now=world.now)
    assert license.pool.capacity(world.now) == 3
    reasons = Event.objects.filter(name="license.reason_given", team=world.team.pk).order_by("pk")
    assert [each.labels["reason"] for each in reasons] == ["Shared in public", "Settled"]


def test_what_dunning_stopped_and_the_vendor_resumed_is_no_longer_marked(deal, world):
    late = at(deal.order.due_on + timedelta(days=dunning.days().suspended))
    dunning.tend(by=OPERATOR, now=late)
    assert ContractItem.objects.get().suspended_at
    deciding.resume(license=deal.license, reason="Waits for their bank", by=world.victor.actor(), now=late)
    assert ContractItem.objects.get().suspended_at is None


def test_a_revoked_license_is_part_of_no_contract(deal, world):
    deciding.revoke(license=deal.license, reason="Fraud", by=world.victor.actor(), now=world.now)
    assert ContractItem.objects.get().ended_at
    assert Contract.objects.get().state == "ended"


def test_a_contract_is_cancelled_and_taken_up_by_the_vendor_and_twice_is_once(deal, world):
    by = world.victor.actor()
    for cancelled in (True, True, False):
        deciding.set_cancelled(contract=deal.contract, cancelled=cancelled, by=by, now=world.now)
        assert deal.contract.renews != cancelled
        assert deal.license.renews != cancelled
    for on in (False, False, True):
        deciding.set_auto_renew(contract=deal.contract, on=on, by=by, now=world.now)
        assert deal.license.renews == on
    names = Event.objects.filter(name__startswith="contract.").order_by("pk").values_list("name", flat=True)
    assert list(names)[1:] == [
        "contract.cancelled", "contract.taken_up", "contract.auto_renewal_set", "contract.auto_renewal_set",
    ]  # fmt: skip


def test_a_contract_is_decided_about_by_staff_and_while_it_runs(deal, world):
    with pytest.raises(Forbidden):
        deciding.set_auto_renew(contract=deal.contract, on=False, by=world.alice.actor(), now=world.now)
    cancel(deal, deal.order)
    with pytest.raises(ContractHasEnded):
        deciding.set_cancelled(contract=deal.contract, cancelled=True, by=world.victor.actor(), now=world.now)
