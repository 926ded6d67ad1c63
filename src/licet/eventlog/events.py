"""What happens to the log itself."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact


@dataclass(frozen=True, kw_only=True)
class DeliveryRetried(Fact):
    """Somebody asked for another attempt at a delivery that had been given up."""

    name = "delivery.retried"
    sentence = _("%(actor)s had a failed delivery tried again: %(handler)s.")

    delivery: int
    event: int
    handler: str
