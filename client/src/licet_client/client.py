"""The client: what an application calls."""

import hashlib
import hmac
import platform
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from licet_client import jose
from licet_client.errors import (
    ClockSetBack,
    InvalidLease,
    LicetError,
    NoLease,
    NotSignedIn,
    Refused,
    SignInFailed,
)
from licet_client.lease import LEEWAY, Lease, verify
from licet_client.sentences import language_of_system, supported
from licet_client.state import State
from licet_client.wire import Wire

START_AGAIN = frozenset({"lease_unknown", "lease_superseded", "lease_ended"})
"""What a renewal may be told that a new check-out heals."""

SIGNED_OUT = frozenset({"invalid_token", "invalid_grant", "signed_out"})


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
        self._clock = clock
        self._wire = Wire(server=self.server, language=self.language, timeout=timeout)
        self._state = State(server=self.server, application=application, folder=folder)

    # --- signing in and out -----------------------------------------------------------------

    def sign_in(self, *, show: Callable[[str], object] | None = None, timeout: float = 300) -> Profile:
        """Let the user sign in in the system browser, register this device, and return who it is.

        `show` is given the address of the page; by default the browser opens it.
        """
        from licet_client import signin

        if show is None:
            import webbrowser

            show = webbrowser.open
        about = self._wire.get("/.well-known/oauth-authorization-server")
        if about.get("issuer") != self.server:
            raise SignInFailed("other_issuer", issuer=str(about.get("issuer")))
        code = signin.ask(
            authorize=self._ours(about, "authorization_endpoint"),
            client_id=self.application,
            issuer=self.server,
            device_name=_device_name(),
            language=self.language,
            show=show,
            timeout=timeout,
        )
        with self._state.open() as values:
            answer = self._wire.form(
                self._ours(about, "token_endpoint"),
                {
                    "grant_type": "authorization_code",
                    "client_id": self.application,
                    "code": code.code,
                    "code_verifier": code.verifier,
                    "redirect_uri": code.redirect_uri,
                },
            )
            self._release_all(values)
            values.clear()
            values["token_endpoint"] = self._ours(about, "token_endpoint")
            values["revocation_endpoint"] = about.get("revocation_endpoint", "")
            self._keep_tokens(values, answer)
            self._enroll(values)
        return self.profile()

    def profile(self) -> Profile:
        """Ask the server who is signed in here."""
        with self._state.open() as values:
            token = self._token(values)
            found = self._wire.get("/api/v1/me", Authorization=f"Bearer {token}")
        products = dict.fromkeys(str(each["code"]) for each in found.get("products", []))
        return Profile(str(found["id"]), str(found["name"]), tuple(products))

    def sign_out(self) -> None:
        """Give every lease back, end the sign-in as far as the server answers, forget everything here."""
        with self._state.open() as values:
            self._release_all(values)
            refresh = values.get("tokens", {}).get("refresh")
            address = values.get("revocation_endpoint")
            if refresh and address:
                form = {"token": refresh, "client_id": self.application}
                _quietly(partial(self._wire.form, address, form))
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
            call = stored.setdefault("pending", self._keyed(values, stored, "renew"))
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
        now = self._clock()
        if now < values.get("seen", 0) - LEEWAY:
            raise ClockSetBack
        lease = self._verified(values, product, stored)
        if now > values.get("seen", 0) + 60:
            with self._state.open() as again:
                # never beyond the lease: a clock that was far ahead must not lock anybody out
                again["seen"] = max(again.get("seen", 0), min(int(now), int(lease.expires_at.timestamp())))
        return lease

    def products(self) -> list[str]:
        """Return the products of which a lease is stored for this process."""
        leases = self._state.read().get("leases", {})
        return sorted(slot.partition("/")[2] for slot in leases if slot.partition("/")[0] == self.process)

    def release(self, product: str) -> None:
        """Give the lease back at once, so that another device may have the place."""
        with self._state.open() as values:
            self._release(values, self._slot(product))

    # --- inside -----------------------------------------------------------------------------

    def _slot(self, product: str) -> str:
        return f"{self.process}/{product}"

    def _ours(self, about: dict[str, Any], name: str) -> str:
        address = str(about.get(name, ""))
        if urlsplit(address)[:2] != urlsplit(self.server)[:2]:
            raise SignInFailed(reason=name)
        return address

    def _checkout(self, values: dict[str, Any], product: str) -> Lease:
        try:
            token = self._token(values)
            return self._ask(values, product, token)
        except Refused as refusal:
            if refusal.code not in SIGNED_OUT:
                raise
            token = self._token(values, fresh=True)
            return self._ask(values, product, token)

    def _ask(self, values: dict[str, Any], product: str, token: str) -> Lease:
        nonce = secrets.token_urlsafe(16)
        proof = self._proof(values, "/v1/leases/checkout", token, nonce)
        self._state.write(values)  # a counter is never used twice, whatever happens now
        body = {"product": product, "process": self.process}
        answer = self._wire.post("/v1/leases/checkout", body, Authorization=f"DPoP {token}", DPoP=proof)
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
            now=datetime.fromtimestamp(self._clock() if at is None else at, tz=UTC),
        )

    def _release(self, values: dict[str, Any], slot: str) -> None:
        stored = values.get("leases", {}).get(slot)
        if stored is None:
            raise NoLease(product=slot.partition("/")[2])
        call = self._keyed(values, stored, "release")
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

    def _keyed(self, values: dict[str, Any], stored: dict[str, str], purpose: str) -> dict[str, Any]:
        """Return the body of a call that proves itself by the secret of the lease."""
        lease = jose.parse(stored["lease"]).claims["jti"]
        seq, nonce = _count(values), secrets.token_urlsafe(16)
        text = f"licet-{purpose}/1\n{lease}\n{seq}\n{nonce}"
        mac = hmac.digest(jose.unb64(stored["renew_key"]), text.encode(), "sha256")
        return {"lease": lease, "seq": seq, "nonce": nonce, "mac": jose.b64(mac)}

    def _proof(self, values: dict[str, Any], path: str, token: str, nonce: str) -> str:
        """Return the proof of the device key for one call, in the form of DPoP (RFC 9449)."""
        device = values.get("device")
        if device is None:
            raise NotSignedIn
        private = Ed25519PrivateKey.from_private_bytes(jose.unb64(device["private"]))
        header = {"typ": "dpop+jwt", "alg": "EdDSA", "jwk": jose.public_jwk(private)}
        claims = {
            "htm": "POST",
            "htu": self.server + path,
            "iat": int(self._clock()),
            "jti": nonce,
            "ath": jose.b64(hashlib.sha256(token.encode()).digest()),
            "seq": _count(values),
        }
        return jose.sign(private, header, claims)

    def _enroll(self, values: dict[str, Any]) -> None:
        """Make a key for this device and register its public half; pin the roots where none were shipped."""
        private = Ed25519PrivateKey.generate()
        jwk = jose.public_jwk(private)
        values["device"] = {"private": jose.b64(private.private_bytes_raw()), "jkt": jose.thumbprint(jwk)}
        token = values["tokens"]["access"]
        proof = self._proof(values, "/api/v1/devices", token, secrets.token_urlsafe(16))
        body = {"name": _device_name(), "platform": platform.platform()[:80]}
        answer = self._wire.post("/api/v1/devices", body, Authorization=f"Bearer {token}", DPoP=proof)
        values["device"]["id"] = str(answer.get("id", ""))
        if self._roots is None:
            values["roots"] = self._wire.get("/.well-known/jwks.json").get("roots", [])

    def _keep_tokens(self, values: dict[str, Any], answer: dict[str, Any]) -> None:
        values["tokens"] = {
            "access": str(answer["access_token"]),
            "refresh": str(answer.get("refresh_token", "")),
            "until": int(self._clock()) + int(answer.get("expires_in", 60)),
        }

    def _token(self, values: dict[str, Any], *, fresh: bool = False) -> str:
        """Return an access token that lives for another half minute; the refresh token buys a new one."""
        tokens = values.get("tokens")
        if not tokens:
            raise NotSignedIn
        if fresh or self._clock() > tokens["until"] - 30:
            form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh"]}
            try:
                answer = self._wire.form(values["token_endpoint"], {**form, "client_id": self.application})
            except Refused as refusal:
                if refusal.code not in SIGNED_OUT:
                    raise
                values.pop("tokens")
                raise NotSignedIn from refusal
            self._keep_tokens(values, answer)
            self._state.write(values)  # the old one is spent: losing this one would sign the user out
        return str(values["tokens"]["access"])


def _count(values: dict[str, Any]) -> int:
    """Return the next number of this device. It only grows: a copy of the folder is noticed by it."""
    values["counter"] = int(values.get("counter", 0)) + 1
    return int(values["counter"])


def _device_name() -> str:
    return (platform.node() or platform.system() or "-")[:80]


def _quietly(call: Callable[[], object]) -> None:
    """Try what may as well not succeed."""
    try:
        call()
    except LicetError:
        return
