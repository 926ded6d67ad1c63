"""Who acts: one frozen value that every verb takes as `by`."""

from dataclasses import dataclass
from enum import StrEnum

from licet.kernel.duties import Duty, duties_of


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
    (None: everything that the person may do). `roles`: what one of the vendor's people does there.
    """

    kind: ActorKind
    id: int | None = None
    label: str = ""
    scopes: frozenset[str] | None = None
    roles: frozenset[str] = frozenset()

    @property
    def is_person(self) -> bool:
        """Whether a signed-in human acts, customer or staff."""
        return self.kind in (ActorKind.PERSON, ActorKind.STAFF) and self.id is not None

    @property
    def is_staff(self) -> bool:
        """Whether one of the vendor's own people acts."""
        return self.kind is ActorKind.STAFF and self.id is not None

    @property
    def duties(self) -> frozenset[Duty]:
        """What one of the vendor's own people may do at the desk; nothing for everybody else."""
        return duties_of(roles=self.roles) if self.is_staff else frozenset()

    def serves(self, duty: Duty) -> bool:
        """Whether one of the vendor's own people acts, with a role that carries this."""
        return duty in self.duties

    @property
    def is_system(self) -> bool:
        """Whether an operator's command or the worker acts."""
        return self.kind is ActorKind.SYSTEM


def system(*, label: str) -> Actor:
    """Return the actor of an operator's command or a scheduled job, named by `label`."""
    return Actor(kind=ActorKind.SYSTEM, label=label)
