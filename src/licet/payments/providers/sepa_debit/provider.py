"""Direct debits in euros under a mandate. The bank gets them as a file; its statements tell how they went."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from licet.kernel import brand
from licet.kernel.brand import Brand
from licet.kernel.money import Money
from licet.payments.boundary import (
    ALLOWED,
    Asked,
    Availability,
    Capability,
    Done,
    Instructions,
    Provider,
    ProviderState,
    Purchase,
    Urls,
)
from licet.payments.errors import NotOfThisProvider
from licet.payments.rules import SEPA_COUNTRIES, iban_of
from licet.payments.states import Told


class SepaDebit(Provider):
    """Needs the creditor identifier that the vendor's bank gave, and the account of the vendor's file."""

    code = "sepa_debit"
    name = _("SEPA direct debit")
    icon = "landmark"
    capabilities = frozenset({Capability.MANDATE, Capability.OFF_SESSION, Capability.INSTRUCTIONS})

    def faults(self) -> Sequence[str]:
        """The creditor identifier; that the account has an IBAN is asked when it is used."""
        if not settings.LICET_SEPA_CREDITOR:
            return ("LICET_SEPA_CREDITOR is missing: the creditor identifier from your bank",)
        if not creditor_valid(identifier=settings.LICET_SEPA_CREDITOR):
            return ("LICET_SEPA_CREDITOR has a typing error: its check digits do not agree",)
        return ()

    def availability(self, *, purchase: Purchase, seller: Brand) -> Availability:
        """Euros, a customer within SEPA, a vendor with an account."""
        if purchase.amount.currency != "EUR":
            return Availability(allowed=False, reason=_("It works in euros only."))
        if purchase.country not in SEPA_COUNTRIES:
            return Availability(allowed=False, reason=_("It works with addresses in the SEPA area only."))
        if not iban_of(text=seller.account.iban):
            return Availability(allowed=False, reason=_("The seller has no bank account here."))
        return ALLOWED

    def start(self, *, asked: Asked, urls: Urls) -> Instructions | Done:
        """Ask for a mandate where there is none; else nothing: the collection is announced and filed."""
        if asked.debtor is None:
            return Instructions(template="mandate", data={"creditor": settings.LICET_SEPA_CREDITOR})
        return Done()

    def charge(self, *, asked: Asked, idempotency_key: str) -> ProviderState:
        """Say that it is on its way: our own number goes into the file and comes back from the bank."""
        seller = asked.seller or brand.current()
        if asked.debtor is None or asked.amount.currency != "EUR" or not iban_of(text=seller.account.iban):
            raise NotOfThisProvider
        amount = Money(asked.amount.amount, asked.amount.currency)
        return ProviderState(provider_ref=asked.payment, told=Told.PENDING, amount=amount)


def creditor_valid(*, identifier: str) -> bool:
    """Whether a creditor identifier's check digits agree (EPC262-08: ISO 7064 without positions 5 to 7)."""
    plain = identifier.replace(" ", "").upper()
    if len(plain) < 8 or not plain.isascii() or not plain.isalnum():
        return False
    turned = plain[7:] + plain[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
