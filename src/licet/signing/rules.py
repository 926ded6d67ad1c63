"""Forms and formulas of signatures, without database and without chance.

JWS compact serialization: RFC 7515; keys as JWK: RFC 7517, OKP of RFC 8037; `EdDSA` and its
fully specified name `Ed25519`: RFC 9864; thumbprints: RFC 7638.
"""

import base64
import binascii
import hashlib
import hmac
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl import bindings
from nacl.exceptions import BadSignatureError

from licet.signing.states import Purpose

ROTATE_AFTER = timedelta(days=90)
"""How long a key signs before another one takes its turn."""

SLACK = timedelta(days=40)
"""How long a key can go on signing beyond its turn, when the next certificate is late."""

OVERLAP = {
    Purpose.LEASE: timedelta(days=370),
    Purpose.MANIFEST: timedelta(days=30),
    Purpose.STATUS: timedelta(days=2),
    Purpose.ID: timedelta(days=2),
    Purpose.CODE: timedelta(days=2),
}
"""How long after its last signature what a key signed is verified: at least as long as it lasts.

For leases the longest that a vendor's file allows, borrowed offline for 366 days.
"""


def certificate_lasts(*, purpose: Purpose) -> timedelta:
    """Return how long a certificate lasts, counted from the first day on which its key signs."""
    return ROTATE_AFTER + SLACK + OVERLAP[purpose]


CERTIFICATE_LASTS = certificate_lasts(purpose=Purpose.LEASE)
"""How long leases of a key can be verified, counted from the key's first day."""

ED25519 = frozenset({"EdDSA", "Ed25519"})
LEASE_TYPE = "lease+jwt"
CERTIFICATE_TYPE = "keycert+jwt"
MANIFEST_TYPE = "keymanifest+jwt"
REQUEST_TYPE = "keyrequest+jwt"
STATUS_TYPE = "statuslist+jwt"
_SIZE = 32
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_ENCODE = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def b64(data: bytes) -> str:
    """Return URL-safe base 64 without padding (RFC 7515 section 2)."""
    return _b64(data).decode()


def _b64(data: bytes) -> bytes:
    # what `base64.urlsafe_b64encode` does, in half the time: every answer of the gateway needs it thrice
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").translate(_URL_SAFE)


def unb64(text: str) -> bytes:
    """Read URL-safe base 64 without padding; ValueError for anything else, signs of slack included."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise ValueError("not base 64") from error
    if b64(data) != text:
        raise ValueError("not the one spelling of these bytes")
    return data


def compact_json(values: Any) -> bytes:
    """Return JSON without white space, as UTF-8."""
    return _ENCODE(values).encode()


def thumbprint(*, jwk: dict[str, Any]) -> str:
    """Return the RFC 7638 thumbprint (SHA-256, base 64) of an Ed25519 or P-256 public key.

    Raises ValueError for other keys, missing members, and keys that carry their private half.
    """
    return b64(hashlib.sha256(compact_json(public_members(jwk=jwk))).digest())


def public_members(*, jwk: dict[str, Any]) -> dict[str, str]:
    """Return the members that make the public key, in the order of RFC 7638; ValueError as `thumbprint`."""
    kinds = {"OKP": ("Ed25519", ("crv", "kty", "x")), "EC": ("P-256", ("crv", "kty", "x", "y"))}
    curve, names = kinds.get(str(jwk.get("kty")), ("", ()))
    if not names or jwk.get("crv") != curve or "d" in jwk:
        raise ValueError("not a public Ed25519 or P-256 key")
    members = {name: jwk.get(name) for name in names}
    for name in names[2:]:
        value = members[name]
        if not isinstance(value, str) or len(unb64(value)) != _SIZE:
            raise ValueError(f"{name} is not 32 bytes")
    return {name: str(value) for name, value in members.items()}


def public_jwk(*, seed: bytes) -> dict[str, str]:
    """Return the public Ed25519 key of a 32-byte seed as JWK."""
    public, _ = bindings.crypto_sign_seed_keypair(seed)
    return {"kty": "OKP", "crv": "Ed25519", "x": b64(public)}


def master(*, text: str) -> bytes:
    """Read the 32 bytes of a master key; ValueError for anything else. Padding is welcome here."""
    data = unb64(text.strip().rstrip("="))
    if len(data) != _SIZE:
        raise ValueError("not 32 bytes")
    return data


def derived(*, key: bytes, purpose: str) -> bytes:
    """Return the 32-byte key for one purpose, so that none of them gives away another."""
    return hmac.digest(key, b"licet " + purpose.encode(), "sha256")


def seal(*, key: bytes, kid: str, seed: bytes) -> str:
    """Encrypt a private half with AES-256-GCM, bound to its `kid`.

    The nonce comes from the `kid`, itself a hash of the public half: another private half has
    another nonce, and the same one gives the same box, which tells nothing.
    """
    box = AESGCM(derived(key=key, purpose="seal of signing keys"))
    return b64(box.encrypt(_nonce(kid), seed, kid.encode()))


def unseal(*, key: bytes, kid: str, sealed: str) -> bytes:
    """Return the private half; ValueError under another master key or for damaged text."""
    box = AESGCM(derived(key=key, purpose="seal of signing keys"))
    try:
        return box.decrypt(_nonce(kid), unb64(sealed), kid.encode())
    except InvalidTag as error:
        raise ValueError("sealed under another key") from error


def _nonce(kid: str) -> bytes:
    return hashlib.sha256(b"nonce " + kid.encode()).digest()[:12]


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key in memory, ready to sign; it never shows itself in a log."""

    kid: str
    secret: bytes = field(repr=False)  # libsodium's 64 bytes: seed and public half
    certificate: str = ""
    until: datetime | None = None  # nothing signed by this key is believed from then on
    algorithm: str = "EdDSA"
    heads: dict[str, bytes] = field(default_factory=dict, repr=False)

    def sign(self, claims: dict[str, Any] | bytes, *, kind: str = LEASE_TYPE) -> str:
        """Return the claims (or their JSON, where that is made already) as JWS compact, `typ` = `kind`."""
        head = self.heads.get(kind)
        if head is None:
            header = {"alg": self.algorithm, "typ": kind, "kid": self.kid}
            head = self.heads[kind] = b64(compact_json(header)).encode()
        payload = claims if isinstance(claims, bytes) else compact_json(claims)
        message = head + b"." + _b64(payload)
        signature = bindings.crypto_sign(message, self.secret)[:64]
        return (message + b"." + _b64(signature)).decode()


def signer(
    *, kid: str, seed: bytes, certificate: str = "", until: datetime | None = None, algorithm: str = "EdDSA"
) -> Signer:
    """Build a signer from a 32-byte seed."""
    _, secret = bindings.crypto_sign_seed_keypair(seed)
    return Signer(kid=kid, secret=secret, certificate=certificate, until=until, algorithm=algorithm)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A JWS compact taken apart; nothing of it is believed before `signed_by`."""

    header: dict[str, Any]
    claims: dict[str, Any]
    message: bytes
    signature: bytes

    def signed_by(self, *, jwk: dict[str, Any]) -> bool:
        """Whether the signature is of this Ed25519 or P-256 key, under an algorithm that suits the key."""
        algorithm = self.header.get("alg")
        if jwk.get("kty") == "OKP" and algorithm in ED25519:
            try:
                bindings.crypto_sign_open(self.signature + self.message, unb64(str(jwk["x"])))
            except (BadSignatureError, ValueError):
                return False
            return True
        if jwk.get("kty") == "EC" and algorithm == "ES256":
            return self._signed_by_p256(jwk)
        return False

    def _signed_by_p256(self, jwk: dict[str, Any]) -> bool:
        x, y = (int.from_bytes(unb64(str(jwk[name]))) for name in ("x", "y"))
        r, s = (int.from_bytes(self.signature[at : at + _SIZE]) for at in (0, _SIZE))
        try:
            public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
            public.verify(utils.encode_dss_signature(r, s), self.message, ec.ECDSA(hashes.SHA256()))
        except (InvalidSignature, ValueError):
            return False
        return True


def parse(text: str) -> Parsed:
    """Take a JWS compact apart; ValueError for whatever is none, or critical extensions (`crit`)."""
    parts = text.split(".")
    if len(parts) != 3:
        raise ValueError("not three parts")
    try:
        header, claims = (json.loads(unb64(part)) for part in parts[:2])
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    signature = unb64(parts[2])
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise ValueError("header and claims are JSON objects")
    if "crit" in header or len(signature) != 64:
        raise ValueError("unknown critical member, or a signature of another size")
    return Parsed(header, claims, f"{parts[0]}.{parts[1]}".encode(), signature)


def certificate(
    *,
    root: Signer,
    issuer: str,
    kid: str,
    jwk: dict[str, str],
    serial: int,
    start: datetime,
    purpose: Purpose = Purpose.LEASE,
    end: datetime | None = None,
) -> str:
    """Return the certificate of a key: the root's word that it may sign for one purpose, until `end`.

    Without `end`, as long as `certificate_lasts` from `start` on.
    """
    claims = {
        "iss": issuer,
        "sub": kid,
        "use": purpose.value,
        "serial": serial,
        "nbf": int(start.timestamp()),
        "exp": int((end or start + certificate_lasts(purpose=purpose)).timestamp()),
        "jwk": jwk,
    }
    return root.sign(claims, kind=CERTIFICATE_TYPE)


def packed_bits(*, indexes: Iterable[int], size: int) -> str:
    """Return `size` bits, these ones set, as a status list has them: compressed (RFC 1950), then base 64.

    The first index is the lowest bit of the first byte (draft-ietf-oauth-status-list, section 4.1).
    """
    data = bytearray(size // 8)
    for index in indexes:
        data[index // 8] |= 1 << index % 8
    return b64(zlib.compress(bytes(data), level=9))
