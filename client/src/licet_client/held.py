"""The leases that this application holds here: what is stored of them, and what is believed.

`values` is the stored state, as `State.open` lends it.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

from licet_client import jose
from licet_client.errors import ClockSetBack, InvalidLease, LicetError, NoLease, Refused, Unreachable
from licet_client.lease import LEEWAY, Lease, verify
from licet_client.trust import Trust, read_manifest

Values = dict[str, Any]


class Held:
    """One process's leases, by product."""

    def __init__(
        self,
        *,
        server: str,
        application: str,
        process: str,
        roots: Iterable[dict[str, Any]] | None,
        released_on: date | None,
        clock: Callable[[], float],
    ) -> None:
        self.server = server
        self.application = application
        self.process = process
        self.roots = list(roots) if roots is not None else None
        self.released_on = released_on
        self.clock = clock

    def slot(self, product: str) -> str:
        """Return under which name the product's lease is stored."""
        return f"{self.process}/{product}"

    def products(self, values: Values) -> list[str]:
        """Return the products of which a lease is stored for this process."""
        slots = [slot.partition("/") for slot in values.get("leases", {})]
        return sorted(product for process, _, product in slots if process == self.process)

    def stored(self, values: Values, product: str) -> dict[str, Any]:
        """Return what is stored of the product's lease; NoLease for nothing, InvalidLease for rubbish."""
        found: dict[str, Any] | None = values.get("leases", {}).get(self.slot(product))
        if found is None:
            raise NoLease(product=product)
        try:
            jose.parse(found["lease"]).claims["jti"]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise InvalidLease(reason="form") from None
        return found

    def now(self, values: Values, product: str) -> Lease:
        """Return the stored lease when it holds now.

        Past its end it holds for as long as the server signed, if the server was asked and does not
        answer. Raises NoLease, InvalidLease (`lease_expired` or `lease_invalid`) or ClockSetBack.
        """
        stored = self.stored(values, product)
        now = self.moment(values)
        if now < values.get("seen", 0) - LEEWAY:
            raise ClockSetBack
        return self.verified(values, product, stored, at=now, outage=bool(values.get("unanswered")))

    def moment(self, values: Values) -> float:
        """Return what time it is: by this clock, and by how much it was behind at the last contact."""
        return self.clock() + float(values.get("behind", 0))

    def call(self, values: Values, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Ask the server, and keep whether it answered: only who gets no answer may use the outage time."""
        try:
            answer = ask()
        except Unreachable:
            values["unanswered"] = True
            raise
        except Refused as refusal:
            values["unanswered"] = refusal.status >= 500
            raise
        values["unanswered"] = False
        return answer

    def learn(self, values: Values, ask: Callable[[], dict[str, Any]], *, certificate: object = None) -> None:
        """Read the server's list of keys when it is due; a list with a smaller number is not believed.

        Due is it, too, when a lease comes with a `certificate` that none of the stored ones has: the
        key before may have been stolen.
        """
        kept = values.get("trust")
        known = _trust(kept) if kept else None
        seen = {stored.get("certificate") for stored in values.get("leases", {}).values()}
        if known and certificate in seen and self.clock() < known.next_update.timestamp():
            return
        try:
            answer = ask()
            found = read_manifest(
                str(answer["manifest"]),
                certificate=str(answer["certificate"]),
                roots=self.roots if self.roots is not None else values.get("roots", []),
                issuer=self.server,
                known=known,
            )
        except (LicetError, KeyError):
            return  # the keys that are known stay; the next contact asks again
        values["trust"] = {
            "serial": found.serial,
            "revoked": sorted(found.revoked),
            "next_update": int(found.next_update.timestamp()),
            "kid": found.kid,
        }

    def accept(self, values: Values, product: str, answer: dict[str, Any], *, nonce: str) -> Lease:
        """Verify an answer and store it. An old answer, played again, has another nonce."""
        try:
            stored = {name: str(answer[name]) for name in ("lease", "certificate")}
            lease = self.verified(values, product, stored, at=int(answer["server_time"]))
        except (KeyError, ValueError, TypeError):
            raise LicetError("bad_answer") from None
        if lease.nonce != nonce:
            raise InvalidLease(reason="nonce")
        if "renew_key" in answer:
            stored["renew_key"] = str(answer["renew_key"])
        # one contact heals a clock that was wrong, and one that goes on being behind
        values["seen"] = int(lease.issued_at.timestamp())
        behind = int(answer["server_time"]) - int(self.clock())
        values["behind"] = behind if behind > LEEWAY else 0
        values.setdefault("leases", {})[self.slot(product)] = stored
        return lease

    def verified(
        self,
        values: Values,
        product: str,
        stored: dict[str, Any],
        *,
        at: float | None = None,
        outage: bool = False,
    ) -> Lease:
        """Return the lease when everything about it holds."""
        return verify(
            stored["lease"],
            certificate=stored["certificate"],
            roots=self.roots if self.roots is not None else values.get("roots", []),
            issuer=self.server,
            audience=self.application,
            product=product,
            device=values.get("device", {}).get("jkt"),
            released_on=self.released_on,
            revoked=values.get("trust", {}).get("revoked", []),
            outage=outage,
            now=datetime.fromtimestamp(self.clock() if at is None else at, tz=UTC),
        )


def _trust(kept: dict[str, Any]) -> Trust:
    return Trust(
        serial=kept["serial"],
        revoked=frozenset(kept["revoked"]),
        next_update=datetime.fromtimestamp(kept["next_update"], tz=UTC),
        kid=kept.get("kid", ""),
    )
