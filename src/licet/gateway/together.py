"""Taking calls through their steps: one alone, or many in one transaction.

On SQLite the calls of a group follow each other: its one writer has nothing to wait for but the disk, and
that is asked once. On PostgreSQL they go in step, so that the same step of all is one statement.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from licet.gateway import many, steps
from licet.gateway.store import Store
from licet.leases.errors import LeaseRefusal

Ready = tuple[steps.Work, steps.Step]
"""A call that has been read, and its first step."""

Result = steps.Outcome | LeaseRefusal


class InDoubt(Exception):
    """The commit itself failed: nobody knows whether it is on disk, so nothing may be tried again."""


def decide(*, store: Store, work: steps.Work, step: steps.Step) -> steps.Outcome:
    """Take one call to its end."""
    try:
        while True:
            step = work.send(store.do(step))
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
            found = _one_by_one(store, ready) if store.sqlite else _in_step(store, ready)
            decided = True
    except Exception as error:
        if decided:
            raise InDoubt from error
        raise
    return found


def _one_by_one(store: Store, ready: Sequence[Ready]) -> tuple[list[Result | None], list[int]]:
    results: list[Result | None] = []
    for work, step in ready:
        try:
            results.append(decide(store=store, work=work, step=step))
        except LeaseRefusal as refusal:  # it comes before the call has written anything
            results.append(refusal)
    return results, []


def _in_step(store: Store, ready: Sequence[Ready]) -> tuple[list[Result | None], list[int]]:
    results: list[Result | None] = [None] * len(ready)
    waiting = {index: step for index, (_work, step) in enumerate(ready)}
    left: list[int] = []
    while waiting:
        kind = min({type(step) for step in waiting.values()}, key=steps.ORDER.index)
        group = [index for index, step in waiting.items() if type(step) is kind]
        found = many.do_all(store=store, kind=kind, several=[waiting.pop(index) for index in group])
        seen: set[object] = set()
        for index, value in zip(group, found, strict=True):
            if _meets(value, seen):
                left.append(index)
                continue
            try:
                waiting[index] = ready[index][0].send(value)
            except StopIteration as end:
                results[index] = end.value
            except LeaseRefusal as refusal:
                results[index] = refusal
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
