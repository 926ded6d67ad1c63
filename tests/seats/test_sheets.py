"""Lists of people from elsewhere: what is read, what is refused, what leaves harmless."""

import pytest

from licet.kernel.refusal import Refusal
from licet.seats import sheets
from licet.seats.errors import (
    AddressMissing,
    NeitherYesNorNo,
    PersonTwice,
    ProductUnknown,
    SheetIsEmpty,
    SheetNotText,
    SheetTooLarge,
    SheetTooLong,
    SheetWithoutAddresses,
)

PRODUCTS = {"maquette": "Maquette Studio", "calcul": "Calcul, 2D"}


def read(text: str | bytes) -> sheets.Sheet:
    content = text if isinstance(text, bytes) else text.encode()
    return sheets.read(content=content, products=PRODUCTS)


def wanted(text: str | bytes) -> dict[str, dict[str, bool]]:
    return {each.email: dict(each.wanted) for each in read(text).asked}


def troubles(text: str) -> list[tuple[int, type[Refusal]]]:
    return [(each.row, type(each.why)) for each in read(text).troubles]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@x.example, b@x.example;c@x.example\nd@x.example", ["a@x", "b@x", "c@x", "d@x"]),
        ("Ada Lovelace <ADA@x.example>; Bob <bob@x.example>", ["ada@x", "bob@x"]),
        ('"Lovelace, Ada" <ada@x.example>, bob@x.example', ["ada@x", "bob@x"]),
        ("Lovelace, Ada <ada@x.example>", ["ada@x"]),
        ("Ada Lovelace\tada@x.example\tParis", ["ada@x"]),
        ("Ada Lovelace ada@x.example", ["ada@x"]),
        ("a@x.example\r\n\r\nA@X.example", ["a@x"]),
    ],
)
def test_addresses_are_found_in_any_usual_form(text: str, found: list[str]) -> None:
    assert sheets.pasted(text=text) == [f"{each}.example" for each in found]


def test_a_line_without_an_address_is_read_as_names() -> None:
    assert sheets.pasted(text="Ada  Lovelace; Bob Keller\nc@x.example") == [
        "Ada Lovelace",
        "Bob Keller",
        "c@x.example",
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_commas_semicolons_and_tabs_separate(separator: str, end: str) -> None:
    text = end.join(separator.join(row) for row in [["E-mail", "maquette"], ["a@x.example", "yes"]])
    assert wanted(text) == {"a@x.example": {"maquette": True}}


def test_the_mark_of_excel_is_no_part_of_the_first_heading() -> None:
    assert wanted("\ufeffE-mail;maquette\na@x.example;yes") == {"a@x.example": {"maquette": True}}


@pytest.mark.parametrize("head", ["E-mail", "EMAIL", "mail", "Adresse e-mail", "E-Mail-Adresse", "Courriel"])
def test_the_column_of_addresses_is_found_by_its_heading(head: str) -> None:
    assert wanted(f"Nom,{head},maquette\nA,a@x.example,oui") == {"a@x.example": {"maquette": True}}


def test_products_are_found_by_code_or_name() -> None:
    found = wanted('email,MAQUETTE studio,"Calcul, 2D"\na@x.example,ja,nein')
    assert found == {"a@x.example": {"maquette": True, "calcul": False}}


@pytest.mark.parametrize(
    ("word", "means"),
    [("yes", True), ("OUI", True), ("x", True), ("1", True), ("nein", False), ("0", False), (" no ", False)],
)
def test_yes_gives_and_no_takes_back(word: str, means: bool) -> None:
    assert wanted(f"email,maquette\na@x.example,{word}") == {"a@x.example": {"maquette": means}}


def test_an_empty_or_missing_cell_leaves_everything_as_it_is() -> None:
    assert wanted("email,maquette,calcul\na@x.example,") == {"a@x.example": {}}


def test_each_row_says_what_is_wrong_with_it_and_the_others_count() -> None:
    text = "email,maquette,fax\na@x.example,yes,\n,yes\nA@x.example,no\nb@x.example,perhaps\n\nc@x.example,no"
    assert troubles(text) == [
        (1, ProductUnknown),
        (3, AddressMissing),
        (4, PersonTwice),
        (5, NeitherYesNorNo),
    ]
    assert wanted(text) == {"a@x.example": {"maquette": True}, "c@x.example": {"maquette": False}}


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", SheetIsEmpty),
        (b"\n\n", SheetIsEmpty),
        (b"PK\x03\x04\x00\x00", SheetNotText),
        ("Prénom,e-mail\nÉlodie,a@x.example".encode("latin-1"), SheetNotText),
        ("email,maquette".encode("utf-16"), SheetNotText),
        (b"name,maquette\nAda,yes", SheetWithoutAddresses),
        (b"email\n" + b"a@x.example\n" * 5001, SheetTooLong),
        (b"email\n" + b"a" * 1_000_000, SheetTooLarge),
        (b'email\n"' + b"a" * 200_000, SheetNotText),
    ],
)
def test_what_is_no_table_is_refused_whole(content: bytes, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        read(content)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")'])
def test_no_cell_is_a_formula_for_a_spreadsheet(cell: str) -> None:
    text = sheets.write(rows=[[cell]], separator=",", mark=False)
    assert text.lstrip('"').startswith("'")


def test_what_was_written_is_read_again() -> None:
    rows = [["Name", "E-mail", "Role", "maquette"], ["=Ada", "-ada@x.example", "Member", "yes"]]
    text = sheets.write(rows=rows, separator=";", mark=True)
    assert text.startswith("\ufeff")
    assert wanted(text) == {"-ada@x.example": {"maquette": True}}
