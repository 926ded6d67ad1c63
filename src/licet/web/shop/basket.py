"""The basket: see it, fill it, change it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from licet.orders.basket import Basket
from licet.orders.queries import PricedBasket
from licet.web.actor import Request
from licet.web.answers import attempt, back
from licet.web.shop.forms import AddForm, BasketForm
from licet.web.shop.home import offered, sold, withdrawn
from licet.web.shop.kept import (
    BUSINESS,
    PRIVATE,
    basket_of,
    buyer_of,
    keep_basket,
    keep_buyer,
    priced_of,
)


@require_safe
def basket(request: Request) -> HttpResponse:
    """Show the basket at today's prices, and what has changed since it was filled."""
    now_priced = priced_of(request)
    return _page(request, now_priced=now_priced, form=BasketForm(priced=now_priced))


@require_POST
def choose_buyer(request: Request) -> HttpResponse:
    """Show prices with VAT, for a private person, or without it; go back to where that was asked."""
    buyer = request.POST.get("buyer")
    if buyer in (BUSINESS, PRIVATE):
        keep_buyer(request, str(buyer))
        _restate(request)
    return back(request, default=reverse("shop_home"))


@require_POST
def basket_add(request: Request) -> HttpResponse:
    """Put licenses of one product in."""
    code = request.POST.get("product", "")
    found = offered(request, code=code)
    if found is None:
        return withdrawn(request, code=code)
    form = AddForm(request.POST, offer=found)
    if form.is_valid():
        plan, quantity = form.chosen(), form.cleaned_data["quantity"]
        held = _restate(request)
        fuller = attempt(
            form,
            lambda: held.add(plan=plan.code, quantity=quantity, price=plan.money, display=plan.price.display),
        )
        if fuller is not None:
            keep_basket(request, fuller)
            sentence = ngettext(
                "%(quantity)d license of %(product)s is in your basket now.",
                "%(quantity)d licenses of %(product)s are in your basket now.",
                quantity,
            )
            messages.success(request, sentence % {"quantity": quantity, "product": plan.plan.product.name})
            return redirect("basket")
    return sold(request, found=found, form=form)


@require_POST
def basket_change(request: Request) -> HttpResponse:
    """Set the numbers of all lines, or take one line out; go on to the checkout where that was pressed."""
    held = basket_of(request)
    gone = request.POST.get("remove")
    if gone is not None:
        return _without(request, held=held, plan=gone)
    now_priced = priced_of(request)
    form = BasketForm(request.POST, priced=now_priced)
    if not form.is_valid():
        return _page(request, now_priced=now_priced, form=form)
    for plan, quantity in form.quantities().items():
        held = held.change(plan=plan, quantity=quantity)
    keep_basket(request, held)
    return redirect("checkout" if "checkout" in request.POST else "basket")


def _page(request: Request, *, now_priced: PricedBasket, form: BasketForm) -> HttpResponse:
    context = {"priced": now_priced, "form": form, "buyer": buyer_of(request)}
    return render(request, "shop/basket.html", context, status=422 if form.errors else 200)


def _restate(request: Request) -> Basket:
    """Keep the basket at prices of the sort that the visitor reads now, and return it."""
    found = priced_of(request)
    if found.sort_changed:
        keep_basket(request, found.shown())
    return basket_of(request)


def _without(request: Request, *, held: Basket, plan: str) -> HttpResponse:
    for line in priced_of(request).lines:
        if line.line.plan == plan:
            messages.info(request, _("%(product)s is no longer in your basket.") % {"product": line.name})
    keep_basket(request, held.remove(plan=plan))
    return redirect("basket")
