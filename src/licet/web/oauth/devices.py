"""Devices without a browser (RFC 8628): the endpoint where they ask, and the grant by which they fetch."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.consts import default_json_headers
from authlib.oauth2.rfc6749 import InvalidGrantError
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant, DeviceCredentialMixin
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

from licet.accounts.models import Person
from licet.connect import queries, rules
from licet.connect import requests as connect
from licet.connect.errors import CodeInUse, TooManyTries, UserCodeUnknown
from licet.connect.models import DeviceRequest
from licet.connect.states import RequestState
from licet.kernel.actor import Actor, ActorKind
from licet.web import limits
from licet.web.actor import Request
from licet.web.oauth.grants import (
    Client,
    ProtocolRequest,
    acting,
    fresh,
    in_protocol,
    seconds,
)
from licet.web.oauth.identity import id_token

TRIES, ADDRESS_TRIES, TRIES_SECONDS = 10, 50, 600
"""How many codes one person, and one address, may enter in ten minutes: guessing one takes a billion."""

DRAWS = 3
"""How often a code is drawn before we say that we are busy: one in use is met once in a lifetime."""

SLACK = 0.5
"""Seconds that a device's clock and the network may be off without its being called impatient."""


class Asking(DeviceAuthorizationEndpoint):  # type: ignore[misc]
    """Where a device says that it waits, and learns what its person is to type and where."""

    CLIENT_AUTH_METHODS = ["none"]

    def create_endpoint_response(self, request: ProtocolRequest) -> tuple[int, dict[str, Any], Any]:
        """Draw codes until one is free, and tell them (RFC 8628, 3.2)."""
        client: Client = self.authenticate_client(request)
        for _draw in range(DRAWS - 1):
            try:
                return 200, self._asked(request, client), default_json_headers
            except CodeInUse:
                continue
        return 200, self._asked(request, client), default_json_headers

    def _asked(self, request: ProtocolRequest, client: Client) -> dict[str, Any]:
        letters = "".join(secrets.choice(rules.USER_CODE_LETTERS) for _ in range(rules.USER_CODE_LENGTH))
        device_code, user_code = fresh(prefix="ldc"), rules.user_code(letters=letters)
        data = request.payload.data
        with in_protocol():
            connect.ask(
                application=client.application,
                device_name=data.get("device_name", ""),
                scope=client.get_allowed_scope(data.get("scope")),
                device_code=device_code,
                user_code=user_code,
                asked_from=limits.address(request.http)[:45],
                by=Actor(kind=ActorKind.APPLICATION, label=str(client)),
                now=request.http.now,
            )
        page = f"{settings.LICET_BASE_URL}{reverse('connect_device')}"
        return {
            "device_code": device_code,
            "user_code": user_code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?user_code={user_code}",
            "expires_in": int(rules.REQUEST_LIFE.total_seconds()),
            "interval": rules.POLL_SECONDS,
        }


def waiting(request: Request, *, typed: str) -> DeviceRequest:
    """Return the request of the device that shows the code somebody typed.

    Refuses UserCodeUnknown, and TooManyTries to a person or an address that tries many.
    """
    tries = ((str(request.actor.id), TRIES), (limits.address(request), ADDRESS_TRIES))
    for who, most in tries:
        if not limits.within(request, what="user_code", who=who, most=most, seconds=TRIES_SECONDS):
            refusal = TooManyTries()
            refusal.retry_after = limits.wait(request, seconds=TRIES_SECONDS)
            raise refusal
    row = queries.request_waiting(typed=typed, now=request.now)
    if row is None:
        raise UserCodeUnknown
    return row


@dataclass(frozen=True, slots=True)
class Waiting(DeviceCredentialMixin):  # type: ignore[misc]
    """A device's request as the library asks it."""

    row: DeviceRequest
    now: datetime

    def get_client_id(self) -> str:
        """Return which application the device runs."""
        return self.row.application.client_id

    def get_scope(self) -> str:
        """Return what the page listed."""
        return self.row.scope

    def get_user_code(self) -> DeviceRequest:
        """Return what the library gives to `query_user_grant`: the code itself is nowhere stored."""
        return self.row

    def is_expired(self) -> bool:
        """Whether nobody can answer any more; what is answered has its own word."""
        return self.now >= self.row.expires_at


class DeviceGrant(DeviceCodeGrant):  # type: ignore[misc]
    """The device flow: the device polls until its person has answered."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]

    def query_device_credential(self, device_code: str) -> Waiting:
        """Find the request; one that was fetched before ends its grant, whatever else comes with it."""
        client: Client = self.authenticate_token_endpoint_client()
        row = queries.request_of_device(secret=device_code)
        if row is None or row.application_id != client.application.pk:
            raise InvalidGrantError
        if row.state == RequestState.REDEEMED:
            assert row.person is not None
            with in_protocol():
                connect.fetch(
                    request=row,
                    access="",
                    refresh="",
                    by=acting(person=row.person, application=row.application),
                    now=self.request.http.now,
                )
        return Waiting(row, self.request.http.now)

    def query_user_grant(self, row: DeviceRequest) -> tuple[Person, bool] | None:
        """Return who answered, and whether it was a yes."""
        if row.state == RequestState.WAITING or row.person is None:
            return None
        return row.person, row.state == RequestState.ALLOWED

    def should_slow_down(self, waiting: Waiting) -> bool:
        """Whether the device asks too soon; it then waits five seconds more each time (RFC 8628, 3.5).

        Kept in the cache: it is a matter of load, and the answer to the person is what counts.
        """
        key = f"poll:{waiting.row.device_code_hash}"
        last, interval = cache.get(key, (None, rules.POLL_SECONDS))
        soon = last is not None and waiting.now.timestamp() - last < interval - SLACK
        interval += rules.POLL_SECONDS if soon else 0
        left = int((waiting.row.expires_at - waiting.now).total_seconds()) + 1
        cache.set(key, (waiting.now.timestamp(), interval), timeout=left)
        return soon

    def save_token(self, token: dict[str, Any]) -> None:
        """Exchange the person's yes for these tokens."""
        row, now = self.request.credential.row, self.request.http.now
        with in_protocol():
            identity = id_token(
                person=row.person,
                application=row.application,
                scope=row.scope,
                authenticated_at=row.authenticated_at,
                now=now,
            )
            grant = connect.fetch(
                request=row,
                access=token["access_token"],
                refresh=token["refresh_token"],
                by=acting(person=row.person, application=row.application),
                now=now,
            )
        token |= {"expires_in": seconds(grant, now=now), **identity}
