"""The contracts of a team: the list, one of them, and what ends or goes on with its term."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licet.kernel.dates import readable
from licet.orders import contracts, standing
from licet.orders.models import Contract
from licet.orders.states import ContractState
from licet.orders.succession import carrying
from licet.teams.models import Team
from licet.teams.permissions import Permission, may, require
from licet.web.actor import Request, visible_team
from licet.web.countries import country_name


@never_cache
@login_required
@require_safe
def team_contracts(request: Request, team: str) -> HttpResponse:
    """List the contracts of a team, and what of them is not paid."""
    here = visible_team(request, public_id=team)
    require(request.actor, Permission.SEE_ORDERS, here)
    found = standing.contracts_of(team=here, now=request.now)
    return render(
        request,
        "portal/contracts/list.html",
        {
            "team": here,
            "contracts": found,
            "unpaid": standing.unpaid_of(team=here, now=request.now),
            "undecided": [each for each in carrying.left_to(team=here, now=request.now) if not each.decided],
        },
    )


@never_cache
@login_required
@require_safe
def contract(request: Request, team: str, contract: str) -> HttpResponse:
    """Show one contract: its licenses, its term, what the next one brings, its orders."""
    here, found = asked(request, team=team, contract=contract, permission=Permission.SEE_ORDERS)
    late = standing.unpaid_of(team=here, now=request.now)
    context = {
        "team": here,
        "standing": standing.of(contract=found, late=late, now=request.now),
        "contract": found,
        "orders": standing.orders_of(contract=found),
        "joinable": standing.joinable(contract=found),
        "country": country_name(found.billed_to.get("country", "")),
        "changes": found.state == ContractState.ISSUED
        and found.partner_left_at is None
        and may(actor=request.actor, permission=Permission.PLACE_ORDERS, team=here),
    }
    return render(request, "portal/contracts/contract.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract_cancel(request: Request, team: str, contract: str) -> HttpResponse:
    """Show what cancelling ends and when, then do it."""
    here, found = asked(request, team=team, contract=contract)
    if request.method == "POST":
        contracts.cancel(contract=found, by=request.actor, now=request.now)
        sentence = _("The contract is cancelled. It ends after %(day)s; until then everything works.")
        messages.success(request, sentence % readable({"day": found.ends_on - timedelta(days=1)}))
        return redirect("contract", here.public_id, found.public_id)
    shown = standing.of(contract=found, late=(), now=request.now)
    return render(
        request,
        "portal/contracts/cancel.html",
        {"team": here, "contract": found, "standing": shown},
    )


@login_required
@require_POST
def contract_take_up(request: Request, team: str, contract: str) -> HttpResponse:
    """Take a cancellation back."""
    here, found = asked(request, team=team, contract=contract)
    contracts.take_up(contract=found, by=request.actor, now=request.now)
    messages.success(request, _("The contract goes on."))
    return redirect("contract", here.public_id, found.public_id)


@login_required
@require_POST
def contract_auto_renew(request: Request, team: str, contract: str) -> HttpResponse:
    """Switch the automatic renewal on or off."""
    here, found = asked(request, team=team, contract=contract)
    on = request.POST.get("auto_renew") == "on"
    contracts.set_auto_renew(contract=found, on=on, by=request.actor, now=request.now)
    if on:
        messages.success(request, _("The contract renews by itself."))
    else:
        messages.success(request, _("The contract no longer renews by itself. You can renew it by hand."))
    return redirect("contract", here.public_id, found.public_id)


def asked(
    request: Request, *, team: str, contract: str, permission: Permission = Permission.PLACE_ORDERS
) -> tuple[Team, Contract]:
    """Return the team and its contract that an address names, for who has the permission there."""
    here = visible_team(request, public_id=team)
    require(request.actor, permission, here)
    rows = Contract.objects.bought_by(here).select_related("team", "payer", "placed_by")
    return here, get_object_or_404(rows, public_id=contract)
