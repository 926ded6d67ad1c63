"""The library's classes on our tables: what it asks is answered from rows, what it decides is a verb."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from authlib.integrations.django_oauth2 import RevocationEndpoint
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import (
    ClientMixin,
    InvalidGrantError,
    InvalidRequestError,
    OAuth2Payload,
    OAuth2Request,
)
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from django.http import QueryDict

from licet.accounts.models import Person
from licet.connect import actions as connect
from licet.connect import ending, queries, rules
from licet.connect.errors import GrantHasEnded
from licet.connect.models import Application, Code, Grant, Token
from licet.connect.states import TokenKind
from licet.kernel.actor import Actor, ActorKind
from licet.kernel.refusal import Kind, Refusal
from licet.teams.permissions import Permission
from licet.web import freshness
from licet.web.actor import Request
from licet.web.oauth.identity import id_token


def acting(*, person: Person, application: Application) -> Actor:
    """Return the actor of an application that acts for a person; it may see what they see of a team."""
    label = rules.read_name(names=application.names, language="en") or application.client_id
    scopes = frozenset({Permission.SEE_TEAM.value})
    return Actor(kind=ActorKind.APPLICATION, id=person.pk, label=label, scopes=scopes)


def fresh(*, prefix: str) -> str:
    """Return a new secret of 256 bits; the prefix lets scanners of leaked texts recognize it."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def new_tokens(*, scope: str = "", **_asked: Any) -> dict[str, Any]:
    """Return two fresh tokens as the library hands them to the application."""
    return {
        "token_type": "Bearer",
        "access_token": fresh(prefix="lat"),
        "refresh_token": fresh(prefix="lrt"),
        "expires_in": int(rules.ACCESS_LIFE.total_seconds()),
        "scope": scope,
    }


class Client(ClientMixin):  # type: ignore[misc]
    """An application as the library knows it: public, and every application may use every grant."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __repr__(self) -> str:
        return self.application.client_id

    def get_client_id(self) -> str:
        """Return the client id."""
        return self.application.client_id

    def get_default_redirect_uri(self) -> None:
        """Return nothing: the address is always asked for."""

    def get_allowed_scope(self, scope: str | None) -> str:
        """Return what it gets of what was asked; the answer tells it."""
        return rules.granted_scope(asked=scope or "")

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether the application may be answered there."""
        return rules.redirect_allowed(address=redirect_uri, patterns=self.application.redirects)

    def check_client_secret(self, client_secret: str) -> bool:
        """Return no: there is none."""
        return False

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Whether the method is the one of clients without a secret."""
        return method == "none"

    def check_response_type(self, response_type: str) -> bool:
        """Whether it is the code flow."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Return yes: what the server does not know it has refused before."""
        return True


class Payload(OAuth2Payload):  # type: ignore[misc]
    """The parameters: of a page those in the address, of a program those in the body, never mixed."""

    def __init__(self, values: QueryDict) -> None:
        self._values = values

    @property
    def data(self) -> dict[str, str]:
        """Return one value per name."""
        return cast(dict[str, str], self._values.dict())

    @property
    def datalist(self) -> dict[str, list[str]]:
        """Return all values per name."""
        return {name: list(values) for name, values in self._values.lists()}


class ProtocolRequest(OAuth2Request):  # type: ignore[misc]
    """A request as the library reads it, and beside it the one that Django gave us."""

    def __init__(self, request: Request, *, values: QueryDict) -> None:
        # The library refuses plain http. Whether this installation is served so is its operator's
        # decision (and behind a proxy we would not know), hence the fixed scheme.
        super().__init__(request.method, f"https://{request.get_host()}{request.path}", None, request.headers)
        self.http = request
        self.payload = Payload(values)

    @property
    def args(self) -> QueryDict:
        """Return the parameters of the address."""
        return self.http.GET

    @property
    def form(self) -> QueryDict:
        """Return the parameters of the body."""
        return self.http.POST


@contextmanager
def in_protocol() -> Iterator[None]:
    """Word a verb's refusal as the protocol does; the code of the refusal is its description."""
    try:
        yield
    except Refusal as refusal:
        error = Unavailable if refusal.kind is Kind.BUSY else InvalidGrantError
        raise error(refusal.code) from None


class Unavailable(OAuth2Error):  # type: ignore[misc]
    """Our fault, for now: the program asks again later."""

    error = "temporarily_unavailable"
    status_code = 503


class S256(CodeChallenge):  # type: ignore[misc]
    """PKCE, compulsory, S256 only: a request that leaves the method out means `plain`, which is refused."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Refuse a request without a well-formed S256 challenge."""
        data = grant.request.payload.data
        if data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with code_challenge_method S256 is required.")
        if not rules.challenge_valid(challenge=data.get("code_challenge", "")):
            raise InvalidRequestError("code_challenge is no S256 challenge.")
        super().validate_code_challenge(grant, redirect_uri)

    def get_authorization_code_challenge(self, authorization_code: "HeldCode") -> str:
        """Return the challenge of the code."""
        return authorization_code.row.challenge

    def get_authorization_code_challenge_method(self, authorization_code: "HeldCode") -> str:
        """Return the one method."""
        return "S256"


@dataclass(frozen=True, slots=True)
class HeldCode:
    """A code as the library asks it."""

    row: Code

    def get_redirect_uri(self) -> str:
        """Return where the code was sent."""
        return self.row.redirect_uri

    def get_scope(self) -> str:
        """Return what the page listed."""
        return self.row.scope


@dataclass(frozen=True, slots=True)
class HeldToken:
    """A token as the library asks it."""

    row: Token

    def check_client(self, client: Client) -> bool:
        """Whether the token is this application's own."""
        return self.row.grant.application_id == client.application.pk

    def get_scope(self) -> str:
        """Return what the grant allows."""
        return self.row.grant.scope


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """The authorization code flow: page, code, tokens."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]

    def generate_authorization_code(self) -> str:
        """Return a fresh code."""
        return fresh(prefix="lac")

    def save_authorization_code(self, code: str, request: ProtocolRequest) -> None:
        """Note the person's yes."""
        person: Person = request.user
        data = request.payload.data
        connect.allow(
            application=request.client.application,
            person=person,
            redirect_uri=data["redirect_uri"],
            challenge=data["code_challenge"],
            device_name=data.get("device_name", ""),
            code=code,
            scope=request.client.get_allowed_scope(data.get("scope")),
            nonce=data.get("nonce", ""),
            authenticated_at=freshness.authenticated_at(request.http),
            by=person.actor(),
            now=request.http.now,
        )

    def query_authorization_code(self, code: str, client: Client) -> HeldCode | None:
        """Find the code; one that was spent ends its grant, whatever else comes with it."""
        row = queries.code_of(secret=code)
        if row is None or row.application_id != client.application.pk:
            return None
        if row.spent_at is not None:
            by = acting(person=row.person, application=row.application)
            with in_protocol():
                connect.catch_replay(code=row, by=by, now=self.request.http.now)
            return None
        return HeldCode(row)

    def authenticate_user(self, authorization_code: HeldCode) -> Person:
        """Return whose code it is; whether they may still sign in is the verb's question."""
        return authorization_code.row.person

    def save_token(self, token: dict[str, Any]) -> None:
        """Redeem the code for these tokens."""
        row, now = self.request.authorization_code.row, self.request.http.now
        with in_protocol():
            identity = id_token(
                person=row.person,
                application=row.application,
                scope=row.scope,
                nonce=row.nonce,
                authenticated_at=row.authenticated_at,
                now=now,
            )
            grant = connect.redeem(
                code=row,
                access=token["access_token"],
                refresh=token["refresh_token"],
                by=acting(person=row.person, application=row.application),
                now=now,
            )
        token |= {"expires_in": seconds(grant, now=now), **identity}

    def delete_authorization_code(self, authorization_code: HeldCode) -> None:
        """Do nothing: redeeming has spent it, and a spent code is kept to catch its replay."""


class RefreshGrant(RefreshTokenGrant):  # type: ignore[misc]
    """The refresh flow: each refresh token works once."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> HeldToken | None:
        """Find the refresh token, spent ones included: the verb must see a replay."""
        row = queries.token_of(secret=refresh_token)
        return HeldToken(row) if row is not None and row.kind == TokenKind.REFRESH else None

    def authenticate_user(self, refresh_token: HeldToken) -> Person:
        """Return whose token it is; whether they may still sign in is the verb's question."""
        return refresh_token.row.grant.person

    def save_token(self, token: dict[str, Any]) -> None:
        """Exchange the old refresh token for these tokens."""
        row = self.request.refresh_token.row
        with in_protocol():
            grant = connect.refresh(
                token=row,
                access=token["access_token"],
                refresh=token["refresh_token"],
                by=_acting_under(row.grant),
                now=self.request.http.now,
            )
        token["expires_in"] = seconds(grant, now=self.request.http.now)

    def revoke_old_credential(self, refresh_token: HeldToken) -> None:
        """Do nothing: the verb has spent it in the same transaction."""


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    """RFC 7009: either token of a grant ends the grant, for its own application only."""

    CLIENT_AUTH_METHODS = ["none"]

    def check_params(self, request: ProtocolRequest, client: Client) -> None:
        """Want a token; the hint is not needed, for both kinds are found in one look."""
        if not request.form.get("token"):
            raise InvalidRequestError("Missing 'token' in request.")

    def query_token(self, token: str, token_type_hint: str | None) -> HeldToken | None:
        """Find the token."""
        row = queries.token_of(secret=token)
        return HeldToken(row) if row is not None else None

    def revoke_token(self, token: HeldToken, request: ProtocolRequest) -> None:
        """End the grant; that it had ended before is as good."""
        grant = token.row.grant
        try:
            ending.sign_out(grant=grant, by=_acting_under(grant), now=request.http.now)
        except GrantHasEnded:
            return


def _acting_under(grant: Grant) -> Actor:
    return acting(person=grant.person, application=grant.application)


def seconds(grant: Grant, *, now: datetime) -> int:
    """How long the new access token lasts: the grant's end cuts it short."""
    return int(min(rules.ACCESS_LIFE, grant.expires_at - now).total_seconds())
