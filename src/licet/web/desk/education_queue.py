"""The queue of requests for education licenses: what waits, and the next case."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from licet.education import queue
from licet.education.queue import Wanted
from licet.web.actor import Request
from licet.web.desk.education_words import STATES, TONES
from licet.web.desk.staff import staff_only

KEPT = "desk_cases"
FILTERS = ("programme", "language", "country", "state")


@never_cache
@require_safe
@staff_only
def case_queue(request: Request) -> HttpResponse:
    """Show what waits, the oldest first. Filters stay until they are changed; `q` finds any case."""
    search = request.GET.get("q", "").strip()
    if any(name in request.GET for name in FILTERS):
        request.session[KEPT] = {name: request.GET.get(name, "")[:40] for name in FILTERS}
    wanted = _wanted(request)
    given = request.GET.get("page", "")
    page = max(int(given), 1) if given.isascii() and given.isdigit() and len(given) < 6 else 1
    found = queue.queue(wanted=wanted, page=page, reviewer=request.actor.id or 0, now=request.now)
    context = {
        "queue": found,
        "wanted": wanted,
        "narrowed": wanted != Wanted(),
        "states": [(code, STATES[code], count) for code, count in found.states],
        "state_words": STATES,
        "tones": TONES,
        "search": search,
        "found": queue.found(search=search),
        "newer": page - 1,
        "older": page + 1 if page * queue.PAGE < found.total else 0,
    }
    return render(request, "desk/education/queue.html", context)


@require_POST
@staff_only
def case_next(request: Request) -> HttpResponse:
    """Take the oldest free case in hand and open it."""
    case = queue.take_next(wanted=_wanted(request), by=request.actor, now=request.now)
    if case is None:
        messages.info(request, _("There is no case for you at the moment."))
        return redirect("desk_cases")
    return redirect("desk_case", case.public_id)


def _wanted(request: Request) -> Wanted:
    kept = request.session.get(KEPT, {})
    return Wanted(**{name: kept.get(name, "") for name in FILTERS})
