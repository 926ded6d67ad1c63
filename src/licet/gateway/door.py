"""The door of one process: which call answers which path, and what becomes of every fault."""

import logging
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import local
from typing import Protocol

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connections

from licet.gateway import calls, errors, steps
from licet.gateway.answers import Answer, problem
from licet.gateway.checkout import checkout
from licet.gateway.limits import Limits
from licet.gateway.renewal import release, renew
from licet.gateway.store import FAILURES, Store
from licet.gateway.telling import Keys
from licet.gateway.together import InDoubt, Ready, Result, decide, decide_all, groups
from licet.gateway.validation import validate
from licet.kernel.refusal import Refusal
from licet.leases.errors import LeaseRefusal
from licet.licenses.errors import CodeMistyped

log = logging.getLogger("licet.gateway")


class Answers(Protocol):
    """One call of the door."""

    def __call__(self, call: calls.Call, *, keys: Keys, limits: Limits, now: datetime) -> steps.Work:
        """Read the call and go its steps, or raise a LeaseRefusal before anything is written."""
        ...


CALLS: dict[str, Answers] = {
    "/v1/leases/checkout": checkout,
    "/v1/leases/renew": renew,
    "/v1/leases/release": release,
    "/v1/codes/validate": validate,
}


READING = frozenset({"/v1/codes/validate"})
"""Calls that never write."""


class Door:
    """From calls to their answers. `chance` gives random bytes for the identifiers of leases."""

    def __init__(self, *, chance: Callable[[int], bytes] = os.urandom, limits: Limits | None = None) -> None:
        self.keys = Keys(chance=chance)
        self.limits = limits or Limits(
            device=settings.LICET_CALLS_PER_DEVICE, license=settings.LICET_CALLS_PER_LICENSE
        )
        self._own = local()

    def answer(self, call: calls.Call, *, now: datetime) -> Answer:
        """Answer one call; whatever happens, with a status and a body, and ready for the next one."""
        try:
            outcome: steps.Outcome = steps.ANEW
            while outcome is steps.ANEW:
                work = self._work(call, now)
                step = next(work)
                store = self._store()
                with store.transaction(reads=type(step) in steps.READS):
                    outcome = decide(store=store, work=work, step=step)
            return outcome.answer()
        except Exception as fault:
            return self._fault(fault, call, now)

    def answer_all(self, several: Sequence[calls.Call], *, now: datetime) -> list[Answer]:
        """Answer several calls, in their order, with one commit for as many of them as can share it.

        Where a transaction fails, nothing of it stays, and each of its calls is answered by itself: the
        one that was at fault gets its problem, and its neighbors their leases.
        """
        if len(several) == 1:
            return [self.answer(several[0], now=now)]
        try:
            return self._answer_all(several, now)
        except Exception as fault:
            return [self._fault(fault, call, now) for call in several]

    def _answer_all(self, several: Sequence[calls.Call], now: datetime) -> list[Answer]:
        answers: dict[int, Answer] = {}
        ready: dict[int, Ready] = {}
        for index, call in enumerate(several):
            try:
                work = self._work(call, now)
                ready[index] = work, next(work)
            except Exception as fault:
                answers[index] = self._fault(fault, call, now)
        store, waiting = self._store(), list(ready)
        while waiting:
            some = [ready[index] for index in waiting]
            for group in groups(store=store, ready=some):
                mine = [waiting[each] for each in group]
                answers |= self._answer_group(store, several, {index: ready[index] for index in mine}, now)
            waiting = [index for index in waiting if index not in answers]
        return [answers[index] for index in range(len(several))]

    def _answer_group(
        self, store: Store, several: Sequence[calls.Call], ready: dict[int, Ready], now: datetime
    ) -> dict[int, Answer]:
        """Answer calls in one transaction; those that are missing in what returns want the next one."""
        try:
            results, left = decide_all(store=store, ready=list(ready.values()))
        except InDoubt as doubt:
            return {index: self._fault(doubt, several[index], now) for index in ready}
        except Exception:
            log.exception("%d calls failed together; each is tried by itself", len(ready))
            _forget_connection()
            return {index: self.answer(several[index], now=now) for index in ready}
        answers = {}
        for position, index in enumerate(ready):
            if results[position] is steps.ANEW:
                answers[index] = self.answer(several[index], now=now)
            elif position not in left:
                answers[index] = self._said(results[position], several[index], now)
        return answers

    def _said(self, result: Result | None, call: calls.Call, now: datetime) -> Answer:
        try:
            if result is None or isinstance(result, LeaseRefusal):
                raise result or RuntimeError("a call came to no end")
            return result.answer()
        except Exception as fault:
            return self._fault(fault, call, now)

    def _work(self, call: calls.Call, now: datetime) -> steps.Work:
        if call.method != "POST":
            raise errors.WrongMethod
        if call.content_type.partition(";")[0].strip().lower() != "application/json":
            raise errors.WrongContentType
        if len(call.body) > calls.BODY_LIMIT:
            raise errors.BodyTooLarge(limit=calls.BODY_LIMIT)
        return CALLS[call.path](call, keys=self.keys, limits=self.limits, now=now)

    def _store(self) -> Store:
        store: Store | None = getattr(self._own, "store", None)
        if store is None:
            store = self._own.store = Store()
        return store

    def _fault(self, fault: Exception, call: calls.Call, now: datetime) -> Answer:
        """Return the problem that a fault is to the caller, and tell the log what concerns the operator."""
        if isinstance(fault, LeaseRefusal | CodeMistyped):
            more = {"server_time": calls.seconds(now)} if isinstance(fault, errors.ClockOff) else None
            return problem(fault, languages=call.languages, more=more)
        if isinstance(fault, (OperationalError, InterfaceError, InDoubt, *FAILURES)):
            log.error("the database did not answer", exc_info=fault)
            _forget_connection()
            return problem(errors.Busy(), languages=call.languages)
        if isinstance(fault, Refusal):  # no key to sign with: the operator's matter, told in the log
            log.error("the door cannot sign: %s", fault)
            return problem(errors.Busy(), languages=call.languages)
        log.error("a call of the door failed", exc_info=fault)
        _forget_connection()
        return problem(errors.OurFault(), languages=call.languages)


def _forget_connection() -> None:
    """Let the next call of this thread begin with a connection that works."""
    connection = connections["default"]
    if connection.in_atomic_block:
        return
    try:
        connection.close()
    except DatabaseError:
        log.warning("closing a broken connection failed", exc_info=True)
