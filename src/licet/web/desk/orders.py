"""Orders and contracts at the desk: lists, a page of each, and what is decided about them by hand."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from licet.invoices.models import Invoice
from licet.orders import customers as reading
from licet.orders import deciding, dunning, settling, standing, undoing
from licet.orders.declarations import Declaration
from licet.orders.doubting import doubts
from licet.orders.models import Contract, Order
from licet.orders.queries import placed
from licet.orders.states import OrderState
from licet.payments.models import Payment
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.desk.commerce_forms import WhyForm
from licet.web.desk.staff import staff_only

PER_PAGE = 50


@never_cache
@require_safe
@staff_only
def orders(request: Request) -> HttpResponse:
    """List orders; `show`: open, late (with how far the reminders are), paid, cancelled."""
    show, team = request.GET.get("show", ""), request.GET.get("team", "")
    day = localdate(request.now)
    page = Paginator(reading.orders(shown=show, team=team, day=day), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "rows": reading.steps(orders=list(page.object_list), day=day),
        "show": show,
        "team": team,
    }
    return render(request, "desk/orders/list.html", context)


@never_cache
@require_safe
@staff_only
def vat_doubts(request: Request) -> HttpResponse:
    """List the orders whose VAT would be another one, as a register has answered since."""
    return render(request, "desk/orders/vat.html", {"doubts": doubts(now=request.now)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def order(request: Request, order: str) -> HttpResponse:
    """Show an order with its invoices and payments; cancel it with a reason while nothing of it is paid."""
    rows = Order.objects.select_related("team", "placed_by", "contract__team")
    found = get_object_or_404(rows, public_id=order)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason, by, now = form.cleaned_data["reason"], request.actor, request.now
        if attempt(form, lambda: deciding.cancel_order(order=found, reason=reason, by=by, now=now)):
            messages.success(request, _("The order is cancelled, and what it gave has ended."))
            return redirect("desk_order", found.public_id)
    invoices = Invoice.objects.filter(subject=found.public_id).select_related("standing", "corrects")
    context = {
        "order": found,
        "placed": placed(order=found),
        "step": dunning.step(order=found, today=localdate(request.now)),
        "open": settling.open_minor(order=found),
        "invoices": invoices.order_by("pk"),
        "payments": Payment.objects.filter(subject=found.public_id).order_by("pk"),
        "contracts": Contract.objects.filter(items__in=found.lines.values("item")).distinct(),
        "cancellable": found.state == OrderState.PLACED and undoing.is_undoable(order=found),
        "exchanged": bool(undoing.exchanges(order=found)),
        "declared": Declaration.objects.filter(order=found).order_by("-pk"),
        "form": form,
        "today": localdate(request.now),
    }
    return render(request, "desk/orders/order.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@staff_only
def contracts(request: Request) -> HttpResponse:
    """List contracts; `show`: running, soon (their term ends within 90 days), ended, all."""
    show, day = request.GET.get("show", "running"), localdate(request.now)
    context = {
        "page": Paginator(reading.contracts(shown=show, day=day), PER_PAGE).get_page(request.GET.get("page")),
        "show": show,
        "coming": reading.coming(day=day),
        "late": reading.late_orders(day=day).count(),
    }
    return render(request, "desk/contracts/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def contract(request: Request, contract: str) -> HttpResponse:
    """Show a contract with its orders; cancel it, take that back, switch its renewal, as its team asked."""
    found = get_object_or_404(Contract.objects.select_related("team", "placed_by"), public_id=contract)
    do, by, now = request.POST.get("do", ""), request.actor, request.now
    if do in ("cancel", "take_up"):
        deciding.set_cancelled(contract=found, cancelled=do == "cancel", by=by, now=now)
    if do in ("renew", "let_end"):
        deciding.set_auto_renew(contract=found, on=do == "renew", by=by, now=now)
    if request.method == "POST":
        messages.success(request, _("The contract is changed. Its team reads it in the history."))
        return redirect("desk_contract", found.public_id)
    late = standing.unpaid_of(team=found.team, now=request.now)
    context = {
        "standing": standing.of(contract=found, late=late, now=request.now),
        "orders": standing.orders_of(contract=found),
    }
    return render(request, "desk/contracts/contract.html", context)
