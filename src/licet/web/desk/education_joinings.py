"""Applicants who had the license with an account for which nobody can answer: two people decide."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from licet.education.joining import actions as joining
from licet.education.joining import queries
from licet.education.joining.models import Joining
from licet.education.joining.rules import AT_THE_DESK, JoiningState
from licet.education.models import Case
from licet.web.actor import Request
from licet.web.desk.staff import staff_only


@require_safe
@staff_only
def joinings(request: Request) -> HttpResponse:
    """List what waits for a decision, and what waits for its day."""
    return render(request, "desk/education/joinings.html", {"rows": queries.at_the_desk()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def joining_page(request: Request, joining_id: str) -> HttpResponse:
    """Show both accounts, and decide."""
    related = ("person", "former", "case__institution", "first_by", "second_by")
    found = get_object_or_404(Joining.objects.select_related(*related), public_id=joining_id)
    if request.method == "POST":
        if request.POST.get("do") == "endorse":
            after = joining.endorse(joining=found, by=request.actor, now=request.now)
            done = after.state == JoiningState.WAITING
            messages.success(
                request,
                _("Agreed by two: it happens in 72 hours, and everybody concerned is told.")
                if done
                else _("Noted. A colleague has to agree, too."),
            )
        else:
            joining.decline(joining=found, by=request.actor, now=request.now)
            messages.success(request, _("Declined. The applicant is told."))
        return redirect("desk_joinings")
    theirs = Case.objects.filter(person=found.former_id, programme=found.case.programme_id)
    context = {
        "joining": found,
        "cases": theirs.select_related("institution").order_by("-pk")[:10] if found.former_id else [],
        "undecided": found.state in AT_THE_DESK,
        "mine": found.first_by_id == request.actor.id,
        "own": request.actor.id in {found.person_id, found.former_id},
    }
    return render(request, "desk/education/joining.html", context)
