"""The catalog at the desk: what is sold at which prices, the vendor's file with a preview, rates of VAT."""

from dataclasses import dataclass
from hashlib import sha256

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from licet.catalog import queries as reading
from licet.catalog.actions import import_catalog
from licet.catalog.document import Document
from licet.catalog.models import Family, Plan, PriceList, Vendor
from licet.catalog.queries import Difference
from licet.education.importing import import_programmes
from licet.kernel.money import Money
from licet.taxes import actions as taxes
from licet.taxes.queries import percent, shown_rates
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.desk.catalog_forms import FileForm, RateForm
from licet.web.desk.staff import staff_only
from licet.web.freshness import require_fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownList:
    """A price list with its prices by plan; `state`: coming, current, or replaced by a later one."""

    row: PriceList
    state: str
    prices: list[tuple[str, Money]]


@never_cache
@require_safe
@staff_only
def catalog(request: Request) -> HttpResponse:
    """Show families, products and plans, the price lists, and when the file came in."""
    plans = Plan.objects.select_related("product__family").filter(product__family__withdrawn_at=None)
    plans = plans.order_by("product__family__position", "product__position", "product", "-period")
    context = {
        "plans": [each for each in plans if each.withdrawn_at is None and each.product.withdrawn_at is None],
        "withdrawn": [each for each in plans if each.withdrawn_at or each.product.withdrawn_at],
        "families": Family.objects.offered().count(),
        "lists": _lists(request),
        "vendor": Vendor.objects.first(),
        "seller": reading.seller(),
    }
    return render(request, "desk/catalog/catalog.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def catalog_import(request: Request) -> HttpResponse:
    """Read the vendor's file, show its faults or what it changes, and bring it in once that was seen."""
    form = FileForm(request.POST if request.method == "POST" else None)
    found: list[Difference] | None = None
    if form.is_valid() and form.document:
        document = form.document
        found = reading.differences(document=document)
        if request.POST.get("seen") == _digest(found):
            require_fresh(request)
            if attempt(form, lambda: _imported(request, document, form.cleaned_data["iban"])):
                sentence = ngettext("%(number)s change came in.", "%(number)s changes came in.", len(found))
                messages.success(request, sentence % {"number": len(found)})
                return redirect("desk_catalog")
    context = {
        "form": form,
        "faults": form.faults,
        "found": found,
        "changes": [(KINDS[each.kind], THINGS.get(each.what, each.what), each.code) for each in found or ()],
        "digest": _digest(found or []),
    }
    return render(request, "desk/catalog/import.html", context, status=422 if form.errors else 200)


KINDS = {
    "added": gettext_lazy("New"),
    "changed": gettext_lazy("Changed"),
    "withdrawn": gettext_lazy("No longer sold"),
    "restored": gettext_lazy("Sold again"),
}
THINGS = {
    "brand": gettext_lazy("Brand"),
    "seller": gettext_lazy("Seller"),
    "family": gettext_lazy("Family"),
    "product": gettext_lazy("Product"),
    "plan": gettext_lazy("Plan"),
    "price list": gettext_lazy("Price list"),
    "application": gettext_lazy("Application"),
}
"""What an import changes, in words."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def rates(request: Request) -> HttpResponse:
    """List the rates of VAT; let one hold from a day on, after a preview of what it replaces."""
    form = RateForm(request.POST if request.method == "POST" else None)
    preview = None
    if form.is_valid():
        values = form.cleaned_data
        before = percent(
            country=values["country"],
            region=values["region"],
            tax_class=values["tax_class"],
            on=values["valid_from"],
        )
        if "confirm" not in request.POST:
            preview = {**values, "before": before}
        elif attempt(form, lambda: taxes.set_rate(**values, by=request.actor, now=request.now)):
            messages.success(request, _("The rate is set. Documents that stand keep theirs."))
            return redirect("desk_rates")
    context = {"form": form, "preview": preview, "rates": shown_rates(on=localdate(request.now))}
    return render(request, "desk/catalog/rates.html", context, status=422 if form.errors else 200)


def _imported(request: Request, document: Document, iban: str) -> bool:
    by, now = request.actor, request.now
    import_catalog(document=document, by=by, now=now, confirmed_iban=iban)
    import_programmes(document=document, by=by, now=now)
    return True


def _lists(request: Request) -> list[ShownList]:
    day = localdate(request.now)
    names = {
        plan.code: f"{plan.product.name} ({plan.code})" for plan in Plan.objects.select_related("product")
    }
    newer: dict[tuple[str, str, str], set[str]] = {}
    found = []
    for row in PriceList.objects.offered().order_by("-starts_on", "-pk"):
        kind = (row.currency, row.tax, row.audience)
        named = newer.setdefault(kind, set())
        # a later list replaces the plans that it names, and leaves the others
        state = "coming" if row.starts_on > day else "replaced" if named >= set(row.prices) else "current"
        if state != "coming":
            named |= set(row.prices)
        prices = [
            (names.get(code, code), Money(amount, row.currency))
            for code, amount in sorted(row.prices.items())
        ]
        found.append(ShownList(row=row, state=state, prices=prices))
    return found


def _digest(found: list[Difference]) -> str:
    """Return what the confirmation repeats: another preview than the one that was seen is shown again."""
    return sha256("\n".join(str(each) for each in found).encode()).hexdigest()[:16]
