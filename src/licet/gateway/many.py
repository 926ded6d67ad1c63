"""The same step of many calls as one statement: here of PostgreSQL, for SQLite in `many_sqlite`."""

from collections.abc import Callable, Sequence
from typing import Any

from licet.gateway import chains, many_sqlite, rows, sql_many, steps
from licet.gateway.store import Store


def do_all(*, store: Store, kind: type, several: list[Any]) -> Sequence[Any]:
    """Take the step of each call; return what it gives, in the same order.

    One alone, and whatever is rare, goes by the plain statement.
    """
    if kind is steps.Tell:
        chains.tell_all(store=store, several=several)
        return [None] * len(several)
    together = (many_sqlite.MANY if store.sqlite else _MANY).get(kind)
    if together is not None and len(several) > 1:
        return together(store, several)
    return [store.do(step) for step in several]


MEETING = frozenset({steps.FindBearer, steps.FindRunning})
"""Steps whose results tell who or what a call is about."""


def meeting(value: Any) -> object | None:
    """Return what two calls must not share in one transaction: a person who checks out, a lease."""
    if isinstance(value, rows.Bearer):
        return value.who.person
    if isinstance(value, rows.Running):
        return value.pk
    return None


def _columns(several: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*several, strict=True)]


def _find_bearers(store: Store, several: list[steps.FindBearer]) -> list[rows.Bearer | None]:
    values = _columns([(step.jkt, step.token_hash) for step in several])
    found: list[rows.Bearer | None] = [None] * len(several)
    for row in store.run(sql_many.BEARERS, values).fetchall():
        found[row[20] - 1] = rows.bearer(row)
    keys = [each.device.pk for each in found if each is not None and each.device is not None]
    devices = {row[0]: rows.device(row) for row in store.run(sql_many.DEVICES, (keys,)).fetchall()}
    return [
        each._replace(device=devices[each.device.pk])
        if each is not None and each.device is not None
        else each
        for each in found
    ]


def _find_running(store: Store, several: list[steps.FindRunning]) -> list[rows.Running | None]:
    values = _columns([(step.pk, step.now) for step in several])
    found: list[list[Any]] = [[] for _ in several]
    for row in store.run(sql_many.RUNNING_MANY, values).fetchall():
        found[row[-1] - 1].append(row)
    return [rows.running(each) for each in found]


def _find_codes(store: Store, several: list[steps.FindCode]) -> list[rows.CodeRow | None]:
    found: list[rows.CodeRow | None] = [None] * len(several)
    for row in store.run(sql_many.CODES, ([step.code_hash for step in several],)).fetchall():
        found[row[-1] - 1] = rows.code(row)
    return found


def _still_good(store: Store, several: list[steps.StillGood]) -> list[int | None]:
    keys = [step.pk for step in several]
    marks = dict(store.run(sql_many.STILL_MANY, (keys,)).fetchall())
    return [marks.get(key) for key in keys]


def _find_rights(store: Store, several: list[steps.FindRights]) -> list[rows.Held]:
    values = _columns([(step.person, step.product, step.now) for step in several])
    found: list[list[Any]] = [[] for _ in several]
    for row in store.run(sql_many.RIGHTS_OF_MANY, values).fetchall():
        found[row[-1] - 1].append(row)
    return [rows.held(each) for each in found]


def _prove(store: Store, several: list[steps.Prove]) -> list[bool]:
    values = _columns([(step.device, step.counter, step.now) for step in several])
    proved = {row[0] for row in store.run(sql_many.PROVE_MANY, values).fetchall()}
    return [step.device in proved for step in several]


def _keep(store: Store, several: list[steps.Keep]) -> list[int]:
    values = [
        (
            *(step.mark, step.right.team, step.right.seat, step.right.license, step.device, step.grant),
            *(step.process, step.period.issued_at, step.period.expires_at, step.period.renew_after),
            *(step.seq, step.nonce, step.project, step.borrowed_until),
        )
        for step in several
    ]
    kept = {tuple(row[1:]): row[0] for row in store.run(sql_many.KEEP_MANY, _columns(values)).fetchall()}
    return [kept[step.right.seat, step.device, step.process] for step in several]


def _renew(store: Store, several: list[steps.Renew]) -> list[None]:
    values = [
        (
            *(step.pk, step.mark, step.right.license, step.period.issued_at, step.period.expires_at),
            *(step.period.renew_after, step.seq, step.nonce),
        )
        for step in several
    ]
    store.run(sql_many.RENEW_MANY, _columns(values))
    return [None] * len(several)


def _use(store: Store, several: list[steps.Use]) -> list[None]:
    values = _columns([(step.right.team, step.right.seat, step.day) for step in several])
    store.run(sql_many.USED_MANY, values)
    return [None] * len(several)


_MANY: dict[type, Callable[[Store, Any], list[Any]]] = {
    steps.FindBearer: _find_bearers,
    steps.FindRunning: _find_running,
    steps.FindCode: _find_codes,
    steps.StillGood: _still_good,
    steps.FindRights: _find_rights,
    steps.Prove: _prove,
    steps.Keep: _keep,
    steps.Renew: _renew,
    steps.Use: _use,
}
