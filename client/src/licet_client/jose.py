"""The small part of JOSE that leases need: Ed25519 signatures in JWS compact form (RFC 7515, RFC 8037)."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALGORITHMS = ("EdDSA", "Ed25519")  # one algorithm, two names (RFC 9864)


def b64(data: bytes) -> str:
    """Return URL-safe base 64 without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Read URL-safe base 64 without padding; ValueError for anything else."""
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if b64(data) != text:
        raise ValueError("not the one spelling of these bytes")
    return data


def public_jwk(private: Ed25519PrivateKey) -> dict[str, str]:
    """Return the public half as JWK."""
    return {"crv": "Ed25519", "kty": "OKP", "x": b64(private.public_key().public_bytes_raw())}


def thumbprint(jwk: dict[str, Any]) -> str:
    """Return the RFC 7638 thumbprint of an Ed25519 key."""
    members = {"crv": jwk["crv"], "kty": jwk["kty"], "x": jwk["x"]}
    return b64(hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest())


def sign(private: Ed25519PrivateKey, header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Return the claims as JWS compact."""
    parts = [b64(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims)]
    message = ".".join(parts)
    return f"{message}.{b64(private.sign(message.encode()))}"


@dataclass(frozen=True, slots=True)
class Jws:
    """A JWS compact taken apart; believe nothing of it before `signed_by`."""

    header: dict[str, Any]
    claims: dict[str, Any]
    message: bytes
    signature: bytes

    def signed_by(self, jwk: dict[str, Any]) -> bool:
        """Whether this Ed25519 key made the signature."""
        if self.header.get("alg") not in ALGORITHMS or "crit" in self.header:
            return False
        if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519":
            return False
        try:
            Ed25519PublicKey.from_public_bytes(unb64(jwk["x"])).verify(self.signature, self.message)
        except (InvalidSignature, ValueError):
            return False
        return True


def parse(text: str) -> Jws:
    """Take a JWS compact apart; ValueError for whatever is none."""
    parts = text.split(".")
    if len(parts) != 3:
        raise ValueError("not three parts")
    header, claims = (json.loads(unb64(part)) for part in parts[:2])
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise ValueError("header and claims are JSON objects")
    return Jws(header, claims, f"{parts[0]}.{parts[1]}".encode(), unb64(parts[2]))
