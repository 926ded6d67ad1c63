"""The operator's own file (TOML): institutions that no list has or has wrongly, and what their mailboxes say.

[[institutions]]
name = { fr = "Academie du Rhin", de = "Akademie am Rhein" }
country = "FR"
kind = "higher"            # school, vocational, higher, other
city = "Strasbourg"
short = ["ADR"]            # short forms, for the search
domains = ["rhin.example"]

[[domains]]
domain = "etu.rhin.example"
trust = "active_members"   # of `states.Trust`
roles = ["student"]
institution = "0671234A"   # its ROR, its UAI, or its identifier here
note = "the registrar, by telephone"
"""

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from licet.education import addresses
from licet.education.sources.rows import DomainRow, Fault, InstitutionRow
from licet.education.states import Kind, Role, Trust


def _names(value: object) -> object:
    return {"en": value} if isinstance(value, str) else value


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Institution(_Part):
    name: Annotated[dict[str, str], BeforeValidator(_names), Field(min_length=1)]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    kind: Kind = Kind.OTHER
    city: Annotated[str, Field(max_length=100)] = ""
    ror: Annotated[str, Field(pattern=r"^0[a-z0-9]{8}$")] | None = None
    uai: Annotated[str, Field(pattern=r"^[0-9]{7}[A-Z]$")] | None = None
    short: list[str] = []
    domains: list[str] = []


class _Domain(_Part):
    domain: str
    trust: Trust
    roles: list[Role] = []
    institution: str = ""
    note: Annotated[str, Field(max_length=200)] = ""


def read(*, path: Path) -> tuple[list[InstitutionRow | Fault], list[DomainRow | Fault]]:
    """Return the institutions and the domains of the file; ValueError where it is no TOML, or has more."""
    text = path.read_text(encoding="utf-8-sig")
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"a TOML file ({error})") from error
    strange = sorted(set(said) - {"institutions", "domains"})
    if strange:
        raise ValueError(f"[[institutions]] and [[domains]] alone, not {', '.join(strange)}")
    lines = text.splitlines()
    return (
        [_institution(each, line) for each, line in _tables(said, "institutions", lines)],
        [_domain(each, line) for each, line in _tables(said, "domains", lines)],
    )


def _tables(said: dict[str, Any], name: str, lines: Sequence[str]) -> Iterator[tuple[object, int]]:
    """Yield the tables of a name, each with the line on which it begins."""
    found = said.get(name, [])
    tables = found if isinstance(found, list) else [found]
    heads = [number for number, line in enumerate(lines, start=1) if line.strip().startswith(f"[[{name}]]")]
    for number, each in enumerate(tables):
        yield each, heads[number] if number < len(heads) else number + 1


def _institution(said: object, line: int) -> InstitutionRow | Fault:
    try:
        part = _Institution.model_validate(said)
        domains = tuple(addresses.domain(text=each) for each in part.domains)
    except ValueError as error:
        return Fault(line=line, why=_why(error))
    return InstitutionRow(
        names=part.name,
        country=part.country,
        kind=part.kind,
        city=part.city,
        ror=part.ror,
        uai=part.uai,
        short=tuple(part.short),
        domains=domains,
    )


def _domain(said: object, line: int) -> DomainRow | Fault:
    try:
        part = _Domain.model_validate(said)
        name = addresses.domain(text=part.domain)
    except ValueError as error:
        return Fault(line=line, why=_why(error))
    return DomainRow(
        name=name, trust=part.trust, roles=frozenset(part.roles), institution=part.institution, note=part.note
    )


def _why(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    told = error.errors()[0]
    return f"{'.'.join(str(each) for each in told['loc'])}: {told['msg']}"
