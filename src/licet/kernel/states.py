"""Which moves exist: one function over one table."""

from collections.abc import Mapping, Set
from enum import StrEnum
from typing import TypeVar

State = TypeVar("State", bound=StrEnum)


class InvalidMove(Exception):
    """A state was to be left by a door that its table does not have: the program's fault."""


def move(*, table: Mapping[State, Set[State]], current: State, to: State) -> State:
    """Return `to` when the table allows it from `current`; raise InvalidMove else."""
    if to not in table[current]:
        raise InvalidMove(f"{current} -> {to}")
    return to
