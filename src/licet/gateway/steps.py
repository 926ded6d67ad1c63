"""What a call asks of the database, one step at a time.

A call is a generator: it yields a step and gets its result. Whoever drives it may run the same step of
many calls in one statement; the calls do not know. The order of the classes is the order in which rows
are locked: person, device, lease, at last the chain of events. A call goes down this list only.
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from licet.eventlog.facts import Fact
from licet.gateway.answers import Answer
from licet.gateway.rows import Who
from licet.leases.rules import Period, Right


@dataclass(slots=True)
class FindBearer:
    """Who calls, with which device? -> Bearer or None. Other check-outs of this person wait from now on."""

    token_hash: str
    jkt: str


@dataclass(slots=True)
class FindRunning:
    """The lease row of this key, with what decides whether it goes on -> Running or None. Others wait."""

    pk: int
    now: datetime


@dataclass(slots=True)
class FindCode:
    """The license code of this keyed hash -> CodeRow or None."""

    code_hash: str


@dataclass(slots=True)
class StillGood:
    """Does the lease row of this key live, and everything it depends on? -> its mark on disk, or None.

    Told by the states that somebody decides; what the clock decides is in memory.
    """

    pk: int


@dataclass(slots=True)
class FindRights:
    """The licenses behind the person's seats of the product -> Held."""

    person: int
    product: str
    now: datetime


@dataclass(slots=True)
class FindHistory:
    """Every license behind a seat that the person holds or held -> pairs of a Right and whether held now."""

    person: int
    product: str


@dataclass(slots=True)
class FindNames:
    """The product's names by language -> dict, or None where the catalog has no such code."""

    product: str


@dataclass(slots=True)
class FindElsewhere:
    """The devices that use the seat -> list of Other, each once, what ends last."""

    seat: int
    now: datetime


@dataclass(slots=True)
class FindWork:
    """A project, by public id or key, with the person's part in it -> rules.Work, or None."""

    person: int
    project: str | int


@dataclass(slots=True)
class FindConcerned:
    """The person's teams that have or had licenses of the product -> their keys."""

    person: int
    product: str


@dataclass(slots=True)
class FindEver:
    """Has the device ever used the seat? -> bool."""

    seat: int
    device: int


@dataclass(slots=True)
class Prove:
    """Write the counter of a proof -> bool: False when it does not grow, or the device is blocked."""

    device: int
    counter: int
    now: datetime


@dataclass(slots=True)
class Touch:
    """Write that the device was refused, and why; its counter never falls."""

    device: int
    counter: int
    denied: str
    now: datetime


@dataclass(slots=True)
class Replace:
    """End what another device of the person runs under the seat, unless it goes on with it offline."""

    seat: int
    device: int
    now: datetime


@dataclass(slots=True)
class Keep:
    """Write the lease of a check-out, over the one of the same process where it lives -> its key.

    `row`: the key of that one, where the reading has shown it.
    """

    right: Right
    device: int
    grant: int
    process: str
    mark: int
    period: Period
    seq: int
    nonce: str
    borrowed_until: datetime | None = None
    project: int | None = None
    row: int | None = None


@dataclass(slots=True)
class Renew:
    """Write a renewal: another mark, later times."""

    pk: int
    mark: int
    right: Right
    period: Period
    seq: int
    nonce: str


@dataclass(slots=True)
class Release:
    """Write that the lease was given back."""

    pk: int
    seq: int
    nonce: str
    now: datetime


@dataclass(slots=True)
class Use:
    """Write that the seat was used on this day (UTC), once a day."""

    right: Right
    day: date


@dataclass(slots=True)
class FirstUse:
    """Write when the seat was first used, unless it was before."""

    right: Right
    now: datetime


@dataclass(slots=True)
class Tell:
    """Record facts of the team (None: of the installation) in the call's own transaction."""

    facts: tuple[Fact, ...]
    who: Who
    team: int | None
    now: datetime


Step = (
    FindBearer
    | FindRunning
    | FindCode
    | StillGood
    | FindRights
    | FindHistory
    | FindNames
    | FindElsewhere
    | FindWork
    | FindConcerned
    | FindEver
    | Prove
    | Touch
    | Replace
    | Keep
    | Renew
    | Release
    | Use
    | FirstUse
    | Tell
)
READS = frozenset({FindCode, StillGood})
"""A call that begins with one of these writes nothing, and needs no transaction."""

ORDER: tuple[type, ...] = Step.__args__


def kept(step: Keep) -> tuple[Any, ...]:
    """Return the values of `sql.KEEP`."""
    right, period = step.right, step.period
    whose = (step.mark, right.team, right.seat, right.license, step.device, step.grant, step.process)
    times = (period.issued_at, period.expires_at, period.renew_after)
    return (*whose, *times, step.seq, step.nonce, step.project, step.borrowed_until)


def kept_on(step: Keep) -> tuple[Any, ...]:
    """Return the values of `sql.KEEP_ON`."""
    period = step.period
    times = (period.issued_at, period.expires_at, period.renew_after)
    more = (step.seq, step.nonce, step.project, step.borrowed_until, step.row)
    return (step.mark, step.right.license, step.grant, *times, *more)


def renewed(step: Renew) -> tuple[Any, ...]:
    """Return the values of `sql.RENEW`."""
    period = step.period
    times = (period.issued_at, period.expires_at, period.renew_after)
    return (step.mark, step.right.license, *times, step.seq, step.nonce, step.pk)


class Outcome(Protocol):
    """What a call has come to; its answer is made after the commit."""

    def answer(self) -> Answer:
        """Return the answer, signed where it carries a lease."""
        ...


class Anew:
    """The outcome of a call that has only read, and finds that it has to write: take it once more."""

    def answer(self) -> Answer:
        """Nobody is to hear of it."""
        raise RuntimeError("a call that was to be taken again")


ANEW = Anew()

Work = Generator[Step, Any, Outcome]
"""A call on its way. Before its first step it has read what was sent; a LeaseRefusal ends it unwritten."""
