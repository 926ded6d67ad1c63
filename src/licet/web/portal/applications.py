"""The applications that a person is signed in to, and how to end that from afar: oneself, or a member."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from licet.connect import ending
from licet.connect.models import Grant
from licet.connect.states import EndReason
from licet.seats import signouts
from licet.teams.models import Member
from licet.web.actor import Request, person, visible_team


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


@require_POST
@login_required
def applications_end(request: Request) -> HttpResponse:
    """Sign all of them out."""
    ending.sign_out_everywhere(
        person=person(request), reason=EndReason.ENDED_BY_PERSON, by=request.actor, now=request.now
    )
    messages.success(request, _("You are signed out of all applications."))
    return redirect("applications")


@require_POST
@login_required
def member_sign_out(request: Request, team: str, member: str) -> HttpResponse:
    """Let an administrator sign a member out of applications that run under the team's licenses."""
    here = visible_team(request, public_id=team)
    present = Member.objects.active().filter(team=here).select_related("person", "team")
    who = get_object_or_404(present, public_id=member)
    ended = signouts.end_grants_of_member(
        member=who, grants=set(request.POST.getlist("grant")), by=request.actor, now=request.now
    )
    said = ngettext(
        "%(person)s is signed out of one application and told by mail.",
        "%(person)s is signed out of %(count)s applications and told by mail.",
        ended,
    )
    messages.success(request, said % {"person": who.person.name, "count": ended})
    return redirect("member", here.public_id, who.public_id)
