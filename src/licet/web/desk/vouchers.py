"""Vouchers at the desk: make some to hand out, see what became of each, cancel what is open."""

import csv
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licet.orders import vouchers as codes
from licet.orders.drafting import today
from licet.partners import selling
from licet.partners.models import Voucher
from licet.partners.queries import batches
from licet.partners.states import VoucherState
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.desk.staff import staff_only
from licet.web.desk.voucher_forms import CancelForm, VouchersForm


@never_cache
@require_safe
@staff_only
def voucher_batches(request: Request) -> HttpResponse:
    """List the vouchers that the vendor hands out, as they were made together."""
    return render(request, "desk/vouchers/list.html", {"batches": batches(partner=None)})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def vouchers_new(request: Request) -> HttpResponse:
    """Make vouchers of the vendor's own."""
    form = VouchersForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = attempt(form, lambda: form.make(partner=None, by=request.actor, now=request.now))
        if made:
            sentence = ngettext("%(count)s voucher is ready.", "%(count)s vouchers are ready.", len(made))
            messages.success(request, sentence % {"count": len(made)})
            return redirect("desk_voucher_batch", made[0].batch)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "desk/vouchers/new.html", {"form": form}, status=status)


@never_cache
@require_safe
@staff_only
def voucher_batch(request: Request, bundle: str) -> HttpResponse:
    """Show the vouchers that were made together: what became of each, and who redeemed it."""
    rows = _batch(bundle)
    context = {
        "sample": rows[0],
        "rows": [(each, each.standing(request.now)) for each in rows],
        "left": sum(each.state == VoucherState.MADE for each in rows),
        "redeemed": sum(each.state == VoucherState.REDEEMED for each in rows),
    }
    return render(request, "desk/vouchers/batch.html", context)


@never_cache
@require_POST
@staff_only
def voucher_codes(request: Request, bundle: str) -> HttpResponse:
    """Show the codes that nobody has redeemed, or hand them out as a table to keep. It is told each time."""
    rows = _batch(bundle)
    shown = codes.texts(batch=bundle, by=request.actor, now=request.now)
    if "table" not in request.POST:
        return render(request, "desk/vouchers/codes.html", {"sample": rows[0], "pairs": shown})
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="vouchers-{bundle}.csv"'
    table = csv.writer(answer)
    table.writerow([_("Code"), _("Product"), _("Licenses"), _("Last day to redeem")])
    for voucher, text in shown:
        day = today(now=voucher.redeem_until) - timedelta(days=1)
        table.writerow([text, voucher.plan.product.name, voucher.quantity, day.isoformat()])
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def voucher_cancel(request: Request, voucher: str) -> HttpResponse:
    """Ask why, and cancel a voucher that nobody has redeemed."""
    found = get_object_or_404(Voucher.objects.whole(), public_id=voucher)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason, by, now = form.cleaned_data["reason"], request.actor, request.now
        if attempt(form, lambda: selling.cancel(voucher=found, reason=reason, by=by, now=now)):
            messages.success(request, _("The voucher …%(ending)s is cancelled.") % {"ending": found.ending})
            return redirect("desk_voucher_batch", found.batch)
    context = {"form": form, "sample": found, "voucher": found, "left": 1}
    return render(request, "desk/vouchers/cancel.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def voucher_batch_cancel(request: Request, bundle: str) -> HttpResponse:
    """Ask why, and cancel all that are open of the vouchers that were made together."""
    rows = _batch(bundle)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason, by, now = form.cleaned_data["reason"], request.actor, request.now
        gone = attempt(form, lambda: selling.cancel_batch(batch=bundle, reason=reason, by=by, now=now))
        if gone:
            sentence = ngettext("%(count)s voucher is cancelled.", "%(count)s vouchers are cancelled.", gone)
            messages.success(request, sentence % {"count": gone})
            return redirect("desk_voucher_batch", bundle)
    left = sum(each.state == VoucherState.MADE for each in rows)
    context = {"form": form, "sample": rows[0], "voucher": None, "left": left}
    return render(request, "desk/vouchers/cancel.html", context, status=422 if form.errors else 200)


def _batch(bundle: str) -> list[Voucher]:
    rows = list(Voucher.objects.whole().select_related("redeemed_by").filter(batch=bundle).order_by("pk"))
    if not rows:
        raise Http404
    return rows
