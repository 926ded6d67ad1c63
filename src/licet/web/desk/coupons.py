"""Coupons at the desk: make one, see how often each was used, end one for orders to come."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from licet.orders import coupons as verbs
from licet.orders.promises import Coupon
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.desk.coupon_forms import CouponForm
from licet.web.desk.staff import staff_only


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def coupons(request: Request) -> HttpResponse:
    """List the coupons, those that can be used first, and make one."""
    form = CouponForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = attempt(
            form,
            lambda: verbs.make(
                code=form.cleaned_data["code"], terms=form.terms(), by=request.actor, now=request.now
            ),
        )
        if made is not None:
            sentence = _("The coupon %(code)s can be used from its first day on.") % {"code": made.code}
            messages.success(request, sentence)
            return redirect("desk_coupons")
    day = localdate(request.now)
    rows = [(each, each.runs(day)) for each in Coupon.objects.order_by("-made_at", "-pk")]
    context = {"form": form, "rows": sorted(rows, key=lambda row: not row[1])}
    return render(request, "desk/coupons.html", context, status=422 if form.errors else 200)


@require_POST
@staff_only
def coupon_withdraw(request: Request, coupon: str) -> HttpResponse:
    """End a coupon for orders to come."""
    found = get_object_or_404(Coupon, public_id=coupon)
    verbs.withdraw(coupon=found, by=request.actor, now=request.now)
    messages.success(request, _("The coupon can no longer be used. What was ordered with it stays."))
    return redirect("desk_coupons")
