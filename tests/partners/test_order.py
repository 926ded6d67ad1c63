"""A partner orders for a customer: its price, its invoice, its VAT; the customer's licenses."""

from datetime import timedelta

import pytest

from licet.catalog.prices import prices_of
from licet.invoices.models import Invoice
from licet.kernel.actor import system
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses.models import License
from licet.orders import contracts, invoicing, offering, partnering, paying, renewing
from licet.orders.drafting import today
from licet.orders.errors import BasketEmpty, OfferChanged, PlanUnknown
from licet.orders.models import Contract, Order
from licet.orders.states import OrderKind
from licet.partners.errors import NoAccess
from licet.teams.states import Role
from tests.partners.reseller import Reseller, told
from tests.world import World


def test_the_partner_pays_its_price_and_the_customer_has_the_licenses(reseller: Reseller) -> None:
    order = reseller.order(reseller.granted(), quantity=3)
    # the example's list for partners, less the partner's own 20 percent
    listed = prices_of(
        plans=[reseller.plan], currency="EUR", on=today(now=reseller.world.now), audience="partner"
    )
    listed_minor = listed[reseller.plan.code].money.amount
    assert listed_minor < reseller.plan.price_minor
    assert (order.net_minor, reseller.price.amount) == (3 * reseller.price.amount, listed_minor * 80 // 100)
    assert (order.team, order.payer, order.placed_by) == (reseller.world.team, reseller.team, reseller.petra)
    assert order.billed_to["company"] == "Bureau Nord"
    license = License.objects.get()
    assert (license.team, license.seats) == (reseller.world.team, 3)
    contract = Contract.objects.get()
    assert (contract.payer, contract.sold_by) == (reseller.team, reseller.partner.public_id)


def test_the_customer_sees_neither_the_order_nor_the_contract_nor_the_invoice(reseller: Reseller) -> None:
    world = reseller.world
    order = reseller.order(reseller.granted())
    assert invoicing.issue(order=order, by=system(label="test"), now=world.now)
    for person, number in ((world.alice, 0), (reseller.petra, 1)):
        by = person.actor()
        assert Order.objects.visible_to(by).count() == number
        assert Contract.objects.visible_to(by).count() == number
        assert Invoice.objects.visible_to(by).count() == number
    assert list(Contract.objects.bought_by(world.team)) == []
    with pytest.raises(Missing):
        paying.begin(order=order, method="invoice", email="", by=world.alice.actor(), now=world.now)


def test_the_customer_reads_of_the_order_in_the_history_without_a_price(reseller: Reseller) -> None:
    reseller.order(reseller.granted())
    (event,) = told("partner_access.used")
    assert event.team == reseller.world.team.pk
    (placed,) = told("order.placed")
    assert placed.team == reseller.team.pk


def test_the_certificate_names_everything_but_prices(reseller: Reseller) -> None:
    order = reseller.order(reseller.granted(), quantity=3)
    (certificate,) = partnering.certificates(team=reseller.world.team)
    (line,) = certificate.lines
    assert (certificate.order, certificate.partner) == (order, "Bureau Nord")
    assert (line.product, line.quantity) == (reseller.plan.product.name, 3)
    assert partnering.certificates(team=reseller.team) == []


def test_vat_is_that_of_the_partner(reseller: Reseller, world: World) -> None:
    order = reseller.order(reseller.granted())
    (row,) = order.tax_lines
    # A German partner without a valid number is charged like a German consumer, whoever the customer is.
    assert (row["country"], order.is_consumer) == ("DE", False)


def test_who_may_not_order_does_not(reseller: Reseller, world: World) -> None:
    access = reseller.granted()
    helper = world.person("helper@nord.example", "Helper")
    world.join(reseller.team, helper, role=Role.MEMBER)
    with pytest.raises(Forbidden):
        reseller.order(access, by=helper)
    with pytest.raises(Missing):
        reseller.order(access, by=world.charlie)
    with pytest.raises(NoAccess):
        reseller.order(reseller.ask("somebody@customer.example"))


def test_a_price_quantity_or_plan_that_was_tampered_with_orders_nothing(reseller: Reseller) -> None:
    access, world = reseller.granted(), reseller.world
    with pytest.raises(OfferChanged):
        reseller.order(access, seen=1)
    for wanted, refusal in (({}, BasketEmpty), ({"no-plan": 1}, PlanUnknown)):
        with pytest.raises(refusal):
            partnering.order(
                access=access,
                wanted=wanted,
                seen=1,
                key="partner-order-x",
                language="en",
                by=reseller.petra.actor(),
                now=world.now,
            )
    assert not Order.objects.exists()


def test_the_same_form_twice_is_one_order(reseller: Reseller) -> None:
    access = reseller.granted()
    assert reseller.order(access, key="twice-the-same").pk == reseller.order(access, key="twice-the-same").pk
    assert License.objects.count() == 1


def test_a_renewal_is_the_partners_order_at_its_price(reseller: Reseller) -> None:
    reseller.order(reseller.granted())
    contract = Contract.objects.get()
    later = reseller.world.now + timedelta(days=370)
    assert renewing.renew_due(by=system(label="schedule"), now=later) == 1
    order = Order.objects.get(kind=OrderKind.RENEWAL)
    assert (order.payer, order.team) == (reseller.team, reseller.world.team)
    assert order.net_minor == 3 * reseller.price.amount
    invoice = invoicing.issue(order=order, by=system(label="test"), now=later)
    assert invoice
    assert (invoice.team, invoice.document().licensee) == (reseller.team, reseller.world.team.name)
    assert License.objects.get().valid_until.date() > later.date()
    assert offering.next_price(item=contract.items.get()) == reseller.price.amount


def test_the_customer_does_not_change_the_partners_contract(reseller: Reseller) -> None:
    reseller.order(reseller.granted())
    contract, now = Contract.objects.get(), reseller.world.now
    with pytest.raises(Missing):
        contracts.cancel(contract=contract, by=reseller.world.alice.actor(), now=now)
    contracts.cancel(contract=contract, by=reseller.petra.actor(), now=now)
    assert Contract.objects.get().cancelled_at == now
