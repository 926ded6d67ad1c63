"""Recorded by hand; no customer chooses it, no provider is asked."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from licet.kernel.brand import Brand
from licet.payments.boundary import ALLOWED, Asked, Availability, Capability, Done, Provider, Purchase, Urls


class Manual(Provider):
    """Always there, for staff."""

    code = "manual"
    name = _("Recorded by hand")
    icon = "pencil"
    capabilities = frozenset({Capability.STAFF_ONLY})

    def faults(self) -> Sequence[str]:
        """Nothing is needed."""
        return ()

    def availability(self, *, purchase: Purchase, seller: Brand) -> Availability:
        """Every purchase."""
        return ALLOWED

    def start(self, *, asked: Asked, urls: Urls) -> Done:
        """Nothing has to be done by anybody but the one who records it."""
        return Done()
