"""Paying an order: which ways there are, and beginning one. Nothing here makes an order paid."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from licet.catalog.queries import restored
from licet.eventlog.change import Record, change
from licet.eventlog.models import Event
from licet.kernel import brand
from licet.kernel.actor import Actor
from licet.kernel.brand import Brand
from licet.kernel.money import Money
from licet.kernel.refusal import Forbidden, Missing
from licet.orders.models import Contract, Order
from licet.orders.rules import Address
from licet.orders.settling import open_minor, title_of
from licet.orders.states import OrderState
from licet.payments import actions as payments
from licet.payments import collecting, registry
from licet.payments.boundary import Provider, Purchase
from licet.payments.errors import MandateEnded, PaymentOver
from licet.payments.models import Mandate, Payment
from licet.teams.models import Team
from licet.teams.permissions import Permission, may

DEBIT = "sepa_debit"


class _Same(Exception):
    """Leaves the transaction of a payment that was begun before."""

    def __init__(self, payment: Payment) -> None:
        super().__init__()
        self.payment = payment


def purchase_of(*, order: Order) -> Purchase:
    """Return what is left to pay of an order, as ways of paying look at it."""
    address = Address.restored(order.billed_to)
    return Purchase(
        amount=Money(max(open_minor(order=order), 0), order.currency),
        country=address.country,
        business=not order.is_consumer,
    )


def seller_of(*, order: Order) -> Brand:
    """Return the seller as the order knows it."""
    return restored(values=order.sold_by)


def methods(*, purchase: Purchase, seller: Brand) -> list[Provider]:
    """Return the ways of paying that fit a purchase, the first one being the usual. For the checkout, too."""
    return registry.offered(purchase=purchase, seller=seller)


def methods_of(*, contract: Contract, address: Address) -> list[Provider]:
    """Return the ways in which the next orders of a contract can be paid, billed to an address.

    A debit only where a mandate was given: nobody is there to give one when the clock orders.
    """
    items = contract.items.filter(ended_at=None)
    amount = sum(each.unit_price_minor * each.quantity for each in items) * contract.periods
    purchase = Purchase(
        amount=Money(max(amount, 1), contract.currency),
        country=address.country,
        business=bool(address.company or address.vat_number),
    )
    mandates = Mandate.objects.active().filter(team=contract.buyer)
    found = registry.offered(purchase=purchase, seller=brand.current())
    return [each for each in found if each.code != DEBIT or mandates.exists()]


def may_pay(*, order: Order, by: Actor) -> bool:
    """Whether the actor may begin a payment: who placed the order, and who may order for its team."""
    mine = by.is_person and order.placed_by_id == by.id
    return mine or may(actor=by, permission=Permission.PLACE_ORDERS, team=order.buyer)


def begin(
    *, order: Order, method: str, mandate: Mandate | None = None, email: str, by: Actor, now: datetime
) -> Payment:
    """Begin to pay what is open of an order; pressed twice it is one payment. Nothing is paid by it.

    Refuses who may not pay it, PaymentOver where nothing is open, MethodUnknown, MethodUnavailable, and
    MandateEnded for a debit without a mandate of the team.
    """
    if not Order.objects.visible_to(by).filter(pk=order.pk).exists():
        raise Missing
    if not may_pay(order=order, by=by):
        raise Forbidden
    with _once() as kept, change(by=by, now=now) as record:
        # against a payment that arrives at this moment, and the same button pressed twice
        Team.objects.locked(order.team_id)
        order = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        team = order.buyer
        facts = len(record.facts)
        payment = _begun(order=order, team=team, method=method, mandate=mandate, email=email, record=record)
        kept.append(payment)
        if len(record.facts) == facts:
            raise _Same(payment)
    return kept[0]


@contextmanager
def _once() -> Iterator[list[Payment]]:
    kept: list[Payment] = []
    try:
        yield kept
    except _Same as same:
        kept[:] = [same.payment]


def _begun(
    *, order: Order, team: Team, method: str, mandate: Mandate | None, email: str, record: Record
) -> Payment:
    purchase = purchase_of(order=order)
    if order.state != OrderState.PLACED or purchase.amount.amount <= 0:
        raise PaymentOver
    registry.require_offered(code=method, purchase=purchase, seller=seller_of(order=order))
    if method == DEBIT:
        mandate = _active(team=team, mandate=mandate)
    payment = payments.begin(
        code=method,
        team=team,
        subject=order.public_id,
        title=title_of(order=order),
        reference=order.reference,
        amount=purchase.amount,
        language=order.language,
        email=email,
        mandate=mandate,
        record=record,
    )
    if mandate is not None and payment.collect_on is None:
        collecting.announce(payment=payment, record=record)
    return payment


def _active(*, team: Team, mandate: Mandate | None) -> Mandate:
    known = Mandate.objects.active().filter(team=team)
    found = known.filter(pk=mandate.pk).first() if mandate else known.order_by("-pk").first()
    if found is None:
        raise MandateEnded
    return found


def order_placed(*, event: Event, now: datetime) -> None:
    """Announce the debit of an order that is paid so, such as a renewal; without a mandate it stays open."""
    order = Order.objects.select_related("team", "placed_by").get(pk=event.facts["order"])
    if order.payment_method != DEBIT or order.state != OrderState.PLACED or order.gross_minor <= 0:
        return
    if Payment.objects.filter(subject=order.public_id).exists():
        return
    if Mandate.objects.active().filter(team=order.buyer).exists():
        buyer = order.placed_by
        begin(order=order, method=DEBIT, email=buyer.email, by=_of(order), now=now)


def _of(order: Order) -> Actor:
    return order.placed_by.actor()
