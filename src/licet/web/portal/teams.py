"""A team's first page, its making and its name."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from licet.leases import shortage
from licet.orders import standing
from licet.seats.models import Seat
from licet.seats.queries import Show, grid
from licet.teams import actions as teams
from licet.teams import queries, recovering
from licet.teams.permissions import Permission, may, require, role_of
from licet.teams.rules import TEAM_NAME_LENGTH
from licet.teams.states import Role
from licet.web.actor import Request, visible_team
from licet.web.answers import attempt


class TeamForm(forms.Form):
    """What a team is called."""

    name = forms.CharField(
        label=gettext_lazy("Name of the team"),
        max_length=TEAM_NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        help_text=gettext_lazy("For example your company, office or department. You can change it later."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def team_new(request: Request) -> HttpResponse:
    """Ask for a name and make a team that the person owns."""
    form = TeamForm(request.POST or None)
    if form.is_valid():
        name = form.cleaned_data["name"]
        team = attempt(form, lambda: teams.create(name=name, by=request.actor, now=request.now))
        if team:
            messages.success(request, _("The team %(team)s is ready.") % {"team": team.name})
            return redirect("team_home", team.public_id)
    return render(request, "portal/teams/new.html", {"form": form}, status=_status(form))


@require_safe
@login_required
def team_home(request: Request, team: str) -> HttpResponse:
    """Show what the team is about: who manages it, how many belong to it, what the reader can do."""
    here = visible_team(request, public_id=team)
    role = role_of(actor=request.actor, team=here)
    context: dict[str, Any] = {
        "team": here,
        "role": role,
        "recovery": recovering.latest(team=here),
        "managers": queries.allowed(team=here, permission=Permission.INVITE_MEMBERS),
        "seats": Seat.objects.held()
        .filter(team=here, member__person=request.actor.id)
        .select_related("pool__product"),
    }
    found = shortage.outlooks(team=here, now=request.now)
    manages = may(actor=request.actor, permission=Permission.SEE_MEMBERS, team=here)
    # those who cannot change it are told once it is near: in the grace
    context["shortages"] = [each for each in found if manages or each[1].grace]
    if manages:
        context["grid"] = grid(team=here, product=None, search="", show=Show.ALL, now=request.now)
    if may(actor=request.actor, permission=Permission.PLACE_ORDERS, team=here):
        context["unpaid"] = standing.unpaid_of(team=here, now=request.now)
    if role is Role.OWNER:
        context["succession"] = queries.succession(team=here, now=request.now)
    return render(request, "portal/teams/home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def team_settings(request: Request, team: str) -> HttpResponse:
    """Let an administrator rename the team."""
    here = visible_team(request, public_id=team)
    require(request.actor, Permission.RENAME_TEAM, here)
    form = TeamForm(request.POST or None, initial={"name": here.name})
    if form.is_valid():
        name = form.cleaned_data["name"]
        renamed = attempt(form, lambda: teams.rename(team=here, name=name, by=request.actor, now=request.now))
        if renamed:
            messages.success(request, _("The team is called %(team)s now.") % {"team": renamed.name})
            return redirect("team_settings", here.public_id)
    context = {
        "team": here,
        "form": form,
        "may_archive": may(actor=request.actor, permission=Permission.ARCHIVE_TEAM, team=here),
    }
    return render(request, "portal/teams/settings.html", context, status=_status(form))


def _status(form: forms.Form) -> int:
    return 422 if form.is_bound and form.errors else 200
