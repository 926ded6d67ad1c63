"""What a device writes and signs for the server, to travel as a text or a file: requests and returns.

docs/lease-format.md describes both.
"""

import json
import platform
import secrets
from datetime import date, datetime
from typing import Any

from licet_client import jose
from licet_client.errors import LicetError
from licet_client.identity import Values, count, device_name, private_key

REQUEST_TYPE, RETURN_TYPE = "lease-request+jwt", "lease-return+jwt"
LIMIT = 64 * 1024


def request(
    values: Values,
    *,
    server: str,
    application: str,
    process: str,
    product: str,
    until: datetime,
    project: str,
    released_on: date | None,
) -> tuple[str, str]:
    """Return a request to borrow, and the nonce that the answer will echo."""
    nonce = secrets.token_urlsafe(16)
    claims: dict[str, Any] = {
        "aud": server,
        "application": application,
        "device_name": device_name(),
        "platform": platform.platform()[:80],
        "product": product,
        "process": process,
        "until": int(until.timestamp()),
        "seq": count(values),
        "nonce": nonce,
    }
    if project:
        claims["project"] = project
    if released_on is not None:
        claims["released_on"] = released_on.isoformat()
    return _signed(values, REQUEST_TYPE, claims), nonce


def return_of(values: Values, *, server: str, lease: str) -> str:
    """Return what gives the lease (its id) back."""
    return _signed(values, RETURN_TYPE, {"aud": server, "lease": lease, "seq": count(values)})


def read_answer(text: str) -> dict[str, Any]:
    """Read an answer file: lease, certificate, the server's time; LicetError `bad_file` for anything else."""
    try:
        if len(text) > LIMIT:
            raise ValueError("too long")
        found = json.loads(text)
        if not isinstance(found, dict) or not {"lease", "certificate", "server_time"} <= found.keys():
            raise ValueError("not an answer")
    except (ValueError, RecursionError):
        raise LicetError("bad_file") from None
    return found


def _signed(values: Values, kind: str, claims: dict[str, Any]) -> str:
    private = private_key(values)
    header = {"typ": kind, "alg": "EdDSA", "jwk": jose.public_jwk(private)}
    return jose.sign(private, header, claims)
