"""Payments and mandates, as their providers read them."""

from licet.kernel import brand
from licet.payments.boundary import Asked, Debtor
from licet.payments.models import Mandate, Payment


def asked_of(*, payment: Payment) -> Asked:
    """Return a payment as its provider reads it."""
    mandate = payment.mandate
    return Asked(
        payment=payment.public_id,
        amount=payment.amount,
        reference=payment.reference,
        title=payment.title,
        language=payment.language,
        email=payment.email,
        seller=brand.current(),
        debtor=debtor_of(mandate=mandate) if mandate else None,
    )


def debtor_of(*, mandate: Mandate) -> Debtor:
    """Return a mandate as its provider reads it."""
    return Debtor(
        mandate=mandate.reference,
        holder=mandate.holder,
        iban=mandate.iban,
        bic=mandate.bic,
        signed_on=mandate.signed_on.isoformat(),
        kind=mandate.kind,
        first=mandate.used_on is None,
    )
