"""From a session or a token to the Actor that verbs want."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django_htmx.middleware import HtmxDetails

from licet.accounts.models import Person
from licet.kernel import brand, clock
from licet.kernel.actor import Actor, ActorKind
from licet.kernel.brand import Brand
from licet.teams.models import Team

NOBODY = Actor(kind=ActorKind.PERSON)


class Request(HttpRequest):
    """A request as our views know it: who acts, when, and with which vendor."""

    actor: Actor
    now: datetime
    brand: Brand
    htmx: HtmxDetails


class ActorMiddleware:
    """Put the actor and the moment on the request; one moment serves the whole answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.now = clock.read()
        request.brand = cast(Brand, SimpleLazyObject(brand.current))  # one look-up for the view and its page
        user = request.user
        request.actor = NOBODY
        if isinstance(user, Person) and user.is_active:
            request.actor = user.actor()
            if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
                # a browser where nobody has chosen: the person's own language before the browser's
                translation.activate(user.language)
                request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


def person(request: HttpRequest) -> Person:
    """Return the signed-in person; the caller is behind `login_required`."""
    if not isinstance(request.user, Person):
        raise TypeError("a page without sign-in asked for its person")
    return request.user


def visible_team(request: Request, *, public_id: str) -> Team:
    """Return the team with this public identifier when the actor belongs to it, else answer 404."""
    return get_object_or_404(Team.objects.visible_to(request.actor), public_id=public_id)
