"""The grant that takes a license code in place of a page: an extension grant (RFC 6749, section 4.5).

`grant_type=urn:licet:params:oauth:grant-type:license-code`, `code`, `client_id`, `device_name`. A no is an
`invalid_grant` that carries the refusal's own code and sentence beside it, as problem details would.
"""

from typing import Any

from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError
from authlib.oauth2.rfc6749.grants import BaseGrant, TokenEndpointMixin

from licet.connect import rules
from licet.kernel.actor import Actor, ActorKind
from licet.kernel.refusal import Kind, Refusal
from licet.licenses import activating, queries
from licet.licenses.models import Code
from licet.web import guessing
from licet.web.oauth.grants import Client, ProtocolRequest, acting, seconds


class CodeRefused(InvalidGrantError):  # type: ignore[misc]
    """A refusal as the protocol and as our client read it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code, status_code=429 if refusal.kind is Kind.OFTEN else 400)
        self.refusal = refusal

    def get_body(self) -> list[tuple[str, str]]:
        """Return OAuth's members, and ours."""
        return [*super().get_body(), ("code", self.refusal.code), ("detail", str(self.refusal))]

    def get_headers(self) -> list[tuple[str, str]]:
        """Return when to come back, where that is the matter."""
        headers: list[tuple[str, str]] = super().get_headers()
        if self.refusal.retry_after is not None:
            headers.append(("Retry-After", str(self.refusal.retry_after)))
        return headers


class LicenseCodeGrant(BaseGrant, TokenEndpointMixin):  # type: ignore[misc]
    """A license code in, tokens of its holder out."""

    GRANT_TYPE = "urn:licet:params:oauth:grant-type:license-code"
    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]
    request: ProtocolRequest

    def validate_token_request(self) -> None:
        """Want a known application and a code."""
        self.request.client = self.authenticate_token_endpoint_client()
        if not self.request.form.get("code"):
            raise InvalidRequestError("Missing 'code' in request.")

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """Find the code, and give its holder's application two tokens."""
        token = self.generate_token(scope=rules.SCOPE)
        try:
            self._activate(token)
        except Refusal as refusal:
            raise CodeRefused(refusal) from None
        return 200, token, self.TOKEN_RESPONSE_HEADER

    def _activate(self, token: dict[str, Any]) -> None:
        http, client = self.request.http, self.request.client
        text = str(self.request.form["code"])
        code = guessing.slowed(http, lambda: queries.find(text=text))
        grant = activating.activate(
            code=code,
            application=client.application,
            device_name=str(self.request.form.get("device_name", "")),
            access=token["access_token"],
            refresh=token["refresh_token"],
            by=_acting(code, client=client),
            now=http.now,
        )
        token["expires_in"] = seconds(grant, now=http.now)


def _acting(code: Code, *, client: Client) -> Actor:
    if code.member is None:
        return Actor(kind=ActorKind.APPLICATION, label=client.get_client_id())
    return acting(person=code.member.person, application=client.application)
