"""A team's partners: who may see and order, requests, certificates, vouchers."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licet.orders import vouchers
from licet.orders.partnering import certificates
from licet.orders.succession import carrying
from licet.partners import consenting, selling
from licet.partners.models import Access, Voucher
from licet.partners.queries import partners_of
from licet.partners.rules import UNDO
from licet.partners.states import AccessState
from licet.teams.models import Team
from licet.teams.permissions import ROLES, Permission, may, require
from licet.teams.policy import owns
from licet.teams.queries import teams_of
from licet.teams.rules import TEAM_NAME_LENGTH
from licet.teams.states import Role
from licet.web.actor import Request, visible_team
from licet.web.answers import attempt

VOUCHER = "entered_voucher"
"""Where the session keeps which voucher was entered last; its text is kept nowhere."""


NEW = "new"


class TeamForm(forms.Form):
    """The team that gets what a voucher promises."""

    team = forms.ChoiceField(
        label=gettext_lazy("Which team gets the licenses?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the team that gets the licenses.")},
    )

    def __init__(self, *args: Any, teams: list[tuple[str, str]]) -> None:
        super().__init__(*args)
        self.fields["team"].choices = teams  # type: ignore[attr-defined]
        if len(teams) == 1:
            self.fields["team"].initial = teams[0][0]


class AnswerForm(forms.Form):
    """The team that a partner may order for: one that the person owns, or a new one."""

    team = forms.ChoiceField(label=gettext_lazy("Team"))
    team_name = forms.CharField(
        label=gettext_lazy("Name of a new team"), required=False, max_length=TEAM_NAME_LENGTH
    )

    def __init__(self, *args: Any, teams: list[tuple[str, str]], asks: bool) -> None:
        super().__init__(*args)
        if teams and asks:
            self.fields["team"].choices = [*teams, (NEW, _("A new team"))]  # type: ignore[attr-defined]
        else:
            del self.fields["team"]


@never_cache
@login_required
@require_safe
def team_partners(request: Request, team: str) -> HttpResponse:
    """List who may order for the team, who asks, what they ordered, and redeemed vouchers."""
    here = visible_team(request, public_id=team)
    require(request.actor, Permission.SEE_ORDERS, here)
    redeemed = Voucher.objects.whole().filter(team=here).select_related("redeemed_by").order_by("-pk")
    context = {
        "team": here,
        "accesses": partners_of(team=here),
        "left": carrying.left_to(team=here, now=request.now),
        "buys": may(actor=request.actor, permission=Permission.PLACE_ORDERS, team=here),
        "owns": owns(actor=request.actor, team=here),
        "certificates": certificates(team=here),
        "vouchers": [
            (each, each.redeemed_at is not None and request.now < each.redeemed_at + UNDO)
            for each in redeemed
        ],
    }
    return render(request, "portal/partners/team.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def team_partner_end(request: Request, team: str, access: str) -> HttpResponse:
    """Show what ending a partner's access means for what it sold, then end it."""
    here = visible_team(request, public_id=team)
    require(request.actor, Permission.PLACE_ORDERS, here)
    rows = Access.objects.open().select_related("partner__team")
    found = get_object_or_404(rows, team=here, public_id=access)
    if request.method == "POST":
        consenting.stop(access=found, by=request.actor, now=request.now)
        messages.success(request, _("The partner sees and orders nothing more for this team."))
        return redirect("team_partners", here.public_id)
    sold = carrying.sold_by(partner=found.partner, team=here)
    return render(request, "portal/partners/end.html", {"team": here, "access": found, "sold": sold})


@never_cache
@login_required
@require_safe
def certificate(request: Request, team: str, order: str) -> HttpResponse:
    """Show what the team has by a partner's order, without a price, to print."""
    here = visible_team(request, public_id=team)
    require(request.actor, Permission.SEE_ORDERS, here)
    found = certificates(team=here, order=order)
    if not found:
        get_object_or_404(Team.objects.none())
    return render(request, "portal/partners/certificate.html", {"team": here, "certificate": found[0]})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def partner_access(request: Request, access: str) -> HttpResponse:
    """Show who asks for what; say yes or no."""
    found = get_object_or_404(Access.objects.select_related("partner__team", "team"), public_id=access)
    consenting.require_asked(access=found, by=request.actor)
    owned = [(row.public_id, row.name) for row in teams_of(actor=request.actor) if row.role is Role.OWNER]
    form = AnswerForm(
        request.POST if request.method == "POST" else None, teams=owned, asks=found.team is None
    )
    if form.is_valid():
        if request.POST.get("answer") != "yes":
            consenting.decline(access=found, by=request.actor, now=request.now)
            messages.success(request, _("You said no. The partner sees nothing of your team."))
            return redirect("account_home")
        accepted = attempt(form, lambda: _accepted(request, found, form))
        if accepted and accepted.team:
            messages.success(
                request,
                _("%(partner)s can now order for your team. You can end that here at any time.")
                % {"partner": found.partner.name},
            )
            return redirect("team_partners", accepted.team.public_id)
    context = {
        "access": found,
        "form": form,
        "asks_team": found.team is None,
        "open": found.state == AccessState.ASKED,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "portal/partners/request.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def voucher_redeem(request: Request) -> HttpResponse:
    """Show what the entered voucher brings, ask for the team, and redeem it."""
    entered = request.session.get(VOUCHER)
    voucher = Voucher.objects.whole().filter(public_id=entered).first() if entered else None
    if voucher is None:
        return redirect("code_enter")
    teams = [
        (row.public_id, row.name)
        for row in teams_of(actor=request.actor)
        if Permission.MANAGE_CODES in ROLES[row.role]
    ]
    form = TeamForm(request.POST if request.method == "POST" else None, teams=teams)
    if form.is_valid():
        rows = Team.objects.visible_to(request.actor)
        team = get_object_or_404(rows, public_id=form.cleaned_data["team"])
        license = attempt(
            form,
            lambda: vouchers.redeem(voucher=voucher, team=team, by=request.actor, now=request.now),
        )
        if license:
            del request.session[VOUCHER]
            messages.success(
                request,
                _("The licenses are on the team %(team)s. You can give the voucher back within a day.")
                % {"team": team.name},
            )
            return redirect("team_partners", team.public_id)
    elif not form.is_bound:
        selling.require_open(voucher=voucher, by=request.actor, now=request.now)
    context = {
        "voucher": voucher,
        "last_day": vouchers.ends(voucher=voucher, now=request.now) - timedelta(seconds=1),
        "form": form,
        "homeless": not teams,
    }
    return render(request, "portal/partners/voucher.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def voucher_undo(request: Request, team: str, voucher: str) -> HttpResponse:
    """Give a voucher back that was redeemed within the last day."""
    here = visible_team(request, public_id=team)
    require(request.actor, Permission.MANAGE_CODES, here)
    found = get_object_or_404(Voucher.objects.whole(), team=here, public_id=voucher)
    vouchers.undo(voucher=found, by=request.actor, now=request.now)
    messages.success(request, _("The voucher is open again: redeem it on another team, or hand it on."))
    return redirect("team_partners", here.public_id)


def _accepted(request: Request, access: Access, form: AnswerForm) -> Access:
    chosen, team = form.cleaned_data.get("team", NEW), None
    if chosen != NEW:
        team = get_object_or_404(Team.objects.visible_to(request.actor), public_id=chosen)
    return consenting.accept(
        access=access,
        team=team,
        team_name=form.cleaned_data["team_name"],
        by=request.actor,
        now=request.now,
    )
