"""The shop's forms: how many of what, for which team, billed to whom."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from licet.catalog.queries import Offer, Sold
from licet.orders.agreements import Ticked
from licet.orders.errors import PlanUnknown, QuantityOutOfRange
from licet.orders.queries import PricedBasket
from licet.orders.rules import MOST_LICENSES, Address
from licet.taxes.checking import check_form
from licet.teams.errors import TeamNameNeeded
from licet.teams.models import Team
from licet.web.answers import attempt
from licet.web.countries import country_choices
from licet.web.shop.kept import BUSINESS, PRIVATE

NEW_TEAM = "new"


class Quantity(forms.IntegerField):
    """A number of licenses; anything else is told in the words of the refusal."""

    def __init__(self, **kwargs: Any) -> None:
        sentence = lazystr(QuantityOutOfRange(most=MOST_LICENSES))
        super().__init__(
            min_value=1,
            max_value=MOST_LICENSES,
            error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence),
            **kwargs,
        )
        self.widget.attrs["inputmode"] = "numeric"
        self.widget.attrs["autocomplete"] = "off"


class AddForm(forms.Form):
    """One offer of a product, so many licenses. Prices are never part of a form."""

    plan = forms.ChoiceField(
        label=_("How long"), widget=forms.RadioSelect, error_messages={"invalid_choice": PlanUnknown.sentence}
    )
    quantity = Quantity(label=_("Number of licenses"), initial=1)

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plans = {sold.code: sold for sold in offer.plans}
        self.fields["plan"].choices = [(code, code) for code in self.plans]  # type: ignore[attr-defined]
        self.initial.setdefault("plan", next(iter(self.plans)))
        self.fields["plan"].error_messages["required"] = PlanUnknown.sentence

    def chosen(self) -> Sold:
        """Return the plan of a form that is valid."""
        return self.plans[self.cleaned_data["plan"]]

    def choices(self) -> list[tuple[Sold, bool]]:
        """Return the plans, each with whether it is the chosen one."""
        wanted = self["plan"].value()
        return [(plan, code == wanted) for code, plan in self.plans.items()]


class BasketForm(forms.Form):
    """The number of licenses of every line."""

    def __init__(self, *args: Any, priced: PricedBasket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = [
            (line, self._field(line.line.plan, line.name, line.line.quantity)) for line in priced.lines
        ]

    def _field(self, plan: str, name: str, quantity: int) -> str:
        label = _("Number of licenses of %(product)s") % {"product": name}
        self.fields[f"quantity-{plan}"] = Quantity(label=label, initial=quantity, required=True)
        return f"quantity-{plan}"

    def lines(self) -> Iterable[tuple[Any, forms.BoundField]]:
        """Return every line of the basket with its field."""
        return [(line, self[name]) for line, name in self.rows]

    def quantities(self) -> dict[str, int]:
        """Return the wanted numbers by plan, of a form that is valid."""
        return {line.line.plan: self.cleaned_data[name] for line, name in self.rows}


class CheckoutForm(forms.Form):
    """Who buys, for which team, billed to whom. Field names are those of the address.

    `consumers`: whether private persons may buy; else nobody is asked who buys.
    """

    buyer = forms.ChoiceField(
        label=_("Who is buying?"),
        widget=forms.RadioSelect,
        choices=[(BUSINESS, _("A company or organisation")), (PRIVATE, _("A private person"))],
    )
    team = forms.ChoiceField(label=_("The licenses are for"), widget=forms.RadioSelect)
    team_name = forms.CharField(
        label=_("Name of the new team"),
        max_length=120,
        required=False,
        help_text=_(
            "For a new team only: usually the name of your company or office. You can change it later."
        ),
    )
    company = forms.CharField(
        label=_("Company"),
        max_length=120,
        error_messages={"required": _("Enter the name of the company that gets the invoice.")},
    )
    name = forms.CharField(label=_("First and last name"), max_length=120)
    street = forms.CharField(label=_("Street and number"), max_length=120)
    extra = forms.CharField(label=_("Building, floor, department"), max_length=120, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=16)
    city = forms.CharField(label=_("City"), max_length=120)
    country = forms.ChoiceField(label=_("Country"))
    vat_number = forms.CharField(
        label=_("VAT identification number"),
        max_length=30,
        required=False,
        help_text=_("For companies, with the letters of the country, such as FR 12 345678901."),
    )
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

    TOKENS = {
        "company": "billing organization",
        "name": "billing name",
        "street": "billing address-line1",
        "extra": "billing address-line2",
        "postal_code": "billing postal-code",
        "city": "billing address-level2",
        "country": "billing country",
        "team_name": "off",
        "vat_number": "off",
        "siren": "off",
        "purchase_order": "off",
    }

    FOR_COMPANIES = ("company", "vat_number", "siren", "purchase_order")

    FAULTS = {
        "vat_number": _(
            "Enter the number with its country letters, such as FR 12 345678901, or leave it empty."
        ),
        "siren": _(
            "A SIREN has nine digits, belongs to a company in France and is the end of its VAT number. Check "
            "the digits and the country, or leave it empty."
        ),
    }

    def __init__(self, *args: Any, teams: list[Team], consumers: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("buyer", BUSINESS)
        if not consumers:
            del self.fields["buyer"]
        self._choose_team(teams)
        if consumers and self.is_bound and self.data.get("buyer") == PRIVATE:
            self._ask_a_person()
        self.fields["country"].choices = [("", _("Choose a country")), *country_choices()]  # type: ignore[attr-defined]
        for name, token in self.TOKENS.items():
            self.fields[name].widget.attrs["autocomplete"] = token

    def _choose_team(self, teams: list[Team]) -> None:
        choices = [*((team.public_id, team.name) for team in teams), (NEW_TEAM, _("A new team"))]
        self.fields["team"].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("team", choices[0][0])
        if not teams:
            self.fields["team"].widget = forms.HiddenInput()
            self.fields["team_name"].required = True
            self.fields["team_name"].label = _("Name of your team")
            self.fields["team_name"].help_text = _(
                "Usually the name of your company or office. You can change it later."
            )

    def _ask_a_person(self) -> None:
        """Take nothing that only companies have; a team without a name bears that of the person."""
        typed = {name: self.data[name] for name in self.data}
        team = typed.get("team_name", "").strip() or typed.get("name", "")
        self.data = {**typed, **dict.fromkeys(self.FOR_COMPANIES, ""), "team_name": team}
        self.fields["company"].required = False

    def clean(self) -> dict[str, Any]:
        """Ask for the name of a new team; say which part of the address cannot be."""
        values: dict[str, Any] = self.cleaned_data
        typed = values.get("team_name", "")
        new = values.get("team") == NEW_TEAM and "team_name" not in self.errors
        if new and not (typed and typed.isprintable()):
            self.add_error("team_name", str(TeamNameNeeded()))
        for name in self.address().faults():
            if name not in self.errors:
                self.add_error(name, self.FAULTS.get(name, _("This cannot be printed on an invoice.")))
        if "vat_number" not in self.errors:
            attempt(self, lambda: check_form(number=values.get("vat_number", "")))
        return values

    @property
    def is_private(self) -> bool:
        """Whether a private person buys."""
        return "buyer" in self.fields and self.cleaned_data.get("buyer") == PRIVATE

    def address(self) -> Address:
        """Return the address as it was typed, tidied."""
        return Address.restored(self.cleaned_data).tidy()

    def kept(self) -> dict[str, Any]:
        """Return what the review needs, as JSON values."""
        new = self.cleaned_data["team"] == NEW_TEAM
        return {
            "team": self.cleaned_data["team"],
            "team_name": self.cleaned_data["team_name"] if new else "",
            "buyer": PRIVATE if self.is_private else BUSINESS,
            "address": self.address().stored(),
        }


class ReviewForm(forms.Form):
    """What makes an order the one that was shown, and the only one; how it is paid, what is agreed to."""

    checkout_key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    shown = forms.CharField(max_length=32, widget=forms.HiddenInput)
    method = forms.CharField(label=_("Payment"), max_length=20, required=False)
    coupon = forms.CharField(
        label=_("Coupon code"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    terms = forms.CharField(label=_("Terms of sale"), max_length=40, required=False)
    start = forms.BooleanField(label=_("Start at once"), required=False)

    def ticked(self) -> Ticked:
        """Return what was ticked, of a form that is valid."""
        return Ticked(terms=self.cleaned_data["terms"], start=self.cleaned_data["start"])
