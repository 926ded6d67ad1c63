"""The door's events: the same rows as `eventlog.change` writes, by plain SQL, for a whole group at once.

The first check-out of a device is told, and on the morning after a roll-out each one is the first. Through
the ORM an event costs three times what the rest of its check-out does, here three fifths of it (SQLite,
groups of 64).
"""

import json
from collections.abc import Sequence
from typing import Any

from licet.eventlog.change import change, digest_of, subscriptions
from licet.eventlog.facts import Fact
from licet.eventlog.models import INSTALLATION
from licet.gateway import sql, sql_json, sql_many, steps
from licet.gateway.store import Store
from licet.kernel.actor import Actor, ActorKind

Chains = dict[int, tuple[str, int]]
"""Head and length, by team."""


def tell_all(*, store: Store, several: Sequence[steps.Tell]) -> None:
    """Write what several calls tell into the chains of their teams, which are locked in ascending order."""
    told = sorted(several, key=lambda step: step.team or INSTALLATION)
    consequences = subscriptions()
    if any(consequences[type(fact)] for step in told for fact in step.facts):
        for step in told:
            _with_consequences(step)
        return
    teams = sorted({step.team or INSTALLATION for step in told})
    chains = _locked(store, teams)
    events = [_chained(chains, step, fact) for step in told for fact in step.facts]
    ends = [(team, *chains[team]) for team in teams]
    if store.sqlite:
        store.run_all(sql.EVENT, events)
        store.run_all(sql.CHAIN_ON, ends)
    else:
        store.run(sql_many.EVENTS, _columns(events))
        store.run(sql_many.CHAINS_ON, _columns(ends))


def _with_consequences(step: steps.Tell) -> None:
    """Have the event log write facts that somebody waits for: their deliveries are its own matter."""
    with change(by=_actor(step), now=step.now) as record:
        for fact in step.facts:
            record(fact, team=step.team)


def _actor(step: steps.Tell) -> Actor:
    who = step.who
    return Actor(kind=ActorKind.PERSON, id=who.person, label=who.full_name or who.email)


def _locked(store: Store, teams: list[int]) -> Chains:
    if store.sqlite:
        found = store.run(sql_json.CHAINS, (json.dumps(teams),))
    else:  # made first: the loser of a race for a new chain waits here for the winner's row
        store.run(sql_many.CHAINS_MADE, (teams,))
        found = store.run(sql_many.CHAINS_LOCKED, (teams,)).fetchall()
    chains: Chains = dict.fromkeys(teams, ("", 0))
    chains.update({key: (head, length) for key, head, length in found})
    return chains


def _chained(chains: Chains, step: steps.Tell, fact: Fact) -> tuple[Any, ...]:
    """Return an event's row, and let its chain end with it."""
    team, actor = step.team or INSTALLATION, _actor(step)
    head, position = chains[team]
    facts, labels = fact.stored()
    hashed = digest_of(
        previous=head,
        position=position,
        name=fact.name,
        at=step.now,
        team=team,
        actor_kind=actor.kind,
        actor_id=actor.id,
        facts=facts,
    )
    chains[team] = hashed, position + 1
    by = (actor.kind.value, actor.id, actor.label)
    return (fact.name, step.now, team, *by, json.dumps(facts), json.dumps(labels), position, hashed)


def _columns(several: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*several, strict=True)]
