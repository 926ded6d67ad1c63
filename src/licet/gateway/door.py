"""The door of one process: which call answers which path, and what becomes of every fault."""

import logging
import os
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from django.db import DatabaseError, InterfaceError, OperationalError, connections

from licet.gateway import calls, errors
from licet.gateway.answers import Answer, problem
from licet.gateway.checkout import checkout
from licet.gateway.renewal import release, renew
from licet.gateway.store import FAILURES
from licet.gateway.telling import Keys
from licet.kernel.refusal import Refusal
from licet.leases.errors import LeaseRefusal

log = logging.getLogger("licet.gateway")


class Answers(Protocol):
    """One call of the door."""

    def __call__(self, call: calls.Call, *, keys: Keys, now: datetime) -> Answer:
        """Answer, or raise a LeaseRefusal."""
        ...


CALLS: dict[str, Answers] = {
    "/v1/leases/checkout": checkout,
    "/v1/leases/renew": renew,
    "/v1/leases/release": release,
}


class Door:
    """From a call to its answer. `chance` gives random bytes for the identifiers of leases."""

    def __init__(self, *, chance: Callable[[int], bytes] = os.urandom) -> None:
        self.keys = Keys(chance=chance)

    def answer(self, call: calls.Call, *, now: datetime) -> Answer:
        """Answer one call; whatever happens, with a status and a body, and ready for the next one."""
        try:
            return self._answer(call, now)
        except LeaseRefusal as refusal:
            more = {"server_time": calls.seconds(now)} if isinstance(refusal, errors.ClockOff) else None
            return problem(refusal, languages=call.languages, more=more)
        except (OperationalError, InterfaceError, *FAILURES):
            log.exception("the database did not answer")
            _forget_connection()
            return problem(errors.Busy(), languages=call.languages)
        except Refusal as refusal:  # no key to sign with: the operator's matter, told in the log
            log.error("the door cannot sign: %s", refusal)
            return problem(errors.Busy(), languages=call.languages)
        except Exception:
            log.exception("a call of the door failed")
            _forget_connection()
            return problem(errors.OurFault(), languages=call.languages)

    def _answer(self, call: calls.Call, now: datetime) -> Answer:
        if call.method != "POST":
            raise errors.WrongMethod
        if call.content_type.partition(";")[0].strip().lower() != "application/json":
            raise errors.WrongContentType
        if len(call.body) > calls.BODY_LIMIT:
            raise errors.BodyTooLarge(limit=calls.BODY_LIMIT)
        return CALLS[call.path](call, keys=self.keys, now=now)


def _forget_connection() -> None:
    """Let the next call of this thread begin with a connection that works."""
    connection = connections["default"]
    if connection.in_atomic_block:
        return
    try:
        connection.close()
    except DatabaseError:
        log.warning("closing a broken connection failed", exc_info=True)
