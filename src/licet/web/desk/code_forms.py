"""What the vendor's people are asked when they make or replace license codes."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from licet.catalog.models import Plan
from licet.catalog.rules import Period
from licet.licenses.rules import OVERLAP
from licet.teams.models import Member, Team

_RANGE_TEXT = _("Enter a whole number from {least} to {most}.")
MOST_COPIES, MOST_SEATS, MOST_DAYS = 100, 10_000, 3_660


class PlanField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A plan, shown as its product and its period."""

    def label_from_instance(self, obj: Plan) -> str:
        """Return the words of one choice."""
        words = {Period.MONTH: _("terms of the monthly plan"), Period.YEAR: _("terms of the yearly plan")}
        return f"{obj.product.name} ({words[Period(obj.period)]})"


class Number(forms.IntegerField):
    """A whole number in a range, which its error names."""

    def __init__(self, *, least: int, most: int, **kwargs: Any) -> None:
        sentence = format_lazy(_RANGE_TEXT, least=least, most=most)
        told = dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence)
        super().__init__(min_value=least, max_value=most, error_messages=told, **kwargs)


class BatchForm(forms.Form):
    """What each of some new codes gives to the team that redeems it."""

    plan = PlanField(label=_("Product"), queryset=Plan.objects.none(), empty_label=None)
    seats = Number(label=_("Licenses per code"), least=1, most=MOST_SEATS, initial=1)
    days = Number(
        label=_("Days"),
        least=1,
        most=MOST_DAYS,
        initial=365,
        help_text=_("Counted from the moment somebody redeems the code."),
    )
    copies = Number(label=_("Number of codes"), least=1, most=MOST_COPIES, initial=1)
    redeem_until = forms.DateField(
        label=_("Last day to redeem"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave it empty if the codes wait forever."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Plan.objects.offered().filter(product__withdrawn_at=None).select_related("product")
        self.fields["plan"].queryset = offered.order_by(  # type: ignore[attr-defined]
            "product__family__position", "product__position", "-period"
        )

    def clean_redeem_until(self) -> datetime | None:
        """Return the moment after the last day, in the installation's zone."""
        day = self.cleaned_data["redeem_until"]
        return make_aware(datetime.combine(day + timedelta(days=1), time())) if day else None


class OverlapForm(forms.Form):
    """How long a code that is replaced works on."""

    days = Number(
        label=_("For how many days does the old code still work?"),
        least=0,
        most=90,
        initial=OVERLAP.days,
        help_text=_("0: it stops at once. Choose that if somebody else may have it."),
    )


class ReceiverForm(forms.Form):
    """For whom a code of a team's license is."""

    member = forms.ModelChoiceField(
        label=_("For whom?"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=_("Whoever of the team redeems it first"),
    )

    def __init__(self, *args: Any, team: Team) -> None:
        super().__init__(*args)
        people = Member.objects.active().filter(team=team).select_related("person")
        self.fields["member"].queryset = people.order_by("person__full_name", "pk")  # type: ignore[attr-defined]

    def receiver(self) -> Member | None:
        """Return the member of a form that is valid; None for whoever redeems it."""
        member: Member | None = self.cleaned_data["member"]
        return member
