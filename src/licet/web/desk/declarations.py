"""What consumers declared: withdrawals and cancellations, in their words; set aside what was not theirs."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from licet.orders import declaring
from licet.orders.declarations import Declaration
from licet.orders.states import DeclarationKind
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.desk.commerce_forms import WhyForm
from licet.web.desk.staff import staff_only

PER_PAGE = 50


@never_cache
@require_safe
@staff_only
def declarations(request: Request) -> HttpResponse:
    """List what consumers declared, the newest first; `show`: waiting, withdrawal, cancellation, aside."""
    show = request.GET.get("show", "")
    found = Declaration.objects.select_related("order", "contract", "team").order_by("-pk")
    if show == "waiting":
        found = found.waiting()
    elif show == "aside":
        found = found.exclude(set_aside_at=None)
    elif show in {each.value for each in DeclarationKind}:
        found = found.filter(kind=show)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/declarations/list.html", {"page": page, "show": show})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def declaration(request: Request, declaration: str) -> HttpResponse:
    """Show a declaration as it came; set a withdrawal aside, with a reason, before it is carried out."""
    rows = Declaration.objects.select_related("order__placed_by", "contract__placed_by", "team")
    found = get_object_or_404(rows, public_id=declaration)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason, by, now = form.cleaned_data["reason"], request.actor, request.now
        attempt(form, lambda: declaring.set_aside(declaration=found, reason=reason, by=by, now=now))
        if not form.errors:
            messages.success(request, _("It is set aside. The order stands as it was."))
            return redirect("desk_declaration", found.public_id)
    about = found.order or found.contract
    context = {
        "declaration": found,
        "buyer": about.placed_by if about else None,
        "waits": found.done_at is None and found.set_aside_at is None,
        "form": form,
    }
    return render(request, "desk/declarations/declaration.html", context, status=422 if form.errors else 200)
