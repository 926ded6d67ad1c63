"""Remember where somebody is signed in, without writing at every click."""

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

from licet.kernel import clock

SECONDS = 300
"""How exact the list of "Signed-in devices" is."""


class SessionsMiddleware:
    """Keep that list fresh; the library's own middleware writes in every request, pages included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated:
            seen = int(clock.read().timestamp())
            if not 0 <= seen - request.session.get("seen", 0) < SECONDS:
                UserSession.objects.create_from_request(request)
                request.session["seen"] = seen
        return self.get_response(request)
