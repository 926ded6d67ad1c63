"""What is sold: the start of the shop, and a page per product."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from licet.catalog.models import Product
from licet.catalog.queries import Offer, offer, offers
from licet.orders.drafting import today
from licet.web.actor import Request
from licet.web.shop.forms import AddForm
from licet.web.shop.kept import buyer_of, country_of, display_of


@require_safe
def shop_home(request: Request) -> HttpResponse:
    """Show every family with its products and the smallest price of each."""
    families = offers(on=today(now=request.now), display=display_of(request), country=country_of(request))
    return render(request, "shop/home.html", {"families": families, "buyer": buyer_of(request)})


@require_safe
def product(request: Request, product: str) -> HttpResponse:
    """Show what a product contains, and sell it."""
    found = offered(request, code=product)
    if found is None:
        return withdrawn(request, code=product)
    return sold(request, found=found, form=AddForm(offer=found))


def offered(request: Request, *, code: str) -> Offer | None:
    """Return how a product is sold, at the prices that the visitor reads."""
    return offer(
        code=code, on=today(now=request.now), display=display_of(request), country=country_of(request)
    )


def sold(request: Request, *, found: Offer, form: AddForm) -> HttpResponse:
    """Answer with the page of a product that is sold."""
    context = {"offer": found, "form": form, "buyer": buyer_of(request)}
    return render(request, "shop/product.html", context, status=422 if form.errors else 200)


def withdrawn(request: Request, *, code: str) -> HttpResponse:
    """Say that a product is no longer sold; 404 for one that never was."""
    row = get_object_or_404(Product, code=code)
    return render(request, "shop/withdrawn.html", {"product": row}, status=410)
