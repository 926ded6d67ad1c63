"""Customers at the desk: the list, a page of each, and licenses given by hand."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from licet.eventlog import queries as log
from licet.licenses import granting
from licet.licenses.models import License
from licet.licenses.states import LicenseState
from licet.orders import customers as reading
from licet.orders import deciding, dunning
from licet.teams.models import Team
from licet.teams.notes.models import Note
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.desk.commerce_forms import EndForm, GrantForm, NoteForm, WhyForm
from licet.web.desk.staff import staff_only

PER_PAGE = 50
HISTORY = 8


@never_cache
@require_safe
@staff_only
def customers(request: Request) -> HttpResponse:
    """List the teams by name; `q`: a part of a team's or a member's name or address."""
    words = " ".join(request.GET.get("q", "").split())[:120]
    found = reading.listed(words=words, now=request.now)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/customers/list.html", {"page": page, "words": words})


@never_cache
@require_safe
@staff_only
def customer(request: Request, team: str) -> HttpResponse:
    """Show everything about one team."""
    found = get_object_or_404(Team, public_id=team)
    context = {
        "customer": reading.customer(team=found, now=request.now),
        "notes": Note.objects.current().filter(team=found),
        "note_form": NoteForm(),
        "me": request.actor.id,
        "history": log.entries(team=found.pk, limit=HISTORY).entries,
        "today": localdate(request.now),
    }
    return render(request, "desk/customers/customer.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def grant(request: Request, team: str) -> HttpResponse:
    """Give a team licenses for nothing, with a reason."""
    found = get_object_or_404(Team, public_id=team, archived_at=None)
    form = GrantForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        values, by, now = form.cleaned_data, request.actor, request.now
        made = attempt(form, lambda: granting.grant(team=found, **values, by=by, now=now))
        if made:
            messages.success(request, _("The team %(team)s has the licenses now.") % {"team": found.name})
            return redirect("desk_customer", found.public_id)
    context = {"team": found, "form": form}
    return render(request, "desk/customers/grant.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def license_page(request: Request, license: str) -> HttpResponse:
    """Show a license and its source; move its end, stop it, resume it, take it back, with a reason."""
    rows = License.objects.select_related("team", "pool__product")
    found = get_object_or_404(rows, public_id=license)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    end = EndForm(request.POST if do == "end" else None, auto_id="end_%s")
    why = WhyForm(request.POST if request.method == "POST" and do != "end" else None)
    by, now = request.actor, request.now
    if end.is_valid():
        until, reason = end.cleaned_data["until"], end.cleaned_data["reason"]
        moved = attempt(
            end, lambda: granting.move_end(license=found, until=until, reason=reason, by=by, now=now)
        )
        if moved:
            messages.success(request, _("The license has its new end."))
            return redirect("desk_license", found.public_id)
    verb = {"suspend": deciding.suspend, "resume": deciding.resume, "revoke": deciding.revoke}.get(do)
    if verb and why.is_valid():
        reason = why.cleaned_data["reason"]
        if attempt(why, lambda: verb(license=found, reason=reason, by=by, now=now)):
            messages.success(request, _("It is done, and stands in the team's history."))
            return redirect("desk_license", found.public_id)
    context = {
        "held": reading.held(license=found, now=now),
        "end": end,
        "why": why,
        "do": do,
        "unpaid": dunning.unpaid(license=found),
        "revocable": found.state != LicenseState.REVOKED,
        "suspended": found.state == LicenseState.SUSPENDED,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/customers/license.html", context, status=status)
