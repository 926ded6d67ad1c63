"""VAT numbers on paper. Numbers are made by their check digits; they belong to nobody that is meant."""

import pytest

from licet.taxes.numbers import belongs, country_of, judge, tidy, trusted


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (" fr 11-999.999/998 ", "FR11999999998"),
        ("de 136 695 976", "DE136695976"),
        ("GR 094259216", "EL094259216"),
        ("", ""),
    ],
)
def test_a_number_has_one_spelling(typed: str, number: str) -> None:
    assert tidy(text=typed) == number


@pytest.mark.parametrize(
    ("number", "judged"),
    [
        ("FR11999999998", "formed"),
        ("FR12999999998", "invalid"),
        ("DE136695976", "formed"),
        ("DE136695977", "invalid"),
        ("EL094259216", "formed"),
        ("EL094259217", "invalid"),
        ("ATU13585627", "formed"),
        ("NL4495445B01", "formed"),
        ("XI980780684", "formed"),
        ("XI980780685", "invalid"),
        ("GB980780684", "foreign"),
        ("CHE100155212MWST", "foreign"),
        ("FR", "invalid"),
        ("12345678", "foreign"),
        ("'; --", "foreign"),
        ("", "none"),
    ],
)
def test_the_digits_tell_what_cannot_be(number: str, judged: str) -> None:
    assert judge(number=number) == judged


@pytest.mark.parametrize(
    ("number", "country", "postal_code", "does"),
    [
        ("FR11999999998", "FR", "", True),
        ("FR11999999998", "MC", "98000", True),
        ("FR11999999998", "DE", "", False),
        ("EL094259216", "GR", "", True),
        ("ESA13585625", "ES", "35001", False),  # the Canary Islands are not in the Union's VAT
    ],
)
def test_a_number_belongs_to_the_state_of_the_address(
    number: str, country: str, postal_code: str, does: bool
) -> None:
    assert belongs(number=number, country=country, postal_code=postal_code) is does


def test_greek_and_northern_irish_numbers_have_letters_of_their_own() -> None:
    assert country_of(number="EL094259216") == "GR"
    assert country_of(number="XI980780684") == "GB"


def test_an_unknown_number_is_believed_only_where_the_vendor_reviews_it() -> None:
    assert trusted(status="unknown", unknown="charge") == "unknown"
    assert trusted(status="unknown", unknown="review") == "valid"
    assert trusted(status="invalid", unknown="review") == "invalid"
