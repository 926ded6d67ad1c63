"""The basket: see it, fill it, change it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from licet.catalog.queries import offer
from licet.orders.basket import Basket
from licet.orders.drafting import today
from licet.orders.queries import priced
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.shop.forms import AddForm, BasketForm
from licet.web.shop.home import withdrawn
from licet.web.shop.kept import basket_of, keep_basket


@require_safe
def basket(request: Request) -> HttpResponse:
    """Show the basket at today's prices, and what has changed since it was filled."""
    now_priced = priced(basket=basket_of(request), on=today(now=request.now))
    return render(request, "shop/basket.html", {"priced": now_priced, "form": BasketForm(priced=now_priced)})


@require_POST
def basket_add(request: Request) -> HttpResponse:
    """Put licenses of one product in."""
    code = request.POST.get("product", "")
    found = offer(code=code, on=today(now=request.now))
    if found is None:
        return withdrawn(request, code=code)
    form = AddForm(request.POST, offer=found)
    if form.is_valid():
        sold, quantity = form.chosen(), form.cleaned_data["quantity"]
        held = basket_of(request)
        fuller = attempt(form, lambda: held.add(plan=sold.code, quantity=quantity, price=sold.money))
        if fuller is not None:
            keep_basket(request, fuller)
            sentence = ngettext(
                "%(quantity)d license of %(product)s is in your basket now.",
                "%(quantity)d licenses of %(product)s are in your basket now.",
                quantity,
            )
            messages.success(request, sentence % {"quantity": quantity, "product": sold.plan.product.name})
            return redirect("basket")
    return render(request, "shop/product.html", {"offer": found, "form": form}, status=422)


@require_POST
def basket_change(request: Request) -> HttpResponse:
    """Set the numbers of all lines, or take one line out; go on to the checkout where that was pressed."""
    held = basket_of(request)
    gone = request.POST.get("remove")
    if gone is not None:
        return _without(request, held=held, plan=gone)
    now_priced = priced(basket=held, on=today(now=request.now))
    form = BasketForm(request.POST, priced=now_priced)
    if not form.is_valid():
        return render(request, "shop/basket.html", {"priced": now_priced, "form": form}, status=422)
    for plan, quantity in form.quantities().items():
        held = held.change(plan=plan, quantity=quantity)
    keep_basket(request, held)
    return redirect("checkout" if "checkout" in request.POST else "basket")


def _without(request: Request, *, held: Basket, plan: str) -> HttpResponse:
    for line in priced(basket=held, on=today(now=request.now)).lines:
        if line.line.plan == plan:
            messages.info(request, _("%(product)s is no longer in your basket.") % {"product": line.name})
    keep_basket(request, held.remove(plan=plan))
    return redirect("basket")
