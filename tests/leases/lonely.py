"""A computer without network, made by hand from the documented format alone."""

from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from licet.signing import queries as signing
from tests.doorway import CLIENT_ID, b64


class Lonely:
    """It has a device key and a counter, and writes files."""

    def __init__(self, *, product: str, now: datetime, name: str = "Cellar") -> None:
        self.private = Ed25519PrivateKey.generate()
        self.jwk = {"kty": "OKP", "crv": "Ed25519", "x": b64(self.private.public_key().public_bytes_raw())}
        self.product, self.now, self.name, self.counter = product, now, name, 0

    def signed(self, kind: str, claims: dict[str, Any]) -> str:
        """Return claims as a JWS of the device key."""
        header = {"typ": kind, "jwk": self.jwk}
        return jwt.encode(claims, self.private, algorithm="EdDSA", headers=header)

    def claims(self) -> dict[str, Any]:
        """Return what a request says, but for its end: one day from now."""
        self.counter += 1
        return {
            "aud": settings.LICET_BASE_URL,
            "application": CLIENT_ID,
            "product": self.product,
            "until": int((self.now + timedelta(days=1)).timestamp()),
            "seq": self.counter,
            "nonce": f"nonce-{self.counter}",
            "iat": int(self.now.timestamp()),
            "device_name": self.name,
        }

    def request(self, *, until: datetime, **changes: Any) -> str:
        """Return a request file."""
        claims = {**self.claims(), "until": int(until.timestamp()), **changes}
        return self.signed("lease-request+jwt", claims)

    def giving_back(self, lease: str) -> str:
        """Return a return file."""
        claims = {"aud": settings.LICET_BASE_URL, "lease": lease, "iat": int(self.now.timestamp())}
        return self.signed("lease-return+jwt", claims)

    def verified(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Return the claims of an answer file, checked with another library's verifier."""
        signed_by = jwt.get_unverified_header(answer["certificate"])["kid"]
        [root] = [each for each in signing.jwks(now=self.now)["roots"] if each["kid"] == signed_by]
        options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
        paper = jwt.decode(
            answer["certificate"],
            jwt.PyJWK(root),
            algorithms=["EdDSA"],
            options=options,  # type: ignore[arg-type]
        )
        key = jwt.PyJWK({**paper["jwk"], "alg": "EdDSA"})
        claims = jwt.decode(
            answer["lease"],
            key,
            algorithms=["EdDSA"],
            audience=CLIENT_ID,
            options=options,  # type: ignore[arg-type]
        )
        assert claims["nonce"] == f"nonce-{self.counter}" or claims["nonce"].startswith("nonce-")
        return dict(claims)
