"""What the vendor's people are asked when they make a quote: for whom, of what, at which prices."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazystr
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from licet.catalog.models import Plan
from licet.catalog.queries import seller
from licet.orders import quoting
from licet.orders.errors import QuantityOutOfRange
from licet.orders.quoting import Addressee, Wanted
from licet.orders.rules import MOST_LICENSES, Address
from licet.teams.models import Team
from licet.web.amounts import AmountField, minor
from licet.web.countries import country_choices
from licet.web.desk.code_forms import Number, PlanField

LINES = (1, 2, 3, 4, 5)
DAYS = 30
ADDRESS = ("company", "name", "street", "extra", "postal_code", "city", "country", "vat_number")


class QuoteForm(forms.Form):
    """A quote to be. `team`: whose; None where whoever accepts it chooses."""

    email = forms.EmailField(
        label=_("Send it to"), max_length=254, help_text=_("Whoever gets it can pass its address on.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    team_name = forms.CharField(
        label=_("Name of the team to be founded"),
        max_length=120,
        required=False,
        help_text=_("Empty: whoever accepts the quote chooses the team."),
    )
    company = forms.CharField(
        label=_("Company"), max_length=120, required=False, help_text=_("Empty for a private person.")
    )
    name = forms.CharField(label=_("First and last name"), max_length=120)
    street = forms.CharField(label=_("Street and number"), max_length=120)
    extra = forms.CharField(label=_("Building, floor, department"), max_length=120, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=16)
    city = forms.CharField(label=_("City"), max_length=120)
    country = forms.ChoiceField(label=_("Country"))
    vat_number = forms.CharField(label=_("VAT identification number"), max_length=20, required=False)
    discount = Number(
        label=_("Discount in percent"),
        least=0,
        most=100,
        required=False,
        help_text=_("Comes off the list price of every line without a price of its own."),
    )
    reason = forms.CharField(
        label=_("Reason of the special price"),
        max_length=200,
        required=False,
        help_text=_("Needed where a price is not the list's. The customer does not read it."),
    )
    last_day = forms.DateField(
        label=_("Last day to accept"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(
        label=_("Note to the customer"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, team: Team | None, today: date, known: dict[str, Any]) -> None:
        begin = {
            "language": get_language(),
            "last_day": today + timedelta(days=DAYS - 1),
            "quantity1": 1,
            "country": seller().country,
        }
        super().__init__(data, initial={**begin, **known})
        self.team, self.today = team, today
        self.fields["country"].choices = country_choices()  # type: ignore[attr-defined]
        if team is not None:
            del self.fields["team_name"]
        offered = Plan.objects.offered().filter(product__withdrawn_at=None).select_related("product")
        rows = offered.order_by("product__family__position", "product__position", "-period")
        sentence = lazystr(QuantityOutOfRange(most=MOST_LICENSES))
        for at in LINES:
            self.fields[f"plan{at}"] = PlanField(
                label=_("Product"),
                queryset=rows,
                required=at == 1,
                empty_label=None if at == 1 else _("No product"),
            )
            self.fields[f"quantity{at}"] = Number(
                label=_("Licenses"), least=1, most=MOST_LICENSES, required=at == 1
            )
            self.fields[f"quantity{at}"].error_messages["required"] = sentence
            self.fields[f"price{at}"] = AmountField(label=_("Price of one"), required=False)

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Return the fields of each line: product, licenses, price."""
        return [(self[f"plan{at}"], self[f"quantity{at}"], self[f"price{at}"]) for at in LINES]

    def more_rows(self) -> bool:
        """Whether a line after the second one is filled in."""
        return any(self[f"plan{at}"].value() for at in LINES[2:])

    def clean(self) -> dict[str, Any]:
        """Ask for the number of licenses of every product that is chosen."""
        values = super().clean() or {}
        for at in LINES[1:]:
            if (
                values.get(f"plan{at}")
                and not values.get(f"quantity{at}")
                and f"quantity{at}" not in self.errors
            ):
                self.add_error(f"quantity{at}", gettext("Enter how many licenses."))
        return values

    def address(self) -> Address:
        """Return who would get the invoice."""
        return Address.restored({name: self.cleaned_data[name] for name in ADDRESS}).tidy()

    def days(self) -> int:
        """Return for how many days the quote holds, today counted."""
        return int((self.cleaned_data["last_day"] - self.today).days) + 1

    def addressee(self) -> Addressee:
        """Return who gets the quote."""
        values = self.cleaned_data
        return Addressee(
            team=self.team,
            team_name=values.get("team_name", ""),
            address=self.address(),
            email=values["email"],
            language=values["language"],
        )

    def lines(self, *, now: datetime) -> list[Wanted]:
        """Return the lines at their prices: typed, lowered by the discount, or the list's."""
        return [self._line(at, now=now) for at in LINES if self.cleaned_data[f"plan{at}"]]

    def _line(self, at: int, *, now: datetime) -> Wanted:
        values = self.cleaned_data
        plan: Plan = values[f"plan{at}"]
        typed: Decimal | None = values[f"price{at}"]
        own = None if typed is None else minor(amount=typed, currency=plan.currency)
        quantity, address = values[f"quantity{at}"], self.address()
        line = quoting.wanted(plan=plan, quantity=quantity, unit_price=own, address=address, now=now)
        if own is not None or not values["discount"]:
            return line
        # half up, as every price that a percentage lowers
        lowered = (line.list_price * (100 - values["discount"]) * 2 + 100) // 200
        return quoting.wanted(plan=plan, quantity=quantity, unit_price=lowered, address=address, now=now)
