"""A partner's vouchers: buy some, print their codes once more, note which are sold."""

import csv
import secrets
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licet.kernel.money import Money
from licet.licenses.rules import CHANCE_BYTES
from licet.orders import partnering, vouchers
from licet.orders.drafting import today
from licet.orders.models import Order
from licet.orders.states import OrderKind
from licet.partners import selling
from licet.partners.models import Partner, Voucher
from licet.partners.queries import batches
from licet.web.actor import Request, person
from licet.web.answers import attempt
from licet.web.partner.customers import seen_sum
from licet.web.partner.doors import own_partner
from licet.web.partner.forms import VoucherForm


@never_cache
@login_required
@require_safe
def partner_vouchers(request: Request, partner: str) -> HttpResponse:
    """List the vouchers, as they were bought together."""
    here = own_partner(request, public_id=partner)
    return render(request, "partner/vouchers.html", {"partner": here, "batches": batches(partner=here)})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def partner_vouchers_buy(request: Request, partner: str) -> HttpResponse:
    """Ask what the vouchers give, show the sum, then buy them."""
    here, day = own_partner(request, public_id=partner), today(now=request.now)
    offered = partnering.offered(partner=here, on=day)
    form = VoucherForm(request.POST if request.method == "POST" else None, offered=offered, today=day)
    context = {"partner": here, "form": form}
    if form.is_valid():
        if "seen" in request.POST:
            order = attempt(form, lambda: _bought(request, here, form))
            if order:
                messages.success(request, _("The vouchers are yours. The invoice is on its way."))
                return redirect("partner_vouchers", here.public_id)
        else:
            review = attempt(form, lambda: _review(request, here, form))
            if review:
                return render(request, "partner/voucher_review.html", {**context, **review})
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "partner/voucher_new.html", context, status=status)


@never_cache
@login_required
@require_safe
def partner_batch(request: Request, partner: str, bundle: str) -> HttpResponse:
    """Show the vouchers that were bought together: what became of each."""
    here = own_partner(request, public_id=partner)
    rows = list(Voucher.objects.whole().filter(partner=here, batch=bundle).order_by("pk"))
    context = {
        "partner": here,
        "sample": get_object_or_404(Voucher.objects.whole().filter(partner=here, batch=bundle)[:1]),
        "rows": [(each, each.standing(request.now)) for each in rows],
        "left": sum(each.state == "made" for each in rows),
    }
    return render(request, "partner/batch.html", context)


@never_cache
@login_required
@require_POST
def partner_codes(request: Request, partner: str, bundle: str) -> HttpResponse:
    """Show the codes that nobody has redeemed, to print; or as a table to keep. It is told each time."""
    here = own_partner(request, public_id=partner)
    sample = get_object_or_404(Voucher.objects.whole().filter(partner=here, batch=bundle)[:1])
    shown = vouchers.texts(batch=bundle, by=request.actor, now=request.now)
    if "table" not in request.POST:
        return render(
            request,
            "partner/codes.html",
            {"partner": here, "sample": sample, "pairs": shown, "batch": bundle},
        )
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="vouchers-{bundle}.csv"'
    table = csv.writer(answer)
    table.writerow([_("Code"), _("Product"), _("Licenses"), _("Last day to redeem")])
    for voucher, text in shown:
        day = today(now=voucher.redeem_until) - timedelta(days=1)
        table.writerow([text, voucher.plan.product.name, voucher.quantity, day.isoformat()])
    return answer


@login_required
@require_POST
def partner_sold(request: Request, partner: str, voucher: str) -> HttpResponse:
    """Note that a voucher is sold, or is not."""
    here = own_partner(request, public_id=partner)
    found = get_object_or_404(Voucher.objects.whole(), partner=here, public_id=voucher)
    sold = request.POST.get("sold") == "yes"
    selling.mark_sold(voucher=found, sold=sold, by=request.actor, now=request.now)
    return redirect("partner_batch", here.public_id, found.batch)


def _bought(request: Request, partner: Partner, form: VoucherForm) -> Order:
    plan, _price = form.chosen()
    values = form.cleaned_data
    return vouchers.buy(
        partner=partner,
        plan=plan,
        quantity=values["quantity"],
        chances=[secrets.token_bytes(CHANCE_BYTES) for _each in range(values["copies"])],
        redeem_until=values["last_day"] + timedelta(days=1),
        seen=seen_sum(request),
        purchase_order=values["purchase_order"],
        key=request.POST.get("key", ""),
        language=get_language() or "en",
        by=request.actor,
        now=request.now,
    )


def _review(request: Request, partner: Partner, form: VoucherForm) -> dict[str, object]:
    plan, price = form.chosen()
    values = form.cleaned_data
    draft = partnering.draft(
        partner=partner,
        team=partner.team,
        kind=OrderKind.VOUCHERS,
        wanted={plan.code: values["quantity"] * values["copies"]},
        purchase_order=values["purchase_order"],
        key="review",
        language=get_language() or "en",
        person=person(request),
        now=request.now,
    )
    totals = draft.totals(on=today(now=request.now))
    return {
        "plan": plan,
        "price": price,
        "draft": draft,
        "net": Money(totals.net_minor, draft.currency),
        "tax": Money(totals.tax_minor, draft.currency),
        "gross": Money(totals.gross_minor, draft.currency),
        "seen": totals.net_minor,
        "key": secrets.token_urlsafe(16),
    }
