"""A partner's customers: ask one, see how many licenses there are, order more, let go."""

import secrets

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licet.kernel.money import Money
from licet.orders import partnering
from licet.orders.drafting import today
from licet.orders.errors import OfferChanged
from licet.orders.models import Contract, Order
from licet.orders.states import OrderKind
from licet.partners import consenting
from licet.partners.errors import NoAccess
from licet.partners.models import Access
from licet.partners.states import AccessState
from licet.web.actor import Request, person
from licet.web.answers import attempt
from licet.web.partner.doors import own_access, own_partner
from licet.web.partner.forms import AskForm, OrderForm
from licet.web.partner.home import page


@login_required
@require_POST
def partner_ask(request: Request, partner: str) -> HttpResponse:
    """Ask a customer for access; the answer is the same whether there is such a customer."""
    here = own_partner(request, public_id=partner)
    form = AskForm(request.POST)
    if form.is_valid():
        hint = form.cleaned_data["hint"]
        asked = attempt(
            form, lambda: partnering.ask(partner=here, hint=hint, by=request.actor, now=request.now)
        )
        if asked:
            messages.success(
                request, _("If this customer exists, they have been asked. You see here when they say yes.")
            )
            return redirect("partner_page", here.public_id)
    return page(request, partner=here, form=form)


@never_cache
@login_required
@require_safe
def partner_customer(request: Request, partner: str, access: str) -> HttpResponse:
    """Show a customer who said yes: how many licenses, which contracts and orders are the partner's."""
    found = own_access(request, partner=partner, public_id=access)
    context = {
        "partner": found.partner,
        "access": found,
        "figures": partnering.figures(access=found, by=request.actor, now=request.now),
        "contracts": Contract.objects.filter(team=found.team, payer=found.partner.team)
        .select_related("team", "payer")
        .order_by("-pk"),
        "orders": Order.objects.filter(team=found.team, payer=found.partner.team).order_by("-pk"),
    }
    return render(request, "partner/customer.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def partner_order(request: Request, partner: str, access: str) -> HttpResponse:
    """Ask for the licenses, show the sum, then order them for the customer."""
    found = own_access(request, partner=partner, public_id=access)
    if found.state != AccessState.GRANTED:
        raise NoAccess
    offered = partnering.offered(partner=found.partner, on=today(now=request.now))
    form = OrderForm(request.POST if request.method == "POST" else None, offered=offered)
    context = {"partner": found.partner, "access": found, "form": form}
    if form.is_valid():
        if "seen" in request.POST:
            order = attempt(form, lambda: _placed(request, found, form))
            if order:
                messages.success(request, _("The licenses are on the customer's team now."))
                return redirect("partner_customer", found.partner.public_id, found.public_id)
        else:
            review = attempt(form, lambda: _review(request, found, form))
            if review:
                return render(request, "partner/review.html", {**context, **review})
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "partner/order.html", context, status=status)


@login_required
@require_POST
def partner_stop(request: Request, partner: str, access: str) -> HttpResponse:
    """Give an access up, or withdraw a request."""
    found = own_access(request, partner=partner, public_id=access)
    consenting.stop(access=found, by=request.actor, now=request.now)
    messages.success(request, _("Done. To order for this customer, ask for access again."))
    return redirect("partner_page", found.partner.public_id)


def seen_sum(request: Request) -> int:
    """Return the sum that the page showed; refuses OfferChanged for what is none."""
    text = request.POST.get("seen", "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise OfferChanged
    return int(text)


def _placed(request: Request, access: Access, form: OrderForm) -> Order:
    return partnering.order(
        access=access,
        wanted=form.wanted(),
        seen=seen_sum(request),
        purchase_order=form.cleaned_data["purchase_order"],
        key=request.POST.get("key", ""),
        language=get_language() or "en",
        by=request.actor,
        now=request.now,
    )


def _review(request: Request, access: Access, form: OrderForm) -> dict[str, object] | None:
    if access.team is None:
        return None
    draft = partnering.draft(
        partner=access.partner,
        team=access.team,
        kind=OrderKind.NEW,
        wanted=form.wanted(),
        purchase_order=form.cleaned_data["purchase_order"],
        key="review",
        language=get_language() or "en",
        person=person(request),
        now=request.now,
    )
    totals = draft.totals(on=today(now=request.now))
    return {
        "draft": draft,
        "lines": [(each, Money(each.amount, draft.currency)) for each in draft.lines],
        "net": Money(totals.net_minor, draft.currency),
        "tax": Money(totals.tax_minor, draft.currency),
        "gross": Money(totals.gross_minor, draft.currency),
        "seen": totals.net_minor,
        "key": secrets.token_urlsafe(16),
    }
