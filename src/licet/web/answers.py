"""From a Refusal to an answer: an error of the form, a toast, a page, or problem+json.

No view has a `try`: what a verb refuses either becomes an error of the form in hand
(`attempt`) or travels up to the middleware below.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from licet.kernel.refusal import Kind, Refusal
from licet.web.errors import AddressUnreadable

Result = TypeVar("Result")
Answer = TypeVar("Answer", bound=HttpResponse)

STATUS: dict[Kind, int] = {
    Kind.INVALID: 422,
    Kind.FORBIDDEN: 403,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.ENDED: 410,
    Kind.BUSY: 503,
    Kind.OFTEN: 429,
}


def attempt(form: BaseForm, verb: Callable[[], Result]) -> Result | None:
    """Run a verb; turn its refusal into an error of the form, at its field where it names one.

    Missing, forbidden and too often are no matter of what was typed: they go on to the middleware.
    """
    try:
        return verb()
    except Refusal as refusal:
        if refusal.kind in (Kind.MISSING, Kind.FORBIDDEN, Kind.OFTEN):
            raise
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None


def problem(refusal: Refusal, *, status: int | None = None) -> JsonResponse:
    """Answer a program: RFC 9457 problem details with our stable code.

    Where a refusal knows them: who can fix it, and what a program needs beside the sentence.
    """
    status = status or STATUS[refusal.kind]
    fixed_by = getattr(refusal, "fixed_by", None)
    body = {
        "type": f"urn:licet:refusal:{refusal.code}",
        "title": refusal.code,
        "status": status,
        "detail": str(refusal),
        "code": refusal.code,
        **({"fixed_by": fixed_by} if fixed_by else {}),
        **getattr(refusal, "more", {}),
    }
    answer = JsonResponse(body, status=status, content_type="application/problem+json")
    return _later(answer, refusal)


def back(request: HttpRequest, *, default: str) -> HttpResponseRedirect:
    """Send the browser to the `next` that the form carried, when it is ours, else to `default`."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = default
    return HttpResponseRedirect(target)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer whoever asked, in the form they can read, with the status of the refusal's kind."""
    status = STATUS[refusal.kind]
    if request.path.startswith(("/api/", "/v1/", "/connect/token")):
        return problem(refusal)
    context: dict[str, Any] = {"refusal": refusal, "sentence": str(refusal)}
    if getattr(request, "htmx", None):
        # nothing is swapped but the out-of-band toast; the page below stays as it was
        response = render(request, "parts/toast_oob.html", {**context, "level": "error"}, status=status)
        response["HX-Reswap"] = "none"
        return _later(response, refusal)
    return _later(render(request, "base/refusal.html", context, status=status), refusal)


def _later(response: Answer, refusal: Refusal) -> Answer:
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response


class RefusalMiddleware:
    """Answer every refusal that a view let pass, and what no view could read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Called by Django before a view; None lets it answer."""
        unreadable = "\x00" in request.path_info or any("\x00" in text for text in _texts(request))
        return refused(request, AddressUnreadable()) if unreadable else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called by Django with what a view raised; None for everything that is not a refusal."""
        return refused(request, exception) if isinstance(exception, Refusal) else None


def _texts(request: HttpRequest) -> Iterator[str]:
    for name, values in request.GET.lists():
        yield name
        yield from values
