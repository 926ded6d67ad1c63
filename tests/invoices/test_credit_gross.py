"""Credit notes of an invoice at gross prices: the page shows, line by line, the money that goes back."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from licet.invoices.crediting import remaining, share, written
from licet.invoices.document import Document, Tax
from licet.invoices.rules import disagreeing
from licet.taxes.rules import Category, Treatment, line_nets, totals
from tests.invoices import vectors

RATES = ["20", "5.5", "8.5", "0"]


def consumer(values: list[tuple[int, int, str]]) -> Document:
    """Return an invoice of lines (quantity, gross price of one, rate)."""
    pairs = [
        (Treatment(category=Category.STANDARD, rate=Decimal(rate), country="FR"), quantity * price)
        for quantity, price, rate in values
    ]
    told = totals(lines=pairs, currency="EUR", display="gross")
    nets = line_nets(lines=pairs, display="gross")
    lines = tuple(
        replace(
            vectors.line(quantity=quantity, price=price, amount=net, rate=rate), shown_minor=quantity * price
        )
        for (quantity, price, rate), net in zip(values, nets, strict=True)
    )
    taxes = tuple(
        Tax(category="S", rate=row.rate, base_minor=row.base_minor, tax_minor=row.tax_minor)
        for row in told.lines
    )
    return replace(
        vectors.french(),
        lines=lines,
        taxes=taxes,
        net_minor=told.net_minor,
        tax_minor=told.tax_minor,
        gross_minor=told.gross_minor,
        display="gross",
    )


LINES = st.lists(
    st.tuples(st.integers(1, 40), st.integers(10, 50_000), st.sampled_from(RATES)), min_size=1, max_size=4
)


@settings(max_examples=60, deadline=None)
@given(values=LINES, data=st.data())
def test_prices_stay_and_what_goes_back_stands_on_the_page(
    values: list[tuple[int, int, str]], data: st.DataObject
) -> None:
    """Pure: lines add up to what was shown, credits to what goes back, all credits to the invoice."""
    document = consumer(values)
    assert document.gross_minor == sum(quantity * price for quantity, price, _rate in values)
    assert disagreeing(document=document) == ""
    earlier: list[Document] = []
    rest = document.gross_minor
    while rest > 1 and len(earlier) < 3:
        amount = data.draw(st.integers(1, rest - 1))
        parts = share(document=document, earlier=earlier, gross_minor=amount)
        note = written(document=document, amounts=parts.amounts, earlier=earlier, vat=parts.taxes)
        assert note.gross_minor == sum(each.on_page for each in note.lines) == amount
        assert disagreeing(document=note) == ""
        earlier.append(note)
        rest -= amount
    last = written(document=document, amounts=remaining(document=document, earlier=earlier), earlier=earlier)
    assert last.gross_minor == sum(each.on_page for each in last.lines) == rest


def test_a_whole_credit_note_says_what_the_invoice_said() -> None:
    document = consumer([(7, 999, "20"), (1, 57_600, "20")])
    note = written(document=document, amounts=remaining(document=document, earlier=[]), earlier=[])
    said = [(each.quantity, each.unit_price_minor, each.on_page) for each in note.lines]
    assert said == [(7, 999, 6_993), (1, 57_600, 57_600)]
