"""Asking for a license, and the answers of those who may give one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from licet.licenses.models import Pool
from licet.seats import requests as line
from licet.seats.models import SeatRequest
from licet.teams.models import Team
from licet.teams.permissions import Permission, require
from licet.teams.rules import MESSAGE_LENGTH
from licet.web import answers
from licet.web.actor import Request, visible_team


class AskForm(forms.Form):
    """What the license is wanted for."""

    message = forms.CharField(
        label=gettext_lazy("What do you need it for?"),
        help_text=gettext_lazy("Whoever manages the team reads it with your request."),
        required=False,
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DeclineForm(forms.Form):
    """Why there is no license."""

    message = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The person reads it in the mail and under My licenses."),
        required=False,
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OffersForm(forms.Form):
    """Whether what becomes free goes to who waits by itself."""

    automatic = forms.BooleanField(required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def license_request(request: Request, team: str, product: str) -> HttpResponse:
    """Let a member of the team ask for a license."""
    here = visible_team(request, public_id=team)
    pool = _pool(here, product=product)
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        words = form.cleaned_data["message"]
        asked = answers.attempt(
            form,
            lambda: line.request_license(pool=pool, message=words, by=request.actor, now=request.now),
        )
        if asked:
            sentence = _("You asked for a license of %(product)s. Whoever manages the team was told.")
            messages.success(request, sentence % {"product": pool.product.name})
            return redirect("my_licenses")
    context = {"team": here, "product": pool.product, "form": form}
    return render(request, "portal/licenses/request.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def request_withdraw(request: Request, team: str, asked: str) -> HttpResponse:
    """Ask no longer."""
    found = _asked(visible_team(request, public_id=team), asked=asked)
    form = forms.Form(request.POST)
    if answers.attempt(form, lambda: line.withdraw_request(request=found, by=request.actor, now=request.now)):
        sentence = _("You no longer ask for a license of %(product)s.")
        messages.success(request, sentence % {"product": found.pool.product.name})
    _tell_refusal(request, form)
    return redirect("my_licenses")


@require_POST
@login_required
def request_grant(request: Request, team: str, asked: str) -> HttpResponse:
    """Give who asked a license."""
    found = _asked(visible_team(request, public_id=team), asked=asked)
    form = forms.Form(request.POST)
    if answers.attempt(form, lambda: line.grant_request(request=found, by=request.actor, now=request.now)):
        sentence = _("%(person)s has a license of %(product)s now.")
        messages.success(
            request, sentence % {"person": found.member.person.name, "product": found.pool.product.name}
        )
    _tell_refusal(request, form)
    return answers.back(request, default=_grid(found.pool))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_decline(request: Request, team: str, asked: str) -> HttpResponse:
    """Answer no, with a reason."""
    here = visible_team(request, public_id=team)
    found = _asked(here, asked=asked)
    require(request.actor, Permission.ASSIGN_SEATS, here)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        words = form.cleaned_data["message"]
        if answers.attempt(
            form,
            lambda: line.decline_request(request=found, reason=words, by=request.actor, now=request.now),
        ):
            sentence = _("You declined the request of %(person)s, who is told by mail.")
            messages.success(request, sentence % {"person": found.member.person.name})
            return redirect(_grid(found.pool))
    context: dict[str, Any] = {"team": here, "asked": found, "form": form, "back": _grid(found.pool)}
    return render(request, "portal/licenses/decline.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def offers_switch(request: Request, team: str, product: str) -> HttpResponse:
    """Choose whether what becomes free goes to who waits by itself."""
    pool = _pool(visible_team(request, public_id=team), product=product)
    form = OffersForm(request.POST)
    form.full_clean()
    automatic = form.cleaned_data["automatic"]
    line.switch_offers(pool=pool, automatic=automatic, by=request.actor, now=request.now)
    if automatic:
        messages.success(request, _("A license that becomes free goes to the first in line from now on."))
    else:
        messages.success(request, _("From now on you decide yourself who gets a license that becomes free."))
    return answers.back(request, default=_grid(pool))


def _pool(team: Team, *, product: str) -> Pool:
    pools = Pool.objects.filter(team=team).select_related("team", "product")
    return get_object_or_404(pools, product__code=product)


def _asked(team: Team, *, asked: str) -> SeatRequest:
    found = SeatRequest.objects.filter(team=team).select_related("team", "member__person", "pool__product")
    return get_object_or_404(found, public_id=asked)


def _grid(pool: Pool) -> str:
    return reverse("team_members", args=[pool.team.public_id, pool.product.code])


def _tell_refusal(request: Request, form: forms.Form) -> None:
    for error in form.non_field_errors():
        messages.error(request, str(error))
