"""The same step of many calls as one statement of SQLite.

A group is alone with the database from its beginning to its commit: what one statement has read is still
true when the next one writes.
"""

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from licet.gateway import rows, sql, sql_json, steps
from licet.gateway.store import Store


def _json(values: Any) -> str:
    return orjson.dumps(values).decode()


def _find_bearers(store: Store, several: list[steps.FindBearer]) -> list[rows.Bearer | None]:
    # one token twice is one person twice: the second of them is asked again, whatever it finds here
    asked = _json({step.token_hash: step.jkt for step in several})
    found = {row[20]: rows.bearer(row) for row in store.run(sql_json.BEARERS, (asked,))}
    return [found.get(step.token_hash) for step in several]


def _find_running(store: Store, several: list[steps.FindRunning]) -> list[rows.Running | None]:
    found: list[list[Any]] = [[] for _ in several]
    asked = _json([step.pk for step in several])
    for row in store.run(sql_json.RUNNING_MANY, (asked, several[0].now)):
        found[row[-1]].append(row)
    return [rows.running(each) for each in found]


def _find_codes(store: Store, several: list[steps.FindCode]) -> list[rows.CodeRow | None]:
    found: list[rows.CodeRow | None] = [None] * len(several)
    for row in store.run(sql_json.CODES, (_json([step.code_hash for step in several]),)):
        found[row[-1]] = rows.code(row)
    return found


def _still_good(store: Store, several: list[steps.StillGood]) -> list[int | None]:
    marks = dict(store.run(sql_json.STILL_MANY, (_json([step.pk for step in several]),)).fetchall())
    return [marks.get(step.pk) for step in several]


def _find_rights(store: Store, several: list[steps.FindRights]) -> list[rows.Held]:
    found: dict[str, list[Any]] = {str(step.person): [] for step in several}
    asked = _json({str(step.person): step.product for step in several})
    for row in store.run(sql_json.RIGHTS_OF_MANY, (asked, several[0].now)):
        found[row[-1]].append(row)
    return [rows.held(found[str(step.person)]) for step in several]


def _prove(store: Store, several: list[steps.Prove]) -> list[bool]:
    values = [(step.counter, step.now, step.device, step.counter) for step in several]
    if store.run_all(sql.PROVE, values) == len(several):
        return [True] * len(several)
    asked = _json({str(step.device): step.counter for step in several})
    proved = {row[0] for row in store.run(sql_json.PROVED, (asked,))}
    return [step.device in proved for step in several]


def _keep(store: Store, several: list[steps.Keep]) -> list[int]:
    store.run_all(sql.KEEP_ON, [steps.kept_on(step) for step in several if step.row is not None])
    return [step.row if step.row is not None else store.do(step) for step in several]


def _renew(store: Store, several: list[steps.Renew]) -> list[None]:
    store.run_all(sql.RENEW, [steps.renewed(step) for step in several])
    return [None] * len(several)


def _use(store: Store, several: list[steps.Use]) -> list[None]:
    store.run_all(sql.USED, [(step.right.team, step.right.seat, step.day) for step in several])
    return [None] * len(several)


MANY: dict[type, Callable[[Store, Any], Sequence[Any]]] = {
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
"""What has a statement for many; whatever is rare goes by the plain ones."""
