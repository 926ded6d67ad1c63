"""What happens to an order and to a contract."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licet.eventlog.facts import Fact, Names, named, shown, worded


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
class OrderUnpaid(Fact):
    """The money of an order that was paid was taken back by a bank: it is to be paid again."""

    name = "order.unpaid"
    sentence = _("Order %(number)s is no longer paid: a bank took the money back.")

    order: int
    number: str


@dataclass(frozen=True, kw_only=True)
class OrderRefunded(Fact):
    """Money for an order goes back, with a credit note; `ended`: its licenses end, too."""

    name = "order.refunded"
    sentence = _("A refund for order %(number)s was begun.")

    order: int
    number: str
    amount_minor: int
    currency: str
    ended: bool


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Fact):
    """The vendor cancelled an order that nobody had paid: what it gave ended, its invoice is taken back."""

    name = "order.cancelled"
    sentence = _("%(actor)s cancelled order %(number)s. Reason: %(reason)s")

    order: int
    number: str
    licenses: int
    reason: str = shown()


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


@dataclass(frozen=True, kw_only=True)
class RenewalReduced(Fact):
    """From the next term on a contract has so many licenses of a plan; they were `before`."""

    name = "contract.renewal_reduced"
    sentence = _(
        "%(actor)s set the licenses of %(product_name)s from the next term on: "
        "%(quantity)s instead of %(before)s."
    )

    contract: int
    plan: str
    quantity: int
    before: int
    product_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class DowngradePlanned(Fact):
    """From the next term on licenses are of another plan; of the same again where it is the same."""

    name = "contract.downgrade_planned"
    sentence = _("%(actor)s chose %(after_name)s instead of %(before_name)s from the next term on.")

    contract: int
    before: str
    after: str
    before_name: Names = named()
    after_name: Names = named()


@dataclass(frozen=True, kw_only=True)
class AutoRenewalSet(Fact):
    """A contract renews by itself, or no longer."""

    name = "contract.auto_renewal_set"
    sentence = _("%(actor)s switched the automatic renewal of contract %(number)s %(setting)s.")

    contract: int
    number: str
    setting: str = worded(words={"on": _("on"), "off": _("off")})


@dataclass(frozen=True, kw_only=True)
class ContractCancelled(Fact):
    """A contract ends with its term, because somebody decided so; `ends_on` in ISO 8601, excluded."""

    name = "contract.cancelled"
    sentence = _("%(actor)s cancelled contract %(number)s to the end of its term.")

    contract: int
    number: str
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class ContractTakenUp(Fact):
    """A cancelled contract goes on after all."""

    name = "contract.taken_up"
    sentence = _("%(actor)s took back the cancellation of contract %(number)s.")

    contract: int
    number: str


@dataclass(frozen=True, kw_only=True)
class TermChosen(Fact):
    """From `starts_on` (ISO 8601) on the terms of a contract last `periods` times the `period`."""

    name = "contract.term_chosen"
    sentence = _("%(actor)s chose another length of term for contract %(number)s.")

    contract: int
    number: str
    period: str
    periods: int
    starts_on: str


@dataclass(frozen=True, kw_only=True)
class TermKept(Fact):
    """The terms of a contract last as long as before after all."""

    name = "contract.term_kept"
    sentence = _("%(actor)s took back the other length of term of contract %(number)s.")

    contract: int
    number: str


@dataclass(frozen=True, kw_only=True)
class ContractBillingChanged(Fact):
    """Address, order number of the customer or payment method of a contract are others now."""

    name = "contract.billing_changed"
    sentence = _("%(actor)s changed how contract %(number)s is billed.")

    contract: int
    number: str


@dataclass(frozen=True, kw_only=True)
class ContractsJoined(Fact):
    """A contract went into another one, so that both have one date."""

    name = "contract.joined"
    sentence = _("Contract %(number)s was joined to contract %(into_number)s.")

    contract: int
    into: int
    number: str
    into_number: str


@dataclass(frozen=True, kw_only=True)
class ContractRenewed(Fact):
    """Another term of a contract began; `ends_on`: the first day after it, ISO 8601."""

    name = "contract.renewed"
    sentence = _("Contract %(number)s was renewed.")

    contract: int
    number: str
    order: int
    term_index: int
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class ContractEnded(Fact):
    """A contract is over."""

    name = "contract.ended"
    sentence = _("Contract %(number)s ended.")

    contract: int
    number: str


@dataclass(frozen=True, kw_only=True)
class RenewalNoticed(Fact):
    """The term of a contract is over in so many days or fewer; `ends_on` in ISO 8601, excluded."""

    name = "contract.renewal_noticed"
    sentence = _("The team was told that the term of contract %(number)s is over within %(days)s days.")

    contract: int
    number: str
    days: int
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class PaymentReminded(Fact):
    """An order was not paid in time; its reminder number `count`."""

    name = "order.payment_reminded"
    sentence = _("The team was reminded to pay order %(number)s.")

    order: int
    number: str
    count: int


@dataclass(frozen=True, kw_only=True)
class OrderSuspended(Fact):
    """The licenses of an order that was not paid stand still until it is."""

    name = "order.suspended"
    sentence = _("The licenses of order %(number)s were suspended, because it was not paid.")

    order: int
    number: str
    licenses: int


@dataclass(frozen=True, kw_only=True)
class OrderLifted(Fact):
    """Licenses that stood still work again, because their order was paid."""

    name = "order.lifted"
    sentence = _("The licenses of order %(number)s work again.")

    order: int
    number: str
    licenses: int


@dataclass(frozen=True, kw_only=True)
class CouponMade(Fact):
    """The vendor made a coupon."""

    name = "coupon.made"
    sentence = _("%(actor)s made the coupon %(code)s.")

    coupon: int
    code: str


@dataclass(frozen=True, kw_only=True)
class CouponWithdrawn(Fact):
    """A coupon can no longer be used."""

    name = "coupon.withdrawn"
    sentence = _("%(actor)s withdrew the coupon %(code)s.")

    coupon: int
    code: str


@dataclass(frozen=True, kw_only=True)
class QuoteIssued(Fact):
    """A quote was made for somebody; `valid_until` in ISO 8601, excluded."""

    name = "quote.issued"
    sentence = _("%(actor)s made quote %(number)s.")

    quote: int
    number: str
    valid_until: str


@dataclass(frozen=True, kw_only=True)
class QuoteAccepted(Fact):
    """A quote became an order."""

    name = "quote.accepted"
    sentence = _("%(actor)s accepted quote %(number)s: order %(order_number)s.")

    quote: int
    number: str
    order: int
    order_number: str


@dataclass(frozen=True, kw_only=True)
class QuoteWithdrawn(Fact):
    """A quote holds no more."""

    name = "quote.withdrawn"
    sentence = _("%(actor)s withdrew quote %(number)s.")

    quote: int
    number: str


@dataclass(frozen=True, kw_only=True)
class WithdrawalDeclared(Fact):
    """A consumer declared to withdraw from an order."""

    name = "order.withdrawal_declared"
    sentence = _("The withdrawal from order %(number)s was declared.")

    declaration: int
    order: int
    number: str


@dataclass(frozen=True, kw_only=True)
class OrderWithdrawn(Fact):
    """An order is void, because its buyer withdrew: its licenses ended."""

    name = "order.withdrawn"
    sentence = _("Order %(number)s was withdrawn from.")

    declaration: int
    order: int
    number: str


@dataclass(frozen=True, kw_only=True)
class CancellationDeclared(Fact):
    """A consumer cancelled a contract on the public page."""

    name = "contract.cancellation_declared"
    sentence = _("The cancellation of contract %(number)s was declared.")

    declaration: int
    contract: int
    number: str


@dataclass(frozen=True, kw_only=True)
class DeclarationSetAside(Fact):
    """Somebody found that a declaration was not the customer's."""

    name = "declaration.set_aside"
    sentence = _("%(actor)s set a declaration about order %(number)s aside. Reason: %(reason)s")

    declaration: int
    number: str
    reason: str = shown()
