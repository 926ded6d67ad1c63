"""Sign in with a browser that runs elsewhere: the device authorization grant (RFC 8628).

For a computer without a browser of its own: a server, a render node, a terminal far away.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from licet_client.errors import Refused, SignInFailed, Unreachable
from licet_client.wire import Wire

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
PAUSE, SLOWER = 5, 5
"""Seconds between two questions where the server names none; what `slow_down` adds (section 3.5)."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What to show to the user: a page to open on any device, and the code to compare there."""

    address: str
    code: str
    address_with_code: str
    expires_in: int  # seconds


def ask(
    *,
    wire: Wire,
    about: dict[str, str],
    client_id: str,
    device_name: str,
    show: Callable[[Elsewhere], object],
    sleep: Callable[[float], object] = time.sleep,
) -> dict[str, Any]:
    """Ask for a code, `show` it, wait for the yes; return the answer of the token endpoint.

    Raises SignInFailed for a no, when the code has ended, and where the server has no such way.
    """
    address = about.get("device_authorization_endpoint")
    if not address:
        raise SignInFailed("no_sign_in_elsewhere")
    found = wire.form(address, {"client_id": client_id, "device_name": device_name})
    left, pause = float(found["expires_in"]), float(found.get("interval", PAUSE))
    show(
        Elsewhere(
            address=str(found["verification_uri"]),
            code=str(found["user_code"]),
            address_with_code=str(found.get("verification_uri_complete", "")),
            expires_in=int(left),
        )
    )
    form = {"grant_type": GRANT, "device_code": str(found["device_code"]), "client_id": client_id}
    while left > 0:
        sleep(pause)
        left -= pause
        try:
            return wire.form(about["token_endpoint"], form)
        except Unreachable:
            pause *= 2  # section 3.5: back off where nobody answers
        except Refused as refusal:
            if refusal.code == "slow_down":
                pause += SLOWER
            elif refusal.code == "access_denied":
                raise SignInFailed("sign_in_denied") from refusal
            elif refusal.code == "expired_token":
                break
            elif refusal.code != "authorization_pending":
                raise
    raise SignInFailed("sign_in_timeout")
