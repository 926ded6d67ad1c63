"""The client: what an application calls."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from licet_client import elsewhere, jose, papers
from licet_client.elsewhere import Elsewhere
from licet_client.errors import InvalidLease, LicetError, Refused
from licet_client.held import Held
from licet_client.identity import Identity, device_name, keyed, make_device
from licet_client.keeping import Keeper, Standing
from licet_client.lease import Lease
from licet_client.sentences import language_of_system, supported
from licet_client.state import State
from licet_client.wire import Wire

CODE_GRANT = "urn:licet:params:oauth:grant-type:license-code"

SUPERSEDED, COPIED = "lease_superseded", "device_copied"

START_AGAIN = frozenset({"lease_unknown", SUPERSEDED, "lease_ended"})
"""What a renewal may be told that a new check-out heals."""

GIVEN_BACK = frozenset({"nothing_borrowed"})


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
    tells apart several instances on one computer that hold a lease each. `released_on` is the day of
    the application's release, where licenses include maintenance for a time.
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
        released_on: date | None = None,
        timeout: float = 15,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.server = server.rstrip("/")
        self.application = application
        self.language = supported(language) if language else language_of_system()
        self.process = process
        self.released_on = released_on
        self.clock = clock
        self._wire = Wire(server=self.server, language=self.language, timeout=timeout)
        self._state = State(server=self.server, application=application, folder=folder)
        self._held = Held(
            server=self.server,
            application=application,
            process=process,
            roots=roots,
            released_on=released_on,
            clock=clock,
        )
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

    def checkout(self, product: str, *, project: str = "", instead_of: str = "") -> Lease:
        """Get a lease of the product from the server, verify and store it.

        `project` names the project worked on, where the license demands one. `instead_of` is one of the
        devices that a refusal `device_limit` lists: it is released first.
        """
        with self._state.open() as values:
            return self._checkout(values, product, project=project, instead_of=instead_of)

    def renew(self, product: str) -> Lease:
        """Renew the stored lease; where the server knows it no more, check out again."""
        with self._state.open() as values:
            try:
                stored = self._held.stored(values, product)
            except InvalidLease:
                return self._checkout(values, product)
            if "renew_key" not in stored:  # it came as a file
                return self._checkout(values, product)
            # Kept before it is sent: after a lost answer the same call gets the same lease.
            call = stored.setdefault("pending", keyed(values, stored, "renew"))
            self._state.write(values)
            try:
                answer = self._call(values, partial(self._wire.post, "/v1/leases/renew", call))
            except Refused as refusal:
                if refusal.status < 500:
                    del stored["pending"]
                if refusal.code == SUPERSEDED:
                    # Either an answer got lost, or a copy of the folder went on with the lease. Both copies
                    # would buy with one refresh token, and that ends the sign-in of both.
                    self._identity.token(values, fresh=True)
                if refusal.code in START_AGAIN:
                    return self._checkout(values, product)
                if refusal.final() and not self._lent(stored):
                    del values["leases"][self._held.slot(product)]
                raise
            self._learn(values, answer)
            return self._held.accept(values, product, answer, nonce=call["nonce"])

    def status(self, product: str) -> Lease:
        """Return the stored lease when it holds now. Needs no network.

        Past its end it holds for as long as the server signed (`outage_until`), if the last question
        got no answer. Raises NoLease, InvalidLease (`lease_expired`, `maintenance_ended` or
        `lease_invalid`) or ClockSetBack.
        """
        values = self._state.read()
        lease = self._held.now(values, product)
        now, seen = self._held.moment(values), values.get("seen", 0)
        if now > seen + 60:
            # never beyond the lease: a clock that was far ahead must not lock anybody out
            self._state.note(seen=max(seen, min(int(now), int(lease.expires_at.timestamp()))))
        return lease

    def moment(self) -> datetime:
        """Return what time it is, also on a clock that was far behind at the last contact."""
        return datetime.fromtimestamp(self._held.moment(self._state.read()), tz=UTC)

    def products(self) -> list[str]:
        """Return the products of which a lease is stored for this process."""
        return self._held.products(self._state.read())

    def release(self, product: str) -> None:
        """Give the lease back at once, so that another device may have the place; a borrowed one, too."""
        with self._state.open() as values:
            self._release(values, product)

    def keep(
        self,
        product: str,
        *,
        on_change: Callable[[Standing], object] | None = None,
        release: bool = True,
    ) -> Keeper:
        """Return what keeps a lease alive in the background: `with client.keep("my-product") as keeper:`.

        `on_change` is called in the background thread with each new standing: GOOD, OFFLINE, OUTAGE,
        LOST. The lease is given back at the end unless it is borrowed, or `release` is false.
        """
        return Keeper(self, product, on_change=on_change, release=release)

    # --- without network --------------------------------------------------------------------

    def borrow(self, product: str, *, until: datetime, project: str = "", instead_of: str = "") -> Lease:
        """Take a lease along that holds without network until then (aware). `release` brings it back."""
        with self._state.open() as values:
            body = self._asked(product, project=project, instead_of=instead_of)
            body["until"] = int(until.timestamp())
            ask = partial(self._identity.call, values, "/api/v1/leases/borrow", body)
            return self._got(values, product, ask)

    def request_file(self, product: str, *, until: datetime, project: str = "") -> str:
        """Return the text of a file by which a computer without network asks to borrow a lease.

        A person takes it to *My licenses* in the portal, and brings the answer back for `accept_file`.
        Needs the vendor's root keys (`roots`): there is no server to pin them from.
        """
        with self._state.open() as values:
            if "device" not in values:
                make_device(values)
            text, nonce = papers.request(
                values,
                server=self.server,
                application=self.application,
                process=self.process,
                product=product,
                until=until,
                project=project,
                released_on=self.released_on,
            )
            values.setdefault("requests", {})[self._held.slot(product)] = nonce
        return text

    def accept_file(self, product: str, text: str) -> Lease:
        """Verify and store the answer to the last `request_file` of the product."""
        answer = papers.read_answer(text)
        with self._state.open() as values:
            nonce = values.get("requests", {}).get(self._held.slot(product), "")
            lease = self._held.accept(values, product, answer, nonce=nonce)
            del values["requests"][self._held.slot(product)]
            return lease

    def return_file(self, product: str) -> str:
        """End the stored lease here, and return the text of a file that gives it back in the portal."""
        with self._state.open() as values:
            stored = self._held.stored(values, product)
            text = papers.return_of(values, server=self.server, lease=_id_of(stored))
            del values["leases"][self._held.slot(product)]
        return text

    # --- inside -----------------------------------------------------------------------------

    def _begin(self, about: dict[str, str], answer: dict[str, Any]) -> Profile:
        with self._state.open() as values:
            self._release_all(values)
            self._identity.begin(values, about=about, answer=answer)
            self._identity.enroll(values)
            if self._held.roots is None:
                values["roots"] = self._wire.get("/.well-known/jwks.json").get("roots", [])
        return self.profile()

    def _asked(self, product: str, *, project: str, instead_of: str) -> dict[str, Any]:
        body = {"product": product, "process": self.process, "project": project, "instead_of": instead_of}
        if self.released_on is not None:
            body["released_on"] = self.released_on.isoformat()
        return {name: value for name, value in body.items() if value}

    def _checkout(
        self, values: dict[str, Any], product: str, *, project: str = "", instead_of: str = ""
    ) -> Lease:
        body = self._asked(product, project=project or self._project(values, product), instead_of=instead_of)
        return self._got(values, product, partial(self._identity.call, values, "/v1/leases/checkout", body))

    def _project(self, values: dict[str, Any], product: str) -> str:
        """Return the project of the lease that is stored: starting again goes on with it."""
        try:
            stored = self._held.stored(values, product)
        except LicetError:
            return ""
        return str(jose.parse(stored["lease"]).claims.get("project", ""))

    def _got(
        self, values: dict[str, Any], product: str, ask: Callable[[], tuple[dict[str, Any], str]]
    ) -> Lease:
        nonce = ""

        def call() -> dict[str, Any]:
            nonlocal nonce
            answer, nonce = ask()
            return answer

        answer = self._call(values, call)
        self._learn(values, answer)
        return self._held.accept(values, product, answer, nonce=nonce)

    def _call(self, values: dict[str, Any], ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Ask the server. Who is told of a copy of this folder ends the sign-in, which is the copy's, too."""
        try:
            return self._held.call(values, ask)
        except Refused as refusal:
            if refusal.code == COPIED:
                _quietly(partial(self._identity.end, values))
                values.pop("tokens", None)
            raise

    def _learn(self, values: dict[str, Any], answer: dict[str, Any]) -> None:
        ask = partial(self._wire.get, "/.well-known/licet-keys.json")
        self._held.learn(values, ask, certificate=answer.get("certificate"))

    def _release(self, values: dict[str, Any], product: str) -> None:
        try:
            stored = self._held.stored(values, product)
            if self._lent(stored):
                text = papers.return_of(values, server=self.server, lease=_id_of(stored))
                self._state.write(values)
                self._wire.post("/api/v1/leases/return", {"return": text})
            else:
                call = keyed(values, stored, "release")
                self._state.write(values)
                self._wire.post("/v1/leases/release", call)
        except InvalidLease:
            pass  # nobody can say which one it was: it ends by itself
        except Refused as refusal:
            if refusal.code not in START_AGAIN | GIVEN_BACK:
                raise
        del values["leases"][self._held.slot(product)]

    def _lent(self, stored: dict[str, Any]) -> bool:
        """Whether a stored lease is borrowed: it is to be returned, whatever the server refuses."""
        return jose.parse(stored["lease"]).claims.get("mode") == "offline"

    def _release_all(self, values: dict[str, Any]) -> None:
        for product in self._held.products(values):
            _quietly(partial(self._release, values, product))


def _id_of(stored: dict[str, Any]) -> str:
    return str(jose.parse(stored["lease"]).claims["jti"])


def _quietly(call: Callable[[], object]) -> None:
    """Try what may as well not succeed."""
    try:
        call()
    except LicetError:
        return
