"""Every answer to a program is JSON: what Django or a library would say as a page becomes problem+json.

RFC 9457 problem details with our stable code, as `web/answers.py` words refusals.
"""

from collections.abc import Callable
from typing import ClassVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _

from licet.kernel.refusal import Forbidden, Kind, Missing, Refusal
from licet.web.answers import problem

PREFIXES = ("/api/", "/connect/token", "/connect/revoke", "/.well-known/")


class Unauthenticated(Refusal):
    """No token, or one that opens nothing."""

    code = "unauthenticated"
    kind = Kind.FORBIDDEN
    sentence = _("You are not signed in, or your sign-in has ended. Sign in from the application again.")


class MethodNotAllowed(Refusal):
    """The address exists, the method does not."""

    code = "method_not_allowed"
    kind = Kind.INVALID
    sentence = _("This address does not take this method. The answer's Allow header names those it takes.")


class BodyUnreadable(Refusal):
    """The body is no JSON object."""

    code = "body_unreadable"
    kind = Kind.INVALID
    sentence = _("The body of the request is not a JSON object. Send UTF-8 JSON.")


class BodyTooLarge(Refusal):
    """The body is longer than this address reads."""

    code = "body_too_large"
    kind = Kind.INVALID
    sentence = _("The body of the request is too large.")


class MediaTypeWrong(Refusal):
    """The body is not announced as JSON."""

    code = "media_type_wrong"
    kind = Kind.INVALID
    sentence = _("Send the body with Content-Type: application/json.")


class Busy(Refusal):
    """Too many requests."""

    code = "too_many_requests"
    kind = Kind.BUSY
    sentence = _("Too many requests. Wait a moment and try again.")


class Broken(Refusal):
    """A fault of ours."""

    code = "internal_error"
    kind = Kind.BUSY
    sentence = _("This is our mistake; it has been noted. Try again later.")


class RequestInvalid(Refusal):
    """The request as a whole does not make sense."""

    code = "request_invalid"
    kind = Kind.INVALID
    sentence = _("The request could not be understood. Check it against the documentation.")


_BY_STATUS: dict[int, type[Refusal]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: Missing,
    405: MethodNotAllowed,
    413: BodyTooLarge,
    415: MediaTypeWrong,
    429: Busy,
    500: Broken,
    503: Broken,
}
_STATUS: dict[type[Refusal], int] = {
    Unauthenticated: 401,
    BodyUnreadable: 400,
    BodyTooLarge: 413,
    MediaTypeWrong: 415,
}
CHALLENGE = 'Bearer error="invalid_token"'


def answer(refusal: Refusal) -> JsonResponse:
    """Return the problem of a refusal that only this surface knows, with its own status."""
    response = problem(refusal, status=_STATUS.get(type(refusal)))
    if response.status_code == 401:
        response["WWW-Authenticate"] = CHALLENGE
    return response


class ProblemMiddleware:
    """Reword as a problem whatever error under our prefixes is not JSON yet; let nothing be cached."""

    KEPT: ClassVar[tuple[str, ...]] = ("Allow", "Retry-After", "WWW-Authenticate")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(PREFIXES):
            return response
        if response.status_code >= 400 and "json" not in response.get("Content-Type", ""):
            refusal = _BY_STATUS.get(response.status_code, RequestInvalid)()
            reworded = problem(refusal, status=response.status_code)
            for name in self.KEPT:
                if name in response:
                    reworded[name] = response[name]
            response = reworded
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response
