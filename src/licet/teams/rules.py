"""Names and lists of addresses, as people type and paste them. Pure functions."""

import re
from collections.abc import Sequence

from licet.teams.errors import (
    AddressNeeded,
    MessageTooLong,
    TeamNameNeeded,
    TeamNameTooLong,
    TooManyAddresses,
)

TEAM_NAME_LENGTH = 120
MESSAGE_LENGTH = 500
NOTE_LENGTH = 2_000
ADDRESS_LENGTH = 254
ADDRESSES_AT_ONCE = 100
INVITATIONS_PER_DAY = 500
RESEND_MINUTES = 5

_NAMED = re.compile(r"<([^<>]*)>")
_BETWEEN = re.compile(r"[\s,;]+")
_LINE = re.compile(r"[\n\r,;]+")


def team_name(*, typed: str) -> str:
    """Return the name without surplus blanks; refuses TeamNameNeeded, TeamNameTooLong."""
    name = " ".join(typed.split())
    if not name or not name.isprintable():
        raise TeamNameNeeded
    if len(name) > TEAM_NAME_LENGTH:
        raise TeamNameTooLong(limit=TEAM_NAME_LENGTH)
    return name


def message(*, typed: str) -> str:
    """Return the words that go with an invitation, trimmed; refuses MessageTooLong."""
    words = "\n".join(line.rstrip() for line in typed.strip().splitlines())
    if len(words) > MESSAGE_LENGTH:
        raise MessageTooLong(limit=MESSAGE_LENGTH)
    return words


def addresses(*, text: str) -> list[str]:
    """Split what was typed or pasted into addresses, in order, lower case, each once.

    Blanks, commas, semicolons and line ends separate; of `Ada Lovelace <ada@example.org>`, as mail
    programs copy it, the part in angle brackets is taken. Nothing is dropped for being wrong.
    """
    found: list[str] = []
    for piece in _LINE.split(text):
        named = _NAMED.findall(piece)
        found += named or _BETWEEN.split(piece)
    return _once(found)


def batch(*, emails: Sequence[str]) -> list[str]:
    """Return the addresses tidied, each once, in their order; refuses AddressNeeded, TooManyAddresses."""
    asked = _once(emails)
    if not asked:
        raise AddressNeeded
    if len(asked) > ADDRESSES_AT_ONCE:
        raise TooManyAddresses(limit=ADDRESSES_AT_ONCE, given=len(asked))
    return asked


def _once(addresses: Sequence[str]) -> list[str]:
    tidied = (address.strip().lower() for address in addresses)
    return list(dict.fromkeys(address for address in tidied if address))
