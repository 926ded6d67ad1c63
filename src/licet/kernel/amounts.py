"""Money as people of the active language write it."""

from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision

from licet.kernel.dates import locale
from licet.kernel.money import Money


def in_words(*, money: Money) -> str:
    """Write an amount with its currency: `1.234,50 €`."""
    amount = Decimal(money.amount).scaleb(-get_currency_precision(money.currency))
    return format_currency(amount, money.currency, locale=locale())
