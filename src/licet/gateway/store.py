"""The reading and writing of calls, one step at a time, inside one transaction.

One connection per thread, the one that Django keeps there; statements go to the driver under it,
so that an event written through `eventlog` shares the commit.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections, transaction

from licet.gateway import rows, sql, steps
from licet.leases.rules import Right, Work

NEVER = 2**31
"""So often a statement has to come before psycopg prepares it unasked; the door asks."""

FAILURES = (sqlite3.OperationalError, psycopg.OperationalError, psycopg.InterfaceError)
"""What says that the database, not the call, is in trouble."""


class Store:
    """The database, as one thread of the door sees it."""

    def __init__(self) -> None:
        self.sqlite = connections["default"].vendor == "sqlite"
        self.known: Any = None
        self.raw: Any = None

    @contextmanager
    def transaction(self, *, reads: bool = False) -> Iterator[None]:
        """Open one transaction; what was written in it is on disk when the block has ended.

        `reads`: nothing is written, and what is read needs not be of one moment: no transaction.
        """
        connection = connections["default"]
        if connection.connection is None:
            connection.ensure_connection()
        self.raw = connection.connection
        if self.known is not self.raw:
            self._set_up(inside=connection.in_atomic_block)
        if reads:
            yield
            return
        with transaction.atomic():
            yield

    def _set_up(self, *, inside: bool) -> None:
        """Set up a connection that this thread has not seen before."""
        if not self.sqlite:
            # Django has psycopg prepare nothing, because its own statements are never the same text twice
            self.raw.prepare_threshold = NEVER if settings.LICET_PREPARED_STATEMENTS else None
        elif not inside:
            for setting in (sql.DURABLE, sql.MAPPED, sql.CACHED):
                self.raw.execute(setting)
        else:
            return
        self.known = self.raw

    def do(self, step: steps.Step) -> Any:
        """Take one step and return what it says it gives."""
        return _DO[type(step)](self, step)

    def run(self, text: str, values: Sequence[Any], *, lock: str = "") -> Any:
        """Run a statement under the driver's own cursor."""
        if self.sqlite:
            return self.raw.execute(_question_marks(text), _texts(values))
        return psycopg.Cursor(self.raw).execute(text + lock, values, prepare=True, binary=True)

    def run_all(self, text: str, several: Sequence[Sequence[Any]]) -> int:
        """Run a statement of SQLite for each of several rows of values; return how many rows it changed."""
        return int(self.raw.executemany(_question_marks(text), map(_texts, several)).rowcount)


def _find_bearer(store: Store, step: steps.FindBearer) -> rows.Bearer | None:
    row = store.run(sql.BEARER, (step.jkt, step.token_hash), lock=sql.BEARER_LOCK).fetchone()
    return None if row is None else rows.bearer(row)


def _find_running(store: Store, step: steps.FindRunning) -> rows.Running | None:
    return rows.running(store.run(sql.RUNNING, (step.now, step.pk), lock=sql.RUNNING_LOCK).fetchall())


def _find_code(store: Store, step: steps.FindCode) -> rows.CodeRow | None:
    row = store.run(sql.CODE, (step.code_hash,)).fetchone()
    return None if row is None else rows.code(row)


def _still_good(store: Store, step: steps.StillGood) -> int | None:
    row = store.run(sql.STILL, (step.pk,)).fetchone()
    return None if row is None else int(row[0])


def _find_rights(store: Store, step: steps.FindRights) -> rows.Held:
    return rows.held(store.run(sql.RIGHTS, (step.product, step.now, step.person)).fetchall())


def _find_history(store: Store, step: steps.FindHistory) -> list[tuple[Right, bool]]:
    found = store.run(sql.HISTORY, (step.product, step.person)).fetchall()
    return [(rows.right(row), row[11] is None and row[12] is None) for row in found]


def _find_names(store: Store, step: steps.FindNames) -> dict[str, str] | None:
    row = store.run(sql.PRODUCT, (step.product,)).fetchone()
    return None if row is None else rows.as_json(row[0])


def _find_elsewhere(store: Store, step: steps.FindElsewhere) -> list[rows.Other]:
    return rows.others(store.run(sql.ELSEWHERE, (step.seat, step.now)).fetchall())


def _find_work(store: Store, step: steps.FindWork) -> Work | None:
    text = sql.WORK_KNOWN if isinstance(step.project, int) else sql.WORK_NAMED
    row = store.run(text, (step.person, step.project)).fetchone()
    return None if row is None else rows.work(row)


def _find_concerned(store: Store, step: steps.FindConcerned) -> list[int]:
    return [row[0] for row in store.run(sql.CONCERNED, (step.product, step.person)).fetchall()]


def _find_ever(store: Store, step: steps.FindEver) -> bool:
    return store.run(sql.EVER, (step.seat, step.device)).fetchone() is not None


def _prove(store: Store, step: steps.Prove) -> bool:
    return bool(store.run(sql.PROVE, (step.counter, step.now, step.device, step.counter)).rowcount)


def _touch(store: Store, step: steps.Touch) -> None:
    store.run(sql.TOUCH, (step.counter, step.counter, step.now, step.denied, step.now, step.device))


def _keep(store: Store, step: steps.Keep) -> int:
    if store.sqlite and step.row is not None:
        store.run(sql.KEEP_ON, steps.kept_on(step))
        return step.row
    return int(store.run(sql.KEEP, steps.kept(step)).fetchone()[0])


def _replace(store: Store, step: steps.Replace) -> None:
    store.run(sql.REPLACE, (step.now, step.seat, step.device, step.now))


def _renew(store: Store, step: steps.Renew) -> None:
    store.run(sql.RENEW, steps.renewed(step))


def _release(store: Store, step: steps.Release) -> None:
    store.run(sql.RELEASE, (step.now, step.seq, step.nonce, step.pk))


def _use(store: Store, step: steps.Use) -> None:
    store.run(sql.USED, (step.right.team, step.right.seat, step.day))


def _first_use(store: Store, step: steps.FirstUse) -> None:
    store.run(sql.FIRST_USE, (step.now, step.right.seat))


_DO: dict[type, Callable[[Store, Any], Any]] = {
    steps.FindBearer: _find_bearer,
    steps.FindRunning: _find_running,
    steps.FindCode: _find_code,
    steps.StillGood: _still_good,
    steps.FindRights: _find_rights,
    steps.FindHistory: _find_history,
    steps.FindNames: _find_names,
    steps.FindElsewhere: _find_elsewhere,
    steps.FindWork: _find_work,
    steps.FindConcerned: _find_concerned,
    steps.FindEver: _find_ever,
    steps.Prove: _prove,
    steps.Touch: _touch,
    steps.Replace: _replace,
    steps.Keep: _keep,
    steps.Renew: _renew,
    steps.Release: _release,
    steps.Use: _use,
    steps.FirstUse: _first_use,
}
_marked: dict[str, str] = {}


def _texts(values: Sequence[Any]) -> list[Any]:
    return [rows.as_text(value) if isinstance(value, date) else value for value in values]


def _question_marks(text: str) -> str:
    found = _marked.get(text)
    if found is None:
        found = _marked[text] = text.replace("%s", "?")
    return found
