"""Leaving a team, and being removed from it: what ends is shown first, then it is done."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from licet.leases import offboarding
from licet.leases.offboarding import Farewell
from licet.teams import policy, queries
from licet.teams.models import Member
from licet.teams.permissions import Permission, require
from licet.teams.states import Role
from licet.web.actor import Request, visible_team
from licet.web.answers import attempt

TAKE_OVER, WITHDRAW = "take_over", "withdraw"


class LeaveForm(forms.Form):
    """What becomes of the open invitations that one sent oneself."""

    invitations = forms.ChoiceField(
        label=_("Your open invitations"),
        required=False,
        choices=[
            (WITHDRAW, _("Withdraw them")),
            (TAKE_OVER, _("They go on in the name of an owner of the team")),
        ],
        initial=WITHDRAW,
        widget=forms.RadioSelect,
    )

    def goes_on(self) -> bool:
        """Whether they go on in somebody else's name."""
        return bool(self.cleaned_data["invitations"] == TAKE_OVER)


class RemoveForm(LeaveForm):
    """What becomes of the open invitations that the person sent."""

    invitations = forms.ChoiceField(
        label=_("Open invitations of this person"),
        required=False,
        choices=[
            (WITHDRAW, _("Withdraw them")),
            (TAKE_OVER, _("They go on in my name")),
        ],
        initial=WITHDRAW,
        widget=forms.RadioSelect,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def team_leave(request: Request, team: str) -> HttpResponse:
    """Show what ends for the person, and let the person go."""
    here = visible_team(request, public_id=team)
    own = get_object_or_404(
        Member.objects.active().select_related("person", "team"), team=here, person=request.actor.id
    )
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        gone = attempt(
            form,
            lambda: offboarding.leave(
                member=own, hand_over=form.goes_on(), by=request.actor, now=request.now
            ),
        )
        if gone:
            messages.success(request, gettext("You left the team %(team)s.") % {"team": here.name})
            return redirect("account_home")
    return _shown(request, "portal/leaving/leave.html", form=form, member=own)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def member_remove(request: Request, team: str, member: str) -> HttpResponse:
    """Show what ends for a member, and let an administrator remove the member."""
    here = visible_team(request, public_id=team)
    require(request.actor, Permission.REMOVE_MEMBERS, here)
    present = Member.objects.active().filter(team=here).select_related("person", "team")
    who = get_object_or_404(present, public_id=member)
    if who.person_id == request.actor.id:
        return redirect("team_leave", here.public_id)
    form = RemoveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        gone = attempt(
            form,
            lambda: offboarding.remove(
                member=who, take_over=form.goes_on(), by=request.actor, now=request.now
            ),
        )
        if gone:
            words = gettext("%(name)s no longer belongs to the team.")
            messages.success(request, words % {"name": who.person.name})
            return redirect("team_members", here.public_id)
    above = Role(who.role) not in policy.grantable(role=policy.own_role(actor=request.actor, team=here))
    return _shown(request, "portal/leaving/remove.html", form=form, member=who, above=above)


def _shown(request: Request, template: str, *, form: forms.Form, member: Member, **more: Any) -> HttpResponse:
    farewell: Farewell = offboarding.preview(member=member, now=request.now)
    context = {"team": member.team, "member": member, "form": form, "farewell": farewell, **more}
    if farewell.last_owner:
        context["succession"] = queries.succession(team=member.team, now=request.now)
    return render(request, template, context, status=422 if form.errors else 200)
