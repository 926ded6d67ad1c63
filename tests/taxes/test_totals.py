"""What a document adds up to: VAT per treatment on the sum, half up, in whole minor units."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.taxes.rules import (
    Category,
    Display,
    TaxLine,
    Treatment,
    half_up,
    line_nets,
    tax_on,
    totals,
)


def rated(rate: str, country: str = "FR") -> Treatment:
    return Treatment(category=Category.STANDARD, rate=Decimal(rate), country=country)


TWENTY, NINETEEN, HALVES = rated("20"), rated("19", "DE"), rated("25.5", "FI")
REVERSE = Treatment(category=Category.REVERSE_CHARGE, rate=Decimal(0), country="DE", code="VATEX-EU-AE")

VECTORS = [
    # display, amounts,                                   net,    tax,   gross
    ("net", [(TWENTY, 1001)] * 7, 7007, 1401, 8408),  # 14.00 if counted line by line
    ("net", [(TWENTY, 48000)], 48000, 9600, 57600),
    ("net", [(NINETEEN, 3)], 3, 1, 4),
    ("net", [(TWENTY, 2)], 2, 0, 2),
    ("net", [(rated("12.5"), 100)], 100, 13, 113),  # a half goes up, not to the even
    ("net", [(HALVES, 1000), (HALVES, 1000)], 2000, 510, 2510),
    ("net", [(REVERSE, 48000)], 48000, 0, 48000),
    ("net", [(TWENTY, 1000), (NINETEEN, 1000)], 2000, 390, 2390),
    ("net", [(TWENTY, -1001)] * 7, -7007, -1401, -8408),  # a credit note mirrors its invoice
    ("net", [(TWENTY, 1000), (TWENTY, -1000)], 0, 0, 0),
    ("gross", [(TWENTY, 57600)], 48000, 9600, 57600),
    ("gross", [(TWENTY, 999)] * 3, 2497, 500, 2997),  # 3 times 9.99 stays 29.97
    ("gross", [(NINETEEN, 4990)], 4193, 797, 4990),
    ("gross", [(TWENTY, 3)], 2, 1, 3),  # no net amount of whole cents gives it: the gross stays
    ("gross", [(TWENTY, -57600)], -48000, -9600, -57600),
    ("net", [], 0, 0, 0),
]


@pytest.mark.parametrize(("display", "lines", "net", "tax", "gross"), VECTORS)
def test_documents_add_up(
    display: Display, lines: list[tuple[Treatment, int]], net: int, tax: int, gross: int
) -> None:
    told = totals(lines=lines, currency="EUR", display=display)
    assert (told.net_minor, told.tax_minor, told.gross_minor) == (net, tax, gross)


AMOUNTS = st.integers(min_value=-10_000_000, max_value=10_000_000)
TREATMENTS = st.sampled_from(
    [TWENTY, NINETEEN, HALVES, rated("8.5"), rated("2.1"), rated("17", "LU"), REVERSE]
)
LINES = st.lists(st.tuples(TREATMENTS, AMOUNTS), max_size=12)
DISPLAYS: st.SearchStrategy[Display] = st.sampled_from(["net", "gross"])


@given(lines=LINES, display=DISPLAYS)
def test_the_rows_are_the_document(lines: list[tuple[Treatment, int]], display: Display) -> None:
    told = totals(lines=lines, currency="EUR", display=display)
    assert told.net_minor == sum(row.base_minor for row in told.lines)
    assert told.tax_minor == sum(row.tax_minor for row in told.lines)
    assert told.gross_minor == told.net_minor + told.tax_minor
    assert sum(amount for _, amount in lines) == (told.net_minor if display == "net" else told.gross_minor)
    assert len(told.lines) == len({treatment for treatment, _ in lines})


@given(lines=LINES)
def test_vat_is_counted_once_per_rate(lines: list[tuple[Treatment, int]]) -> None:
    told = totals(lines=lines, currency="EUR", display="net")
    for row in told.lines:
        exact = row.base_minor * row.rate / 100
        assert abs(row.tax_minor - exact) <= Decimal("0.5")


@given(lines=LINES, display=DISPLAYS)
def test_a_credit_note_over_everything_is_the_mirror(
    lines: list[tuple[Treatment, int]], display: Display
) -> None:
    told = totals(lines=lines, currency="EUR", display=display)
    back = totals(lines=[(each, -amount) for each, amount in lines], currency="EUR", display=display)
    assert (back.net_minor, back.tax_minor) == (-told.net_minor, -told.tax_minor)


@given(lines=LINES, display=DISPLAYS)
def test_the_nets_of_the_lines_add_up_to_their_rows(
    lines: list[tuple[Treatment, int]], display: Display
) -> None:
    nets = line_nets(lines=lines, display=display)
    for row in totals(lines=lines, currency="EUR", display=display).lines:
        same = [
            net
            for net, (each, _) in zip(nets, lines, strict=True)
            if (each.rate, each.country) == (row.rate, row.country)
        ]
        assert sum(same) == row.base_minor


@given(amount=AMOUNTS, treatment=TREATMENTS)
def test_tax_in_a_gross_amount_is_the_tax_on_its_net_give_or_take_one(
    amount: int, treatment: Treatment
) -> None:
    inside = tax_on(amount_minor=amount, rate=treatment.rate, display="gross")
    again = tax_on(amount_minor=amount - inside, rate=treatment.rate, display="net")
    assert abs(inside - again) <= 1


@pytest.mark.parametrize(
    ("numerator", "denominator", "result"),
    [(1, 2, 1), (-1, 2, -1), (5, 2, 3), (49, 100, 0), (50, 100, 1), (-49, 100, 0), (7, 7, 1), (0, 3, 0)],
)
def test_halves_go_away_from_zero(numerator: int, denominator: int, result: int) -> None:
    assert half_up(numerator=numerator, denominator=denominator) == result


def test_a_row_survives_being_stored() -> None:
    for row in totals(lines=[(HALVES, 999), (REVERSE, 5)], currency="EUR", display="net").lines:
        assert TaxLine.restored(row.stored()) == row
    assert totals(lines=[(HALVES, 999)], currency="EUR", display="net").lines[0].stored()["rate"] == "25.5"
