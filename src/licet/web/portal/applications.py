"""The applications that a person is signed in to, and how to end that from afar."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licet.connect import ending
from licet.connect.models import Grant
from licet.web.actor import Request


@require_safe
@login_required
def applications(request: Request) -> HttpResponse:
    """List them, the one used last on top."""
    grants = Grant.objects.visible_to(request.actor).running(request.now)
    grants = grants.select_related("application").order_by("-refreshed_at", "-pk")
    return render(request, "portal/applications.html", {"grants": grants})


@require_POST
@login_required
def application_end(request: Request, grant: str) -> HttpResponse:
    """Sign one of them out."""
    found = get_object_or_404(
        Grant.objects.visible_to(request.actor).select_related("application"), public_id=grant
    )
    ending.end(grant=found, by=request.actor, now=request.now)
    messages.success(request, _("%(application)s is signed out.") % {"application": found.application.name})
    return redirect("applications")
