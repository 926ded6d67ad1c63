"""Agreements with institutions, at the desk: make one, see who uses how much, change and end it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from licet.catalog.models import Product
from licet.education import finding
from licet.education.agreements import actions as agreements
from licet.education.agreements.models import Agreement
from licet.education.directory import Institution
from licet.education.models import Programme
from licet.education.proofs.class_code import queries
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.desk.staff import staff_only

MOST = 10
PAGE = 200


class TermsForm(forms.Form):
    """How many places, and until when."""

    seats = forms.IntegerField(
        label=pgettext_lazy("of a class", "Places"), min_value=1, max_value=100_000, initial=100
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def end(self) -> date:
        """Return the day after the last one."""
        day: date = self.cleaned_data["ends_on"]
        return min(day, date.max - timedelta(days=1)) + timedelta(days=1)


class AgreementForm(TermsForm):
    """An agreement."""

    field_order = ("what", "seats", "starts_on", "ends_on", "contact", "reference")

    what = forms.ChoiceField(label=gettext_lazy("What a place brings"))
    starts_on = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    contact = forms.EmailField(
        label=gettext_lazy("E-mail address of the contact"),
        max_length=254,
        help_text=gettext_lazy(
            "Somebody of the institution who has an account. They own the team of the agreement, invite "
            "others to it and see who uses how much."
        ),
    )
    reference = forms.CharField(label=gettext_lazy("Number of the contract"), max_length=80, required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


@require_safe
@staff_only
def agreement_list(request: Request) -> HttpResponse:
    """List the agreements, those that run first; find the institution for a new one."""
    found = Agreement.objects.select_related("institution", "programme", "product").order_by(
        "-ends_on", "-pk"
    )
    rows = [(each, each.runs(request.now), max(0, each.free(request.now))) for each in found[:PAGE]]
    search = request.GET.get("q", "").strip()[:200]
    context = {
        "rows": sorted(rows, key=lambda row: not row[1]),
        "search": search,
        "similar": finding.find(text=search, most=MOST) if search else [],
    }
    return render(request, "desk/agreements/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def agreement_new(request: Request, institution: str) -> HttpResponse:
    """Make an agreement with an institution."""
    school = get_object_or_404(Institution.objects.listed(), public_id=institution)
    offered = _offered()
    form = AgreementForm(
        request.POST if request.method == "POST" else None,
        choices=[(key, label) for key, label, *_rest in offered],
        initial={"starts_on": request.now.date()},
    )
    if form.is_valid():
        made = attempt(form, lambda: _made(request, school, form, offered))
        if made:
            messages.success(request, _("The agreement is there. Teachers can draw places from it."))
            return redirect("desk_agreement", made.public_id)
    context = {"form": form, "school": school}
    return render(request, "desk/agreements/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def agreement_page(request: Request, agreement: str) -> HttpResponse:
    """Show who uses how much; change places and end, or end it now."""
    whole = Agreement.objects.select_related("institution", "programme", "product", "team", "made_by")
    found = get_object_or_404(whole, public_id=agreement)
    if "end" in request.POST:
        agreements.end(agreement=found, by=request.actor, now=request.now)
        messages.success(request, _("The agreement is ended. Classes that run go on until their last day."))
        return redirect("desk_agreement", found.public_id)
    initial = {"seats": found.seats, "ends_on": found.ends_on - timedelta(days=1)}
    form = TermsForm(request.POST if request.method == "POST" else None, initial=initial)
    changed = attempt(form, lambda: _changed(request, found, form)) if form.is_valid() else None
    if changed:
        messages.success(request, _("The agreement is changed."))
        return redirect("desk_agreement", found.public_id)
    context = {"form": form, "usage": queries.usage(agreement=found, now=request.now)}
    return render(request, "desk/agreements/agreement.html", context, status=422 if form.errors else 200)


def _offered() -> list[tuple[str, str, Programme, Product | None]]:
    """Return what an agreement can be about: each programme as a whole, and each of its products."""
    found: list[tuple[str, str, Programme, Product | None]] = []
    products = {each.code: each for each in Product.objects.all()}
    for programme in Programme.objects.filter(withdrawn_at=None).order_by("pk"):
        found.append((programme.code, programme.name, programme, None))
        for part in programme.products:
            product = products.get(part["product"])
            if product:
                key, label = f"{programme.code}:{product.code}", f"{programme.name}: {product.name}"
                found.append((key, label, programme, product))
    return found


def _made(
    request: Request,
    school: Institution,
    form: AgreementForm,
    offered: list[tuple[str, str, Programme, Product | None]],
) -> Agreement:
    values = form.cleaned_data
    programme, product = next((one, part) for key, _label, one, part in offered if key == values["what"])
    wanted = agreements.Wanted(
        institution=school,
        programme=programme,
        product=product,
        seats=values["seats"],
        starts_on=values["starts_on"],
        ends_on=form.end(),
        contact=values["contact"],
        reference=values["reference"],
    )
    return agreements.make(wanted=wanted, by=request.actor, now=request.now)


def _changed(request: Request, found: Agreement, form: TermsForm) -> Agreement:
    return agreements.change_terms(
        agreement=found,
        seats=form.cleaned_data["seats"],
        ends_on=form.end(),
        by=request.actor,
        now=request.now,
    )
