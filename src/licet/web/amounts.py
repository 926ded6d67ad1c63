"""Amounts of money, as people type them."""

from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import NumberFormatError, get_currency_precision, parse_decimal
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _


class AmountField(forms.Field):
    """An amount as people write it in their language."""

    LONGEST = 20

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **more)

    def to_python(self, value: Any) -> Any:
        """Read 1.234,56 in German and 1,234.56 in English."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            amount = Decimal(parse_decimal(text[: self.LONGEST], locale=get_language() or "en", strict=True))
        except (NumberFormatError, InvalidOperation, ValueError):
            amount = Decimal("NaN")
        if not amount.is_finite() or len(text) > self.LONGEST:
            raise forms.ValidationError(_("Enter an amount, such as 120 or 99.50 in your language."))
        return amount


def minor(*, amount: Decimal, currency: str) -> int:
    """Return an amount in minor units; what is finer than they are is cut to nothing, and so refused."""
    exact = amount.scaleb(get_currency_precision(currency))
    return int(exact) if exact == exact.to_integral_value() else 0
