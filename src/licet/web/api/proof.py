"""A device's proof that it holds its key: a JWS in the form of DPoP (RFC 9449, 4.2 and 4.3).

Bound to this address, this method and the access token in use, and good for five minutes.
Enrolling the same key twice is harmless, so a repeated proof is, too.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from licet.leases import rules
from licet.web.api.errors import ClockOff, ProofInvalid


def proven_key(
    *, proof: str, method: str, urls: Collection[str], token: str, now: datetime
) -> dict[str, Any]:
    """Return the public JWK whose holder made the proof just now, for this call.

    `urls` are the names under which this address is known. Refuses with ProofInvalid or ClockOff.
    """
    return proven(proof=proof, method=method, urls=urls, token=token, now=now).jwk


def proven(*, proof: str, method: str, urls: Collection[str], token: str, now: datetime) -> rules.Proof:
    """Return what the proof says, as `proven_key` checks it."""
    try:
        read = rules.proof(text=proof, method=method, token=token, here=lambda url: url in urls)
    except ValueError:
        raise ProofInvalid from None
    if not read.timely(now):
        raise ClockOff
    return read


def counted(*, proof: rules.Proof) -> tuple[int, str]:
    """Return the proof's counter and its `jti`, which the lease echoes. Refuses with ProofInvalid."""
    seq, nonce = proof.claims.get("seq"), proof.claims.get("jti")
    if type(seq) is not int or not 0 < seq < rules.COUNTER_LIMIT:
        raise ProofInvalid
    if not isinstance(nonce, str) or not 0 < len(nonce) <= rules.NONCE_LENGTH or not nonce.isprintable():
        raise ProofInvalid
    return seq, nonce
