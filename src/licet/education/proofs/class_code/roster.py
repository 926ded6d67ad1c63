"""A teacher's list of pupils as a spreadsheet writes it, read. Pure functions.

The file: comma, semicolon or tab between the cells (RFC 4180 with the separators of spreadsheets), UTF-8 with
or without a byte order mark, else Windows-1252. With headings, they say which column is what; without any, a
cell with an @ is the address and the others are the name.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from licet.education.proofs.class_code.errors import (
    CellIsFormula,
    EmailUnreadable,
    NameMissing,
    NameTooLong,
    PupilThere,
    PupilTwice,
    RosterTooMany,
)
from licet.kernel.refusal import Refusal
from licet.seats.rules import plain
from licet.seats.sheets import FORMULAS, MOST_ROWS, table

NAME = 120

_ADDRESS = re.compile(r"[^@\s<>\",;()]{1,64}@[^@\s<>\",;()]+\.[^@\s<>\",;().]{2,}")
_NONE = ("-", "--", "\u2013")
"""What people write for nothing."""

_NAMES = {"name", "fullname", "pupil", "student", "nickname", "pseudonym", "pseudo", "eleve", "etudiant"}
_NAMES |= {"nomcomplet", "nometprenom", "nomprenom", "prenomnom", "schuler", "schulerin", "vollername"}
_FIRST = {"firstname", "givenname", "prenom", "prenoms", "vorname", "rufname"}
_LAST = {"lastname", "surname", "familyname", "nom", "nomdefamille", "nachname", "familienname"}
_EMAILS = {"email", "mail", "emailaddress", "courriel", "adresseemail", "adressemail", "adresseelectronique"}
_EMAILS |= {"emailadresse", "mailadresse"}


@dataclass(frozen=True, slots=True)
class Pupil:
    """One row that can be added; `email` in lower case, or empty."""

    row: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Bad:
    """One row that cannot be added, as it stands, and why. Row 1 is the first of the file."""

    row: int
    cells: str
    why: Refusal


@dataclass(frozen=True, slots=True)
class Roster:
    """A list, read: whom to add, and which rows to look at."""

    pupils: tuple[Pupil, ...]
    bad: tuple[Bad, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    names: tuple[int, ...]
    email: int | None
    headed: bool


def read(*, content: bytes, names: Collection[str] = (), emails: Collection[str] = ()) -> Roster:
    """Read a list; `names` (of those without an address) and `emails` are in the class already.

    Two pupils of one name can have different addresses; without addresses they are taken for one, who stands
    in the list twice. Refuses the file as a whole with SheetTooLarge (1 MB), SheetNotText, SheetIsEmpty,
    RosterTooMany (more than 5,000 rows).
    """
    rows = table(content=content, otherwise="cp1252")
    columns = _columns(rows[0])
    body = rows[1:] if columns.headed else rows
    if len(body) > MOST_ROWS:
        raise RosterTooMany(limit=MOST_ROWS, given=len(body))
    there = {plain(each) for each in names} | {each.lower() for each in emails}
    first: dict[str, int] = {}
    pupils, bad = [], []
    for number, cells in enumerate(body, start=2 if columns.headed else 1):
        if not any(cell.strip() for cell in cells):
            continue
        pupil = _pupil(number, cells, columns)
        if isinstance(pupil, Pupil):
            key = pupil.email or plain(pupil.name)
            if key in there:
                pupil = PupilThere(who=pupil.email or pupil.name)
            elif key in first:
                pupil = PupilTwice(who=pupil.email or pupil.name, first=first[key])
            else:
                first[key] = number
        if isinstance(pupil, Pupil):
            pupils.append(pupil)
        else:
            bad.append(Bad(number, " · ".join(cell.strip() for cell in cells if cell.strip())[:200], pupil))
    return Roster(pupils=tuple(pupils), bad=tuple(bad))


def _columns(cells: Sequence[str]) -> _Columns:
    heads = ["".join(sign for sign in plain(cell) if sign.isalnum()) for cell in cells]
    at = {kind: [n for n, head in enumerate(heads) if head in words] for kind, words in _HEADS}
    last = at["last"] or at["name"]  # beside a first name, "Name" is the last one
    names = (*at["first"][:1], *last[:1]) if at["first"] else tuple((at["name"] or at["last"])[:1])
    if names or at["email"]:
        return _Columns(names, next(iter(at["email"]), None), headed=True)
    return _Columns((), None, headed=False)


_HEADS = (("name", _NAMES), ("first", _FIRST), ("last", _LAST), ("email", _EMAILS))


def _pupil(number: int, cells: Sequence[str], columns: _Columns) -> Pupil | Refusal:
    cleaned = ["" if cell.strip() in _NONE else " ".join(cell.split()) for cell in cells]
    if columns.headed:
        parts = [cleaned[n] for n in columns.names if n < len(cleaned)]
        email = cleaned[columns.email] if columns.email is not None and columns.email < len(cleaned) else ""
    else:
        parts = [cell for cell in cleaned if "@" not in cell]
        email = next((cell for cell in cleaned if "@" in cell), "")
    for cell in [*parts, email]:
        if cell.startswith(FORMULAS):
            return CellIsFormula(cell=cell[:60])
    name = " ".join(_bare(part) for part in parts if part)
    email = _bare(email).strip("<>").lower()
    if email and not _ADDRESS.fullmatch(email):
        return EmailUnreadable(cell=email[:60])
    if not name and not email:
        return NameMissing()
    if len(name) > NAME or not name.isprintable():
        return NameTooLong(limit=NAME)
    return Pupil(number, name or email.partition("@")[0][:NAME], email)


def _bare(cell: str) -> str:
    """Take away the apostrophe that an export puts in front of what looks like a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULAS) else cell
