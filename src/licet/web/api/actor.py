"""Who acts in a program's request: only its access token says so; a session never does."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from licet.connect import queries
from licet.connect.queries import Holder
from licet.kernel.refusal import Refusal
from licet.web.actor import NOBODY, Request
from licet.web.api.answers import answer
from licet.web.api.errors import Unauthenticated
from licet.web.oauth.grants import acting

TOKEN_LENGTH = 200


class ProgramRequest(Request):
    """A request with a good access token."""

    holder: Holder


def program(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in who carries a good access token; the actor is the application, for its person.

    No browser sends that header by itself, so there is no forged request to guard against.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: ProgramRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.actor = NOBODY
        found = queries.holder(token=token_of(request), now=request.now)
        if found is None:
            return answer(Unauthenticated())
        request.holder = found
        request.actor = acting(person=found.person, application=found.application)
        return _answered(view, request, *args, **kwargs)

    return guarded


def by_signature(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in a program that nobody is signed in to: the view proves what it does by what was signed."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        request.actor = NOBODY
        return _answered(view, request, *args, **kwargs)

    return guarded


def token_of(request: Request) -> str:
    """Return the token of the header (RFC 6750, 2.1; RFC 9449, 7.1); anywhere else it does not count."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    known = scheme.lower() in ("bearer", "dpop") and len(token) <= TOKEN_LENGTH
    return token.strip() if known else ""


def _answered(view: Callable[..., HttpResponse], request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except Refusal as refusal:
        return answer(refusal)
