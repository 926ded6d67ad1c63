"""The first page of the checkout: who buys, for which team, billed to whom."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from licet.orders.queries import saved_addresses, teams_to_order_for
from licet.orders.rules import Address
from licet.teams.models import Team
from licet.web.actor import Request, person
from licet.web.shop.forms import NEW_TEAM, CheckoutForm
from licet.web.shop.kept import (
    BUSINESS,
    PRIVATE,
    buyer_of,
    checkout_of,
    keep_buyer,
    keep_checkout,
    priced_of,
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: Request) -> HttpResponse:
    """Ask who buys, for which team, and who gets the invoice; the basket stays through a sign-in."""
    now_priced = priced_of(request)
    if not now_priced.orderable:
        return redirect("basket")
    if not request.actor.is_person:
        return render(request, "shop/sign_in.html", {"priced": now_priced})
    teams = teams_to_order_for(actor=request.actor)
    saved = saved_addresses(actor=request.actor)
    asks: dict[str, Any] = {"teams": teams, "consumers": request.brand.consumers}
    if request.method == "POST" and "use" in request.POST:
        form = CheckoutForm(initial=_with(request.POST, dict(saved)), **asks)
    elif request.method == "POST":
        form = CheckoutForm(request.POST, **asks)
        if form.is_valid():
            kept = checkout_of(request) or {}
            keep_checkout(request, {**form.kept(), "coupon": kept.get("coupon", "")})
            keep_buyer(request, form.kept()["buyer"])
            return redirect("checkout_review")
    else:
        form = CheckoutForm(initial=_initial(request, teams=teams, saved=saved), **asks)
    context = {"form": form, "priced": now_priced, "saved": saved}
    return render(request, "shop/checkout.html", context, status=422 if form.errors else 200)


def _with(typed: QueryDict, saved: dict[str, Address]) -> dict[str, Any]:
    """Return what was typed, with an earlier address in the place of the one that was there."""
    values: dict[str, Any] = {name: typed[name] for name in typed}
    address = saved.get(typed.get("saved", ""))
    return (
        values
        if address is None
        else {**values, **_of(address), "purchase_order": typed.get("purchase_order", "")}
    )


def _initial(request: Request, *, teams: list[Team], saved: list[tuple[str, Address]]) -> dict[str, Any]:
    kept = checkout_of(request)
    if kept is not None:
        known = {NEW_TEAM, *(team.public_id for team in teams)}
        team = {"team": kept["team"]} if kept["team"] in known else {}
        buyer = buyer_of(request)
        return {**kept["address"], **team, "team_name": kept["team_name"], "buyer": buyer}
    if saved:
        return _of(saved[0][1])
    name, buyer = person(request).full_name, buyer_of(request)
    team_name = name if buyer == PRIVATE else ""
    return {"name": name, "country": request.brand.country, "buyer": buyer, "team_name": team_name}


def _of(address: Address) -> dict[str, Any]:
    """Return an earlier address as the form's values."""
    buyer = BUSINESS if address.company or address.vat_number else PRIVATE
    return {**address.stored(), "buyer": buyer}
