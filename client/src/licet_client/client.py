"""The client: what an application calls."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from licet_client import elsewhere
from licet_client.elsewhere import Elsewhere
from licet_client.errors import (
    ClockSetBack,
    InvalidLease,
    LicetError,
    NoLease,
    Refused,
)
from licet_client.identity import Identity, device_name, keyed
from licet_client.keeping import Keeper, Standing
from licet_client.lease import LEEWAY, Lease, verify
from licet_client.sentences import language_of_system, supported
from licet_client.state import State
from licet_client.wire import Wire

CODE_GRANT = "urn:licet:params:oauth:grant-type:license-code"

START_AGAIN = frozenset({"lease_unknown", "lease_superseded", "lease_ended"})
"""What a renewal may be told that a new check-out heals."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Who is signed in, and for which products of this application there is a license."""

    id: str
    name: str
    products: tuple[str, ...]


class Client:
    """One application of one vendor on this computer, for the user who runs it.

    `server` is the license server's address, `application` the id under which the vendor
    registered the application. Ship the vendor's root keys as `roots` (JWK, from the server's
    /.well-known/jwks.json): without them the ones seen at the first sign-in are pinned. `process`
    tells apart several instances on one computer that hold a lease each.
    """

    def __init__(
        self,
        server: str,
        application: str,
        *,
        roots: Iterable[dict[str, Any]] | None = None,
        folder: Path | None = None,
        language: str | None = None,
        process: str = "main",
        timeout: float = 15,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.server = server.rstrip("/")
        self.application = application
        self.language = supported(language) if language else language_of_system()
        self.process = process
        self._roots = list(roots) if roots is not None else None
        self.clock = clock
        self._wire = Wire(server=self.server, language=self.language, timeout=timeout)
        self._state = State(server=self.server, application=application, folder=folder)
        self._identity = Identity(wire=self._wire, state=self._state, application=application, clock=clock)

    # --- signing in and out -----------------------------------------------------------------

    def sign_in(self, *, show: Callable[[str], object] | None = None, timeout: float = 300) -> Profile:
        """Let the user sign in in the system browser, register this device, and return who it is.

        `show` is given the address of the page; by default the browser opens it.
        """
        from licet_client import signin

        if show is None:
            import webbrowser

            show = webbrowser.open
        about = self._identity.about()
        code = signin.ask(
            authorize=about["authorization_endpoint"],
            client_id=self.application,
            issuer=self.server,
            device_name=device_name(),
            language=self.language,
            show=show,
            timeout=timeout,
        )
        return self._begin(about, self._identity.buy(about, code.form()))

    def sign_in_elsewhere(self, *, show: Callable[[Elsewhere], object]) -> Profile:
        """Let the user sign in with a browser on another device; for computers without one.

        `show` is given the page to open and the code to compare there.
        """
        about = self._identity.about()
        answer = elsewhere.ask(
            wire=self._wire, about=about, client_id=self.application, device_name=device_name(), show=show
        )
        return self._begin(about, answer)

    def activate(self, code: str) -> Profile:
        """Sign in with a license code in place of an account: the code's holder is who is signed in."""
        about = self._identity.about()
        form = {"grant_type": CODE_GRANT, "code": code, "device_name": device_name()}
        return self._begin(about, self._identity.buy(about, form))

    def profile(self) -> Profile:
        """Ask the server who is signed in here."""
        with self._state.open() as values:
            token = self._identity.token(values)
            found = self._wire.get("/api/v1/me", Authorization=f"Bearer {token}")
        products = dict.fromkeys(str(each["code"]) for each in found.get("products", []))
        return Profile(str(found["id"]), str(found["name"]), tuple(products))

    def sign_out(self) -> None:
        """Give every lease back, end the sign-in as far as the server answers, forget everything here."""
        with self._state.open() as values:
            self._release_all(values)
            _quietly(partial(self._identity.end, values))
            values.clear()
        self._state.forget()

    # --- leases -----------------------------------------------------------------------------

    def checkout(self, product: str) -> Lease:
        """Get a lease of the product from the server, verify and store it."""
        with self._state.open() as values:
            return self._checkout(values, product)

    def renew(self, product: str) -> Lease:
        """Renew the stored lease; where the server knows it no more, check out again."""
        with self._state.open() as values:
            stored = values.get("leases", {}).get(self._slot(product))
            if stored is None:
                raise NoLease(product=product)
            # Kept before it is sent: after a lost answer the same call gets the same lease.
            call = stored.setdefault("pending", keyed(values, stored, "renew"))
            self._state.write(values)
            try:
                answer = self._wire.post("/v1/leases/renew", call)
            except Refused as refusal:
                del stored["pending"]
                if refusal.code in START_AGAIN:
                    return self._checkout(values, product)
                raise
            return self._accept(values, product, answer, nonce=call["nonce"])

    def status(self, product: str) -> Lease:
        """Return the stored lease when it holds now. Needs no network.

        Raises NoLease, InvalidLease (`lease_expired` or `lease_invalid`) or ClockSetBack.
        """
        values = self._state.read()
        stored = values.get("leases", {}).get(self._slot(product))
        if stored is None:
            raise NoLease(product=product)
        now = self.clock()
        if now < values.get("seen", 0) - LEEWAY:
            raise ClockSetBack
        lease = self._verified(values, product, stored)
        if now > values.get("seen", 0) + 60:
            # never beyond the lease: a clock that was far ahead must not lock anybody out
            self._state.note(
                seen=max(values.get("seen", 0), min(int(now), int(lease.expires_at.timestamp())))
            )
        return lease

    def products(self) -> list[str]:
        """Return the products of which a lease is stored for this process."""
        leases = self._state.read().get("leases", {})
        return sorted(slot.partition("/")[2] for slot in leases if slot.partition("/")[0] == self.process)

    def release(self, product: str) -> None:
        """Give the lease back at once, so that another device may have the place."""
        with self._state.open() as values:
            self._release(values, self._slot(product))

    def keep(
        self,
        product: str,
        *,
        on_change: Callable[[Standing], object] | None = None,
        release: bool = True,
    ) -> Keeper:
        """Return what keeps a lease alive in the background: `with client.keep("my-product") as keeper:`.

        `on_change` is called in the background thread with each new standing: GOOD, OFFLINE, OUTAGE,
        LOST. The lease is given back at the end unless `release` is false.
        """
        return Keeper(self, product, on_change=on_change, release=release)

    # --- inside -----------------------------------------------------------------------------

    def _slot(self, product: str) -> str:
        return f"{self.process}/{product}"

    def _begin(self, about: dict[str, str], answer: dict[str, Any]) -> Profile:
        with self._state.open() as values:
            self._release_all(values)
            self._identity.begin(values, about=about, answer=answer)
            self._identity.enroll(values)
            if self._roots is None:
                values["roots"] = self._wire.get("/.well-known/jwks.json").get("roots", [])
        return self.profile()

    def _checkout(self, values: dict[str, Any], product: str) -> Lease:
        body = {"product": product, "process": self.process}
        answer, nonce = self._identity.call(values, "/v1/leases/checkout", body)
        return self._accept(values, product, answer, nonce=nonce)

    def _accept(self, values: dict[str, Any], product: str, answer: dict[str, Any], *, nonce: str) -> Lease:
        """Verify an answer and store it. An old answer, played again, has another nonce."""
        try:
            stored = {name: str(answer[name]) for name in ("lease", "certificate", "renew_key")}
            lease = self._verified(values, product, stored, at=int(answer["server_time"]))
        except (KeyError, ValueError, TypeError):
            raise LicetError("bad_answer") from None
        if lease.nonce != nonce:
            raise InvalidLease(reason="nonce")
        values["seen"] = int(lease.issued_at.timestamp())  # one contact heals a clock that was wrong
        values.setdefault("leases", {})[self._slot(product)] = stored
        return lease

    def _verified(
        self, values: dict[str, Any], product: str, stored: dict[str, str], *, at: float | None = None
    ) -> Lease:
        return verify(
            stored["lease"],
            certificate=stored["certificate"],
            roots=self._roots if self._roots is not None else values.get("roots", []),
            issuer=self.server,
            audience=self.application,
            product=product,
            device=values.get("device", {}).get("jkt"),
            now=datetime.fromtimestamp(self.clock() if at is None else at, tz=UTC),
        )

    def _release(self, values: dict[str, Any], slot: str) -> None:
        stored = values.get("leases", {}).get(slot)
        if stored is None:
            raise NoLease(product=slot.partition("/")[2])
        call = keyed(values, stored, "release")
        self._state.write(values)
        try:
            self._wire.post("/v1/leases/release", call)
        except Refused as refusal:
            if refusal.code not in START_AGAIN:
                raise
        del values["leases"][slot]

    def _release_all(self, values: dict[str, Any]) -> None:
        for slot in list(values.get("leases", {})):
            _quietly(partial(self._release, values, slot))


def _quietly(call: Callable[[], object]) -> None:
    """Try what may as well not succeed."""
    try:
        call()
    except LicetError:
        return
