"""Finalising: what is refused, the number taken last, the snapshot, the chain."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from licet.eventlog.change import change
from licet.eventlog.models import Event
from licet.invoices import actions as invoices
from licet.invoices.document import Document, Line, Tax
from licet.invoices.errors import DocumentIncomplete, NothingToInvoice, TotalsDisagree
from licet.invoices.models import Invoice, InvoiceFile, Series
from licet.invoices.queries import broken
from licet.invoices.rules import creditor_reference, disagreeing, exact_price, missing
from tests.invoices import vectors
from tests.world import OPERATOR, World

Issue = Callable[..., Invoice]


@pytest.mark.parametrize("name", vectors.ALL)
def test_every_document_comes_back_from_its_snapshot_as_it_was(name: str) -> None:
    document = vectors.ALL[name]()
    assert Document.restored(document.stored()) == document
    assert document.stored() == Document.restored(document.stored()).stored()


@pytest.mark.parametrize("name", vectors.ALL)
def test_every_vector_is_complete_and_adds_up(name: str) -> None:
    document = vectors.ALL[name]()
    assert (missing(document=document), disagreeing(document=document)) == ([], "")


def test_numbers_of_a_series_follow_each_other(world: World, issue: Issue) -> None:
    assert [issue().number, issue().number] == ["INV-2026-000001", "INV-2026-000002"]


def test_each_year_and_each_seller_has_a_series(world: World, issue: Issue) -> None:
    next_year = replace(vectors.french(), issued_on=date(2027, 1, 1))
    assert issue().number == "INV-2026-000001"
    assert issue(next_year).number == "INV-2027-000001"
    assert Series.objects.count() == 2


def test_a_number_that_was_rolled_back_is_given_again(world: World, issue: Issue) -> None:
    team = world.team
    with suppress(ZeroDivisionError), change(by=OPERATOR, now=world.now) as record:
        invoices.finalise(document=vectors.french(), team=team, buyer=None, record=record)
        raise ZeroDivisionError
    assert not Invoice.objects.exists()
    assert issue().number == "INV-2026-000001"


def test_the_day_never_goes_back_within_a_series(world: World, issue: Issue) -> None:
    issue(replace(vectors.french(), issued_on=date(2026, 3, 5)))
    late = issue()
    assert (late.issued_on, late.document().issued_on) == (date(2026, 3, 5), date(2026, 3, 5))


def test_the_invoice_tells_the_log_and_how_it_stands(world: World, issue: Issue) -> None:
    invoice = issue()
    assert Event.objects.filter(name="invoice.issued", team=world.team.pk).count() == 1
    assert (invoice.standing.open_minor, invoice.standing.settled_at) == (invoice.gross_minor, None)


def test_what_was_paid_before_is_settled_at_once(world: World, issue: Issue) -> None:
    document = vectors.french()
    invoice = issue(replace(document, paid_minor=document.gross_minor, due_on=None))
    assert invoice.standing.settled_at == world.now


def test_a_document_without_a_reference_gets_the_one_of_its_number(world: World, issue: Issue) -> None:
    document = vectors.french()
    invoice = issue(replace(document, payment=replace(document.payment, reference="")))
    assert invoice.reference == creditor_reference(number=invoice.number)
    body = invoice.reference[4:] + invoice.reference[:4]
    assert int("".join(str(int(sign, 36)) for sign in body)) % 97 == 1


@pytest.mark.parametrize("code", ["PMT", "PMD", "AAB"])
def test_a_french_invoice_to_a_business_without_a_mandatory_note_is_refused(
    world: World, issue: Issue, code: str
) -> None:
    kept = tuple(note for note in vectors.FRENCH_NOTES if note.code != code)
    with pytest.raises(DocumentIncomplete, match=code):
        issue(replace(vectors.french(), notes=kept))
    assert not Series.objects.exists()


def test_reverse_charge_wants_the_buyers_vat_number(world: World, issue: Issue) -> None:
    document = vectors.reverse_charge()
    with pytest.raises(DocumentIncomplete, match="BT-48"):
        issue(replace(document, buyer=replace(document.buyer, vat_number="")))


@pytest.mark.parametrize(
    ("change_", "what"),
    [({"gross_minor": 1}, "BT-112"), ({"net_minor": 1}, "BT-106"), ({"tax_minor": 1}, "BT-110")],
)
def test_wrong_totals_are_refused(world: World, issue: Issue, change_: dict[str, int], what: str) -> None:
    with pytest.raises(TotalsDisagree, match=what):
        issue(replace(vectors.french(), **change_))


def test_a_wrong_tax_is_refused(world: World, issue: Issue) -> None:
    document = vectors.french()
    tax = replace(document.taxes[0], tax_minor=document.tax_minor + 1)
    with pytest.raises(TotalsDisagree, match="BT-117"):
        issue(replace(document, taxes=(tax,)))


def test_nothing_is_not_invoiced(world: World, issue: Issue) -> None:
    with pytest.raises(NothingToInvoice):
        issue(vectors.document([vectors.line(price=0)], vectors.FRENCH))


# --- it never changes --------------------------------------------------------------------------


@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
@pytest.mark.parametrize(("model", "column"), [(Invoice, "gross_minor"), (InvoiceFile, "kind")])
def test_the_database_refuses_to_change_what_was_finalised(
    world: World, issue: Issue, statement: str, model: type, column: str
) -> None:
    InvoiceFile.objects.create(invoice=issue(), kind="xml", content=b"x", sha256="0" * 64, made_at=world.now)
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic(), connection.cursor() as sql:
        sql.execute(statement.format(model._meta.db_table, column, column))


def test_a_chain_that_nobody_touched_holds(world: World, issue: Issue) -> None:
    issue(), issue(), issue()
    assert list(broken()) == []


def test_an_invoice_that_was_changed_behind_the_verbs_is_found(world: World, issue: Issue) -> None:
    from licet.invoices.protection import protect, unprotect

    issue(), issue(), issue()
    unprotect(connection=connection)
    Invoice.objects.filter(position=2).update(snapshot=vectors.belgian().stored())
    protect(connection=connection)
    assert [(each.position, each.reason) for each in broken()] == [(2, "the invoice was changed")]


# --- properties --------------------------------------------------------------------------------

AMOUNTS = st.integers(min_value=1, max_value=5_000_000)


@settings(max_examples=40, deadline=None)
@given(
    quantity=st.integers(min_value=1, max_value=10_000),
    price=AMOUNTS,
    amount=st.one_of(AMOUNTS, AMOUNTS.map(lambda each: -each)),
    gross=st.booleans(),
)
def test_the_price_of_a_line_is_exact_whatever_was_prorated(
    quantity: int, price: int, amount: int, gross: bool
) -> None:
    line = vectors.line(quantity=quantity, price=price, amount=amount, shown=amount if gross else None)
    count, one, many = exact_price(line=line)
    assert one >= 0
    assert count * one % many == 0
    assert count * one // many == amount


@settings(max_examples=30, deadline=None)
@given(values=st.lists(st.tuples(AMOUNTS, st.sampled_from(["20", "5.5", "0"])), min_size=1, max_size=6))
def test_a_document_that_was_stored_never_reads_otherwise(values: list[tuple[int, str]]) -> None:
    lines: list[Line] = [vectors.line(quantity=1, price=amount, rate=rate) for amount, rate in values]
    document = replace(vectors.french(), lines=tuple(lines))
    taxes = tuple(
        Tax(category="S", rate=Decimal(rate), base_minor=1, tax_minor=1)
        for rate in {rate for _, rate in values}
    )
    document = replace(document, taxes=taxes)
    assert Document.restored(Document.restored(document.stored()).stored()) == document
