"""One box for whatever a caller has at hand: what fits stands in groups, what was meant for sure opens.

The search is posted, for a license code or an address in a web address would stay in logs and histories.
"""

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from licet.invoices.models import Invoice
from licet.licenses.models import Code, License
from licet.orders.finding import LONGEST, SHORT, find
from licet.orders.models import Contract, Order
from licet.orders.promises import Quote
from licet.partners.models import Voucher
from licet.payments.models import Payment
from licet.teams.models import Team
from licet.web.actor import Request
from licet.web.desk.staff import staff_only

PAGES: dict[type[Model], str] = {
    Team: "desk_customer",
    Order: "desk_order",
    Contract: "desk_contract",
    Quote: "desk_quote",
    Invoice: "desk_invoice",
    Payment: "desk_payment",
    Code: "desk_code",
    License: "desk_license",
}
"""Where what was found is shown."""


@sensitive_post_parameters("q")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def search(request: Request) -> HttpResponse:
    """Show what fits, in groups; go straight to what was meant for sure."""
    text = " ".join(request.POST.get("q", "").split())[:LONGEST]
    found = find(text=text) if text else None
    if found is not None and found.exact is not None:
        return redirect(page_of(found.exact))
    return render(request, "desk/finding.html", {"text": text, "found": found, "most": SHORT})


def page_of(row: Model) -> str:
    """Return the address of the page that shows a row; a voucher stands with those made together."""
    if isinstance(row, Voucher):
        return reverse("desk_voucher_batch", args=[row.batch])
    return reverse(PAGES[type(row)], args=[row.public_id])  # type: ignore[attr-defined]
