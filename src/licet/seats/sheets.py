"""Lists of people as others write them: pasted addresses, and tables as CSV text. Pure functions.

CSV as in RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180), with a comma, a semicolon or a tab between the
cells, as spreadsheets of the reader's country write it. A cell that a spreadsheet would take for a formula
gets an apostrophe in front (https://owasp.org/www-community/attacks/CSV_Injection), and loses it when read.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from licet.kernel.refusal import Refusal
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
from licet.seats.rules import plain

MOST_BYTES = 1_000_000
MOST_ROWS = 5_000

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would compute."""

WORDS: dict[str, tuple[str, str]] = {"en": ("yes", "no"), "fr": ("oui", "non"), "de": ("ja", "nein")}
"""What stands in the cells of a table, by the language of whoever asks for it."""

HEADS: dict[str, tuple[str, str, str]] = {
    "en": ("Name", "E-mail", "Role"),
    "fr": ("Nom", "E-mail", "Rôle"),
    "de": ("Name", "E-Mail", "Rolle"),
}
_ADDRESS_HEADS = {
    "email",
    "mail",
    "address",
    "emailaddress",
    "adresse",
    "adresseemail",
    "courriel",
    "emailadresse",
}
_OTHER_HEADS = {"name", "nom", "role", "rolle", "prenom", "vorname", "firstname", "lastname", "nachname"}
_YES = {"yes", "y", "oui", "o", "ja", "j", "x", "1", "true", "vrai", "wahr"}
_NO = {"no", "n", "non", "nein", "0", "false", "faux", "falsch"}

_QUOTED = re.compile(r'"[^"\n]*"\s*(?=<)')
_NAMED = re.compile(r"<([^<>]*)>")
_LINES = re.compile(r"[\r\n;]+")
_PIECES = re.compile(r"[,\t]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of a table: whose (an address, lower case), and what is wished of which product (a code)."""

    row: int
    email: str
    wanted: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one line of a table; row 1 holds the headings."""

    row: int
    why: Refusal


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table, read: what can be understood, and what cannot."""

    asked: tuple[Asked, ...]
    troubles: tuple[Trouble, ...]


def pasted(*, text: str) -> list[str]:
    """Split what was pasted into addresses and names, in their order, each once; addresses in lower case.

    Lines, commas, semicolons and tabs separate. Of `Ada Lovelace <ada@example.org>`, as mail programs copy
    it, and of `Ada Lovelace ada@example.org` the address is taken. Only a line without any address is
    read as names: of `Lovelace, Ada <ada@example.org>` the parts belong together.
    """
    found: list[str] = []
    for line in _LINES.split(_QUOTED.sub("", text)):
        pieces = _PIECES.split(line)
        addresses = [each for piece in pieces for each in _addresses(piece)]
        found += addresses or [" ".join(piece.split()) for piece in pieces]
    return list(dict.fromkeys(each for each in found if each))


def read(*, content: bytes, products: Mapping[str, str]) -> Sheet:
    """Read a table of people and the licenses they shall have; `products`: names by codes.

    The headings say which column holds the address and which the products, by code or by name. "Yes" gives,
    "no" takes back (in English, French or German, also x, 1 and 0), an empty cell leaves everything as it is.
    Refuses SheetTooLarge (1 MB), SheetNotText, SheetIsEmpty, SheetWithoutAddresses, SheetTooLong (more than
    5,000 rows).
    """
    rows = table(content=content)
    heads = [_key(cell) for cell in rows[0]]
    at = next((index for index, head in enumerate(heads) if head in _ADDRESS_HEADS), None)
    if at is None:
        raise SheetWithoutAddresses
    if len(rows) - 1 > MOST_ROWS:
        raise SheetTooLong(limit=MOST_ROWS, given=len(rows) - 1)
    known = {_key(text): code for code, name in products.items() for text in (code, name)}
    columns = {index: known[head] for index, head in enumerate(heads) if head in known and index != at}
    troubles = [
        Trouble(1, ProductUnknown(product=rows[0][index].strip()))
        for index, head in enumerate(heads)
        if head and index != at and index not in columns and head not in _OTHER_HEADS
    ]
    asked: dict[str, Asked] = {}
    for number, cells in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in cells):
            line = _asked(number=number, cells=cells, at=at, columns=columns, asked=asked)
            if isinstance(line, Asked):
                asked[line.email] = line
            else:
                troubles.append(Trouble(number, line))
    return Sheet(asked=tuple(asked.values()), troubles=tuple(troubles))


def write(*, rows: Iterable[Sequence[str]], separator: str, mark: bool) -> str:
    """Return the rows as CSV text with harmless cells; `mark`: with the sign by which Excel knows UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return ("\ufeff" if mark else "") + text.getvalue()


def table(*, content: bytes, otherwise: str = "") -> list[list[str]]:
    """Return the rows of a CSV file, the first one with something in it first.

    UTF-8, with or without a byte order mark; `otherwise`: the encoding of what is not. Refuses SheetTooLarge
    (1 MB), SheetNotText, SheetIsEmpty.
    """
    if len(content) > MOST_BYTES:
        raise SheetTooLarge(limit=MOST_BYTES // 1_000_000)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if not otherwise:
            raise SheetNotText from None
        text = content.decode(otherwise, errors="replace")
    if "\0" in text:
        raise SheetNotText
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(";,\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        raise SheetNotText from None
    while rows and not any(cell.strip() for cell in rows[0]):
        rows.pop(0)
    if not rows:
        raise SheetIsEmpty
    return rows


def harmless(cell: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def _addresses(piece: str) -> list[str]:
    named = _NAMED.findall(piece) or piece.split()
    return [each.strip().strip("<>()\"'").lower() for each in named if "@" in each]


def _asked(
    *, number: int, cells: Sequence[str], at: int, columns: Mapping[int, str], asked: Mapping[str, Asked]
) -> Asked | Refusal:
    """Read one line; what is wrong with it comes back instead."""
    email = _bare(cells[at]).strip().lower() if at < len(cells) else ""
    if "@" not in email:
        return AddressMissing()
    if email in asked:
        return PersonTwice(email=email, first=asked[email].row)
    wanted: dict[str, bool] = {}
    for index, code in columns.items():
        word = plain(_bare(cells[index]).strip()) if index < len(cells) else ""
        if word in _YES or word in _NO:
            wanted[code] = word in _YES
        elif word:
            return NeitherYesNorNo(word=cells[index].strip()[:40], email=email)
    return Asked(row=number, email=email, wanted=wanted)


def _bare(cell: str) -> str:
    """Take away the apostrophe that `harmless` put there."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULAS) else cell


def _key(cell: str) -> str:
    """Return a heading as it is compared: letters and digits of it, whatever case and accents."""
    return "".join(each for each in plain(_bare(cell)) if each.isalnum())
