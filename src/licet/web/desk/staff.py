"""The desk's own door: the vendor's people, and for everybody else there is no desk."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse

from licet.web.actor import Request

Rest = ParamSpec("Rest")


def staff_only(
    view: Callable[Concatenate[Request, Rest], HttpResponse],
) -> Callable[Concatenate[Request, Rest], HttpResponse]:
    """Ask for a sign-in, then answer 404 to whoever does not work for the vendor."""

    @wraps(view)
    def guarded(request: Request, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if not request.actor.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(guarded)
