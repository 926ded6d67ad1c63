"""What an administrator types to change a contract."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from licet.catalog.models import Plan
from licet.orders.rules import MOST_LICENSES, Address
from licet.orders.standing import PlanRow
from licet.payments.boundary import Provider
from licet.web.countries import country_choices


class ConfirmForm(forms.Form):
    """`key`: the form itself, so that sent twice is done once; `seen`: the sum that the page showed."""

    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class SumForm(forms.Form):
    """`seen`: the sum that the page showed; `key` where the form itself has to be told apart."""

    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)


class AddForm(ConfirmForm):
    """Which licenses, and how many more."""

    plan = forms.ChoiceField(label=_("Product"))
    quantity = forms.IntegerField(
        label=_("How many more"),
        initial=1,
        min_value=1,
        max_value=MOST_LICENSES,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            format_lazy(_("Enter a whole number from 1 to {most}."), most=MOST_LICENSES),
        ),
    )

    def __init__(self, *args: Any, plans: Sequence[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plans = {plan.code: plan for plan in plans}
        self.fields["plan"].choices = [(plan.code, plan.product.name) for plan in plans]  # type: ignore[attr-defined]

    def chosen(self) -> Plan:
        """Return the plan that was chosen."""
        return self.plans[self.cleaned_data["plan"]]


class ReduceForm(forms.Form):
    """How many licenses go on after the term; `sure`: the effect was shown."""

    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: PlanRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sentence = format_lazy(_("Enter a whole number from 0 to {most}."), most=row.quantity)
        self.fields["quantity"] = forms.IntegerField(
            label=_("Licenses from the next term on"),
            initial=row.following,
            min_value=0,
            max_value=row.quantity,
            error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence),
        )


class UpgradeForm(ConfirmForm):
    """Which product instead, and for how many of the licenses: all, where nothing is said."""

    to = forms.ChoiceField(label=_("Change to"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, plans: Sequence[Plan], most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plans, self.most = {plan.code: plan for plan in plans}, most
        self.fields["to"].choices = [(plan.code, plan.product.name) for plan in plans]  # type: ignore[attr-defined]
        sentence = format_lazy(_("Enter a whole number from 1 to {most}."), most=most)
        self.fields["quantity"] = forms.IntegerField(
            label=_("How many of them"),
            initial=most,
            min_value=1,
            max_value=most,
            required=False,
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), sentence),
        )

    def chosen(self) -> Plan:
        """Return the plan that was chosen."""
        return self.plans[self.cleaned_data["to"]]

    def quantity(self) -> int:
        """Return how many licenses change."""
        return self.cleaned_data["quantity"] or self.most


class BillingForm(forms.Form):
    """Where the next orders of a contract are billed to, and how they are paid."""

    company = forms.CharField(label=_("Company"), max_length=120, required=False)
    name = forms.CharField(label=_("First and last name"), max_length=120)
    street = forms.CharField(label=_("Street and number"), max_length=120)
    extra = forms.CharField(label=_("Building, floor, department"), max_length=120, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=16)
    city = forms.CharField(label=_("City"), max_length=120)
    country = forms.ChoiceField(label=_("Country"))
    vat_number = forms.CharField(label=_("VAT identification number"), max_length=30, required=False)
    siren = forms.CharField(
        label=_("SIREN"),
        max_length=20,
        required=False,
        help_text=_(
            "For companies in France: nine digits. Your VAT number has it at its end, where you have one."
        ),
    )
    purchase_order = forms.CharField(
        label=_("Your purchase order number"),
        max_length=60,
        required=False,
        help_text=_("Printed on the invoice, where your accounting department asks for one."),
    )

    payment_method = forms.ChoiceField(label=_("Payment method"), widget=forms.RadioSelect)

    TOKENS = {
        "company": "billing organization",
        "name": "billing name",
        "street": "billing address-line1",
        "extra": "billing address-line2",
        "postal_code": "billing postal-code",
        "city": "billing address-level2",
        "country": "billing country",
        "vat_number": "off",
        "siren": "off",
        "purchase_order": "off",
    }

    def __init__(self, data: Any, *, initial: dict[str, Any], ways: Sequence[Provider] = ()) -> None:
        super().__init__(data, initial=initial)
        if len(ways) > 1:
            choices = [(each.code, each.name) for each in ways]
            self.fields["payment_method"].choices = choices  # type: ignore[attr-defined]
        else:  # nothing to choose
            del self.fields["payment_method"]
        self.fields["country"].choices = [("", _("Choose a country")), *country_choices()]  # type: ignore[attr-defined]
        for name, token in self.TOKENS.items():
            self.fields[name].widget.attrs["autocomplete"] = token

    def clean(self) -> dict[str, Any]:
        """Say which part of the address cannot be."""
        for name in self.address().faults():
            if name not in self.errors:
                self.add_error(name, _("This cannot be printed on an invoice."))
        return self.cleaned_data

    def address(self) -> Address:
        """Return the address as it was typed, tidied."""
        return Address.restored(self.cleaned_data).tidy()


class CarryOnForm(BillingForm):
    """Who is billed after a partner; `seen`: the sum that the page showed; `terms`: what was agreed to."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    terms = forms.CharField(label=_("Terms of sale"), max_length=40, required=False, widget=forms.HiddenInput)
