"""The last page before an order: everything once more, how to pay, what is agreed to, the button."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from licet.kernel import brand
from licet.orders import coupons, paying, quoting, reviewing
from licet.orders.actions import place
from licet.orders.agreements import start_words, terms
from licet.orders.drafting import today
from licet.orders.errors import StartNotAsked
from licet.orders.models import INVOICE, Order
from licet.orders.pricing import sort_of
from licet.orders.promises import Coupon, Quote
from licet.orders.queries import PricedBasket, placed_before, priced, teams_to_order_for
from licet.orders.reviewing import Reviewed
from licet.orders.rules import Address
from licet.payments.boundary import Provider, Purchase
from licet.teams.models import Team
from licet.web.actor import Request, person
from licet.web.answers import attempt
from licet.web.countries import country_name
from licet.web.shop.forms import NEW_TEAM, ReviewForm
from licet.web.shop.kept import (
    basket_of,
    buyer_of,
    checkout_of,
    fingerprint,
    forget,
    keep_checkout,
)
from licet.web.shop.paying import CHECKOUTS, go


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Everything that an order will be made of. `fault`: why the coupon `code` does not count."""

    priced: PricedBasket
    team: Team | None
    team_name: str
    address: Address
    code: str
    coupon: Coupon | None
    fault: str
    sums: Reviewed
    shown: str


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
    wish = request.POST.get("do")
    if wish == "coupon" or (wish is None and _new_code(request, form)):
        _keep_coupon(request, form)
        return redirect("checkout_review")
    review = _review(request)
    if review is None:
        return redirect("checkout")
    if form.is_bound and form.is_valid():
        done = (_quote if wish == "quote" else _order)(request, form, review)
        if done is not None:
            return done
        review = _review(request) or review  # at the prices of now
    return _page(request, form=form, review=review)


def ways(*, sums: Reviewed, address: Address) -> list[Provider]:
    """Return the ways of paying that fit what is being bought."""
    if not sums.gross.amount:
        return []
    business = bool(address.company or address.vat_number)
    purchase = Purchase(amount=sums.gross, country=address.country, business=business)
    return paying.methods(purchase=purchase, seller=brand.current())


def both_ticks(form: ReviewForm, sums: Reviewed) -> None:
    """Say at once that the second box is not ticked either, where the first was the reason to refuse."""
    if "terms" in form.errors and sums.pack.withdrawal_days and not form.cleaned_data.get("start"):
        form.add_error("start", str(StartNotAsked()))


def lead(request: Request, form: ReviewForm, order: Order) -> HttpResponse:
    """Go where the order is paid, or to its page where it is paid after the invoice."""
    if order.payment_method == INVOICE or not order.gross_minor:
        return _thanks(order)
    return attempt(form, lambda: go(request, order, order.payment_method)) or redirect("pay", order.public_id)


def _page(request: Request, *, form: ReviewForm, review: Review) -> HttpResponse:
    methods = ways(sums=review.sums, address=review.address)
    context: dict[str, Any] = {
        "review": review,
        "sums": review.sums,
        "priced": review.priced,
        "form": form,
        "checkout_key": form["checkout_key"].value() or secrets.token_urlsafe(24),
        "country": country_name(review.address.country),
        "methods": methods,
        "method": form["method"].value() or (methods[0].code if methods else INVOICE),
        "terms": terms(),
        "start_words": start_words(pack=review.sums.pack),
    }
    response = render(request, "shop/review.html", context, status=422 if form.errors else 200)
    response._csp_update = {"form-action": CHECKOUTS}  # type: ignore[attr-defined]
    return response


def _review(request: Request) -> Review | None:
    """Return what is to be reviewed; None while something of it is missing."""
    kept = checkout_of(request)
    if kept is None or kept.get("buyer") != buyer_of(request):
        return None
    address, code = Address.restored(kept["address"]), kept.get("coupon", "")
    now_priced = priced(
        basket=basket_of(request),
        on=today(now=request.now),
        display=sort_of(address=address),
        address=address,
    )
    if not now_priced.orderable:
        return None
    teams = {team.public_id: team for team in teams_to_order_for(actor=request.actor)}
    team = teams.get(kept["team"])
    if team is None and kept["team"] != NEW_TEAM:
        return None
    coupon, fault = None, ""
    if code:
        coupon, fault = coupons.looked_up(
            code=code,
            team=team,
            person=person(request),
            plans=[line.plan for line in now_priced.lines if line.plan],
            currency=now_priced.basket.currency,
            on=today(now=request.now),
        )
    sums = reviewing.review(
        rows=reviewing.rows_of(priced=now_priced, coupon=coupon), address=address, on=today(now=request.now)
    )
    seen = {**kept, "coupon": coupon.code if coupon else "", "gross": sums.gross.amount}
    return Review(
        priced=now_priced,
        team=team,
        team_name=team.name if team else kept["team_name"],
        address=address,
        code=code,
        coupon=coupon,
        fault=fault,
        sums=sums,
        shown=fingerprint(basket=now_priced.shown(), checkout=seen),
    )


def _new_code(request: Request, form: ReviewForm) -> bool:
    """Whether a code was typed that nobody pressed the button for: the review shows first what it does."""
    typed = coupons.tidy(code=form["coupon"].value() or "") if form.is_bound else ""
    return bool(typed) and typed != (checkout_of(request) or {}).get("coupon", "")


def _keep_coupon(request: Request, form: ReviewForm) -> None:
    """Keep the code that was typed; the review says whether it fits."""
    kept = checkout_of(request)
    if kept is not None:
        keep_checkout(request, {**kept, "coupon": coupons.tidy(code=form["coupon"].value() or "")})


def _order(request: Request, form: ReviewForm, review: Review) -> HttpResponse | None:
    if form.cleaned_data["shown"] != review.shown:
        form.add_error(
            None, _("Your order has changed since this page was shown. Check it once more, then order.")
        )
        return None
    fitting = {each.code for each in ways(sums=review.sums, address=review.address)}
    method = form.cleaned_data["method"] or INVOICE
    if fitting and method not in fitting:
        form.add_error("method", _("Choose one of the ways of paying."))
        return None
    order = attempt(
        form,
        lambda: place(
            basket=review.priced.shown(),
            team=review.team,
            team_name=review.team_name,
            address=review.address,
            checkout_key=form.cleaned_data["checkout_key"],
            language=get_language() or "en",
            payment_method=method if fitting else INVOICE,
            coupon=review.coupon.code if review.coupon else "",
            ticked=form.ticked(),
            by=request.actor,
            now=request.now,
        ),
    )
    if order is None:
        both_ticks(form, review.sums)
        return None
    forget(request)
    return lead(request, form, order)


def _quote(request: Request, form: ReviewForm, review: Review) -> HttpResponse | None:
    to = quoting.Addressee(
        team=review.team,
        team_name=review.team_name,
        address=review.address,
        email=person(request).email,
        language=get_language() or "en",
    )
    quote: Quote | None = attempt(
        form,
        lambda: quoting.ask(
            basket=review.priced.shown(), to=to, coupon=review.coupon, by=request.actor, now=request.now
        ),
    )
    if quote is None:
        return None
    messages.success(request, _("The quote is ready. We have sent it to you, too."))
    return redirect("quote", quote.public_id)


def _thanks(order: Order) -> HttpResponse:
    return redirect(f"{reverse('order', args=[order.public_id])}?placed=1")
