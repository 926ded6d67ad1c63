"""What the surfaces call: read a request for consent, decide it, answer programs."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from authlib.common.urls import add_params_to_uri
from authlib.integrations.django_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AccessDeniedError, InvalidRequestError, UnsupportedResponseTypeError
from authlib.oidc.core.errors import (
    InteractionRequiredError,
    LoginRequiredError,
    RequestNotSupportedError,
    RequestURINotSupportedError,
)
from django.conf import settings
from django.http import HttpResponse, JsonResponse, QueryDict

from licet.accounts.models import Person
from licet.connect import queries, rules
from licet.connect.errors import ApplicationUnknown, RedirectNotAllowed, RequestIncomplete
from licet.connect.models import Application, Token
from licet.web import limits
from licet.web.actor import Request
from licet.web.oauth import identity
from licet.web.oauth.devices import Asking, DeviceGrant
from licet.web.oauth.grants import (
    S256,
    Client,
    CodeGrant,
    ProtocolRequest,
    RefreshGrant,
    Revocation,
    new_tokens,
)
from licet.web.oauth.license_codes import LicenseCodeGrant

FORM = "application/x-www-form-urlencoded"
TOKENS_A_MINUTE = 300
DEVICES_A_MINUTE = 30
NONCE_LENGTH = 200
A_MOMENT = timedelta(minutes=1)
"""What counts as having proved it just now: as long as coming back from the page of sign-in takes."""

_CLIENT_ID = re.compile(r"[A-Za-z0-9._~-]{1,80}")


def issuer() -> str:
    """Return the name under which this installation issues tokens (RFC 8414): its address."""
    return str(settings.LICET_BASE_URL)


# --- the authorization page -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What an application asks a person for: valid in every part, and not yet decided."""

    application: Application
    redirect_uri: str
    device_name: str
    scope: str
    grant: Any
    proved_within: timedelta | None = None

    @property
    def form_target(self) -> str:
        """What the page's policy must let its form lead to."""
        return rules.form_target(address=self.redirect_uri)


def read_consent(request: Request) -> Consent | HttpResponse:
    """Return what the application asks for, or the redirect that tells the application its mistake.

    Refuses, on our own page, whatever makes the address of the answer doubtful.
    """
    query = request.GET
    if _repeated(query) or not query.get("client_id") or not query.get("redirect_uri"):
        raise RequestIncomplete
    application = _application(query["client_id"])
    if application is None:
        raise ApplicationUnknown
    redirect_uri = query["redirect_uri"]
    if not rules.redirect_allowed(address=redirect_uri, patterns=application.redirects):
        raise RedirectNotAllowed
    try:
        if query.get("response_type") != "code":
            raise UnsupportedResponseTypeError("code")
        proved_within = _proved_within(request)
        grant = SERVER.get_consent_grant(request)
    except OAuth2Error as error:
        return _tell(redirect_uri, [*error.get_body(), *_state(query)])
    return Consent(
        application=application,
        redirect_uri=redirect_uri,
        device_name=rules.device_label(name=query.get("device_name", "")),
        scope=rules.granted_scope(asked=query.get("scope", "")),
        grant=grant,
        proved_within=proved_within,
    )


def _proved_within(request: Request) -> timedelta | None:
    """Return how old the person's proof of who they are may be, where the application says so.

    Refuses what OpenID Connect (Core, 3.1.2.1) lets an application ask and we do not do: an answer
    without a page, a request in a token, a nonce that is a letter.
    """
    query = request.GET
    prompts = query.get("prompt", "").split(" ")
    if "none" in prompts:
        raise InteractionRequiredError if request.actor.is_person else LoginRequiredError
    if query.get("request"):
        raise RequestNotSupportedError
    if query.get("request_uri"):
        raise RequestURINotSupportedError
    if len(query.get("nonce", "")) > NONCE_LENGTH:
        raise InvalidRequestError(f"nonce has more than {NONCE_LENGTH} characters.")
    if query.get("response_mode", "query") != "query":
        raise InvalidRequestError("response_mode is query.")
    asked = query.get("max_age", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise InvalidRequestError("max_age is a number of seconds.")
    if "login" in prompts:
        return A_MOMENT
    return max(timedelta(seconds=int(asked)), A_MOMENT) if asked else None


def decide(request: Request, *, consent: Consent, person: Person | None) -> HttpResponse:
    """Send the browser back to the application: with a code for the person, or (None) with a no."""
    if person is None:
        return _tell(consent.redirect_uri, [*AccessDeniedError().get_body(), *_state(request.GET)])
    answer = SERVER.create_authorization_response(request, grant_user=person, grant=consent.grant)
    answer["Location"] = add_params_to_uri(answer["Location"], [("iss", issuer())])
    return cast(HttpResponse, answer)


def _tell(redirect_uri: str, params: list[tuple[str, str]]) -> HttpResponse:
    # RFC 9207: errors carry the issuer, too. A private scheme is no address to Django's own redirect.
    once = dict(params)
    return HttpResponse(
        status=302, headers={"Location": add_params_to_uri(redirect_uri, [*once.items(), ("iss", issuer())])}
    )


def _state(query: QueryDict) -> list[tuple[str, str]]:
    return [("state", str(query["state"]))] if query.get("state") else []


def _repeated(values: QueryDict) -> bool:
    """Whether a parameter stands there twice, which RFC 6749 (3.1, 3.2) forbids."""
    return any(len(each) > 1 for _name, each in values.lists())


def _application(client_id: str) -> Application | None:
    # databases choke on some characters, so they never get to see them
    return queries.application_of(client_id=client_id) if _CLIENT_ID.fullmatch(client_id) else None


# --- the endpoints for programs -------------------------------------------------------------------


def token_response(request: Request) -> HttpResponse:
    """Answer `/connect/token`: a code or a refresh token in, the next two tokens out."""
    refused = _too_many(request, what="token", most=TOKENS_A_MINUTE) or _malformed(request)
    return refused or cast(HttpResponse, SERVER.create_token_response(request))


def device_response(request: Request) -> HttpResponse:
    """Answer `/connect/device_authorization` (RFC 8628): a device asks to be signed in."""
    refused = _too_many(request, what="device", most=DEVICES_A_MINUTE) or _malformed(request)
    return refused or cast(HttpResponse, SERVER.create_endpoint_response(Asking.ENDPOINT_NAME, request))


def revocation_response(request: Request) -> HttpResponse:
    """Answer `/connect/revoke` (RFC 7009): the application signs out."""
    refused = _too_many(request, what="revoke", most=TOKENS_A_MINUTE) or _malformed(request)
    return refused or cast(HttpResponse, SERVER.create_endpoint_response(Revocation.ENDPOINT_NAME, request))


def metadata() -> dict[str, Any]:
    """Return what applications need to know of us (RFC 8414, and for OpenID Connect its Discovery 1.0)."""
    site = issuer()
    return {
        "issuer": site,
        "authorization_endpoint": f"{site}/connect/authorize",
        "token_endpoint": f"{site}/connect/token",
        "device_authorization_endpoint": f"{site}/connect/device_authorization",
        "revocation_endpoint": f"{site}/connect/revoke",
        "scopes_supported": [rules.SCOPE, *rules.IDENTITY],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [each.GRANT_TYPE for each in GRANTS],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "authorization_response_iss_parameter_supported": True,
        "ui_locales_supported": [code for code, _name in settings.LANGUAGES],
        **identity.metadata(),
    }


def _too_many(request: Request, *, what: str, most: int) -> HttpResponse | None:
    """Answer 429 to an address that asks more than `most` times a minute: whole offices share one."""
    if limits.within(request, what=what, who=limits.address(request), most=most, seconds=60):
        return None
    body = {"error": "temporarily_unavailable", "error_description": "too_many_requests"}
    seconds = limits.wait(request, seconds=60)
    return JsonResponse(body, status=429, headers={"Retry-After": str(seconds), "Cache-Control": "no-store"})


def _malformed(request: Request) -> HttpResponse | None:
    if request.content_type != FORM:
        return _refuse(InvalidRequestError(f"Send {FORM}."))
    if _repeated(request.POST):
        return _refuse(InvalidRequestError("A parameter is repeated."))
    return None


def _refuse(error: OAuth2Error) -> HttpResponse:
    status, body, headers = error()
    return cast(HttpResponse, SERVER.handle_response(status, body, headers))


# --- the library's server ------------------------------------------------------------------------


class Server(AuthorizationServer):  # type: ignore[misc]
    """The library's server, without its ways to the database."""

    def query_client(self, client_id: str) -> Client | None:
        """Find a registered application."""
        application = _application(client_id)
        return Client(application) if application is not None else None

    def create_oauth2_request(self, request: Request | ProtocolRequest) -> ProtocolRequest:
        """Show the library the parameters of the address for the page, of the body for programs."""
        if isinstance(request, ProtocolRequest):
            return request
        page = request.resolver_match is not None and request.resolver_match.url_name == "connect_authorize"
        return ProtocolRequest(request, values=request.GET if page else request.POST)

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Send nothing: what happened is told by the facts of the verbs."""


GRANTS = (CodeGrant, RefreshGrant, DeviceGrant, LicenseCodeGrant)


def _server() -> Server:
    server = Server(Application, Token)
    server.register_token_generator("default", new_tokens)
    for grant in GRANTS:
        server.register_grant(grant, [S256(required=True)] if grant is CodeGrant else None)
    server.register_endpoint(Revocation)
    server.register_endpoint(Asking)
    return server


SERVER = _server()
