"""A device's proof that it holds its key: a JWS in the form of DPoP (RFC 9449, 4.2 and 4.3).

Bound to this address, this method and the access token in use, and good for five minutes.
Enrolling the same key twice is harmless, so a repeated proof is, too.
"""

import hmac
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from typing import Any

from licet.leases.rules import CLOCK_TOLERANCE
from licet.signing import rules as signing
from licet.web.api.errors import ClockOff, ProofInvalid

HEADER_LIMIT = 4096


def proven_key(
    *, proof: str, method: str, urls: Collection[str], token: str, now: datetime
) -> dict[str, Any]:
    """Return the public JWK whose holder made the proof just now, for this call.

    `urls` are the names under which this address is known. Refuses with ProofInvalid or ClockOff.
    """
    if not proof or len(proof) > HEADER_LIMIT:
        raise ProofInvalid
    try:
        parsed = signing.parse(proof)
        jwk: dict[str, Any] = parsed.header["jwk"]
        signing.thumbprint(jwk=jwk)  # refuses other kinds of keys, and private halves
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProofInvalid from None
    claims = parsed.claims
    bound = signing.b64(sha256(token.encode()).digest())
    fits = (
        parsed.header.get("typ") == "dpop+jwt"
        and claims.get("htm") == method
        and claims.get("htu") in urls
        and isinstance(claims.get("ath"), str)
        and hmac.compare_digest(claims["ath"].encode(), bound.encode())
    )
    issued = claims.get("iat")
    if not fits or type(issued) is not int or not parsed.signed_by(jwk=jwk):
        raise ProofInvalid
    if abs(now.timestamp() - issued) > CLOCK_TOLERANCE.total_seconds():
        raise ClockOff
    return jwk
