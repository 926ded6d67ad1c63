"""What passes between an application and the server as a text of its own: signed leases, requests, returns.

A request and a return are JWS (RFC 7515) that the device signs with its key, so that they can travel as
files, through anybody's hands, from a machine that never sees a network. docs/lease-format.md has them.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q

from licet.leases import rules
from licet.leases.borrowing import right_of
from licet.leases.errors import NothingBorrowed, PaperForOther, PaperUnreadable
from licet.leases.models import Lease
from licet.signing import queries as signing
from licet.signing import rules as texts

REQUEST_TYPE = "lease-request+jwt"
RETURN_TYPE = "lease-return+jwt"
PAPER_LENGTH = 16 * 1024
"""Bytes; an honest file has about one thousand."""

_NAME_LENGTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanRequest:
    """A device asks to borrow: who it is (its public key and name), which application, and what."""

    jwk: dict[str, Any]
    device_name: str
    platform: str
    application: str
    product: str
    process: str
    until: datetime
    project: str
    released_on: date | None
    seq: int
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanReturn:
    """A device gives a lease (its `jti`) back; `jkt`: the thumbprint of the key that says so."""

    jkt: str
    lease: str


def read(*, content: bytes) -> LoanRequest | LoanReturn:
    """Read a file that an application wrote, its signature checked; line breaks within do not matter.

    Refuses PaperUnreadable for what is too large, of another kind, or changed on its way, PaperForOther for
    one that was written for another license server.
    """
    if len(content) > PAPER_LENGTH:
        raise PaperUnreadable
    try:
        parsed = texts.parse("".join(content.decode("ascii").split()))
        jwk, kind = dict(parsed.header["jwk"]), parsed.header.get("typ")
        jkt = texts.thumbprint(jwk=jwk)
        if kind not in (REQUEST_TYPE, RETURN_TYPE) or not parsed.signed_by(jwk=jwk):
            raise ValueError("of another kind, or not signed by its key")
        says = parsed.claims
        if says.get("aud") == settings.LICET_BASE_URL:
            if kind == RETURN_TYPE:
                return LoanReturn(jkt=jkt, lease=_text(says, "lease", 22))
            return _request(says, jwk=texts.public_members(jwk=jwk))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise PaperUnreadable from None
    raise PaperForOther


def returned(*, said: LoanReturn) -> Lease:
    """Return the lease that a device gives back; NothingBorrowed for another device's, and for none."""
    try:
        row, mark = rules.read_lease_id(said.lease)
    except ValueError:
        raise NothingBorrowed from None
    # the answer to its last renewal may have been lost on the way
    found = Lease.objects.filter(Q(mark=mark) | Q(previous_mark=mark), pk=row, device__jkt=said.jkt)
    lease = found.select_related("device__person", "seat__member__person").first()
    if lease is None:
        raise NothingBorrowed
    return lease


def signed(*, lease: Lease, audience: str, now: datetime) -> dict[str, Any]:
    """Return a borrowed lease as its device reads it: the JWS, the certificate of its key, our time.

    `audience` is the application's id. Signed anew each time, so that a lost answer can be had again.
    """
    signer, right = signing.lease_signer(now=now), right_of(lease=lease)
    period = rules.period(
        right=right,
        mark=lease.mark,
        key_until=signer.until,
        now=now,
        borrowed_until=lease.borrowed_until,
    )
    claims = rules.claims(
        right=right,
        period=period,
        issuer=settings.LICET_BASE_URL,
        audience=audience,
        person=lease.device.person.public_id,
        product=lease.seat.pool.product.code,
        row=lease.pk,
        mark=lease.mark,
        jkt=lease.device.jkt,
        seq=lease.seq,
        nonce=lease.nonce,
        key_until=signer.until,
        project=lease.project.public_id if lease.project else "",
    )
    return {
        "lease": signer.sign(claims),
        "certificate": signer.certificate,
        "server_time": int(now.timestamp()),
    }


def renewal_secret(*, lease: Lease) -> str:
    """Return the secret under which the application renews the lease when it is online, in base 64."""
    key = signing.secret(purpose="renewal of leases")
    return texts.b64(hmac.digest(key, lease.public_id.encode(), "sha256"))


def _request(says: dict[str, Any], *, jwk: dict[str, Any]) -> LoanRequest:
    seq, until = says.get("seq"), says.get("until")
    if type(seq) is not int or not 0 < seq < rules.COUNTER_LIMIT or type(until) is not int:
        raise ValueError("a number is missing")
    released = says.get("released_on")
    return LoanRequest(
        jwk=jwk,
        device_name=_text(says, "device_name", _NAME_LENGTH),
        platform=_text(says, "platform", _NAME_LENGTH, default=""),
        application=_text(says, "application", 100),
        product=_text(says, "product", 40),
        process=_text(says, "process", rules.PROCESS_LENGTH, default="main"),
        until=datetime.fromtimestamp(until, tz=UTC),
        project=_text(says, "project", 40, default=""),
        released_on=None if released is None else date.fromisoformat(released),
        seq=seq,
        nonce=_text(says, "nonce", rules.NONCE_LENGTH),
    )


def _text(says: dict[str, Any], member: str, limit: int, *, default: str | None = None) -> str:
    value = says.get(member, default)
    if not isinstance(value, str) or len(value) > limit or not value.isprintable():
        raise ValueError(member)
    if not value and default is None:
        raise ValueError(member)
    return value or default or ""
