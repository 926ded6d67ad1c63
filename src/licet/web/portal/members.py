"""One member of a team: who it is, and the role, changed with a second look where it grants power."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from licet.seats import signouts
from licet.seats.models import Seat
from licet.teams import actions as teams
from licet.teams import policy, queries
from licet.teams.models import Invitation, Member, invitation_term
from licet.teams.permissions import RANK, Permission, require
from licet.teams.states import Role
from licet.web.actor import Request, visible_team
from licet.web.answers import attempt


class RoleForm(forms.Form):
    """The role of a member; `sure` once its consequences were shown; `hand_over`: the new owner replaces."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)
    hand_over = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(each.value, each.value) for each in roles]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def member(request: Request, team: str, member: str) -> HttpResponse:
    """Show a member and let an administrator change the role."""
    here = visible_team(request, public_id=team)
    require(request.actor, Permission.CHANGE_ROLES, here)
    present = Member.objects.active().filter(team=here).select_related("person", "team")
    who = get_object_or_404(present, public_id=member)
    own = policy.own_role(actor=request.actor, team=here)
    form = RoleForm(request.POST or None, roles=policy.grantable(role=own), initial={"role": who.role})
    context = {
        "team": here,
        "member": who,
        "form": form,
        "oneself": who.person_id == request.actor.id,
        "guest": queries.guest(member=who),
        "above": Role(who.role) not in policy.grantable(role=own),
        "offer": queries.offered_ownership(member=who, now=request.now),
        "grants": signouts.grants_under(member=who, now=request.now),
        "seats": Seat.objects.held().filter(member=who).select_related("pool__product"),
    }
    if form.is_valid():
        role = Role(form.cleaned_data["role"])
        if role != who.role and not form.cleaned_data["sure"] and _needs_a_second_look(context, role):
            asked = {"role": role, "days": invitation_term().days}
            return render(request, "portal/members/confirm.html", context | asked)
        if _changed(request, form=form, who=who, role=role):
            return redirect("team_members", here.public_id)
    return render(request, "portal/members/member.html", context, status=422 if form.errors else 200)


def _needs_a_second_look(context: dict[str, Any], role: Role) -> bool:
    """Granting power, and giving up one's own, is shown in plain words first."""
    return bool(context["oneself"]) or RANK[role] > RANK[Role(context["member"].role)]


def _changed(request: Request, *, form: RoleForm, who: Member, role: Role) -> Member | Invitation | None:
    """Change the role, or offer the ownership; None when it was refused and the form says why."""
    result: Member | Invitation | None
    if role is Role.OWNER and who.role != Role.OWNER:
        hand_over = form.cleaned_data["hand_over"]
        result = attempt(
            form,
            lambda: teams.offer_ownership(member=who, hand_over=hand_over, by=request.actor, now=request.now),
        )
        words = gettext("%(name)s was asked to become an owner, and will be one after accepting.")
    else:
        result = attempt(
            form, lambda: teams.change_role(member=who, role=role, by=request.actor, now=request.now)
        )
        words = {
            Role.OWNER: gettext("%(name)s is an owner."),
            Role.ADMIN: gettext("%(name)s is now an administrator."),
            Role.MEMBER: gettext("%(name)s is now a member."),
        }[role]
    if result is not None:
        messages.success(request, words % {"name": who.person.name})
    return result
