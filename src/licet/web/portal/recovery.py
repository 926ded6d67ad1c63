"""A team whose owners cannot be reached: asking, seeing how it stands, and stopping it."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from licet.kernel.refusal import Missing
from licet.teams import queries, recovering
from licet.teams.models import Member, Recovery, Team
from licet.teams.rules import MESSAGE_LENGTH
from licet.teams.states import Role
from licet.web.actor import Request, visible_team
from licet.web.answers import attempt


class ReasonForm(forms.Form):
    """Why nobody can reach an owner."""

    reason = forms.CharField(
        label=gettext_lazy("Why no owner can be reached"),
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "For example: she left the company in March. "
            "Everybody who manages the team can read it. Have an invoice or an order number at hand."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def team_recovery(request: Request, team: str) -> HttpResponse:
    """Show who owns the team and how a recovery stands; let a member ask for one."""
    here = visible_team(request, public_id=team)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        asked = attempt(
            form, lambda: recovering.ask(team=here, reason=reason, by=request.actor, now=request.now)
        )
        if asked:
            messages.success(request, _("We look at it. Every owner of the team was told."))
            return redirect("team_recovery", here.public_id)
    member = Member.objects.active().select_related("person").get(team=here, person=request.actor.id)
    latest = recovering.latest(team=here)
    context = {
        "team": here,
        "form": form,
        "recovery": latest,
        "owners": queries.owners(team=here),
        "owner": member.role == Role.OWNER,
        "mine": latest is not None and latest.asked_by_id == member.pk,
        "why": recovering.obstacle(member=member, now=request.now),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "portal/recovery/recovery.html", context, status=status)


@require_POST
@login_required
def recovery_stop(request: Request, team: str) -> HttpResponse:
    """Let an owner say: I am there."""
    here = visible_team(request, public_id=team)
    recovering.stop(recovery=_latest(here), by=request.actor, now=request.now)
    messages.success(request, _("Everything stays as it was. Who asked is told."))
    return redirect("team_recovery", here.public_id)


@require_POST
@login_required
def recovery_withdraw(request: Request, team: str) -> HttpResponse:
    """Let who asked no longer ask."""
    here = visible_team(request, public_id=team)
    recovering.withdraw(recovery=_latest(here), by=request.actor, now=request.now)
    messages.success(request, _("You no longer ask to become owner."))
    return redirect("team_recovery", here.public_id)


def _latest(team: Team) -> Recovery:
    found = recovering.latest(team=team)
    if found is None:
        raise Missing
    return found
