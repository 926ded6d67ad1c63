"""Plain lists of domains, one a line; and the operator's own table of them (CSV).

The own table has the columns domain, trust, roles, institution, note; trust is one of `states.Trust`, roles
are parted by spaces, an institution is named by its ROR, its UAI or its public id.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from licet.education import addresses
from licet.education.sources.rows import DomainRow, Fault
from licet.education.states import Role, Trust


def read(*, path: Path, trust: Trust) -> Iterator[DomainRow | Fault]:
    """Yield the domains of a list, or of a folder of lists; what follows a # is a remark."""
    files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    for file in files:
        with file.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                text = line.split("#", 1)[0].strip()
                if text:
                    yield row(text=text, trust=trust, line=number)


def row(*, text: str, trust: Trust, line: int, note: str = "") -> DomainRow | Fault:
    """Return the row of one domain; its words may say that its mailboxes belong to those who have left."""
    try:
        name = addresses.domain(text=text)
    except ValueError as error:
        return Fault(line=line, why=str(error))
    if trust in {Trust.ACTIVE_MEMBERS, Trust.MIXED} and addresses.former(name=name):
        trust = Trust.ALUMNI
    return DomainRow(name=name, trust=trust, roles=addresses.hint(name=name), note=note)


def read_own(*, path: Path) -> Iterator[DomainRow | Fault]:
    """Yield the operator's own rows. ValueError where the first line does not name the columns."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        rows = csv.DictReader(file, delimiter=";" if first.count(";") > first.count(",") else ",")
        rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or []]
        if not {"domain", "trust"} <= set(rows.fieldnames):
            raise ValueError("the first line has to name the columns, at least domain and trust")
        for each in rows:
            yield _own({key: (value or "").strip() for key, value in each.items() if key}, rows.line_num)


def _own(said: dict[str, str], line: int) -> DomainRow | Fault:
    roles = said.get("roles", "").split()
    try:
        name = addresses.domain(text=said["domain"])
    except ValueError as error:
        return Fault(line=line, why=str(error))
    if said["trust"] not in set(Trust):
        return Fault(line=line, why=f"trust is one of {', '.join(Trust)}, not {said['trust']!r}")
    if not set(roles) <= set(Role):
        return Fault(line=line, why=f"roles are {', '.join(Role)}, parted by spaces")
    return DomainRow(
        name=name,
        trust=Trust(said["trust"]),
        roles=frozenset(Role(each) for each in roles),
        institution=said.get("institution", ""),
        note=said.get("note", ""),
    )
