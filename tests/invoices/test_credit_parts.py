"""Credit notes over some licenses of an invoice: counted in licenses, never more than are left."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licet.invoices import correcting
from licet.invoices.crediting import licenses_left, of_licenses, remaining, written
from licet.invoices.errors import CreditOfCredit, CreditTooHigh, NothingToCredit
from licet.invoices.rules import disagreeing
from licet.kernel.refusal import Forbidden
from tests.invoices import vectors


def credited(world, invoice, quantities):
    return correcting.credit_licenses(
        invoice=invoice, quantities=quantities, reason="Too many", by=world.victor.actor(), now=world.now
    )


@pytest.fixture
def invoice(issue):
    return issue(vectors.document([vectors.line(quantity=7, price=1_001)], vectors.FRENCH))


def test_a_note_counts_licenses_at_the_price_of_the_invoice(world, invoice):
    line = credited(world, invoice, {0: 2}).document().lines[0]
    assert (line.quantity, line.unit_price_minor, line.amount_minor) == (2, 1_001, 2_002)
    [left] = correcting.lines_left(invoice=invoice)
    assert (left.licenses, left.amount.amount) == (5, 5_005)


def test_the_last_licenses_take_what_is_left_to_the_cent(world, issue):
    invoice = issue(vectors.document([vectors.line(quantity=3, price=20_000, amount=33_140)], vectors.FRENCH))
    notes = [credited(world, invoice, {0: 1}) for _each in range(3)]
    assert [each.net_minor for each in notes] == [11_047, 11_047, 11_046]
    assert sum(each.gross_minor for each in notes) == invoice.gross_minor
    assert correcting.lines_left(invoice=invoice) == []


@pytest.mark.parametrize("quantities", [{0: 8}, {0: -1}, {1: 1}, {-1: 1}])
def test_more_than_are_left_and_lines_that_are_not_there_are_refused(world, invoice, quantities):
    with pytest.raises(CreditTooHigh):
        credited(world, invoice, quantities)


def test_none_at_all_is_no_credit_note(world, invoice):
    for verb in (
        lambda: credited(world, invoice, {0: 0}),
        lambda: correcting.credit_sum(
            invoice=invoice, gross_minor=0, reason="x", by=world.victor.actor(), now=world.now
        ),
    ):
        with pytest.raises(NothingToCredit):
            verb()


def test_after_an_amount_the_licenses_that_it_does_not_cover_are_left(world, invoice):
    correcting.credit_sum(
        invoice=invoice, gross_minor=1_800, reason="x", by=world.victor.actor(), now=world.now
    )
    assert correcting.lines_left(invoice=invoice)[0].licenses == 6  # 5.5, to the nearest
    assert credited(world, invoice, {0: 6}).net_minor == 7_007 - 1_500


def test_a_credit_note_has_no_licenses_to_take_back(world, invoice):
    note = credited(world, invoice, {0: 1})
    assert correcting.lines_left(invoice=note) == []
    with pytest.raises(CreditOfCredit):
        credited(world, note, {0: 1})


def test_only_staff_writes_them(world, invoice):
    for verb, part in (
        (correcting.credit_licenses, {"quantities": {0: 1}}),
        (correcting.credit_sum, {"gross_minor": 1}),
    ):
        with pytest.raises(Forbidden):
            verb(invoice=invoice, **part, reason="x", by=world.alice.actor(), now=world.now)


@settings(max_examples=60, deadline=None)
@given(
    quantity=st.integers(1, 500),
    unit=st.integers(50, 50_000),
    odd=st.integers(0, 499),
    rate=st.sampled_from(["20", "5.5", "0"]),
    data=st.data(),
)
def test_however_licenses_are_taken_back_all_of_them_are_the_invoice(quantity, unit, odd, rate, data):
    amount = quantity * unit + odd % quantity  # of a part of the term, one license has no exact price
    document = vectors.document(
        [vectors.line(quantity=quantity, price=amount, amount=amount, rate=rate)], vectors.FRENCH
    )
    earlier = []
    while left := remaining(document=document, earlier=earlier):
        most = licenses_left(line=document.lines[0], left_minor=left[0])
        assert most > 0
        part = data.draw(st.integers(1, most)) if len(earlier) < 4 else most
        amounts = of_licenses(document=document, earlier=earlier, quantities={0: part})
        note = written(document=document, amounts=amounts, earlier=earlier)
        assert disagreeing(document=note) == ""
        earlier.append(note)
    assert sum(each.gross_minor for each in earlier) == document.gross_minor
    assert sum(each.lines[0].quantity for each in earlier) == quantity
