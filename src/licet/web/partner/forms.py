"""What a partner's people fill in: whom to ask, how many licenses, which vouchers."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from licet.catalog.models import Plan
from licet.catalog.rules import Period
from licet.kernel.money import Money
from licet.orders.errors import QuantityOutOfRange
from licet.orders.rules import MOST_LICENSES
from licet.partners.errors import HintNeeded, VouchersOutOfRange
from licet.partners.rules import MOST_VOUCHERS, VOUCHER_DAYS

PERIODS = {Period.MONTH: _("per month"), Period.YEAR: _("per year")}
_QUANTITY = lazystr(QuantityOutOfRange(most=MOST_LICENSES))
_COPIES = lazystr(VouchersOutOfRange(most=MOST_VOUCHERS))
_WRONG = ("required", "invalid", "min_value", "max_value")


class AskForm(forms.Form):
    """Which customer is meant."""

    hint = forms.CharField(
        label=_("Customer"),
        max_length=254,
        help_text=_("An e-mail address, the number of an order, or the ID of a team."),
        error_messages={"required": HintNeeded.sentence},
    )


class OrderForm(forms.Form):
    """How many licenses of each plan."""

    purchase_order = forms.CharField(label=_("Your order number"), required=False, max_length=60)

    def __init__(self, *args: Any, offered: list[tuple[Plan, Money]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        for plan, _price in offered:
            self.fields[f"q-{plan.code}"] = forms.IntegerField(
                label=plan.product.name,
                required=False,
                min_value=0,
                max_value=MOST_LICENSES,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "placeholder": "0"}),
                error_messages=dict.fromkeys(_WRONG, _QUANTITY),
            )

    def rows(self) -> list[tuple[Plan, Money, Any, Any]]:
        """Return each plan with its price, its period in words, and its field."""
        return [
            (plan, price, PERIODS[Period(plan.period)], self[f"q-{plan.code}"])
            for plan, price in self.offered
        ]

    def wanted(self) -> dict[str, int]:
        """Return so many licenses by plan code, of a form that is valid."""
        named = {plan.code: self.cleaned_data[f"q-{plan.code}"] for plan, _price in self.offered}
        return {code: quantity for code, quantity in named.items() if quantity}


class VoucherForm(forms.Form):
    """What each voucher gives, how many, and until when."""

    plan = forms.ChoiceField(label=_("Product"))
    quantity = forms.IntegerField(
        label=_("Licenses per voucher"),
        min_value=1,
        max_value=MOST_LICENSES,
        initial=1,
        error_messages=dict.fromkeys(_WRONG, _QUANTITY),
    )
    copies = forms.IntegerField(
        label=_("Number of vouchers"),
        min_value=1,
        max_value=MOST_VOUCHERS,
        initial=1,
        error_messages=dict.fromkeys(_WRONG, _COPIES),
    )
    last_day = forms.DateField(label=_("Last day to redeem"), widget=forms.DateInput(attrs={"type": "date"}))
    purchase_order = forms.CharField(label=_("Your order number"), required=False, max_length=60)

    def __init__(self, *args: Any, offered: list[tuple[Plan, Money]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plans = {plan.code: (plan, price) for plan, price in offered}
        self.today = today
        self.fields["plan"].choices = [  # type: ignore[attr-defined]
            (plan.code, f"{plan.product.name}, {PERIODS[Period(plan.period)]}") for plan, _price in offered
        ]
        self.initial.setdefault("last_day", (today + timedelta(days=VOUCHER_DAYS)).isoformat())

    def clean_last_day(self) -> date:
        """Refuse a day that is over."""
        day: date = self.cleaned_data["last_day"]
        if day < self.today:
            raise forms.ValidationError(_("Choose today or a later day."))
        return day

    def chosen(self) -> tuple[Plan, Money]:
        """Return the plan and what one license of it costs, of a form that is valid."""
        return self.plans[self.cleaned_data["plan"]]
