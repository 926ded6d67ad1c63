"""How often a device and a license may call, in the memory of one process.

A token bucket in the form of the generic cell rate algorithm: one number per caller, the moment at which
its bucket is full again. It is no protection of anything scarce (seats and devices have their locks), so
several processes may each keep their own.
"""

from contextlib import suppress
from datetime import datetime
from math import ceil

from licet.gateway.errors import TooOften

UNKNOWN_CODES = 20
"""License codes that nobody has issued, a minute: from one address, and with one ending."""

KEPT = 200_000
"""Callers remembered at most; beyond that, those who have not called lately are forgotten."""


class Rate:
    """So many calls a minute, as many of them at once as one likes. 0: no limit."""

    def __init__(self, *, per_minute: int) -> None:
        self.pause = 60 / per_minute if per_minute else 0.0
        self.full: dict[object, float] = {}

    def look(self, key: object, now: float) -> float:
        """Return when the bucket would be full after one more; TooOften where it is empty. Counts nothing."""
        full = max(self.full.get(key, 0.0), now) + self.pause
        wait = full - now - 60
        if wait > 0 and self.pause:
            raise TooOften(retry_after=ceil(wait))
        return full

    def take(self, key: object, now: float) -> None:
        """Count a call of `key`; TooOften, with the seconds to wait, when the bucket is empty."""
        if not self.pause:
            return
        full = self.look(key, now)
        if len(self.full) >= KEPT and key not in self.full:
            self._forget(now)
        self.full[key] = full

    def _forget(self, now: float) -> None:
        self.full = {key: full for key, full in self.full.items() if full > now}
        if len(self.full) >= KEPT:
            self.full.clear()


class Limits:
    """The limits of the door."""

    def __init__(self, *, device: int, license: int) -> None:
        self._device = Rate(per_minute=device)
        self._license = Rate(per_minute=license)
        self._address = Rate(per_minute=UNKNOWN_CODES)
        self._ending = Rate(per_minute=UNKNOWN_CODES)

    def device(self, key: object, now: datetime) -> None:
        """Count a call that a device has proved; TooOften beyond its limit."""
        self._device.take(key, now.timestamp())

    def license(self, key: int, now: datetime) -> None:
        """Count a call under a license; TooOften beyond its limit."""
        self._license.take(key, now.timestamp())

    def guesses(self, *, address: str, ending: str, now: datetime) -> None:
        """Refuse (TooOften) whoever has lately tried too many codes that there are not. Counts nothing."""
        self._address.look(address, now.timestamp())
        self._ending.look(ending, now.timestamp())

    def guessed(self, *, address: str, ending: str, now: datetime) -> None:
        """Count a code that there is not."""
        for rate, key in ((self._address, address), (self._ending, ending)):
            with suppress(TooOften):  # several in one group: the next one hears of it
                rate.take(key, now.timestamp())
