"""Credit notes: whole, in parts, never more than there was."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licet.eventlog.change import change
from licet.invoices import actions as invoices
from licet.invoices.crediting import remaining, share, written
from licet.invoices.document import Document, Tax
from licet.invoices.errors import CreditOfCredit, CreditTooHigh
from licet.invoices.models import Invoice, Standing
from licet.invoices.rules import disagreeing
from licet.kernel.refusal import Forbidden
from licet.taxes.rules import tax_on
from tests.invoices import vectors
from tests.world import OPERATOR, World

Issue = Callable[..., Invoice]


def credited(world: World, invoice: Invoice, amounts: dict[int, int] | None = None) -> Invoice:
    return invoices.issue_credit(
        invoice=invoice, amounts=amounts, reason="Cancelled", by=OPERATOR, now=world.now
    )


def test_a_whole_invoice_is_taken_back(world: World, issue: Issue) -> None:
    invoice = issue()
    note = credited(world, invoice)
    assert (note.number, note.kind, note.gross_minor) == ("CN-2026-000001", "381", invoice.gross_minor)
    assert note.corrects == invoice
    assert note.document().corrects.number == invoice.number
    standing = Standing.objects.get(pk=invoice.pk)
    assert (standing.open_minor, standing.settled_at) == (0, world.now)


def test_parts_add_up_to_the_whole_to_the_cent(world: World, issue: Issue) -> None:
    odd = vectors.document(
        [vectors.line(quantity=7, price=1_001), vectors.line(quantity=1, price=333)], vectors.FRENCH
    )
    invoice = issue(odd)
    notes = [credited(world, invoice, {0: 1_003}), credited(world, invoice, {0: 1_003, 1: 111})]
    notes.append(credited(world, invoice))
    assert sum(note.gross_minor for note in notes) == invoice.gross_minor
    assert sum(note.tax_minor for note in notes) == invoice.tax_minor


@pytest.mark.parametrize("amounts", [{0: 576_001}, {0: 0, 5: 1}, {0: -1}])
def test_more_than_is_left_is_refused(world: World, issue: Issue, amounts: dict[int, int]) -> None:
    with pytest.raises(CreditTooHigh):
        credited(world, issue(), amounts)


def test_nothing_is_taken_back_twice(world: World, issue: Issue) -> None:
    invoice = issue()
    credited(world, invoice, {0: 576_000})
    with pytest.raises(CreditTooHigh):
        credited(world, invoice, {0: 1})


def test_a_credit_note_is_not_credited(world: World, issue: Issue) -> None:
    with pytest.raises(CreditOfCredit):
        credited(world, credited(world, issue()))


def test_a_credit_note_for_what_was_paid_waits_for_the_money_to_go_back(world: World, issue: Issue) -> None:
    invoice = issue()
    with change(by=OPERATOR, now=world.now) as record:
        invoices.allocate(invoice=invoice, amount_minor=invoice.gross_minor, record=record)
        record_something(world, record)
    note = credited(world, invoice, {1: 36_296})
    assert note.standing.settled_at is None
    assert Standing.objects.get(pk=invoice.pk).open_minor == -note.gross_minor


def test_money_that_goes_back_opens_an_invoice_again(world: World, issue: Issue) -> None:
    invoice = issue()
    for amount, settled in [(invoice.gross_minor, True), (-1, False)]:
        with change(by=OPERATOR, now=world.now) as record:
            standing = invoices.allocate(invoice=invoice, amount_minor=amount, record=record)
            record_something(world, record)
        assert (standing.settled_at is not None) is settled


LINES = st.lists(
    st.tuples(st.integers(1, 50_000), st.sampled_from(["20", "5.5", "0"])), min_size=1, max_size=4
)


@settings(max_examples=60, deadline=None)
@given(values=LINES, gross=st.booleans(), given_back=st.booleans(), data=st.data())
def test_an_amount_with_vat_is_taken_back_to_the_cent_however_often(
    values: list[tuple[int, str]], gross: bool, given_back: bool, data: st.DataObject
) -> None:
    """Pure: the share of an amount is that amount, and what is left at the end is the rest."""
    document = several_rates(values, shown=gross, given_back=given_back)
    earlier: list[Document] = []
    rest = document.gross_minor
    while rest > 1 and len(earlier) < 4:
        amount = data.draw(st.integers(1, rest - 1))
        parts = share(document=document, earlier=earlier, gross_minor=amount)
        note = written(document=document, amounts=parts.amounts, earlier=earlier, vat=parts.taxes)
        assert note.gross_minor == amount
        assert disagreeing(document=note) == ""
        left = remaining(document=document, earlier=earlier)
        assert all(0 < part <= left[at] for at, part in parts.amounts.items())
        earlier.append(note)
        rest -= amount
    last = written(document=document, amounts=remaining(document=document, earlier=earlier), earlier=earlier)
    assert last.gross_minor == rest
    assert all(tax.tax_minor * tax.base_minor >= 0 for tax in last.taxes)


def several_rates(values: list[tuple[int, str]], *, shown: bool, given_back: bool) -> Document:
    """Return a document of lines at several rates; with a credit for an unused part at the first of them."""
    lines = [
        vectors.line(quantity=1, price=amount, rate=rate, shown=amount if shown else None)
        for amount, rate in values
    ]
    if given_back and values[0][0] > 2:
        lines.append(vectors.line(quantity=-1, price=1, amount=-1, rate=values[0][1]))
    taxes = []
    for rate in dict.fromkeys(each.rate for each in lines):
        base = sum(each.amount_minor for each in lines if each.rate == rate)
        vat = tax_on(amount_minor=base, rate=rate, display="net")
        taxes.append(Tax(category="S", rate=rate, base_minor=base, tax_minor=vat))
    net, vat = sum(each.base_minor for each in taxes), sum(each.tax_minor for each in taxes)
    return replace(
        vectors.french(),
        lines=tuple(lines),
        taxes=tuple(taxes),
        net_minor=net,
        tax_minor=vat,
        gross_minor=net + vat,
    )


def test_an_amount_of_an_invoice_is_credited_to_the_cent(world: World, issue: Issue) -> None:
    invoice = issue(vectors.document([vectors.line(quantity=7, price=1_001)], vectors.FRENCH))
    made = []
    for amount in (1_000, 3, invoice.gross_minor - 1_003):
        with change(by=OPERATOR, now=world.now) as record:
            made.append(
                invoices.credit_amount(invoice=invoice, gross_minor=amount, reason="Part", record=record)
            )
    assert [note.gross_minor for note in made] == [1_000, 3, invoice.gross_minor - 1_003]
    assert sum(note.tax_minor for note in made) == invoice.tax_minor
    with pytest.raises(CreditTooHigh), change(by=OPERATOR, now=world.now) as record:
        invoices.credit_amount(invoice=invoice, gross_minor=1, reason="Part", record=record)


def test_only_the_vendor_writes_credit_notes(world: World, issue: Issue) -> None:
    with pytest.raises(Forbidden):
        invoices.issue_credit(invoice=issue(), amounts=None, reason="", by=world.alice.actor(), now=world.now)


def record_something(world: World, record: Callable[..., None]) -> None:
    """Note any fact: the caller of a step is who tells what happened."""
    from licet.invoices.events import InvoicePrepared

    record(InvoicePrepared(invoice=0, number="", files={}), team=world.team.pk)
