"""Taking calls through their steps: one alone, or many in one transaction.

Those of one kind go in step, so that the same step of all is one statement. On PostgreSQL each kind has a
transaction of its own; SQLite, with its one writer, has one commit for all of them.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from licet.gateway import many, steps
from licet.gateway.store import Store
from licet.leases.errors import LeaseRefusal

Ready = tuple[steps.Work, steps.Step]
"""A call that has been read, and its first step."""

Result = steps.Outcome | LeaseRefusal

_PLACE = {kind: place for place, kind in enumerate(steps.ORDER)}


class InDoubt(Exception):
    """The commit itself failed: nobody knows whether it is on disk, so nothing may be tried again."""


def decide(*, store: Store, work: steps.Work, step: steps.Step) -> steps.Outcome:
    """Take one call to its end."""
    try:
        while True:
            (found,) = many.do_all(store=store, kind=type(step), several=[step])
            step = work.send(found)
    except StopIteration as end:
        outcome: steps.Outcome = end.value
        return outcome


def groups(*, store: Store, ready: Sequence[Ready]) -> Iterator[list[int]]:
    """Part the calls (by their index) into those that may share a transaction.

    PostgreSQL: check-outs hold a person and then want devices, renewals the other way about; mixed, two
    processes could wait for each other in a circle. SQLite has one writer and no circles; there, whoever
    only reads does not ask to be that one.
    """
    kinds: dict[object, list[int]] = {}
    for index, (_work, step) in enumerate(ready):
        kinds.setdefault(type(step) in steps.READS if store.sqlite else type(step), []).append(index)
    yield from kinds.values()


def decide_all(*, store: Store, ready: Sequence[Ready]) -> tuple[list[Result | None], list[int]]:
    """Take calls to their ends in one transaction; return results, and the indexes of those that are left.

    Left are calls that need to see what another one of this transaction writes. An exception has
    rolled everything back; InDoubt says that this is not certain.
    """
    decided = False
    try:
        with store.transaction(reads=type(ready[0][1]) in steps.READS):
            found = _kind_by_kind(store, ready) if store.sqlite else _in_step(store, ready)
            decided = True
    except Exception as error:
        if decided:
            raise InDoubt from error
        raise
    return found


def _kind_by_kind(store: Store, ready: Sequence[Ready]) -> tuple[list[Result | None], list[int]]:
    """Take each kind to its end before the next: a renewal reads what a check-out of this group has written.

    Calls that met another one come last, when it is written; the one writer needs no other transaction.
    """
    results: list[Result | None] = [None] * len(ready)
    kinds: dict[type, list[int]] = {}
    for index, (_work, step) in enumerate(ready):
        kinds.setdefault(type(step), []).append(index)
    for kind in sorted(kinds, key=_PLACE.__getitem__):
        waiting = kinds[kind]
        while waiting:
            found, left = _in_step(store, [ready[index] for index in waiting])
            for index, result in zip(waiting, found, strict=True):
                results[index] = result
            waiting = [waiting[position] for position in left]
    return results, []


def _in_step(store: Store, ready: Sequence[Ready]) -> tuple[list[Result | None], list[int]]:
    results: list[Result | None] = [None] * len(ready)
    # calls by the kind of step that they have come to; a call goes down the list of kinds only
    waiting: dict[type, list[tuple[int, steps.Step]]] = {}
    for index, (_work, step) in enumerate(ready):
        waiting.setdefault(type(step), []).append((index, step))
    left: list[int] = []
    while waiting:
        kind = min(waiting, key=_PLACE.__getitem__)
        group = waiting.pop(kind)
        found = many.do_all(store=store, kind=kind, several=[step for _index, step in group])
        seen: set[object] = set()
        for (index, _step), value in zip(group, found, strict=True):
            if kind in many.MEETING and _meets(value, seen):
                left.append(index)
                continue
            try:
                step = ready[index][0].send(value)
            except StopIteration as end:
                results[index] = end.value
            except LeaseRefusal as refusal:
                results[index] = refusal
            else:
                waiting.setdefault(type(step), []).append((index, step))
    return results, left


def _meets(value: Any, seen: set[object]) -> bool:
    """Whether an earlier call of the group is of the same person, or about the same lease."""
    key = many.meeting(value)
    if key is None:
        return False
    if key in seen:
        return True
    seen.add(key)
    return False
