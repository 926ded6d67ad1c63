"""What was invoiced to the person and to the teams that they run: the list, a page each, the files."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from licet.invoices.models import Invoice
from licet.invoices.queries import Shown, file_name, file_of, listed, shelf, years
from licet.invoices.states import FileKind
from licet.web.actor import Request

PER_PAGE = 25
_STANDINGS: dict[str, Shown] = {"open": "open", "settled": "settled"}
_KINDS = {kind.value: kind for kind in FileKind}
_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.XML: "application/xml",
    FileKind.UBL: "application/xml",
}


@never_cache
@login_required
@require_safe
def invoices(request: Request) -> HttpResponse:
    """List invoices and credit notes, newest first; by number, year and whether they are paid."""
    asked = request.GET
    year = asked.get("year", "")
    words, standing = asked.get("q", "").strip()[:40], _STANDINGS.get(asked.get("standing", ""), "")
    found = listed(
        actor=request.actor,
        words=words,
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        standing=standing,
    )
    context = {
        "page": Paginator(found, PER_PAGE).get_page(asked.get("page")),
        "years": years(actor=request.actor),
        "words": words,
        "year": year,
        "standing": standing,
        "filtered": bool(words or year or standing),
        "today": localdate(request.now),
    }
    return render(request, "portal/invoices.html", context)


@never_cache
@login_required
@require_safe
def invoice(request: Request, invoice: str) -> HttpResponse:
    """Show one invoice: what it says, how it stands, its files."""
    row = _visible(request, invoice)
    return render(request, "portal/invoice.html", {"shelf": shelf(invoice=row, today=localdate(request.now))})


@never_cache
@login_required
@require_safe
def invoice_file(request: Request, invoice: str, form: str) -> HttpResponse:
    """Hand out a file of an invoice as it was made; another form is no page."""
    row = _visible(request, invoice)
    wanted = _KINDS.get(form)
    if wanted is None:
        raise Http404
    answer = HttpResponse(bytes(file_of(invoice=row, kind=wanted).content), content_type=_TYPES[wanted])
    answer["Content-Disposition"] = f'attachment; filename="{file_name(invoice=row, kind=wanted)}"'
    return answer


def _visible(request: Request, invoice: str) -> Invoice:
    rows = Invoice.objects.visible_to(request.actor).select_related("team", "standing", "corrects")
    return get_object_or_404(rows, public_id=invoice)
