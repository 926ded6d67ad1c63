"""License codes of a person: enter one, see what it brings and where to, look at one's own."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from licet.licenses import codes, queries
from licet.licenses.models import Code
from licet.licenses.rules import ENTRY_LENGTH
from licet.orders import vouchers
from licet.partners import selling
from licet.partners.models import Voucher
from licet.seats import redeeming
from licet.teams.models import Team
from licet.teams.permissions import ROLES, Permission
from licet.teams.queries import TeamRow, teams_of
from licet.web import guessing
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.portal.partners import VOUCHER

ENTERED = "entered_code"
"""Where the session keeps which code was entered last; its text is kept nowhere."""


class CodeForm(forms.Form):
    """A code as somebody types it."""

    code = forms.CharField(
        label=gettext_lazy("License code"),
        max_length=ENTRY_LENGTH,
        strip=True,
        widget=forms.TextInput(
            attrs={
                "class": "input-license-code",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        help_text=gettext_lazy("25 characters in five groups. Capitals, spaces and dashes do not matter."),
        error_messages={"required": gettext_lazy("Enter the code that you have been given.")},
    )


class PlaceForm(forms.Form):
    """The team that gets what a code promises; nothing to fill in (`teams` None) where it has its team."""

    team = forms.ChoiceField(
        label=gettext_lazy("Which team gets the licenses?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the team that gets the licenses.")},
    )

    def __init__(self, *args: Any, teams: list[TeamRow] | None) -> None:
        super().__init__(*args)
        if teams is None:
            del self.fields["team"]
            return
        field = self.fields["team"]
        field.choices = [(each.public_id, each.name) for each in teams]  # type: ignore[attr-defined]
        if len(teams) == 1:
            field.initial = teams[0].public_id


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def code_enter(request: Request) -> HttpResponse:
    """Ask for a code; show on the next page what it brings."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        text = form.cleaned_data["code"]
        code = attempt(form, lambda: guessing.slowed(request, lambda: _redeemable(request, text=text)))
        if code:
            if isinstance(code, Voucher):
                request.session[VOUCHER] = code.public_id
                return redirect("voucher_redeem")
            request.session[ENTERED] = code.public_id
            return redirect("code_redeem")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "portal/codes/enter.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def code_redeem(request: Request) -> HttpResponse:
    """Show what the entered code brings, ask for the team, and redeem it."""
    entered = request.session.get(ENTERED)
    code = Code.objects.whole().filter(public_id=entered).first() if entered else None
    if code is None:
        return redirect("code_enter")
    teams = [each for each in teams_of(actor=request.actor) if Permission.MANAGE_CODES in ROLES[each.role]]
    asks = code.license is None
    form = PlaceForm(request.POST if request.method == "POST" else None, teams=teams if asks else None)
    if form.is_valid():
        chosen = form.cleaned_data.get("team")
        team = get_object_or_404(Team.objects.visible_to(request.actor), public_id=chosen) if chosen else None
        landed = attempt(
            form,
            lambda: redeeming.redeem(code=code, team=team, by=request.actor, now=request.now),
        )
        if landed:
            del request.session[ENTERED]
            return _done(request, landed)
    elif not form.is_bound:
        redeeming.check_redeemable(code=code, by=request.actor, now=request.now)
    context = {"code": code, "form": form, "homeless": not teams, "asks": asks}
    status = 422 if form.errors else 200
    return render(request, "portal/codes/redeem.html", context, status=status)


@never_cache
@require_POST
@login_required
def code_show(request: Request, code: str) -> HttpResponse:
    """Show the text of one of the person's codes, in a dialog or on a page of its own; it is told."""
    found = get_object_or_404(queries.visible_to(actor=request.actor), public_id=code)
    if found.member is None:
        raise Http404  # the desk has its own page for those
    text = codes.show(code=found, by=request.actor, now=request.now)
    template = "portal/codes/_shown.html" if request.htmx else "portal/codes/shown.html"
    return render(request, template, {"code": found, "text": text})


def _redeemable(request: Request, *, text: str) -> Code | Voucher:
    voucher = vouchers.known(text=text)
    if voucher is not None:
        selling.require_open(voucher=voucher, by=request.actor, now=request.now)
        return voucher
    code = queries.find(text=text)
    redeeming.check_redeemable(code=code, by=request.actor, now=request.now)
    return code


def _done(request: Request, landed: redeeming.Redeemed) -> HttpResponse:
    names = {"team": landed.team.name, "product": landed.license.pool.product.name}
    if landed.seat:
        messages.success(request, _("You have a license of %(product)s in the team %(team)s.") % names)
        return redirect("my_licenses")
    seats = landed.license.seats
    sentence = ngettext(
        "%(team)s has %(seats)s license of %(product)s more. Choose who gets it.",
        "%(team)s has %(seats)s licenses of %(product)s more. Choose who gets them.",
        seats,
    )
    messages.success(request, sentence % {**names, "seats": seats})
    return redirect("subscriptions", landed.team.public_id, landed.license.pool.product.code)
