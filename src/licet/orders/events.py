"""What happens to an order and to a contract."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, Names, named


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Fact):
    """Somebody ordered for a team; `total_minor` in minor units of `currency`, tax included."""

    name = "order.placed"
    sentence = _("%(actor)s placed order %(number)s.")

    order: int
    number: str  # a name, no quantity: nobody groups its digits
    kind: str
    total_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class OrderSettled(Fact):
    """An order was paid in full."""

    name = "order.settled"
    sentence = _("Order %(number)s was paid.")

    order: int
    number: str


@dataclass(frozen=True, kw_only=True)
class ContractMade(Fact):
    """A first order made a contract; `ends_on`: the first day after its term, ISO 8601."""

    name = "contract.made"
    sentence = _("Contract %(number)s began.")

    contract: int
    number: str
    order: int
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class PlanChanged(Fact):
    """An item of a contract became another one, of another plan."""

    name = "contract.plan_changed"
    sentence = _("Licenses were changed from %(before_name)s to %(after_name)s: %(quantity)s.")

    contract: int
    before: int
    after: int
    quantity: int
    before_name: Names = named()
    after_name: Names = named()
