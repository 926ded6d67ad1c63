"""Leases that this process has written lately: renewing them again so soon needs no write.

A lease asks to be renewed when about half of its time is over. Whoever renews in the first quarter gets
another identifier, and the same end; the counter and the identifier are kept in memory. They are on disk
again at the first renewal after that quarter: at least once in each lease's time.

The identifier tells what was never written: its mark is a base, which chance gives at each write, and the
number of renewals since. After a crash, and in another process, a mark with the base on disk and a higher
number is one of ours. A copied state folder that slips in between is noticed one renewal later: then its
base has gone.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

import orjson

from licet.leases import rules

KEPT = 100_000
"""Leases remembered at most, some 100 MB; of more, the oldest are written at their next renewal."""

CHANGING = frozenset({"jti", "iat", "nbf", "seq", "nonce"})
DAY = 24 * 60 * 60


Whose = tuple[int, int, int]
"""The keys of the lease's row, its device, its license."""


@dataclass(slots=True)
class Entry:
    """A lease as it is out, and where it stands on disk."""

    row: int
    device: int
    license: int
    written: int  # the mark on disk
    mark: int
    seq: int
    nonce: str
    issued: int  # seconds, as in the claims
    until: float  # seconds: from then on a renewal is written
    claims: bytes  # JSON of what does not change, without its last brace
    previous: int | None = None
    loud: bool = False  # something is wrong with it: let the database decide
    lock: Lock = field(default_factory=Lock)

    def again(self, *, mark: int, seq: int, nonce: str) -> bool:
        """Whether the call is the last one once more, whose answer was lost."""
        return self.previous == mark and (self.seq, self.nonce) == (seq, nonce)

    def step(self, *, mark: int, seq: int, nonce: str, now: datetime) -> tuple[bytes, str] | None:
        """Go on to the next identifier and return the claims with it, and it; again for the last call again.

        None where the call does not fit, or the number has no room: the database has to decide.
        """
        with self.lock:  # two threads with one lease: one of them goes on
            if not self.again(mark=mark, seq=seq, nonce=nonce):
                following = rules.next_mark(self.mark)
                if self.loud or self.mark != mark or seq <= self.seq or following is None:
                    return None
                self.previous, self.mark, self.seq, self.nonce = mark, following, seq, nonce
                self.issued = int(now.timestamp())
            return self._claims()

    def _claims(self) -> tuple[bytes, str]:
        lease = rules.lease_id(row=self.row, mark=self.mark)
        return self.payload(lease), lease

    def payload(self, lease: str) -> bytes:
        """Return the claims of the lease that is out, as JSON, under its identifier."""
        changing = b',"jti":"%b","iat":%d,"nbf":%d,"seq":%d,"nonce":%b}'
        spelled = orjson.dumps(self.nonce)
        return self.claims + changing % (lease.encode(), self.issued, self.issued, self.seq, spelled)


class Lately:
    """The leases of one process, the oldest first."""

    def __init__(self) -> None:
        self.entries: OrderedDict[int, Entry] = OrderedDict()
        self.lock = Lock()

    def get(self, row: int) -> Entry | None:
        """Return what is known of a row."""
        return self.entries.get(row)

    def keep(self, *, claims: dict[str, Any], mark: int, grant_until: datetime, whose: Whose) -> bytes:
        """Remember a lease that was written, and return its claims as JSON."""
        # with the next day (UTC) begins another day of use, which is written
        issued = claims["iat"]
        midnight = (issued // DAY + 1) * DAY
        quarter = issued + (claims["exp"] - issued) / 4
        row, device, license = whose
        constant = {name: value for name, value in claims.items() if name not in CHANGING}
        entry = Entry(
            row=row,
            device=device,
            license=license,
            written=mark,
            mark=mark,
            seq=claims["seq"],
            nonce=claims["nonce"],
            issued=issued,
            until=min(quarter, midnight, grant_until.timestamp()),
            claims=orjson.dumps(constant)[:-1],
        )
        payload = entry.payload(claims["jti"])  # before another thread can renew it
        with self.lock:
            self.entries[row] = entry
            self.entries.move_to_end(row)
            if len(self.entries) > KEPT:
                self.entries.popitem(last=False)
        return payload

    def forget(self, row: int) -> None:
        """Leave a lease to the database."""
        with self.lock:
            self.entries.pop(row, None)
