"""What the readers yield."""

from dataclasses import dataclass, field

from licet.education.states import Kind, Role, Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A line that cannot be read, and why. `line`: from 1; where a list has entries, the entry's number."""

    line: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionRow:
    """One institution. `names` by language; `short`: other names and short forms, for the search alone."""

    names: dict[str, str]
    country: str
    kind: Kind = Kind.OTHER
    city: str = ""
    ror: str | None = None
    uai: str | None = None
    short: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainRow:
    """What mailboxes under a domain say. `institution`: its public id, ROR or UAI."""

    name: str
    trust: Trust
    roles: frozenset[Role] = field(default_factory=frozenset)
    institution: str = ""
    note: str = ""
