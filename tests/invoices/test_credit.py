"""Credit notes: whole, in parts, never more than there was."""

from collections.abc import Callable

import pytest

from licet.eventlog.change import change
from licet.invoices import actions as invoices
from licet.invoices.errors import CreditOfCredit, CreditTooHigh
from licet.invoices.models import Invoice, Standing
from licet.kernel.refusal import Forbidden
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


def test_only_the_vendor_writes_credit_notes(world: World, issue: Issue) -> None:
    with pytest.raises(Forbidden):
        invoices.issue_credit(invoice=issue(), amounts=None, reason="", by=world.alice.actor(), now=world.now)


def record_something(world: World, record: Callable[..., None]) -> None:
    """Note any fact: the caller of a step is who tells what happened."""
    from licet.invoices.events import InvoicePrepared

    record(InvoicePrepared(invoice=0, number="", files={}), team=world.team.pk)
