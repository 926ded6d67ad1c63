"""From orders to invoices: once, complete, with what was paid, nothing for nothing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from licet.eventlog.change import change
from licet.eventlog.models import Delivery, Event
from licet.invoices.crediting import written
from licet.invoices.formats import facturx, ubl
from licet.invoices.formats.pdf.drawing import page
from licet.invoices.models import Invoice
from licet.invoices.rules import disagreeing, missing
from licet.invoices.schematron.checking import Checker
from licet.orders import invoicing
from licet.orders.fulfilling import settle
from licet.orders.models import Order
from licet.taxes import exchanging, wording
from licet.taxes.errors import ExchangeRateUnknown
from licet.taxes.rules import Category, TaxLine
from tests.invoices import vectors
from tests.invoices.vectors import numbered
from tests.orders.conftest import ADDRESS, Shop, basket_of
from tests.races import together
from tests.world import OPERATOR, World

FRENCH = replace(ADDRESS, company="Atelier Nord SARL", country="FR", vat_number="FR52987654324")


def issued(order: Order, world: World) -> Invoice:
    invoice = invoicing.issue(order=order, by=OPERATOR, now=world.now)
    assert invoice is not None
    return invoice


def taxed(order: Order, *lines: TaxLine) -> Order:
    """Let the order bear these rows of VAT."""
    tax = sum(line.tax_minor for line in lines)
    Order.objects.filter(pk=order.pk).update(
        tax_lines=[line.stored() for line in lines],
        net_minor=sum(line.base_minor for line in lines),
        tax_minor=tax,
        gross_minor=sum(line.base_minor for line in lines) + tax,
    )
    return Order.objects.get(pk=order.pk)


def test_an_order_is_invoiced_once_with_what_was_agreed(world: World, shop: Shop) -> None:
    order = shop.place(address=replace(FRENCH, purchase_order="PO-7"), language="fr")
    invoice, again = issued(order, world), issued(order, world)
    assert (invoice, Invoice.objects.count()) == (again, 1)
    document = invoice.document()
    assert (invoice.gross_minor, invoice.subject) == (order.gross_minor, order.public_id)
    assert (document.purchase_order, document.payment.reference) == ("PO-7", order.reference)
    assert (document.language, document.buyer.registration) == ("fr", "987654324")
    assert [line.quantity for line in document.lines] == [3]
    assert (document.supplied_from, document.supplied_to) == (date(2026, 3, 2), date(2027, 3, 1))
    assert {note.code for note in document.notes} >= {"PMT", "PMD", "AAB"}


def test_the_worker_is_told_when_an_order_is_placed(world: World, shop: Shop) -> None:
    order = shop.place(address=FRENCH)
    event = Event.objects.get(name="order.placed")
    handlers = Delivery.objects.filter(event=event).values_list("handler", flat=True)
    assert "licet.orders.invoicing.order_stands" in handlers
    invoicing.order_stands(event=event, now=world.now)
    invoicing.order_stands(event=event, now=world.now)
    assert Invoice.objects.get().subject == order.public_id


def test_what_costs_nothing_is_not_invoiced(world: World, shop: Shop) -> None:
    order = shop.place()
    Order.objects.update(net_minor=0, tax_minor=0, gross_minor=0)
    assert invoicing.issue(order=order, by=OPERATOR, now=world.now) is None
    assert not Invoice.objects.exists()


def test_what_waits_for_its_payment_is_not_invoiced_yet(world: World, shop: Shop) -> None:
    order = shop.place()
    Order.objects.update(fulfilled_at=None)
    assert invoicing.issue(order=order, by=OPERATOR, now=world.now) is None


def test_the_wording_stands_in_both_languages(world: World, shop: Shop) -> None:
    order = shop.place(
        address=replace(ADDRESS, company="Planung GmbH", vat_number="DE136695976"), language="de"
    )
    row = TaxLine(
        category=Category.REVERSE_CHARGE,
        rate=0,  # type: ignore[arg-type]
        country="DE",
        base_minor=order.net_minor,
        tax_minor=0,
        code="VATEX-EU-AE",
        wording="reverse_charge",
    )
    document = issued(taxed(order, row), world).document()
    said = []
    for language in ("de", "fr"):  # the customer's, then the seller's country's
        with translation.override(language):
            said.append(wording.sentence(key="reverse_charge"))
    assert document.taxes[0].reasons == tuple(dict.fromkeys(said))
    note = next(each for each in document.notes if each.code == "PMT")
    assert "Pauschale" in note.text
    assert "Indemnité" in note.text


@pytest.mark.parametrize(
    ("address", "endpoint"),
    [
        ({"country": "FR", "vat_number": "FR52987654324"}, ("987654324", "0225")),
        ({"country": "BE", "vat_number": "BE0403019261"}, ("0403019261", "0208")),
        ({"country": "DE", "vat_number": "DE136695976"}, ("DE136695976", "9930")),
        ({"country": "CH", "vat_number": ""}, ("alice@atelier.example", "EM")),
    ],
)
def test_electronic_addresses_follow_from_vat_numbers(
    address: dict[str, Any], endpoint: tuple[str, str]
) -> None:
    party = invoicing.buyer_party(
        address=replace(ADDRESS, company="Firm", **address), business=True, email="alice@atelier.example"
    )
    assert (party.endpoint, party.endpoint_scheme) == endpoint


@pytest.mark.django_db
def test_a_french_company_without_a_vat_number_is_told_by_its_siren(checker: Checker) -> None:
    party = invoicing.buyer_party(
        address=replace(ADDRESS, siren="987654324"), business=True, email="alice@atelier.example"
    )
    assert (party.registration, party.registration_scheme) == ("987654324", "0002")
    assert (party.endpoint, party.endpoint_scheme) == ("987654324", "0225")
    document = numbered(replace(vectors.french(), buyer=party))
    xml, peppol = facturx.written(document=document), ubl.written(document=document)
    assert checker.check(xml=xml, rules=["factur-x", "factur-x-fr"]).faults == ()
    assert checker.check(xml=peppol, rules=["ubl", "ubl-fr"]).faults == ()
    assert b'schemeID="0002">987654324<' in xml
    assert b'schemeID="0002">987654324<' in peppol
    assert "SIREN: 987654324" in page(document=document)


def test_documents_of_orders_keep_the_rules_of_the_standards(
    checker: Checker, world: World, shop: Shop
) -> None:
    order = shop.place(
        address=FRENCH, basket=basket_of((world.plan(), 3), (world.plan(world.other_product), 2))
    )
    row = TaxLine(
        category=Category.STANDARD,
        rate=20,  # type: ignore[arg-type]
        country="FR",
        base_minor=order.net_minor,
        tax_minor=order.net_minor // 5,
    )
    document = numbered(invoicing.document_of(order=taxed(order, row), now=world.now))
    assert (missing(document=document), disagreeing(document=document)) == ([], "")
    cii = checker.check(xml=facturx.written(document=document), rules=["factur-x", "factur-x-fr"])
    assert cii.faults == ()
    assert checker.check(xml=ubl.written(document=document), rules=["ubl"]).faults == ()


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_two_workers_at_once_write_one_invoice(world: World) -> None:
    shop = Shop(world)
    order = shop.place(address=FRENCH)
    outcomes = together([lambda: issued(Order.objects.get(pk=order.pk), world).number] * 6)
    assert [each.raised for each in outcomes if each.raised] == []
    assert {each.value for each in outcomes} == {"INV-2026-000001"}


def test_nothing_else_is_told_for_an_order_that_has_its_invoice(world: World, shop: Shop) -> None:
    order = shop.place(address=FRENCH)
    issued(order, world)
    with change(by=OPERATOR, now=world.now) as record:
        settle(order=order, record=record)
    issued(order, world)
    assert Event.objects.filter(name="invoice.issued").count() == 1


# --- in another currency than that of the books -------------------------------------------------------------


def in_dollars(world: World, shop: Shop) -> Order:
    """Return an order of a French business in dollars, with VAT."""
    order = shop.place(address=FRENCH)
    Order.objects.update(currency="USD")
    rate = {"category": Category.STANDARD, "rate": Decimal(20), "country": "FR"}
    return taxed(order, TaxLine(**rate, base_minor=order.net_minor, tax_minor=order.net_minor // 5))


def test_vat_is_stated_in_the_currency_of_the_books_at_the_last_rate(world: World, shop: Shop) -> None:
    exchanging.take(content=b"Date,USD\n2026-02-27,1.0832\n", by=OPERATOR, now=world.now)
    books = issued(in_dollars(world, shop), world).document().accounting
    assert books is not None
    assert (books.currency, books.tax_minor, books.rated_on) == ("EUR", 26_588, date(2026, 2, 27))  # 288 USD


def test_without_a_rate_the_invoice_waits_and_says_why(world: World, shop: Shop) -> None:
    order = in_dollars(world, shop)
    with pytest.raises(ExchangeRateUnknown) as refused:
        issued(order, world)
    assert "USD" in str(refused.value)
    assert "EUR" in str(refused.value)
    assert not Invoice.objects.exists()
    exchanging.take(content=b"Date,USD\n2026-03-02,1.0832\n", by=OPERATOR, now=world.now)
    assert issued(order, world).number


def test_the_parts_that_are_credited_add_up_in_both_currencies(world: World, shop: Shop) -> None:
    exchanging.take(content=b"Date,USD\n2026-02-27,1.0832\n", by=OPERATOR, now=world.now)
    invoice = issued(in_dollars(world, shop), world)
    document, earlier = invoice.document(), []
    for amount in (33_333, 44_444, document.net_minor - 77_777):
        earlier.append(written(document=document, amounts={0: amount}, earlier=earlier))
    assert sum(each.tax_minor for each in earlier) == document.tax_minor
    assert document.accounting is not None
    counted = [each.accounting.tax_minor for each in earlier if each.accounting]
    assert sum(counted) == document.accounting.tax_minor


def test_without_vat_there_is_nothing_to_count_over(world: World, shop: Shop) -> None:
    order = shop.place(address=replace(ADDRESS, company="Architekten AG", country="CH"))
    Order.objects.update(currency="CHF")
    order.refresh_from_db()
    assert issued(order, world).document().accounting is None
