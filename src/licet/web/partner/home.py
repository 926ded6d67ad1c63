"""Where a partner's people begin: customers, orders, vouchers that are left, what renews next."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from licet.orders.models import Order
from licet.orders.partnering import renewals
from licet.partners.models import Partner
from licet.partners.queries import accesses_of, batches
from licet.partners.states import PartnerState
from licet.web.actor import Request
from licet.web.partner.doors import own_partner
from licet.web.partner.forms import AskForm

ORDERS = 8


@never_cache
@login_required
@require_safe
def partner_home(request: Request) -> HttpResponse:
    """Go to the partner that the person works for; list them where there are several."""
    mine = list(Partner.objects.of_person(request.actor).order_by("name", "pk"))
    if len(mine) == 1:
        return redirect("partner_page", mine[0].public_id)
    return render(request, "partner/choose.html", {"partners": mine})


@never_cache
@login_required
@require_safe
def partner_page(request: Request, partner: str) -> HttpResponse:
    """Show the partner's customers, newest orders, vouchers and coming renewals."""
    return page(request, partner=own_partner(request, public_id=partner), form=AskForm())


def page(request: Request, *, partner: Partner, form: AskForm) -> HttpResponse:
    """Show the start page, with the form that asks a customer."""
    orders = Order.objects.filter(payer=partner.team).select_related("team", "placed_by")
    context = {
        "partner": partner,
        "paused": partner.state == PartnerState.PAUSED,
        "accesses": accesses_of(partner=partner),
        "orders": orders.order_by("-placed_at", "-pk")[:ORDERS],
        "vouchers_open": sum(each.open for each in batches(partner=partner)),
        "renewals": renewals(partner=partner),
        "form": form,
    }
    return render(request, "partner/home.html", context, status=422 if form.errors else 200)
