"""Carrying a contract on that a partner sold: who is billed, what it costs from when, and the decision."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from licet.kernel.dates import readable
from licet.kernel.refusal import Missing
from licet.orders.agreements import Ticked, terms
from licet.orders.models import Contract
from licet.orders.queries import last_address
from licet.orders.succession import carrying
from licet.teams.models import Team
from licet.teams.permissions import Permission, require
from licet.web.actor import Request, person, visible_team
from licet.web.answers import attempt
from licet.web.countries import country_name
from licet.web.portal.contract_changes import sent, show_offer
from licet.web.portal.contract_forms import CarryOnForm


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract_carry_on(request: Request, team: str, contract: str) -> HttpResponse:
    """Ask who is billed, show what the next term costs, then note that the team goes on with it."""
    here, found = _asked(request, team=team, contract=contract)
    form = CarryOnForm(sent(request), initial=last_address(person=person(request)).stored())
    context: dict[str, Any] = {"team": here, "contract": found, "form": form, "terms": terms()}
    if form.is_valid():
        if form.cleaned_data["seen"] is not None and attempt(form, lambda: _decided(request, found, form)):
            sentence = _("From %(day)s on the contract is your team's own. You can take it back until then.")
            messages.success(request, sentence % readable({"day": found.ends_on}))
            return redirect("team_partners", here.public_id)
        draft = attempt(
            form,
            lambda: carrying.offer(
                contract=found,
                address=form.address(),
                person=person(request),
                language=get_language() or "en",
            ),
        )
        if draft:
            context |= {"address": draft.address, "country": country_name(draft.address.country)}
            kept = draft.address.stored()
            return show_offer(
                request, draft, context, template="portal/contracts/carry_on_offer.html", kept=kept
            )
    status = 422 if form.errors else 200
    return render(request, "portal/contracts/carry_on.html", context, status=status)


@login_required
@require_POST
def contract_carry_on_undo(request: Request, team: str, contract: str) -> HttpResponse:
    """Take back that the team goes on with a contract."""
    here, found = _asked(request, team=team, contract=contract)
    carrying.withdraw(contract=found, by=request.actor, now=request.now)
    messages.success(request, _("The contract ends with its term. You can change your mind until then."))
    return redirect("team_partners", here.public_id)


def _asked(request: Request, *, team: str, contract: str) -> tuple[Team, Contract]:
    """Return a contract that the team can carry on, or decided to; for who may order for the team."""
    here = visible_team(request, public_id=team)
    require(request.actor, Permission.PLACE_ORDERS, here)
    for each in carrying.open_to(team=here, now=request.now):
        if each.public_id == contract:
            return here, each
    raise Missing


def _decided(request: Request, found: Contract, form: CarryOnForm) -> bool:
    carrying.carry_on(
        contract=found,
        address=form.address(),
        seen=form.cleaned_data["seen"],
        ticked=Ticked(terms=form.cleaned_data["terms"]),
        language=get_language() or "en",
        by=request.actor,
        now=request.now,
    )
    return True
