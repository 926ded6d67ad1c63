"""Invoices at the desk: search, files, and credit notes with a reason."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from licet.invoices import actions, correcting
from licet.invoices.models import Invoice
from licet.invoices.queries import Shown, file_name, file_of, shelf
from licet.invoices.states import FileKind
from licet.kernel.money import Money
from licet.orders.models import Order
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.desk.commerce_forms import CreditForm
from licet.web.desk.staff import staff_only
from licet.web.freshness import require_fresh

PER_PAGE = 50
_STANDINGS: dict[str, Shown] = {"open": "open", "settled": "settled"}
_KINDS = {kind.value: kind for kind in FileKind}


@never_cache
@require_safe
@staff_only
def invoices(request: Request) -> HttpResponse:
    """List invoices and credit notes, the newest first; by number, and by whether they are paid."""
    words = request.GET.get("q", "").strip()[:40]
    standing = _STANDINGS.get(request.GET.get("standing", ""), "")
    found = Invoice.objects.select_related("team", "standing", "corrects").order_by("-issued_on", "-pk")
    if words:
        found = found.numbered(words)
    if standing:
        found = found.unsettled() if standing == "open" else found.settled()
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "words": words,
        "standing": standing,
        "filtered": bool(words or standing),
        "today": localdate(request.now),
    }
    return render(request, "desk/invoices/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def invoice(request: Request, invoice: str) -> HttpResponse:
    """Show an invoice and its files; take it back by a credit note, after proving who one is."""
    found = _found(invoice)
    if request.method == "POST":
        require_fresh(request)
    left = Money(found.gross_minor - found.standing.credited_minor, found.currency)
    creditable = not found.is_credit and left.amount > 0
    form = CreditForm(
        request.POST if request.method == "POST" else None,
        lines=correcting.lines_left(invoice=found) if creditable else (),
        left=left,
    )
    if form.is_valid():
        note = attempt(form, lambda: _credited(request, found, form))
        if note:
            messages.success(request, _("The credit note %(number)s is written.") % {"number": note.number})
            return redirect("desk_invoice", note.public_id)
    context = {
        "shelf": shelf(invoice=found, today=localdate(request.now)),
        "order": Order.objects.filter(public_id=found.subject).first(),
        "creditable": creditable,
        "left": left,
        "over": found.standing.open * -1,
        "form": form,
    }
    return render(request, "desk/invoices/invoice.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@staff_only
def invoice_file(request: Request, invoice: str, form: str) -> HttpResponse:
    """Hand out a file of an invoice as it was made; another form is no page."""
    found, kind = _found(invoice), _KINDS.get(form)
    if kind is None:
        raise Http404
    content = bytes(file_of(invoice=found, kind=kind).content)
    answer = HttpResponse(
        content, content_type="application/pdf" if kind is FileKind.PDF else "application/xml"
    )
    answer["Content-Disposition"] = f'attachment; filename="{file_name(invoice=found, kind=kind)}"'
    return answer


def _credited(request: Request, invoice: Invoice, form: CreditForm) -> Invoice:
    reason, by, now = form.cleaned_data["reason"], request.actor, request.now
    if form.cleaned_data["what"] == form.LICENSES:
        quantities = form.quantities()
        return correcting.credit_licenses(
            invoice=invoice, quantities=quantities, reason=reason, by=by, now=now
        )
    if form.cleaned_data["what"] == form.AMOUNT:
        gross = form.gross_minor()
        return correcting.credit_sum(invoice=invoice, gross_minor=gross, reason=reason, by=by, now=now)
    return actions.issue_credit(invoice=invoice, amounts=None, reason=reason, by=by, now=now)


def _found(public_id: str) -> Invoice:
    rows = Invoice.objects.select_related("team", "standing", "corrects", "series__seller")
    return get_object_or_404(rows, public_id=public_id)
