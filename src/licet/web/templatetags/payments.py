"""Words for payments on pages."""

from django import template
from django.utils.functional import Promise

from licet.kernel.money import Money
from licet.payments.registry import PROVIDERS
from licet.payments.words import REVIEWS, STATES
from licet.web.templatetags.cldr import money

register = template.Library()


@register.filter
def review(why: str) -> str | Promise:
    """Say why a person has to look."""
    return REVIEWS.get(why, why)


@register.filter
def payment_state(state: str) -> str | Promise:
    """Say how far a payment is."""
    return STATES.get(state, state)


@register.filter
def method(code: str) -> str | Promise:
    """Say how was paid."""
    found = PROVIDERS.get(code)
    return found.name if found else code


@register.filter
def minor(amount_minor: int, currency: str) -> str:
    """Write an amount of minor units."""
    return str(money(Money(amount_minor, currency)))
