"""Ends of terms, creditor references, addresses."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.orders.rules import (
    Address,
    countries,
    creditor_reference,
    term_end,
)

PARIS = ZoneInfo("Europe/Paris")
WHOLE = Address(name="Ada Byron", street="1 rue Haute", postal_code="67000", city="Strasbourg", country="FR")


@pytest.mark.parametrize(
    ("anchor", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 2), 12, date(2027, 3, 2)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 8, 15), 24, date(2028, 8, 15)),
    ],
)
def test_a_term_ends_at_midnight_of_the_same_day_or_the_last_one_of_the_month(
    anchor: date, months: int, end: date
) -> None:
    bought = datetime(anchor.year, anchor.month, anchor.day, 14, 30, tzinfo=PARIS)
    until = term_end(anchor=bought, months=months, zone=PARIS)
    assert until == datetime(end.year, end.month, end.day, tzinfo=PARIS)


def test_the_day_is_the_one_on_the_vendors_calendar() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # already 2 March in Paris
    assert term_end(anchor=late, months=1, zone=PARIS) == datetime(2026, 4, 1, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["RF18539007547034", "RF712348231"])
def test_published_creditor_references_are_made_from_their_numbers(text: str) -> None:
    assert creditor_reference(number=int(text[4:])) == text


@given(st.integers(1, 10**18))
def test_every_number_has_a_right_reference(number: int) -> None:
    reference = creditor_reference(number=number)
    assert len(reference) <= 25
    # ISO 11649: the first four signs behind the rest, letters as 10 to 35, leave 1
    assert int("".join(str(int(sign, 36)) for sign in reference[4:] + reference[:4])) % 97 == 1


def test_a_whole_address_has_no_fault() -> None:
    assert WHOLE.faults() == []


@pytest.mark.parametrize("field", ["name", "street", "postal_code", "city", "country"])
def test_what_is_missing_is_named(field: str) -> None:
    assert replace(WHOLE, **{field: ""}).faults() == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("country", "France"),
        ("country", "EU"),
        ("country", "fr"),
        ("vat_number", "12"),
        ("vat_number", "FR!234"),
        ("siren", "123456789"),
        ("siren", "12345678"),
        ("siren", "98765432A"),
        ("name", "x" * 121),
        ("street", "1 rue\x00Haute"),
        ("purchase_order", "\u202e7-OP"),
        ("postal_code", "9" * 17),
    ],
)
def test_what_cannot_be_is_named(field: str, value: str) -> None:
    assert replace(WHOLE, **{field: value}).faults() == [field]


def test_tidying_takes_stray_blanks_and_separators() -> None:
    typed = replace(WHOLE, name="  Ada \t Byron ", vat_number="che-123.456.789 mwst")
    assert typed.tidy() == replace(WHOLE, vat_number="CHE123456789MWST")


@pytest.mark.parametrize(
    ("country", "vat_number", "siren", "fits"),
    [
        ("FR", "", "987654324", True),
        ("RE", "", "987654324", True),
        ("FR", "FR52987654324", "987654324", True),
        ("FR", "FR52987654324", "123456782", False),  # of another company
        ("DE", "", "987654324", False),
        ("FR", "", "", True),  # an association may have none
    ],
)
def test_a_siren_belongs_to_a_french_company(country: str, vat_number: str, siren: str, fits: bool) -> None:
    address = replace(WHOLE, country=country, vat_number=vat_number, siren=siren)
    assert ("siren" not in address.faults()) is fits


@pytest.mark.parametrize("typed", ["987 654 324", "987.654.324", "98765432400019", "987 654 324 00019"])
def test_a_siren_is_taken_as_people_write_it_and_from_a_siret(typed: str) -> None:
    assert replace(WHOLE, siren=typed).tidy().siren == "987654324"


def test_an_address_comes_back_from_json_as_it_went() -> None:
    assert Address.restored({**WHOLE.stored(), "unknown": "x", "city": 3}) == replace(WHOLE, city="")


def test_countries_are_countries() -> None:
    assert {"FR", "DE", "CH", "XK", "GB"} <= countries()
    assert not {"EU", "UN", "ZZ", "150"} & countries()
