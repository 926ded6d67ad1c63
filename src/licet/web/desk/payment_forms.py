"""The desk's forms about money."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licet.orders.models import Order
from licet.web.amounts import AmountField


class StatementForm(forms.Form):
    """A bank's file."""

    file = forms.FileField(
        label=gettext_lazy("Bank statement (camt.053, XML)"),
        help_text=gettext_lazy("Up to 25 MB here. Entries that are known already are passed over."),
        error_messages={
            "required": gettext_lazy("Choose a file of up to 25 MB. An operator can import larger ones.")
        },
    )


class BookForm(forms.Form):
    """Which orders an entry pays; up to three, by number."""

    def __init__(self, data: Any = None, *, first: str = "", amount: str = "") -> None:
        super().__init__(data)
        for place in (1, 2, 3):
            self.fields[f"order{place}"] = forms.CharField(
                label=_("Order number"),
                required=place == 1,
                max_length=20,
                initial=first if place == 1 else "",
            )
            self.fields[f"amount{place}"] = AmountField(
                label=_("Amount"), required=place == 1, initial=amount if place == 1 else ""
            )

    def clean(self) -> dict[str, Any]:
        """Find the orders."""
        values = super().clean() or {}
        self.parts: list[tuple[Order, Decimal]] = []
        for place in (1, 2, 3):
            number, amount = values.get(f"order{place}", ""), values.get(f"amount{place}")
            if not number:
                continue
            order = order_of(number)
            if order is None:
                self.add_error(f"order{place}", _("There is no order of this number."))
            elif amount is None:
                self.add_error(f"amount{place}", _("Enter how much of it this pays."))
            else:
                self.parts.append((order, amount))
        return values


class ReasonForm(forms.Form):
    """Why nothing is booked."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class KeepForm(forms.Form):
    """For whose customer money is kept that pays nothing yet."""

    order = forms.CharField(label=gettext_lazy("Number of an order of this customer"), max_length=20)

    def clean_order(self) -> Order:
        """Find the order."""
        found = order_of(self.cleaned_data["order"])
        if found is None:
            raise forms.ValidationError(_("There is no order of this number."))
        return found


class RestForm(KeepForm):
    """On which order so much of what a payment has left is booked."""

    order = forms.CharField(label=gettext_lazy("Order number"), max_length=20)
    amount = AmountField(label=gettext_lazy("Amount"))


class RecordForm(KeepForm):
    """Money that came otherwise."""

    order = forms.CharField(label=gettext_lazy("Order number"), max_length=20)
    amount = AmountField(label=gettext_lazy("Amount"))
    reason = forms.CharField(
        label=gettext_lazy("How it came"),
        max_length=200,
        help_text=gettext_lazy("For example the number of the cheque. It stands in the history."),
    )


class RefundForm(forms.Form):
    """Money that goes back."""

    amount = AmountField(label=gettext_lazy("Amount"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("It stands on the credit note and in the history."),
    )
    end_licenses = forms.BooleanField(
        label=gettext_lazy("End the licenses of this order now"),
        required=False,
        help_text=gettext_lazy("People who use them are locked out with their next renewal."),
    )


class CollectForm(forms.Form):
    """Until which day debits are put into the file."""

    collect_on = forms.DateField(
        label=gettext_lazy("Collect on"), widget=forms.DateInput(attrs={"type": "date"})
    )


def order_of(number: str) -> Order | None:
    """Return the order of a number as people write it."""
    digits = number.strip().removeprefix("#")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 15:
        return None
    return Order.objects.filter(number=int(digits)).select_related("team").first()
