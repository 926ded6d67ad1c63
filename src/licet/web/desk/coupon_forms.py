"""What the vendor's people are asked when they make a coupon."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licet.catalog.models import Plan, Product
from licet.catalog.rules import Period
from licet.orders.coupons import Terms
from licet.orders.promises import PER_LICENSE, PER_ORDER
from licet.web.amounts import AmountField, minor
from licet.web.desk.code_forms import Number

PERCENT = "percent"


class DayField(forms.DateField):
    """A day, with the browser's calendar."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class CouponForm(forms.Form):
    """A code, what it takes off, for what, from when to when, and how often."""

    code = forms.CharField(
        label=_("Code"),
        max_length=30,
        help_text=_("What customers type: 3 to 30 letters, digits and hyphens."),
    )
    off = forms.ChoiceField(
        label=_("What it takes off"),
        widget=forms.RadioSelect,
        initial=PERCENT,
        choices=[
            (PERCENT, _("Percent of the price of each license")),
            (PER_LICENSE, _("An amount off each license, for each month or year")),
            (PER_ORDER, _("An amount off the whole order, once; the first term only")),
        ],
    )
    percent = Number(label=_("Percent"), least=1, most=100, required=False)
    amount = AmountField(label=_("Amount"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    product = forms.ChoiceField(label=_("Product"), required=False)
    period = forms.ChoiceField(
        label=_("Plans"),
        required=False,
        choices=[("", _("All")), (Period.YEAR, _("By the year")), (Period.MONTH, _("By the month"))],
    )
    starts_on = DayField(label=_("First day"), required=False)
    last_on = DayField(label=_("Last day"), required=False)
    most_uses = Number(label=_("How often in all"), least=1, most=1_000_000, required=False)
    again = forms.BooleanField(label=_("A customer may use it more than once"), required=False)
    every_term = forms.BooleanField(label=_("It lowers later terms, too"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = sorted(set(Plan.objects.offered().values_list("currency", flat=True)))
        self.fields["currency"].choices = [(each, each) for each in known]  # type: ignore[attr-defined]
        rows = Product.objects.filter(withdrawn_at=None).order_by("family__position", "position")
        products = [(each.code, each.name) for each in rows]
        self.fields["product"].choices = [("", _("All")), *products]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the percent or for the amount, whichever was chosen."""
        values: dict[str, Any] = self.cleaned_data
        wanted = "percent" if values.get("off") == PERCENT else "amount"
        if values.get(wanted) is None and wanted not in self.errors:
            self.add_error(wanted, _("Enter how much it takes off."))
        if values.get("off") == PER_ORDER and values.get("every_term"):
            self.add_error("every_term", _("What is taken off an order once lowers its first term only."))
        return values

    def terms(self) -> Terms:
        """Return what a valid form says."""
        values = self.cleaned_data
        by_percent = values["off"] == PERCENT
        currency = "" if by_percent else values["currency"]
        last: date | None = values["last_on"]
        return Terms(
            percent=values["percent"] if by_percent else None,
            amount_minor=None if by_percent else minor(amount=values["amount"], currency=currency),
            currency=currency,
            per=PER_LICENSE if by_percent else values["off"],
            products=(values["product"],) if values["product"] else (),
            period=values["period"],
            starts_on=values["starts_on"],
            ends_on=date.fromordinal(last.toordinal() + 1) if last else None,
            most_uses=values["most_uses"],
            once_each=not values["again"],
            every_term=values["every_term"],
        )
