"""What follows from events and is not done yet, for the vendor's people."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licet.eventlog import actions, queries
from licet.eventlog.models import Delivery
from licet.web.actor import Request
from licet.web.desk.staff import staff_only


@require_safe
@staff_only
def deliveries(request: Request) -> HttpResponse:
    """List what was given up, and what the worker will do next."""
    return render(
        request,
        "desk/deliveries.html",
        {
            "counts": queries.counts(),
            "failed": queries.waiting(failed=True),
            "due": queries.waiting(failed=False),
            "now": request.now,
        },
    )


@require_POST
@staff_only
def retry(request: Request, delivery: int) -> HttpResponse:
    """Have a delivery that was given up tried again."""
    actions.retry(delivery=get_object_or_404(Delivery, pk=delivery), by=request.actor, now=request.now)
    messages.success(request, _("The worker tries it again within seconds."))
    return redirect("desk_deliveries")
