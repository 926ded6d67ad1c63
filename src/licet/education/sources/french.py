"""The directory of French schools: annuaire de l'éducation, Licence Ouverte 2.0.

https://data.education.gouv.fr/explore/dataset/fr-en-annuaire-education
CSV with semicolons. A school's number (UAI) is seven digits and a letter that checks them.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from licet.education.sources.rows import Fault, InstitutionRow
from licet.education.states import Kind

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_NUMBER = ("identifiant_de_l_etablissement", "numero_uai", "uai")
_NAME = ("nom_etablissement", "appellation_officielle")
_CITY = ("nom_commune", "localite_acheminement_uai", "libelle_commune")


def right_number(*, text: str) -> bool:
    """Whether this is a school's number: its letter is the remainder of the digits by 23."""
    if len(text) != 8 or not (text[:7].isascii() and text[:7].isdigit()):
        return False
    return text[7] == _LETTERS[int(text[:7]) % 23]


def read(*, path: Path) -> Iterator[InstitutionRow | Fault]:
    """Yield the schools that are open. ValueError for what is no such list."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        rows = csv.DictReader(file, delimiter=";" if first.count(";") >= first.count(",") else ",")
        rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or []]
        if not (set(_NUMBER) & set(rows.fieldnames) and set(_NAME) & set(rows.fieldnames)):
            raise ValueError(f"no columns {_NUMBER[0]} and {_NAME[0]} in the first line")
        for row in rows:
            if (row.get("etat") or "ouvert").strip().lower() not in {"ouvert", "1"}:
                continue
            yield _row(row, line=rows.line_num)


def _row(row: dict[str, str | None], *, line: int) -> InstitutionRow | Fault:
    number, name = _first(row, _NUMBER).upper(), _first(row, _NAME)
    if not right_number(text=number):
        return Fault(line=line, why=f"{number!r} is no UAI: seven digits and their letter")
    if not name:
        return Fault(line=line, why="has no name")
    return InstitutionRow(
        names={"fr": name[:200]},
        country="FR",
        kind=_kind(row),
        city=_first(row, _CITY)[:100],
        uai=number,
    )


def _kind(row: dict[str, str | None]) -> Kind:
    kind = (row.get("type_etablissement") or row.get("libelle_nature") or "").lower()
    vocational = (row.get("voie_professionnelle") or "").strip() == "1"
    general = (row.get("voie_generale") or "").strip() == "1"
    if "professionnel" in kind or (vocational and not general):
        return Kind.VOCATIONAL
    return (
        Kind.SCHOOL if any(word in kind for word in ("ecole", "école", "coll", "lyc", "erea")) else Kind.OTHER
    )


def _first(row: dict[str, str | None], names: tuple[str, ...]) -> str:
    return next((value for name in names if (value := " ".join((row.get(name) or "").split()))), "")
