"""Who acts: one frozen value that every verb takes as `by`."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """The four kinds of beings that may change something."""

    PERSON = "person"
    STAFF = "staff"
    APPLICATION = "application"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts, told by value, so that it can be stored beside the fact.

    `id` is the person's primary key for persons and staff (None for the system);
    `label` is what an audit reader sees; `scopes` narrows what a token may do
    (None: everything that the person may do).
    """

    kind: ActorKind
    id: int | None = None
    label: str = ""
    scopes: frozenset[str] | None = None

    @property
    def is_person(self) -> bool:
        """Whether a signed-in human acts, customer or staff."""
        return self.kind in (ActorKind.PERSON, ActorKind.STAFF) and self.id is not None

    @property
    def is_staff(self) -> bool:
        """Whether one of the vendor's own people acts."""
        return self.kind is ActorKind.STAFF and self.id is not None

    @property
    def is_system(self) -> bool:
        """Whether an operator's command or the worker acts."""
        return self.kind is ActorKind.SYSTEM


def system(*, label: str) -> Actor:
    """Return the actor of an operator's command or a scheduled job, named by `label`."""
    return Actor(kind=ActorKind.SYSTEM, label=label)
