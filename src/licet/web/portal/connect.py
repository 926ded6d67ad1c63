"""The page on which a person lets an application sign in for them."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from licet.catalog.models import Product
from licet.web.actor import Request, person
from licet.web.oauth import server


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: Request) -> HttpResponse:
    """Ask "Sign in to APPLICATION on this computer?" and send the browser back with the answer.

    The request is judged before the sign-in, so that an application hears of its mistake at once
    and nobody signs in for nothing.
    """
    consent = server.read_consent(request)
    if isinstance(consent, HttpResponse):
        return consent
    if not request.actor.is_person:
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        allowed = request.POST.get("decision") == "allow"
        return server.decide(request, consent=consent, person=person(request) if allowed else None)
    products = Product.objects.offered().filter(code__in=consent.application.products)
    products = products.order_by("family__position", "position", "pk")
    response = render(
        request,
        "portal/connect_authorize.html",
        {"consent": consent, "person": person(request), "products": [product.name for product in products]},
    )
    # Browsers check a form's redirects against the page's policy, too: without this the answer would
    # never reach the application. It is the one address that this request may be answered at.
    response._csp_update = {"form-action": [consent.form_target]}  # type: ignore[attr-defined]
    return response
