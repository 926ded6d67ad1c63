"""The desk's forms about licenses and orders: what is decided by hand, and why."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import make_aware
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from licet.catalog.models import Plan
from licet.invoices.correcting import LineLeft
from licet.kernel.dates import readable
from licet.kernel.money import Money
from licet.teams.rules import NOTE_LENGTH
from licet.web.amounts import AmountField, minor
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
    """How much of an invoice is taken back, and why: the rest, some licenses, or an amount."""

    REST, LICENSES, AMOUNT = "rest", "licenses", "amount"

    what = forms.ChoiceField(label=_("What is taken back"), widget=forms.RadioSelect, initial=REST)

    def __init__(self, data: Any = None, *, lines: Sequence[LineLeft], left: Money) -> None:
        super().__init__(data)
        self.left, self.places = left, {f"line{each.place}": each.place for each in lines}
        choices = [(self.REST, gettext("All that is left")), (self.AMOUNT, gettext("An amount"))]
        if lines:
            choices.insert(1, (self.LICENSES, gettext("Some of its licenses")))
        self.fields["what"].choices = choices  # type: ignore[attr-defined]
        for each in lines:
            told = readable({"count": each.licenses})
            self.fields[f"line{each.place}"] = Number(
                label=gettext("Licenses of %(product)s") % {"product": each.line.name},
                least=0,
                most=each.licenses,
                required=False,
                help_text=ngettext("%(count)s is left.", "%(count)s are left.", each.licenses) % told,
            )
        self.fields["amount"] = AmountField(
            label=gettext("Amount"), required=False, help_text=gettext("VAT included.")
        )
        self.fields["reason"] = forms.CharField(
            label=gettext("Reason"), max_length=200, help_text=gettext("It stands on the credit note.")
        )

    def clean(self) -> dict[str, Any]:
        """Ask for what the choice needs."""
        values = super().clean() or {}
        if values.get("what") == self.AMOUNT and not self.errors and values.get("amount") is None:
            self.add_error("amount", _("Enter an amount, such as 120 or 99.50 in your language."))
        return values

    def quantities(self) -> dict[int, int]:
        """Return how many licenses of which line are taken back."""
        return {place: self.cleaned_data[name] or 0 for name, place in self.places.items()}

    def gross_minor(self) -> int:
        """Return the amount in minor units."""
        return minor(amount=self.cleaned_data["amount"], currency=self.left.currency)


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


class NoteForm(forms.Form):
    """A note about a customer."""

    text = forms.CharField(
        label=pgettext_lazy("about a customer", "Note"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the desk reads it. It is found by its words."),
    )
