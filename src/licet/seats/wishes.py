"""What is wished of boxes of people x products, and what becomes of it: shapes, without the database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from licet.kernel.refusal import Refusal
from licet.seats.models import SeatBatch

CHANGES_AT_ONCE = 5_000


class Mode(StrEnum):
    """What happens when not every wish can be fulfilled."""

    ALL_OR_NOTHING = "all"
    AS_MANY_AS_FIT = "fit"


@dataclass(frozen=True, slots=True)
class Wish:
    """How one box shall be: `member` by public id, `product` by code.

    The public id of an open invitation means a place that is kept for whoever was asked.

    `seat` (a key): only that holding is meant to end; who got another one since keeps it.
    """

    member: str
    product: str
    held: bool
    seat: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What becomes of one wish. `seat`: the key of the one that is lost; `why`: why it cannot be done.

    `invited`: the person was asked and has not answered; `person` is then the address. `again`: when what is
    lost can go to another person, where the terms make it wait. `left`: what is given was used by somebody
    else, and so often the terms let that happen again in this term.
    """

    member: str
    person: str
    email: str
    product: str
    product_name: str
    held: bool
    seat: int | None = None
    why: Refusal | None = None
    invited: bool = False
    again: datetime | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One product that is touched: what the team has, what is free before and after, how many are missing."""

    product: str
    name: str
    icon: str
    bought: int
    before: int
    after: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What wishes do, line by line: for members `gains` and `losses`, for invited people `kept` and `freed`.

    `already`: what is as it was wished.
    """

    balances: tuple[Balance, ...]
    gains: tuple[Line, ...]
    losses: tuple[Line, ...]
    kept: tuple[Line, ...]
    freed: tuple[Line, ...]
    refused: tuple[Line, ...]
    already: tuple[Line, ...]

    @property
    def changes(self) -> int:
        """How many licenses change hands, or are kept for somebody or no longer."""
        return len(self.gains) + len(self.losses) + len(self.kept) + len(self.freed)


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done; `batch` is None where nothing had to be."""

    effects: Effects
    batch: SeatBatch | None
