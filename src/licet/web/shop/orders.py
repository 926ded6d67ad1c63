"""What was ordered: the list, and a page per order, which is also the confirmation."""

from decimal import Decimal

import segno.helpers
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from licet.kernel.money import Money
from licet.orders.declaring import may_withdraw
from licet.orders.invoicing import invoice_of
from licet.orders.models import Order
from licet.orders.queries import PlacedOrder, placed
from licet.orders.settling import open_minor
from licet.orders.states import OrderState
from licet.teams.permissions import Permission, may
from licet.web.actor import Request
from licet.web.countries import country_name

PER_PAGE = 25
EPC_LIMIT = 99_999_999_999
"""The largest amount of an EPC QR code, in cents."""


@never_cache
@login_required
@require_safe
def orders(request: Request) -> HttpResponse:
    """List what the person ordered, and what was ordered for the teams they run."""
    rows = Order.objects.visible_to(request.actor).select_related("team", "placed_by")
    pages = Paginator(rows.order_by("-placed_at", "-pk"), PER_PAGE)
    return render(request, "shop/orders.html", {"page": pages.get_page(request.GET.get("page"))})


@never_cache
@login_required
@require_safe
def order(request: Request, order: str) -> HttpResponse:
    """Show an order with how to pay it; right after ordering, say what comes next."""
    row = get_object_or_404(
        Order.objects.visible_to(request.actor).select_related("team", "placed_by"), public_id=order
    )
    shown = placed(order=row)
    due = Money(max(open_minor(order=row), 0), row.currency)
    payable = row.state == OrderState.PLACED and due.amount > 0
    context = {
        "order": row,
        "due": due,
        "placed": shown,
        "fresh": "placed" in request.GET,
        "overdue": row.is_overdue(localdate(request.now)),
        "payable": payable and bool(shown.seller.account.iban),
        "qr": transfer_code(shown=shown, due=due) if payable else "",
        "invoice": invoice_of(order=row),
        "country": country_name(shown.address.country),
        "may_withdraw": row.placed_by_id == request.actor.id and may_withdraw(order=row, now=request.now),
        "may_assign": may(actor=request.actor, permission=Permission.ASSIGN_SEATS, team=row.team),
    }
    return render(request, "shop/order.html", context)


def transfer_code(*, shown: PlacedOrder, due: Money) -> SafeString:
    """Return the EPC QR code of a transfer of what is due, as SVG (EPC069-12); nothing where none applies.

    The scheme knows euros only, up to 999,999,999.99.
    """
    order, account = shown.order, shown.seller.account
    bic = account.bic.replace(" ", "")
    if order.currency != "EUR" or not account.iban or not 0 < due.amount <= EPC_LIMIT:
        return SafeString("")
    code = segno.helpers.make_epc_qr(
        name=account.holder[:70],
        iban=account.iban.replace(" ", ""),
        amount=Decimal(due.amount).scaleb(-2),
        reference=order.reference,
        bic=bic if len(bic) in (8, 11) else None,
    )
    # Made of numbers by the library; no word of anybody is part of it.
    return mark_safe(code.svg_inline(border=2, omitsize=True, dark="#000", light="#fff"))  # noqa: S308
