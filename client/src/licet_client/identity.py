"""What proves to the server who calls: the device's key, its counter, and the tokens of the sign-in.

`values` is the stored state, lent by `State.open`: whoever changes it here has it on disk when the
block ends, and before that wherever losing it would do harm.
"""

import hashlib
import hmac
import platform
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from licet_client import jose
from licet_client.errors import NotSignedIn, Refused, SignInFailed
from licet_client.state import State
from licet_client.wire import Wire

SIGNED_OUT = frozenset({"invalid_token", "invalid_grant", "signed_out"})

Values = dict[str, Any]


class Identity:
    """One application on this computer, as the server knows it."""

    def __init__(self, *, wire: Wire, state: State, application: str, clock: Callable[[], float]) -> None:
        self.wire = wire
        self.state = state
        self.application = application
        self.clock = clock

    def about(self) -> dict[str, str]:
        """Return the addresses of the server's endpoints; refuse a server that points elsewhere."""
        found = self.wire.get("/.well-known/oauth-authorization-server")
        if found.get("issuer") != self.wire.server:
            raise SignInFailed("other_issuer", issuer=str(found.get("issuer")))
        addresses = {name: str(value) for name, value in found.items() if name.endswith("_endpoint")}
        for name, address in addresses.items():
            if urlsplit(address)[:2] != urlsplit(self.wire.server)[:2]:
                raise SignInFailed(reason=name)
        return addresses

    def buy(self, about: dict[str, str], form: dict[str, str]) -> dict[str, Any]:
        """Buy the first tokens with what the sign-in brought."""
        return self.wire.form(about["token_endpoint"], {**form, "client_id": self.application})

    def begin(self, values: Values, *, about: dict[str, str], answer: dict[str, Any]) -> None:
        """Start with a clean state and these tokens."""
        values.clear()
        values["token_endpoint"] = about["token_endpoint"]
        values["revocation_endpoint"] = about.get("revocation_endpoint", "")
        self._keep_tokens(values, answer)

    def end(self, values: Values) -> None:
        """End the sign-in at the server."""
        refresh = values.get("tokens", {}).get("refresh")
        address = values.get("revocation_endpoint")
        if refresh and address:
            self.wire.form(address, {"token": refresh, "client_id": self.application})

    def token(self, values: Values, *, fresh: bool = False) -> str:
        """Return an access token that lives for another half minute; the refresh token buys a new one."""
        tokens = values.get("tokens")
        if not tokens:
            raise NotSignedIn
        if fresh or self.clock() > tokens["until"] - 30:
            form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh"]}
            try:
                answer = self.wire.form(values["token_endpoint"], {**form, "client_id": self.application})
            except Refused as refusal:
                if refusal.code not in SIGNED_OUT:
                    raise
                values.pop("tokens")
                raise NotSignedIn from refusal
            self._keep_tokens(values, answer)
            self.state.write(values)  # the old one is spent: losing this one would sign the user out
        return str(values["tokens"]["access"])

    def call(self, values: Values, path: str, body: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """Make a call that the device's key proves; return the answer and the nonce that it must echo."""
        try:
            return self._call(values, path, body, token=self.token(values))
        except Refused as refusal:
            if refusal.code not in SIGNED_OUT:
                raise
            return self._call(values, path, body, token=self.token(values, fresh=True))

    def _call(
        self, values: Values, path: str, body: dict[str, Any], *, token: str
    ) -> tuple[dict[str, Any], str]:
        nonce = secrets.token_urlsafe(16)
        proof = self.proof(values, path, token, nonce)
        self.state.write(values)  # a counter is never used twice, whatever happens now
        headers = {"Authorization": f"DPoP {token}", "DPoP": proof}
        return self.wire.post(path, body, **headers), nonce

    def enroll(self, values: Values) -> None:
        """Make a key for this device and register its public half."""
        make_device(values)
        token = values["tokens"]["access"]
        proof = self.proof(values, "/api/v1/devices", token, secrets.token_urlsafe(16))
        body = {"name": device_name(), "platform": platform.platform()[:80]}
        answer = self.wire.post("/api/v1/devices", body, Authorization=f"Bearer {token}", DPoP=proof)
        values["device"]["id"] = str(answer.get("id", ""))

    def proof(self, values: Values, path: str, token: str, nonce: str) -> str:
        """Return the proof of the device key for one call, in the form of DPoP (RFC 9449)."""
        private = private_key(values)
        header = {"typ": "dpop+jwt", "alg": "EdDSA", "jwk": jose.public_jwk(private)}
        claims = {
            "htm": "POST",
            "htu": self.wire.server + path,
            "iat": int(self.clock()) + int(values.get("behind", 0)),
            "jti": nonce,
            "ath": jose.b64(hashlib.sha256(token.encode()).digest()),
            "seq": count(values),
        }
        return jose.sign(private, header, claims)

    def _keep_tokens(self, values: Values, answer: dict[str, Any]) -> None:
        values["tokens"] = {
            "access": str(answer["access_token"]),
            "refresh": str(answer.get("refresh_token", "")),
            "until": int(self.clock()) + int(answer.get("expires_in", 60)),
        }


def make_device(values: Values) -> None:
    """Make the key pair by which this computer is known."""
    private = Ed25519PrivateKey.generate()
    jkt = jose.thumbprint(jose.public_jwk(private))
    values["device"] = {"private": jose.b64(private.private_bytes_raw()), "jkt": jkt}


def private_key(values: Values) -> Ed25519PrivateKey:
    """Return the device's key; NotSignedIn where there is none yet."""
    device = values.get("device")
    if device is None:
        raise NotSignedIn
    return Ed25519PrivateKey.from_private_bytes(jose.unb64(device["private"]))


def keyed(values: Values, stored: dict[str, Any], purpose: str) -> dict[str, Any]:
    """Return the body of a call that proves itself by the secret of the lease."""
    lease = jose.parse(stored["lease"]).claims["jti"]
    seq, nonce = count(values), secrets.token_urlsafe(16)
    text = f"licet-{purpose}/1\n{lease}\n{seq}\n{nonce}"
    mac = hmac.digest(jose.unb64(stored["renew_key"]), text.encode(), "sha256")
    return {"lease": lease, "seq": seq, "nonce": nonce, "mac": jose.b64(mac)}


def count(values: Values) -> int:
    """Return the next number of this device. It only grows: a copy of the folder is noticed by it."""
    values["counter"] = int(values.get("counter", 0)) + 1
    return int(values["counter"])


def device_name() -> str:
    """Return what the user calls this computer."""
    return (platform.node() or platform.system() or "-")[:80]
