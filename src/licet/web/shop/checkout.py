"""From the basket to the order: who it is for, a last look, the order."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from licet.kernel import brand
from licet.orders.actions import place
from licet.orders.drafting import today
from licet.orders.models import Order
from licet.orders.queries import PricedBasket, last_address, placed_before, priced, teams_to_order_for
from licet.orders.rules import Address
from licet.teams.models import Team
from licet.web.actor import Request, person
from licet.web.answers import attempt
from licet.web.countries import country_name
from licet.web.shop.forms import NEW_TEAM, CheckoutForm, ReviewForm
from licet.web.shop.kept import basket_of, checkout_of, fingerprint, forget, keep_checkout


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: Request) -> HttpResponse:
    """Ask for which team the licenses are and who gets the invoice; the basket stays through a sign-in."""
    now_priced = priced(basket=basket_of(request), on=today(now=request.now))
    if not now_priced.orderable:
        return redirect("basket")
    if not request.actor.is_person:
        return render(request, "shop/sign_in.html", {"priced": now_priced})
    teams = teams_to_order_for(actor=request.actor)
    if request.method == "POST":
        form = CheckoutForm(request.POST, teams=teams)
        if form.is_valid():
            keep_checkout(request, form.kept())
            return redirect("checkout_review")
    else:
        form = CheckoutForm(teams=teams, initial=_initial(request, teams=teams))
    context = {"form": form, "priced": now_priced, "teams": teams}
    return render(request, "shop/checkout.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout_review(request: Request) -> HttpResponse:
    """Show everything once more; order it on POST, once however often the button is pressed."""
    if not request.actor.is_person:
        return redirect("checkout")
    form = ReviewForm(request.POST) if request.method == "POST" else ReviewForm()
    if form.is_bound and form.is_valid():
        # The second press of the button arrives when the basket is empty already.
        earlier = placed_before(person=person(request), key=form.cleaned_data["checkout_key"])
        if earlier is not None:
            return _thanks(earlier)
    review = _review(request)
    if review is None:
        return redirect("checkout")
    if form.is_bound and form.is_valid():
        order = _order(request, form=form, review=review)
        if order is not None:
            forget(request)
            return _thanks(order)
        review = _review(request) or review  # at the prices of now
    context = {
        "review": review,
        "priced": review.priced,
        "form": form,
        "checkout_key": form["checkout_key"].value() or secrets.token_urlsafe(24),
        "country": country_name(review.address.country),
    }
    return render(request, "shop/review.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Everything that an order will be made of."""

    priced: PricedBasket
    team: Team | None
    team_name: str
    address: Address
    shown: str


def _review(request: Request) -> Review | None:
    """Return what is to be reviewed; None while something of it is missing."""
    now_priced = priced(basket=basket_of(request), on=today(now=request.now))
    kept = checkout_of(request)
    if kept is None or not now_priced.orderable:
        return None
    teams = {team.public_id: team for team in teams_to_order_for(actor=request.actor)}
    team = teams.get(kept["team"])
    if team is None and kept["team"] != NEW_TEAM:
        return None
    return Review(
        priced=now_priced,
        team=team,
        team_name=team.name if team else kept["team_name"],
        address=Address.restored(kept["address"]),
        shown=fingerprint(basket=now_priced.shown(), checkout=kept),
    )


def _order(request: Request, *, form: ReviewForm, review: Review) -> Order | None:
    if form.cleaned_data["shown"] != review.shown:
        form.add_error(
            None, _("Your order has changed since this page was shown. Check it once more, then order.")
        )
        return None
    return attempt(
        form,
        lambda: place(
            basket=review.priced.shown(),
            team=review.team,
            team_name=review.team_name,
            address=review.address,
            checkout_key=form.cleaned_data["checkout_key"],
            language=get_language() or "en",
            by=request.actor,
            now=request.now,
        ),
    )


def _thanks(order: Order) -> HttpResponse:
    return redirect(f"{reverse('order', args=[order.public_id])}?placed=1")


def _initial(request: Request, *, teams: list[Team]) -> dict[str, Any]:
    kept = checkout_of(request)
    if kept is not None:
        known = {NEW_TEAM, *(team.public_id for team in teams)}
        team = {"team": kept["team"]} if kept["team"] in known else {}
        return {**kept["address"], **team, "team_name": kept["team_name"]}
    address = last_address(person=person(request)).stored()
    return {**address, "country": address["country"] or brand.current().country}
