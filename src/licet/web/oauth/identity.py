"""OpenID Connect, as little as is needed: an ID token beside the access token, and who the person is.

Who the person is stands in `sub` (our public id, the same for every application); name, language and address
are told by the userinfo endpoint alone, and only where the person's page listed them. ID tokens are signed
by a key of their own purpose, published apart from the keys of leases. Source: OpenID Connect Core 1.0.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from licet.accounts.models import Person
from licet.connect.models import Application
from licet.signing import queries as signing
from licet.signing.states import Purpose

ID_TOKEN_LIFE = timedelta(minutes=10)
CLAIMS = ["sub", "name", "locale", "email", "email_verified"]


def id_token(
    *,
    person: Person,
    application: Application,
    scope: str,
    nonce: str = "",
    authenticated_at: datetime | None,
    now: datetime,
) -> dict[str, str]:
    """Return the member `id_token` of a token answer, or nothing where nobody asked for `openid`.

    Refuses NoSigningKey.
    """
    if "openid" not in scope.split():
        return {}
    claims: dict[str, Any] = {
        "iss": str(settings.LICET_BASE_URL),
        "sub": person.public_id,
        "aud": application.client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + ID_TOKEN_LIFE).timestamp()),
    }
    if authenticated_at is not None:
        claims["auth_time"] = int(authenticated_at.timestamp())
    if nonce:
        claims["nonce"] = nonce
    return {"id_token": signing.signer(purpose=Purpose.ID, now=now).sign(claims, kind="JWT")}


def claims_of(*, person: Person, scope: str) -> dict[str, Any]:
    """Return what an application with this scope may know of the person (Core, 5.1 and 5.4)."""
    known: dict[str, Any] = {"sub": person.public_id}
    words = scope.split()
    if "profile" in words:
        known |= {"name": person.name, "locale": person.language}
    if "email" in words:
        # an address becomes the one of sign-in only once it is verified
        known |= {"email": person.email, "email_verified": True}
    return known


def metadata() -> dict[str, Any]:
    """Return what OpenID Connect Discovery 1.0 adds to the metadata of RFC 8414."""
    site = str(settings.LICET_BASE_URL)
    return {
        "userinfo_endpoint": f"{site}/connect/userinfo",
        "jwks_uri": f"{site}/connect/jwks.json",
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [settings.LICET_LEASE_ALGORITHM],
        "claims_supported": ["iss", "aud", "iat", "exp", "auth_time", "nonce", *CLAIMS],
        "prompt_values_supported": ["none", "login", "consent"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }
