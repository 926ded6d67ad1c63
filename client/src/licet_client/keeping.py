"""Keeping a lease alive in the background: when to ask again, how long to wait, what to tell.

`Keeper.step` is one turn without a thread; `Client.keep` and `AsyncClient.keep` call it again and
again. The server paces renewals (`renew_after`); a server that does not answer is asked less and
less often, each time by chance a little earlier or later, so that a thousand applications do not
come back in the same second.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import TYPE_CHECKING, Self

from licet_client.errors import LicetError, NoLease, NotSignedIn, Refused, Unreachable
from licet_client.lease import Lease

if TYPE_CHECKING:
    from licet_client.client import Client

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 600.0
"""Seconds between two tries while the server does not answer: doubled each time, at most ten minutes."""

LOOK_AGAIN = 300.0
"""Seconds between two tries after a no that somebody else may take back."""


class Condition(StrEnum):
    """How the application stands with its lease."""

    GOOD = "good"  # the lease holds and the server answers
    OFFLINE = "offline"  # the lease holds, the server does not answer
    OUTAGE = "outage"  # the lease has ended; the server allowed to go on while it does not answer
    LOST = "lost"  # there is no lease any more: let the user save, then stop


@dataclass(frozen=True, slots=True)
class Standing:
    """The condition, the lease as far as there is one, and what went wrong."""

    condition: Condition
    lease: Lease | None = None
    error: LicetError | None = None

    @property
    def may_run(self) -> bool:
        """Whether the application may go on."""
        return self.condition is not Condition.LOST


class Keeper:
    """Keeps one product's lease alive for a client.

    As a context manager it runs a thread and gives the lease back at the end, unless `release` is
    false. `on_change` is called for each new standing, in that thread.
    """

    def __init__(
        self,
        client: "Client",
        product: str,
        *,
        on_change: Callable[[Standing], object] | None = None,
        release: bool = True,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.client = client
        self.product = product
        self.standing = Standing(Condition.LOST, error=NoLease(product=product))
        self._on_change = on_change
        self._release = release
        self._chance = chance
        self._failures = 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def step(self) -> float | None:
        """Do what is due; return the seconds until the next step, or None when asking again is no use."""
        try:
            lease = self._current()
        except Unreachable as error:
            return self._unanswered(error)
        except Refused as refusal:
            if refusal.status == 429 or refusal.status >= 500:
                return self._unanswered(refusal)
            return self._refused(refusal)
        except LicetError as error:
            if not (isinstance(error, NotSignedIn) and isinstance(self.standing.error, Refused)):
                self._tell(Standing(Condition.LOST, error=error))
            return None  # who lost the seat is signed out with it: the loss is what the user should read
        self._failures = 0
        self._tell(Standing(Condition.GOOD, lease=lease))
        return max(1.0, (lease.renew_after - self._now()).total_seconds())

    def start(self) -> Standing:
        """Take the first step here, leave the others to a thread; return the standing after the first."""
        pause = self.step()
        if pause is not None:
            name = f"lease of {self.product}"
            self._thread = threading.Thread(target=self._run, args=(pause,), name=name, daemon=True)
            self._thread.start()
        return self.standing

    def stop(self) -> None:
        """End the thread; give the lease back unless told not to."""
        self._stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        if self._release:
            self.give_back()

    def give_back(self) -> None:
        """Give the lease back as far as the server answers: it ends by itself otherwise.

        One that was borrowed stays: taking it along is what it is for.
        """
        try:
            lease = self.client.status(self.product)  # it may have been borrowed since the last step
        except LicetError:
            lease = self.standing.lease
        if lease and lease.borrowed:
            return
        try:
            self.client.release(self.product)
        except LicetError:
            return

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self, pause: float) -> None:
        following: float | None = pause
        while following is not None and not self._stop.wait(following):
            following = self.step()

    def _now(self) -> datetime:
        return self.client.moment()

    def _current(self) -> Lease:
        """Return a lease that is not due: the stored one, a renewed one, or a new one."""
        if isinstance(self.standing.error, Refused) and not self.standing.may_run:
            return self.client.checkout(self.product)  # what is stored has lost its seat
        try:
            lease = self.client.status(self.product)
        except NoLease:
            return self.client.checkout(self.product)
        except LicetError:  # ended, does not hold, clock set back: one contact heals all of them
            return self.client.renew(self.product)
        return self.client.renew(self.product) if lease.due(self._now()) else lease

    def _unanswered(self, error: LicetError) -> float:
        """The server is away: say what that means for the user, and wait longer each time."""
        try:
            lease = self.client.status(self.product)
        except LicetError:
            self._tell(Standing(Condition.LOST, error=error))
        else:
            ended = self._now() >= lease.expires_at
            self._tell(Standing(Condition.OUTAGE if ended else Condition.OFFLINE, lease, error))
        asked = error.retry_after if isinstance(error, Refused) else None
        pause = min(FIRST_PAUSE * float(2**self._failures), LONGEST_PAUSE)
        self._failures = min(self._failures + 1, 10)
        if asked:
            return asked * (1 + self._chance() / 4)  # never earlier than told
        return pause * (0.5 + self._chance() / 2)

    def _refused(self, refusal: Refused) -> float | None:
        self._tell(Standing(Condition.LOST, error=refusal))
        if refusal.fixed_by == "application":
            return None
        return LOOK_AGAIN * (1 + self._chance())

    def _tell(self, standing: Standing) -> None:
        before, self.standing = self.standing, standing
        same = before.condition is standing.condition and before.lease == standing.lease
        if self._on_change and not (same and _code(before) == _code(standing)):
            self._on_change(standing)


def _code(standing: Standing) -> str:
    return standing.error.code if standing.error else ""
