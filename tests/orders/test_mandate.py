"""A customer's account is sealed where it is stored, masked where it is shown, and named by its mandate."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from licet.invoices.formats import facturx, ubl
from licet.invoices.models import Invoice
from licet.orders import invoicing
from licet.orders.models import Order
from licet.payments import collecting
from licet.payments.models import CollectionFile, Mandate
from tests.orders.conftest import ADDRESS, Shop
from tests.orders.money import Till, entry, imported, only_entry, statement
from tests.world import OPERATOR, World

IBAN = "FR1420041010050500013M02606"
FRENCH = replace(ADDRESS, vat_number="FR52987654324")


@pytest.fixture(autouse=True)
def debits(settings: Any) -> None:
    settings.LICET_PAYMENTS = ("invoice", "sepa_debit")
    settings.LICET_SEPA_CREDITOR = "DE98ZZZ09999999999"


@pytest.fixture
def mandate(world: World) -> Mandate:
    return collecting.give_mandate(
        team=world.team, holder="Zoë Müller", iban=IBAN, bic="", by=world.alice.actor(), now=world.now
    )


@pytest.fixture
def order(shop: Shop) -> Order:
    return shop.place(payment_method="sepa_debit", address=FRENCH)


def issued(world: World, order: Order) -> Invoice:
    invoice = invoicing.issue(order=order, by=OPERATOR, now=world.now)
    assert invoice is not None
    return invoice


def everything_stored() -> str:
    """Return what stands in the tables of payments and of the log."""
    found = []
    with connection.cursor() as sql:
        for table in connection.introspection.table_names():
            if table.startswith(("payments_", "eventlog_", "invoices_")):
                sql.execute(f'SELECT * FROM "{table}"')
                found += sql.fetchall()
    return str(found)


def test_the_account_stands_nowhere_in_the_clear(world: World, mandate: Mandate, order: Order) -> None:
    payment = Till(world).begin(order, "sepa_debit")
    payment.refresh_from_db()
    assert payment.collect_on is not None
    collecting.make_file(collect_on=payment.collect_on, by=world.victor.actor(), now=world.now)
    imported(world, statement(entry(end_to_end=payment.public_id, amount=f"{order.gross_minor / 100:.2f}")))
    issued(world, order)
    assert IBAN not in everything_stored()
    assert IBAN[4:20] not in everything_stored()


def test_who_needs_the_account_has_it(world: World, mandate: Mandate, order: Order) -> None:
    Till(world).begin(order, "sepa_debit")
    mandate = Mandate.objects.get()
    assert (mandate.iban, mandate.shown_iban) == (IBAN, "FR•• •••• 2606")
    day = mandate.payments.get().collect_on
    assert day is not None
    collecting.make_file(collect_on=day, by=world.victor.actor(), now=world.now)
    assert IBAN in CollectionFile.objects.get().content


def test_a_box_opens_under_the_name_of_its_mandate_only(world: World, mandate: Mandate) -> None:
    other = Mandate(team=world.team, iban_sealed=mandate.iban_sealed)
    with pytest.raises(ValueError, match="sealed"):
        _ = other.iban


def test_a_payers_account_is_kept_as_far_as_people_recognise_it(world: World, order: Order) -> None:
    imported(world, statement(entry(text="thanks")))
    assert only_entry().shown_iban == "FR•• •••• 2606"


def test_the_invoice_names_the_mandate_and_the_creditor(world: World, mandate: Mandate, order: Order) -> None:
    document = issued(world, order).document()
    assert document.payment.means == "59"
    assert document.payment.mandate == mandate.reference
    assert document.payment.creditor
    for xml in (facturx.written(document=document), ubl.written(document=document)):
        assert mandate.reference.encode() in xml
        assert document.payment.creditor.encode() in xml


def test_an_invoice_without_a_mandate_says_where_to_pay(world: World, order: Order) -> None:
    document = issued(world, order).document()
    assert (document.payment.means, document.payment.mandate, document.payment.creditor) == ("58", "", "")
    assert document.payment.iban
