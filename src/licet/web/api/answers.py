"""Every answer to a program is JSON: what Django or a library would say as a page becomes problem+json.

RFC 9457 problem details with our stable code, as `web/answers.py` words refusals.
"""

from collections.abc import Callable
from typing import ClassVar

from django.http import HttpRequest, HttpResponse, JsonResponse

from licet.kernel.refusal import Forbidden, Missing, Refusal
from licet.web.answers import problem
from licet.web.api.errors import (
    BodyTooLarge,
    BodyUnreadable,
    Broken,
    Busy,
    MediaTypeWrong,
    MethodNotAllowed,
    RequestInvalid,
    Unauthenticated,
)

PREFIXES = (
    "/api/",
    "/connect/token",
    "/connect/revoke",
    "/connect/device_authorization",
    "/connect/userinfo",
    "/connect/jwks.json",
    "/.well-known/",
    "/v1/",
)


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
        elif "public" in response["Cache-Control"] and response.has_header("Vary"):
            del response["Vary"]  # the same for everybody, so that caches on the way keep one copy
        return response
