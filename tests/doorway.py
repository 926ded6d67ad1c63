"""An application on a device, as the door sees it, made by hand from the documented format alone.

It shares no code with `licet-client` nor with the gateway: docs/lease-format.md is all it knows.
"""

import base64
import hashlib
import hmac
import itertools
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from licet.accounts.models import Person
from licet.catalog.models import Product
from licet.connect.models import Application, Grant, Token
from licet.gateway.answers import Answer
from licet.gateway.calls import Call
from licet.gateway.door import Door
from licet.kernel.actor import system
from licet.leases import actions as leases
from licet.leases.models import Device
from licet.signing import actions as signing

BASE = "http://127.0.0.1:8000"
CLIENT_ID = "example-studio"
ROOT_SEED, LEASE_SEED = b"r" * 32, b"l" * 32
_numbers = itertools.count(1)


def b64(data: bytes) -> str:
    """URL-safe base 64 without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Reply:
    """An answer of the door, read."""

    status: int
    headers: dict[str, str]
    values: dict[str, Any]

    @classmethod
    def of(cls, answer: Answer) -> "Reply":
        """Read what the door gave."""
        return cls(answer.status, dict(answer.headers), json.loads(answer.body))

    @property
    def claims(self) -> dict[str, Any]:
        """The claims of the lease, unverified."""
        return dict(jwt.decode(self.values["lease"], options={"verify_signature": False}))

    @property
    def code(self) -> str:
        """The code of the problem."""
        return str(self.values["code"])


def keys(*, now: datetime) -> None:
    """Make a root and a lease key, the same in every test."""
    signing.ensure(root_seed=ROOT_SEED, seed=LEASE_SEED, by=system(label="test"), now=now)


def application(*, products: list[Product], now: datetime) -> Application:
    """Return the vendor's application that may ask for these products."""
    found, _ = Application.objects.update_or_create(
        client_id=CLIENT_ID,
        defaults={"names": {"en": "Studio"}, "products": [p.code for p in products], "registered_at": now},
    )
    return found


class Machine:
    """A device of a person with its key, its token and its counter."""

    def __init__(self, *, person: Person, app: Application, now: datetime, name: str = "Desk") -> None:
        self.private = Ed25519PrivateKey.generate()
        public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.jwk = {"kty": "OKP", "crv": "Ed25519", "x": b64(public)}
        self.door = Door()
        self.now = now
        self.counter = 0
        self.nonce = ""
        self.device: Device = leases.enroll(
            person=person, jwk=self.jwk, name=name, platform="test", by=person.actor(), now=now
        )
        self.grant = Grant.objects.create(
            person=person,
            application=app,
            granted_at=now,
            refreshed_at=now,
            expires_at=now + timedelta(days=90),
        )
        self.token = f"token-{next(_numbers)}-{person.pk}"
        self.row = Token.objects.create(
            token_hash=hashlib.sha256(self.token.encode()).hexdigest(),
            kind="access",
            grant=self.grant,
            issued_at=now,
            expires_at=now + timedelta(hours=1),
        )

    def fresh_nonce(self) -> str:
        """Return what the next answer has to echo."""
        self.nonce = secrets.token_hex(8)
        return self.nonce

    def proof(self, path: str = "/v1/leases/checkout", **changes: Any) -> str:
        """Return a DPoP proof; `changes` spoil its claims, or its header as `header`."""
        self.counter += 1
        header = {"typ": "dpop+jwt", "jwk": self.jwk, **changes.pop("header", {})}
        claims = {
            "htm": "POST",
            "htu": BASE + path,
            "iat": int(self.now.timestamp()),
            "jti": self.fresh_nonce(),
            "ath": b64(hashlib.sha256(self.token.encode()).digest()),
            "seq": self.counter,
            **changes,
        }
        return jwt.encode(claims, self.private, algorithm="EdDSA", headers=header)

    def call(self, path: str, values: Any, **parts: Any) -> Reply:
        """Send one call; `parts` replace members of the Call."""
        made = {
            "method": "POST",
            "path": path,
            "body": values if isinstance(values, bytes) else json.dumps(values).encode(),
            "content_type": "application/json",
            **parts,
        }
        return Reply.of(self.door.answer(Call(**made), now=self.now))

    def checkout(self, product: str, *, process: str = "main", **parts: Any) -> Reply:
        """Ask for a lease."""
        parts.setdefault("proof", self.proof())
        parts.setdefault("authorization", f"DPoP {self.token}")
        return self.call("/v1/leases/checkout", {"product": product, "process": process}, **parts)

    def keyed(self, purpose: str, reply: Reply, **changes: Any) -> dict[str, Any]:
        """Return the body of a renewal or release of the lease in `reply`."""
        self.counter += 1
        values = {
            "lease": reply.claims["jti"],
            "seq": self.counter,
            "nonce": self.fresh_nonce(),
            **changes,
        }
        secret = base64.urlsafe_b64decode(reply.values["renew_key"] + "=")
        text = f"licet-{purpose}/1\n{values['lease']}\n{values['seq']}\n{values['nonce']}"
        return {"mac": b64(hmac.digest(secret, text.encode(), "sha256")), **values}

    def renew(self, reply: Reply, **changes: Any) -> Reply:
        """Renew the lease in `reply`."""
        return self.call("/v1/leases/renew", self.keyed("renew", reply, **changes))

    def release(self, reply: Reply, **changes: Any) -> Reply:
        """Give the lease in `reply` back."""
        return self.call("/v1/leases/release", self.keyed("release", reply, **changes))
