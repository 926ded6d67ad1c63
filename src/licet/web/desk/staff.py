"""The desk's own door: the vendor's people, each for their duties; for everybody else there is no desk."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse

from licet.accounts.serving import require_duty
from licet.web.actor import Request
from licet.web.desk.doors import duty_for

Rest = ParamSpec("Rest")


def staff_only(
    view: Callable[Concatenate[Request, Rest], HttpResponse],
) -> Callable[Concatenate[Request, Rest], HttpResponse]:
    """Ask for a sign-in, then answer 404 to whoever does not work for the vendor.

    Whoever does and has no role for the page reads which one it takes (`doors.py`).
    """

    @wraps(view)
    def guarded(request: Request, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if not request.actor.is_staff:
            raise Http404
        match = request.resolver_match
        duty = duty_for(
            name=(match.url_name or "") if match else "", changing=request.method not in ("GET", "HEAD")
        )
        if duty is not None:
            require_duty(by=request.actor, duty=duty)
        return view(request, *args, **kwargs)

    return login_required(guarded)
