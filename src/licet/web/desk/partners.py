"""Partners, for the vendor's people: appoint, change, pause, end; vouchers to hand out."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licet.catalog.queries import seller
from licet.kernel.dates import locale
from licet.orders.models import Order
from licet.partners import actions
from licet.partners.actions import Wanted
from licet.partners.models import Access, Partner
from licet.partners.queries import batches, by_name
from licet.partners.rules import MOST_DISCOUNT
from licet.partners.states import AccessState
from licet.web.actor import Request
from licet.web.answers import attempt
from licet.web.countries import country_choices
from licet.web.desk.code_forms import Number
from licet.web.desk.staff import staff_only
from licet.web.desk.voucher_forms import VouchersForm

LANGUAGES = ("cs", "da", "de", "en", "es", "fi", "fr", "hu", "it", "nl", "pl", "pt", "sv")


class PartnerForm(forms.Form):
    """What the vendor knows of a partner."""

    name = forms.CharField(label=gettext_lazy("Company"), max_length=120)
    owner = forms.CharField(
        label=gettext_lazy("Account or team"),
        max_length=254,
        help_text=gettext_lazy(
            "The e-mail address of the person who will own the partner's team, or the ID of a team."
        ),
    )
    contact = forms.CharField(label=gettext_lazy("Contact"), max_length=120)
    street = forms.CharField(label=gettext_lazy("Street and number"), max_length=120)
    extra = forms.CharField(label=gettext_lazy("Address line 2"), required=False, max_length=120)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=16)
    city = forms.CharField(label=gettext_lazy("City"), max_length=120)
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    vat_number = forms.CharField(label=gettext_lazy("VAT number"), required=False, max_length=18)
    discount_percent = Number(
        label=gettext_lazy("Discount in percent"),
        least=0,
        most=MOST_DISCOUNT,
        initial=0,
        help_text=gettext_lazy("Comes off the prices that the price list for partners has."),
    )
    countries = forms.MultipleChoiceField(label=gettext_lazy("Sells in"), required=False)
    languages = forms.MultipleChoiceField(label=gettext_lazy("Speaks"), required=False)
    website = forms.URLField(
        label=gettext_lazy("Website"), required=False, max_length=200, assume_scheme="https"
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), required=False, max_length=40)
    is_listed = forms.BooleanField(
        label=gettext_lazy("Show this partner to everybody who looks for one"), required=False
    )

    def __init__(self, *args: Any, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        countries, names = country_choices(), locale().languages
        self.fields["country"].choices = countries  # type: ignore[attr-defined]
        self.fields["country"].initial = seller().country
        self.fields["countries"].choices = countries  # type: ignore[attr-defined]
        self.fields["languages"].choices = [  # type: ignore[attr-defined]
            (code, str(names.get(code, code))) for code in LANGUAGES
        ]
        if not new:
            del self.fields["owner"]

    def wanted(self) -> Wanted:
        """Return the values of a form that is valid."""
        values: dict[str, Any] = {
            name: tuple(sorted(value)) if isinstance(value, list) else value
            for name, value in self.cleaned_data.items()
            if name != "owner"
        }
        values["vat_number"] = "".join(values["vat_number"].split()).upper()
        return Wanted(**values)


@never_cache
@require_safe
@staff_only
def partner_list(request: Request) -> HttpResponse:
    """List every partner."""
    return render(request, "desk/partners/list.html", {"partners": by_name()})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def partner_new(request: Request) -> HttpResponse:
    """Appoint a partner."""
    form = PartnerForm(request.POST if request.method == "POST" else None, new=True)
    if form.is_valid():
        made = attempt(
            form,
            lambda: actions.appoint(
                wanted=form.wanted(),
                owner=form.cleaned_data["owner"],
                by=request.actor,
                now=request.now,
            ),
        )
        if made:
            messages.success(request, _("%(name)s is a partner now.") % {"name": made.name})
            return redirect("desk_partner", made.public_id)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "desk/partners/edit.html", {"form": form}, status=status)


@never_cache
@require_safe
@staff_only
def partner_one(request: Request, partner: str) -> HttpResponse:
    """Show one partner: what it may, its customers, orders and vouchers."""
    found = _partner(partner)
    context = {
        "partner": found,
        "customers": Access.objects.filter(partner=found, state=AccessState.GRANTED)
        .select_related("team")
        .order_by("team__name"),
        "orders": Order.objects.filter(payer=found.team).select_related("team").order_by("-pk")[:20],
        "batches": batches(partner=found),
    }
    return render(request, "desk/partners/partner.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def partner_edit(request: Request, partner: str) -> HttpResponse:
    """Change what is known of a partner."""
    found = _partner(partner)
    initial = {name: getattr(found, name) for name in Wanted.__dataclass_fields__}
    form = PartnerForm(request.POST if request.method == "POST" else None, initial=initial, new=False)
    if form.is_valid():
        changed = attempt(
            form,
            lambda: actions.edit(partner=found, wanted=form.wanted(), by=request.actor, now=request.now),
        )
        if changed:
            messages.success(request, _("Saved."))
            return redirect("desk_partner", found.public_id)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "desk/partners/edit.html", {"form": form, "partner": found}, status=status)


_STATES = {"pause": actions.pause, "resume": actions.resume, "end": actions.end}


@require_POST
@staff_only
def partner_state(request: Request, partner: str) -> HttpResponse:
    """Pause, resume or end a partner."""
    found = _partner(partner)
    verb = _STATES.get(request.POST.get("to", ""))
    if verb is not None:
        verb(partner=found, by=request.actor, now=request.now)
        messages.success(request, _("Saved."))
    return redirect("desk_partner", found.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def partner_grant(request: Request, partner: str) -> HttpResponse:
    """Make vouchers that the partner gets for nothing."""
    found = _partner(partner)
    form = VouchersForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = attempt(form, lambda: form.make(partner=found, by=request.actor, now=request.now))
        if made:
            messages.success(request, _("The vouchers are ready. The partner sees their codes."))
            return redirect("desk_voucher_batch", made[0].batch)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "desk/partners/vouchers.html", {"form": form, "partner": found}, status=status)


def _partner(public_id: str) -> Partner:
    return get_object_or_404(Partner.objects.select_related("team"), public_id=public_id)
