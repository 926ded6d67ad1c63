"""What happens to an order."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Fact):
    """Somebody ordered for a team; `total_minor` in minor units of `currency`, without tax."""

    name = "order.placed"
    sentence = _("%(actor)s placed order %(number)s.")

    order: int
    number: str  # a name, no quantity: nobody groups its digits
    total_minor: int
    currency: str
