"""What is sold: the start of the shop, and a page per product."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from licet.catalog.models import Product
from licet.catalog.queries import offer, offers
from licet.orders.drafting import today
from licet.web.actor import Request
from licet.web.shop.forms import AddForm


@require_safe
def shop_home(request: Request) -> HttpResponse:
    """Show every family with its products and the smallest price of each."""
    return render(request, "shop/home.html", {"families": offers(on=today(now=request.now))})


@require_safe
def product(request: Request, product: str) -> HttpResponse:
    """Show what a product contains, and sell it."""
    found = offer(code=product, on=today(now=request.now))
    if found is None:
        return withdrawn(request, code=product)
    return render(request, "shop/product.html", {"offer": found, "form": AddForm(offer=found)})


def withdrawn(request: Request, *, code: str) -> HttpResponse:
    """Say that a product is no longer sold; 404 for one that never was."""
    row = get_object_or_404(Product, code=code)
    return render(request, "shop/withdrawn.html", {"product": row}, status=410)
