"""Which providers there are, and which of them this installation has switched on: one table."""

from collections.abc import Mapping

from django.conf import settings

from licet.kernel.brand import Brand
from licet.payments.boundary import Capability, Provider, Purchase
from licet.payments.errors import MethodUnavailable, MethodUnknown
from licet.payments.providers.invoice.provider import Invoice
from licet.payments.providers.manual.provider import Manual
from licet.payments.providers.sepa_debit.provider import SepaDebit
from licet.payments.providers.stripe.provider import Stripe
from licet.payments.providers.testcard.provider import Testcard

PROVIDERS: Mapping[str, Provider] = {
    each.code: each for each in (Invoice(), Testcard(), Stripe(), SepaDebit(), Manual())
}
"""In the order in which customers see them."""


def switched_on() -> list[Provider]:
    """Return the providers that the setting names and that have all they need; `manual` is always there."""
    named = [each for code, each in PROVIDERS.items() if code in settings.LICET_PAYMENTS or code == "manual"]
    return [each for each in named if not each.faults()]


def provider(*, code: str) -> Provider:
    """Return a provider that is switched on; refuses MethodUnknown."""
    found = next((each for each in switched_on() if each.code == code), None)
    if found is None:
        raise MethodUnknown
    return found


def offered(*, purchase: Purchase, seller: Brand) -> list[Provider]:
    """Return the methods that a customer may choose from for a purchase."""
    return [
        each
        for each in switched_on()
        if Capability.STAFF_ONLY not in each.capabilities
        and each.availability(purchase=purchase, seller=seller).allowed
    ]


def require_offered(*, code: str, purchase: Purchase, seller: Brand) -> Provider:
    """Return the provider that a customer chose; refuses MethodUnknown, MethodUnavailable with the reason."""
    found = provider(code=code)
    fits = found.availability(purchase=purchase, seller=seller)
    if Capability.STAFF_ONLY in found.capabilities:
        raise MethodUnknown
    if not fits.allowed:
        raise MethodUnavailable(reason=str(fits.reason))
    return found


def paid_first(*, code: str) -> bool:
    """Whether licenses wait for the money with this method; a transfer or a debit comes after the invoice."""
    found = PROVIDERS.get(code)
    return found is not None and Capability.REDIRECT in found.capabilities
