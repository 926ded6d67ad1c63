"""Transfer to the vendor's account; the bank's statement tells that it came."""

from collections.abc import Sequence
from decimal import Decimal

import segno.helpers
from babel.numbers import get_currency_precision
from django.utils.translation import gettext_lazy as _

from licet.kernel.brand import Brand
from licet.payments.boundary import (
    ALLOWED,
    Asked,
    Availability,
    Capability,
    Instructions,
    Provider,
    Purchase,
    Urls,
)

EPC_LIMIT = 99_999_999_999
"""The largest amount of an EPC QR code, in cents."""


class Invoice(Provider):
    """Needs nothing: the account stands in the vendor's file, and is looked at when it is used."""

    code = "invoice"
    name = _("Bank transfer after the invoice")
    icon = "landmark"
    capabilities = frozenset({Capability.INSTRUCTIONS})

    def faults(self) -> Sequence[str]:
        """Nothing stands in the settings."""
        return ()

    def availability(self, *, purchase: Purchase, seller: Brand) -> Availability:
        """Every purchase, once the vendor's file has an account."""
        if not seller.account.iban:
            return Availability(allowed=False, reason=_("The seller has no bank account here."))
        return ALLOWED

    def start(self, *, asked: Asked, urls: Urls) -> Instructions:
        """Tell how to transfer the amount."""
        account = asked.seller.account
        return Instructions(
            template="transfer",
            data={
                "holder": account.holder,
                "iban": account.iban,
                "bic": account.bic,
                "bank": account.bank,
                "reference": asked.reference,
                "qr": epc_code(asked=asked),
            },
        )


def epc_code(*, asked: Asked) -> str:
    """Return the QR code of a transfer as SVG (EPC069-12, version 002); "" where the scheme does not apply.

    It knows euros only, up to 999,999,999.99. The picture is made of numbers alone.
    """
    account = asked.seller.account
    bic = account.bic.replace(" ", "")
    if asked.amount.currency != "EUR" or not account.iban or not 0 < asked.amount.amount <= EPC_LIMIT:
        return ""
    code = segno.helpers.make_epc_qr(
        name=account.holder[:70],
        iban=account.iban.replace(" ", ""),
        amount=Decimal(asked.amount.amount).scaleb(-get_currency_precision("EUR")),
        reference=asked.reference,
        bic=bic if len(bic) in (8, 11) else None,
    )
    return str(code.svg_inline(border=2, omitsize=True, dark="#000", light="#fff"))
