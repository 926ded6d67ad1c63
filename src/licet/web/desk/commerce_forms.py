"""The desk's forms about licenses and orders: what is decided by hand, and why."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from licet.catalog.models import Plan
from licet.web.desk.code_forms import MOST_SEATS, Number, PlanField


class LastDay(forms.DateField):
    """A last day; it is read as the moment after it, in the installation's zone."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=_("Last day"), widget=widget, **more)

    def clean(self, value: Any) -> datetime:
        """Return the moment after the day; days that no calendar goes on after are cut."""
        day = min(super().clean(value), date.max - timedelta(days=366))
        return make_aware(datetime.combine(day + timedelta(days=1), time()))


class WhyForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("The team reads it in its history.")
    )


class CreditForm(forms.Form):
    """Why an invoice is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("It stands on the credit note."))


class GrantForm(WhyForm):
    """What a team is given for nothing."""

    field_order = ("plan", "seats", "until", "reason")

    plan = PlanField(label=_("Product"), queryset=Plan.objects.none(), empty_label=None)
    seats = Number(label=_("Licenses"), least=1, most=MOST_SEATS, initial=1)
    until = LastDay()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Plan.objects.offered().filter(product__withdrawn_at=None).select_related("product")
        self.fields["plan"].queryset = offered.order_by(  # type: ignore[attr-defined]
            "product__family__position", "product__position", "-period"
        )


class EndForm(WhyForm):
    """Until when a license is to last."""

    field_order = ("until", "reason")

    until = LastDay()
