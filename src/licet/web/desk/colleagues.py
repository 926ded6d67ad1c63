"""Colleagues: who works for the vendor, and which roles they have."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from licet.accounts import serving
from licet.accounts.models import Person
from licet.kernel.duties import ROLES, Duty, StaffRole
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.desk.staff import staff_only
from licet.web.freshness import require_fresh

DUTIES = {
    Duty.SEE_CUSTOMERS: gettext_lazy("Find and read customers, orders, contracts, invoices, payments"),
    Duty.SERVE_CUSTOMERS: gettext_lazy(
        "Grant and stop licenses; codes, vouchers, notes, teams without an owner"
    ),
    Duty.DECIDE_ORDERS: gettext_lazy("Quotes; cancel orders and contracts; withdrawals"),
    Duty.MANAGE_MONEY: gettext_lazy("Credit notes, payments, refunds, VAT, figures"),
    Duty.MANAGE_CATALOG: gettext_lazy("Products, prices, coupons, partners"),
    Duty.REVIEW_EDUCATION: gettext_lazy("Education: requests, institutions, agreements, classes"),
    Duty.ADMINISTER: gettext_lazy("Roles of colleagues, event log, deliveries"),
}


class RolesForm(forms.Form):
    """What somebody does."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(role.value, serving.WORDS[role]) for role in StaffRole],
        help_text=gettext_lazy("Without any, the desk is closed to this person."),
    )


class ColleagueForm(RolesForm):
    """Somebody who is to work at the desk."""

    field_order = ("email", "roles")

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("Of an account that there is."),
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["roles"].required = True
        self.fields["roles"].help_text = ""


@never_cache
@require_safe
@staff_only
def staff(request: Request) -> HttpResponse:
    """List the vendor's people with their roles, and what each role may do."""
    context = {
        "people": [
            (each, [serving.WORDS[role] for role in StaffRole if role in each.staff_roles])
            for each in serving.staff()
        ],
        "roles": [serving.WORDS[role] for role in StaffRole],
        "table": [
            (words, [(serving.WORDS[role], duty in ROLES[role]) for role in StaffRole])
            for duty, words in DUTIES.items()
        ],
    }
    return render(request, "desk/staff/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def staff_add(request: Request) -> HttpResponse:
    """Let somebody with an account work at the desk, after proving who one is."""
    if request.method == "POST":
        require_fresh(request)
    form = ColleagueForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        email, roles, by, now = (
            form.cleaned_data["email"],
            form.cleaned_data["roles"],
            request.actor,
            request.now,
        )
        made = attempt(form, lambda: serving.add(email=email, roles=roles, by=by, now=now))
        if made:
            messages.success(request, _("%(name)s reads it in a mail.") % {"name": made.name})
            return redirect("desk_staff")
    return render(request, "desk/staff/edit.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def staff_one(request: Request, person: str) -> HttpResponse:
    """Change what somebody does, after proving who one is."""
    found = get_object_or_404(Person, public_id=person, is_staff=True)
    if request.method == "POST":
        require_fresh(request)
    form = RolesForm(request.POST if request.method == "POST" else None, initial={"roles": found.staff_roles})
    if form.is_valid():
        roles, by, now = form.cleaned_data["roles"], request.actor, request.now
        if attempt(form, lambda: serving.set_roles(person=found, roles=roles, by=by, now=now)):
            messages.success(request, _("Saved."))
            # whoever gave the own role away is at the desk no more, or not on this page
            return redirect("desk_staff" if found.pk != by.id else "desk_home")
    context = {"form": form, "colleague": found}
    return render(request, "desk/staff/edit.html", context, status=422 if form.errors else 200)
