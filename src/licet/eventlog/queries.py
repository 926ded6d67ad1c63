"""Reading the log: who did what, what is waiting, and whether somebody touched the rows."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, OuterRef, Q, Subquery

from licet.eventlog.change import digest
from licet.eventlog.facts import every_fact
from licet.eventlog.models import Chain, Delivery, Event
from licet.eventlog.states import DeliveryState

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the activity log. `sentence` is in the language that was active when it was read."""

    id: int
    at: datetime
    name: str
    team: int
    actor_kind: str
    actor_label: str
    sentence: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some lines of the log, newest first. `older` is the `before` of the next page, None at the end."""

    entries: list[Entry]
    older: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One delivery that is not done: due (again) at a moment, or given up."""

    id: int
    event: int
    name: str
    handler: str
    failed: bool
    due_at: datetime
    attempts: int
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many deliveries are waiting and how many were given up."""

    due: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The first row of a chain that is not as it was written; `event` is None where it is missing."""

    team: int
    position: int
    event: int | None
    reason: str


def entries(
    *,
    team: int | None = None,
    name: str = "",
    topics: Collection[str] = (),
    actor: int | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> Page:
    """Return `limit` facts, newest first: of one team or of all, of one name or of all.

    `name` is a wire name (`seat.assigned`) or its first word (`seat`); `topics` are several first
    words. `actor` is the primary key of the person who acted. `before` is the id
    where the page before this one ended; pages by it cost the same however old they are.
    """
    found = Event.objects.order_by("-pk")
    if team is not None:
        found = found.filter(team=team)
    if name:
        found = found.filter(name=name) if "." in name else found.filter(name__startswith=f"{name}.")
    if topics:
        found = found.filter(reduce(or_, (Q(name__startswith=f"{topic}.") for topic in topics)))
    if actor is not None:
        found = found.filter(actor_id=actor)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: limit + 1])
    return Page(
        entries=[_entry(event) for event in rows[:limit]],
        older=rows[limit - 1].pk if len(rows) > limit else None,
    )


def names() -> list[str]:
    """Return the wire names of all event classes, in order, for a filter."""
    return sorted(every_fact())


def waiting(*, failed: bool, limit: int = PAGE) -> list[Waiting]:
    """Return the deliveries that were given up (newest first), or those still due (next first)."""
    found = Delivery.objects.select_related("event")
    if failed:
        found = found.filter(state=DeliveryState.FAILED).order_by("-pk")
    else:
        found = found.filter(state=DeliveryState.DUE).order_by("due_at", "pk")
    return [
        Waiting(
            id=each.pk,
            event=each.event_id,
            name=each.event.name,
            handler=each.handler,
            failed=failed,
            due_at=each.due_at,
            attempts=each.attempts,
            error=each.last_error,
        )
        for each in found[:limit]
    ]


def counts() -> Counts:
    """Return how many deliveries are due and how many were given up."""
    rows = Delivery.objects.exclude(state=DeliveryState.DONE).values_list("state").annotate(Count("pk"))
    by_state = dict(rows)
    return Counts(due=by_state.get(DeliveryState.DUE, 0), failed=by_state.get(DeliveryState.FAILED, 0))


def broken(*, team: int | None = None) -> Iterator[Broken]:
    """Yield, for each hash chain that does not verify, the first row that is wrong.

    Reads every event (of one team, or all). Found are rows that were changed, removed,
    inserted, put in another order, cut off at the end, or that belong to no chain; names and
    addresses (`labels`, `actor_label`) stand outside of the chain, so that erasing them is no damage.
    """
    chains = Chain.objects.order_by("pk")
    strays = Event.objects.exclude(team__in=Chain.objects.values("pk"))
    if team is not None:
        chains, strays = chains.filter(pk=team), strays.filter(team=team)
    for chain in chains.iterator():
        found = _first_broken(chain)
        if found is not None:
            yield found
    seen: set[int] = set()
    for event in strays.order_by("team", "position").iterator():
        if event.team not in seen:
            seen.add(event.team)
            yield _at(event, "It belongs to no chain.")


def _first_broken(chain: Chain) -> Broken | None:
    previous, expected = "", 0
    # up to the head as it was read: what is written meanwhile is for the next time
    events = Event.objects.filter(team=chain.pk, position__lt=chain.length).order_by("position")
    for event in events.iterator():
        if event.position != expected:
            break
        if event.hash != digest(previous=previous, event=event):
            return _at(event, "Its content is not what was written.")
        previous, expected = event.hash, expected + 1
    if expected < chain.length:
        return Broken(team=chain.pk, position=expected, event=None, reason="A row is missing here.")
    if previous != chain.head:
        return Broken(team=chain.pk, position=expected, event=None, reason="The head of the chain differs.")
    length = Chain.objects.filter(pk=OuterRef("team")).values("length")
    beyond = Event.objects.filter(team=chain.pk, position__gte=Subquery(length)).order_by("position").first()
    return _at(beyond, "It was added behind the end of the chain.") if beyond else None


def _at(event: Event, reason: str) -> Broken:
    return Broken(team=event.team, position=event.position, event=event.pk, reason=reason)


def _entry(event: Event) -> Entry:
    return Entry(
        id=event.pk,
        at=event.at,
        name=event.name,
        team=event.team,
        actor_kind=event.actor_kind,
        actor_label=event.actor_label,
        sentence=_sentence(event),
        hash=event.hash,
    )


def _sentence(event: Event) -> str:
    try:
        return event.sentence()
    except (KeyError, TypeError):
        # its class has left the program or has grown a field since: the row stays readable
        return event.name
