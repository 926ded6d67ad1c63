"""`change`: one transaction, one actor, one moment, at least one fact.

    with change(by=by, now=now) as record:
        ...lock, rule, write...
        record(SeatAssigned(...), team=team.pk)

Facts are written at the end of the block, still inside the transaction: the lock on
a team's chain is then the last one taken and held for microseconds, and chains are
locked in ascending order, so that two changes can never wait for each other there.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from licet.eventlog.facts import Fact
from licet.eventlog.models import INSTALLATION, Chain, Delivery, Event
from licet.kernel.actor import Actor

AUDIT_ONLY: tuple[Callable[..., None], ...] = ()
"""In the table of subscriptions: this fact has no consequence, on purpose."""

_open: ContextVar[bool] = ContextVar("licet_change_open", default=False)


class SilentChange(Exception):
    """A change ended without a fact: a fault of the program."""


class NestedChange(Exception):
    """A verb called a verb; it has to call a step. A fault of the program."""


class Record:
    """What a change hands to its block: call it with a fact to have it written at the end."""

    def __init__(self, *, by: Actor, now: datetime) -> None:
        self.by = by
        self.now = now
        self.facts: list[tuple[int, Fact]] = []

    def __call__(self, fact: Fact, *, team: int | None = None) -> None:
        """Note `fact` as a fact of the team with primary key `team` (None: of the installation)."""
        self.facts.append((team or INSTALLATION, fact))


@contextmanager
def change(*, by: Actor, now: datetime) -> Iterator[Record]:
    """Open the one transaction of a verb; write its facts and their deliveries before it commits.

    Raises SilentChange when the block recorded nothing, NestedChange inside another change,
    ValueError for a naive `now`.
    """
    if _open.get():
        raise NestedChange
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    token = _open.set(True)
    try:
        with transaction.atomic():
            record = Record(by=by, now=now)
            yield record
            if not record.facts:
                raise SilentChange
            _write(record=record)
    finally:
        _open.reset(token)


def subscriptions() -> dict[type[Fact], list[Callable[..., None]]]:
    """Return the one table of consequences, from where the setting says it is."""
    return cast(dict[type[Fact], list[Callable[..., None]]], import_string(settings.LICET_SUBSCRIPTIONS))


def dotted(*, handler: Callable[..., None]) -> str:
    """Return the name under which a delivery remembers its handler."""
    return f"{handler.__module__}.{handler.__qualname__}"


def digest(*, previous: str, event: Event) -> str:
    """Return the SHA-256 (hex) of an event's row and the hash before it; labels stay outside."""
    return digest_of(
        previous=previous,
        position=event.position,
        name=event.name,
        at=event.at,
        team=event.team,
        actor_kind=event.actor_kind,
        actor_id=event.actor_id,
        facts=event.facts,
    )


def digest_of(
    *,
    previous: str,
    position: int,
    name: str,
    at: datetime,
    team: int,
    actor_kind: str,
    actor_id: int | None,
    facts: dict[str, Any],
) -> str:
    """Return what `digest` returns, of a row that is no object: the gateway writes its events so."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    row = [previous, position, name, moment, team, actor_kind, actor_id, facts]
    text = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _write(*, record: Record) -> None:
    by_team: dict[int, list[Fact]] = {}
    for team, fact in record.facts:
        by_team.setdefault(team, []).append(fact)
    table = subscriptions()
    for team in sorted(by_team):
        events = Event.objects.bulk_create(_chained(team=team, facts=by_team[team], record=record))
        Delivery.objects.bulk_create(
            Delivery(event=event, handler=dotted(handler=handler), due_at=record.now)
            for event, fact in zip(events, by_team[team], strict=True)
            for handler in table[type(fact)]
        )


def _chained(*, team: int, facts: list[Fact], record: Record) -> list[Event]:
    # The lock keeps every other change of this team from taking the same position; a chain that
    # is not there yet is made first, and the loser of that race waits here for the winner's row.
    chain = Chain.objects.select_for_update().filter(pk=team).first()
    if chain is None:
        Chain.objects.bulk_create([Chain(key=team)], ignore_conflicts=True)
        chain = Chain.objects.select_for_update().get(pk=team)
    events = []
    for fact in facts:
        values, labels = fact.stored()
        event = Event(
            name=fact.name,
            at=record.now,
            team=team,
            actor_kind=record.by.kind,
            actor_id=record.by.id,
            actor_label=record.by.label,
            facts=_plain(values),
            labels=_plain(labels),
            position=chain.length,
        )
        event.hash = chain.head = digest(previous=chain.head, event=event)
        chain.length += 1
        events.append(event)
    Chain.objects.filter(pk=team).update(head=chain.head, length=chain.length)
    return events


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Refuse whatever JSON would not give back as it was."""
    restored = json.loads(json.dumps(values))
    if restored != values:
        raise TypeError("facts hold plain values: text, whole numbers, true or false, lists, none")
    return values
