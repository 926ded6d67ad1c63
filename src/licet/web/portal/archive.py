"""Archiving a team, with what stands in the way; and bringing it back."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from licet.orders import closing
from licet.teams import actions as teams
from licet.teams.models import Team
from licet.teams.permissions import Permission, require
from licet.web.actor import Request, visible_team
from licet.web.answers import attempt


class ArchiveForm(forms.Form):
    """Yes: there is nothing to fill in."""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def team_archive(request: Request, team: str) -> HttpResponse:
    """Show an owner what still runs, or what ends; then archive the team."""
    here = visible_team(request, public_id=team)
    require(request.actor, Permission.ARCHIVE_TEAM, here)
    form = ArchiveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = attempt(form, lambda: closing.archive(team=here, by=request.actor, now=request.now))
        if done:
            messages.success(request, gettext("The team %(team)s was archived.") % {"team": here.name})
            return redirect("team_restore", here.public_id)
    context = {"team": here, "form": form, "closing": closing.preview(team=here, now=request.now)}
    return render(request, "portal/archive/archive.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def team_restore(request: Request, team: str) -> HttpResponse:
    """Let an owner of an archived team bring it back."""
    gone = get_object_or_404(Team.objects.restorable_by(request.actor, now=request.now), public_id=team)
    if request.method == "POST":
        teams.restore(team=gone, by=request.actor, now=request.now)
        messages.success(request, gettext("The team %(team)s is back.") % {"team": gone.name})
        return redirect("team_home", gone.public_id)
    return render(request, "portal/archive/restore.html", {"gone": gone})
