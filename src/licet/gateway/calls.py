"""Reading a call: what came over the wire, turned into values or refused."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.http.request import validate_host

from licet.gateway.errors import BadMember, ClockOff, InvalidProof, InvalidToken, MalformedJson
from licet.leases import rules
from licet.leases.rules import COUNTER_LIMIT, NONCE_LENGTH, PROCESS_LENGTH
from licet.signing import rules as signing

BODY_LIMIT = 16 * 1024
_HEADER_LIMIT = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, as a transport hands it over."""

    method: str
    path: str
    body: bytes
    content_type: str = ""
    authorization: str = ""
    proof: str = ""  # the DPoP header
    languages: str = ""
    peer: str = ""  # the address at the other end of the connection
    forwarded: str = ""  # what proxies say of the addresses before theirs (X-Forwarded-For)

    def address(self) -> str:
        """Return the caller's network address; what proxies say counts as far as they are trusted."""
        proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
        named = [each.strip() for each in self.forwarded.split(",")] if self.forwarded else []
        return named[-proxies] if 0 < proxies <= len(named) else self.peer


@dataclass(frozen=True, slots=True)
class Proof:
    """A device's proof that holds: which key made it, its counter, and what the answer has to echo."""

    jkt: str
    seq: int
    nonce: str


@dataclass(frozen=True, slots=True)
class CheckOut:
    """What a check-out asks for; `project`, `instead_of` (a device) and `released_on` where it names them."""

    product: str
    process: str
    team: str
    project: str = ""
    instead_of: str = ""
    released_on: date | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that somebody has, which product it is for (empty: any), and what the answer has to echo."""

    code: str
    product: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Keyed:
    """A renewal or release, under the secret that came with the lease."""

    lease: str
    seq: int
    nonce: str
    mac: str


def read_json(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body; MalformedJson for anything else, NaN and doubled depth included."""
    try:
        values = orjson.loads(body)
    except ValueError:
        raise MalformedJson from None
    if not isinstance(values, dict):
        raise MalformedJson
    return values


def _text(values: dict[str, Any], member: str, *, limit: int, default: str | None = None) -> str:
    value = values.get(member, default)
    if (
        not isinstance(value, str)
        or len(value) > limit
        or not value.isprintable()
        or (not value and default is None)
    ):
        raise BadMember(member=member)
    return value


def _day(values: dict[str, Any], member: str) -> date | None:
    if member not in values:
        return None
    try:
        return date.fromisoformat(_text(values, member, limit=10))
    except ValueError:
        raise BadMember(member=member) from None


def _counter(values: dict[str, Any], member: str) -> int:
    value = values.get(member)
    if type(value) is not int or not 0 < value < COUNTER_LIMIT:
        raise BadMember(member=member)
    return value


def read_checkout(values: dict[str, Any]) -> CheckOut:
    """Read a check-out: product code, the process (default `main`), and what it may name besides.

    That is, by public ids: the team, the project, the device to release in favour of this one; and the
    day of the application's release.
    """
    return CheckOut(
        product=_text(values, "product", limit=40),
        process=_text(values, "process", limit=PROCESS_LENGTH, default="main") or "main",
        team=_text(values, "team", limit=40, default=""),
        project=_text(values, "project", limit=40, default=""),
        instead_of=_text(values, "instead_of", limit=40, default=""),
        released_on=_day(values, "released_on"),
    )


def read_code(values: dict[str, Any]) -> Asked:
    """Read the question whether a code works."""
    return Asked(
        code=_text(values, "code", limit=200),
        product=_text(values, "product", limit=40, default=""),
        nonce=_text(values, "nonce", limit=NONCE_LENGTH),
    )


def read_keyed(values: dict[str, Any]) -> Keyed:
    """Read a renewal or release."""
    return Keyed(
        lease=_text(values, "lease", limit=40),
        seq=_counter(values, "seq"),
        nonce=_text(values, "nonce", limit=NONCE_LENGTH),
        mac=_text(values, "mac", limit=64),
    )


def read_token(authorization: str) -> str:
    """Return the access token of an Authorization header, scheme `DPoP` or `Bearer`; InvalidToken else."""
    scheme, _, token = authorization.partition(" ")
    token = token.strip()
    if (
        scheme.lower() not in {"dpop", "bearer"}
        or not token
        or len(token) > _HEADER_LIMIT
        or not token.isascii()
    ):
        raise InvalidToken
    return token


def read_proof(*, text: str, method: str, path: str, token: str, now: datetime) -> Proof:
    """Check a proof in the form of DPoP (RFC 9449 section 4.3) and return what it says.

    Ours carries a counter `seq` besides; its `jti` is the nonce that the lease echoes. Refuses
    with InvalidProof, and with ClockOff for a time more than five minutes from ours.
    """
    try:
        read = rules.proof(
            text=text, method=method, token=token, here=lambda address: _is_here(address, path)
        )
    except ValueError:
        raise InvalidProof from None
    seq, nonce = read.claims.get("seq"), read.claims.get("jti")
    if type(seq) is not int or not 0 < seq < COUNTER_LIMIT:
        raise InvalidProof
    if not isinstance(nonce, str) or not 0 < len(nonce) <= NONCE_LENGTH or not nonce.isprintable():
        raise InvalidProof
    if not read.timely(now):
        raise ClockOff
    return Proof(read.jkt, seq, nonce)


def _is_here(address: object, path: str) -> bool:
    """Whether the proof was made for this server: its own address, or another name that it answers to."""
    if not isinstance(address, str):
        return False
    if address == settings.LICET_BASE_URL + path:
        return True
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or parts.path != path or parts.query or parts.fragment:
        return False
    return validate_host(f"[{host}]" if ":" in host else host, settings.ALLOWED_HOSTS)


def renewal_secret(*, key: bytes, lease: str) -> bytes:
    """Return the secret that a check-out delivers for this lease: derived, so that nothing is stored."""
    return hmac.digest(key, lease.encode(), "sha256")


def mac_fits(*, key: bytes, purpose: str, keyed: Keyed) -> bool:
    """Whether the call was made with the lease's secret: HMAC-SHA256 over the canonical text."""
    text = f"licet-{purpose}/1\n{keyed.lease}\n{keyed.seq}\n{keyed.nonce}".encode()
    expected = hmac.digest(renewal_secret(key=key, lease=keyed.lease), text, "sha256")
    return hmac.compare_digest(signing.b64(expected).encode(), keyed.mac.encode())


def seconds(moment: datetime) -> int:
    """Return a moment as a JWT's NumericDate."""
    return int(moment.timestamp())
