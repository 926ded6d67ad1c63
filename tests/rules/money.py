"""Money of a customer, one of each kind that a page shows."""

from datetime import timedelta
from typing import Any

from licet.orders import coupons, quoting
from licet.orders.declarations import Declaration
from licet.orders.models import Order
from licet.orders.rules import Address
from licet.payments import statements
from licet.payments.banking import BankEntry, BankStatement
from licet.payments.models import CollectionFile, Payment, ProviderEvent, Refund
from licet.payments.states import EntryState, EventState, Told
from licet.teams.notes import actions as notes
from tests.orders.conftest import basket_of
from tests.orders.money import Till, statement
from tests.world import World


def moved(*, order: Order, world: World) -> dict[str, Any]:
    """Begin to pay an order; return what fills the gaps of addresses about money."""
    till = Till(world)
    payment = till.begin(order)
    event = till.tell(payment, Told.PENDING)
    ProviderEvent.objects.filter(pk=event.pk).update(state=EventState.REVIEW, why="amount_differs")
    file = statements.receive(
        name=f"{order.number}.xml",
        content=[statement(number=str(order.number))],
        by=world.victor.actor(),
        now=world.now,
    )
    row = BankStatement.objects.create(file=file, account="FR", statement_id=str(order.number))
    entry = BankEntry.objects.create(
        statement=row, entry_ref="1", amount_minor=100, currency="EUR", state=EntryState.REVIEW
    )
    collection = CollectionFile(
        message_id=f"COL-{order.number}",
        collect_on=world.now.date(),
        count=1,
        total_minor=100,
        made_at=world.now,
    )
    collection.keep("<x/>")
    collection.save()
    other = Payment.objects.create(
        team=order.team,
        provider="manual",
        subject=order.public_id,
        title="By hand",
        amount_minor=100,
        currency="EUR",
        language="en",
        created_at=world.now,
        state="settled",
        settled=True,
    )
    refund = Refund.objects.create(
        payment=other, amount_minor=100, reason="Too much", by_hand=True, asked_at=world.now
    )
    quote = quoting.ask(
        basket=basket_of((world.plan(), 1)),
        to=quoting.Addressee(
            team=order.team,
            team_name="",
            address=Address.restored(order.billed_to),
            email=order.placed_by.email,
            language="en",
        ),
        by=order.placed_by.actor(),
        now=world.now,
    )
    declaration = Declaration.objects.create(
        kind="withdrawal",
        order=order,
        team=order.team,
        name="A. Buyer",
        email=order.placed_by.email,
        declared_at=world.now,
        due_at=world.now + timedelta(days=1),
    )
    note = notes.write(
        team=order.team, text="Wants an invoice by post.", by=world.victor.actor(), now=world.now
    )
    coupon = coupons.make(
        code=f"SPRING-{order.number}",
        terms=coupons.Terms(percent=5, team=order.team),
        by=world.victor.actor(),
        now=world.now,
    )
    return {
        "coupon": coupon.public_id,
        "note": note.public_id,
        "person": order.placed_by.public_id,  # nobody of the vendor's
        "declaration": declaration.public_id,
        "quote": quote.public_id,
        "kind": "withdraw",
        "payment": payment.public_id,
        "event": event.pk,
        "provider": "testcard",
        "statement": file.public_id,
        "entry": entry.public_id,
        "collection": collection.public_id,
        "refund": refund.public_id,
    }
