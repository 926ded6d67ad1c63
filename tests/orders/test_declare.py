"""Withdrawal and cancellation of consumers: for whom, how long, told back, carried out once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail as outbox

from licet.invoices.models import Invoice
from licet.kernel.actor import system
from licet.kernel.refusal import Forbidden
from licet.licenses.errors import ReasonNeeded
from licet.licenses.models import License
from licet.licenses.states import LicenseState
from licet.orders import declaring, promise_mail, settling, withdrawing
from licet.orders.agreements import Ticked, terms
from licet.orders.consumers import pack_of
from licet.orders.declarations import Declaration
from licet.orders.errors import DeclarationDone, StartNotAsked
from licet.orders.models import Contract, Order
from licet.orders.rules import Address
from licet.orders.settling import open_minor
from licet.payments.models import Refund
from licet.payments.states import Told
from tests.orders.conftest import ADDRESS, Shop
from tests.orders.money import Till, work
from tests.world import OPERATOR, World

SITE = system(label="declaration")
PRIVATE = Address(
    name="Alice Martin", street="1 rue Haute", postal_code="67000", city="Strasbourg", country="FR"
)


def bought(shop: Shop, **other: Any) -> Order:
    return shop.place(**{"address": PRIVATE, **other})


def withdraw(world: World, order: Order, **other: Any) -> Declaration | None:
    values = {
        "number": str(order.number),
        "email": world.alice.email.upper(),
        "name": "Alice Martin",
        "by": SITE,
        "now": world.now,
    }
    return declaring.withdraw(**{**values, **other})


def test_the_rules_follow_the_country_and_businesses_have_none() -> None:
    assert pack_of(country="FR", is_consumer=True).cancel_online
    assert pack_of(country="ES", is_consumer=True).withdrawal_days == 14
    assert pack_of(country="US", is_consumer=True).withdrawal_days == 0
    assert pack_of(country="FR", is_consumer=False).withdrawal_days == 0


def test_a_consumer_asks_for_the_beginning_and_the_words_are_kept(world: World, shop: Shop) -> None:
    world.plan()
    with pytest.raises(StartNotAsked):
        bought(shop, ticked=Ticked(terms=terms().version))
    order = bought(shop, ticked=Ticked(terms=terms().version, start=True))
    kept = order.agreed["start"]
    assert kept["at"] == world.now.isoformat()
    assert "14" in kept["words"]
    assert (
        shop.place(ticked=Ticked(terms=terms().version), checkout_key="checkout-0002").agreed.get("start")
        is None
    )


def test_the_buyer_who_is_signed_in_is_out_at_once(world: World, shop: Shop) -> None:
    order = bought(shop)
    declaration = withdraw(world, order, by=world.alice.actor())
    order.refresh_from_db()
    assert declaration is not None
    assert declaration.done_at == world.now
    assert order.state == "cancelled"
    assert License.objects.get().state == LicenseState.REVOKED


def test_a_stranger_with_the_number_waits_a_day_and_the_buyer_is_told(world: World, shop: Shop) -> None:
    order = bought(shop)
    assert withdraw(world, order) is not None
    work(world.now, {"order.withdrawal_declared": [promise_mail.declared]})
    (letter,) = outbox.outbox
    assert letter.to == [world.alice.email]
    assert str(order.number) in letter.body
    assert "Alice Martin" in letter.body
    assert declaring.carry_out_due(by=OPERATOR, now=world.now + timedelta(hours=23)) == 0
    assert License.objects.get().state == LicenseState.ISSUED
    assert declaring.carry_out_due(by=OPERATOR, now=world.now + timedelta(hours=24)) == 1
    assert License.objects.get().state == LicenseState.REVOKED
    assert declaring.carry_out_due(by=OPERATOR, now=world.now + timedelta(hours=25)) == 0


def test_what_was_paid_goes_back(world: World, shop: Shop) -> None:
    order = bought(shop, payment_method="testcard")
    till = Till(world)
    payment = till.begin(order)
    till.apply(payment, Told.SETTLED)
    withdraw(world, order, by=world.alice.actor())
    assert Refund.objects.get().amount_minor == order.gross_minor
    assert License.objects.get().state == LicenseState.REVOKED


# --- what is kept for the days that were asked for (Directive 2011/83/EU, article 14 (3)) ----------------


@pytest.mark.parametrize(
    ("gross", "rows", "after", "kept"),
    [
        (57_600, [(57_600, 365)], 0, 0),  # on the first day nothing was used
        (57_600, [(57_600, 365)], 1, 158),  # 157.81
        (57_600, [(57_600, 365)], 10, 1_578),
        (57_600, [(57_600, 365)], 14, 2_209),  # 2209.32
        (57_600, [(48_000, 365)], 14, 2_209),  # the same at net prices
        (4_000, [(4_000, 31)], 14, 1_806),  # a month: 1806.45
        (61_600, [(57_600, 365), (4_000, 31)], 14, 4_016),  # each of its own term, rounded once
        (3_650, [(3_650, 365)], 14, 140),
        (1, [(1, 365)], 14, 0),
        (0, [(0, 365)], 14, 0),
    ],
)
def test_the_days_until_then_are_paid_in_proportion(
    gross: int, rows: list[tuple[int, int]], after: int, kept: int
) -> None:
    first = date(2026, 3, 2)
    told = [(amount, days, first) for amount, days in rows]
    until = first + timedelta(days=after)
    assert withdrawing.used_minor(gross_minor=gross, rows=told, until=until) == kept


def paid_by_card(world: World, shop: Shop, *, start: bool) -> Order:
    world.plan()
    ticked = Ticked(terms=terms().version, start=True) if start else None
    order = bought(shop, payment_method="testcard", ticked=ticked)
    till = Till(world)
    till.apply(till.begin(order), Told.SETTLED)
    order.refresh_from_db()
    return order


def test_who_asked_for_the_start_pays_the_days_and_gets_the_rest_back(world: World, shop: Shop) -> None:
    order = paid_by_card(world, shop, start=True)
    later = world.now + timedelta(days=10)
    shown = declaring.preview(
        number=str(order.number), email=world.alice.email, by=world.alice.actor(), now=later
    )
    withdraw(world, order, by=world.alice.actor(), now=later)
    kept = (order.gross_minor * 10 * 2 + 365) // (2 * 365)
    assert shown is not None
    assert (shown.kept.amount, shown.back.amount, shown.days) == (kept, order.gross_minor - kept, 10)
    assert Refund.objects.get().amount_minor == order.gross_minor - kept
    (note,) = Invoice.objects.exclude(corrects=None)
    assert note.gross_minor == order.gross_minor - kept
    assert "10 of 365 days" in note.document().reason
    assert open_minor(order=order) == 0
    assert License.objects.get().state == LicenseState.REVOKED


def test_who_did_not_ask_pays_nothing(world: World, shop: Shop) -> None:
    order = paid_by_card(world, shop, start=False)
    withdraw(world, order, by=world.alice.actor(), now=world.now + timedelta(days=10))
    assert Refund.objects.get().amount_minor == order.gross_minor
    (note,) = Invoice.objects.exclude(corrects=None)
    assert note.gross_minor == order.gross_minor


def test_what_is_kept_of_an_order_on_invoice_is_what_stays_to_be_paid(world: World, shop: Shop) -> None:
    world.plan()
    order = bought(shop, ticked=Ticked(terms=terms().version, start=True))
    withdraw(world, order, by=world.alice.actor(), now=world.now + timedelta(days=10))
    order.refresh_from_db()
    kept = (order.gross_minor * 10 * 2 + 365) // (2 * 365)
    assert (order.state, open_minor(order=order)) == ("placed", kept)
    (note,) = Invoice.objects.exclude(corrects=None)
    assert note.gross_minor == order.gross_minor - kept
    (item,) = settling.open_book().items
    assert item.amount == kept


def test_nobody_else_is_shown_what_an_order_costs(world: World, shop: Shop) -> None:
    order = paid_by_card(world, shop, start=True)
    for by in (SITE, world.charlie.actor()):
        assert (
            declaring.preview(number=str(order.number), email=world.alice.email, by=by, now=world.now) is None
        )


def test_the_confirmation_says_what_is_kept(world: World, shop: Shop) -> None:
    world.alice.language = "en"
    world.alice.save()
    order = paid_by_card(world, shop, start=True)
    withdraw(world, order, by=world.alice.actor(), now=world.now + timedelta(days=10))
    work(world.now + timedelta(days=10), {"order.withdrawal_declared": [promise_mail.declared]})
    assert "due for 10 of 365 days" in " ".join(outbox.outbox[-1].body.split())


def test_said_twice_is_said_once(world: World, shop: Shop) -> None:
    order = bought(shop)
    assert withdraw(world, order) == withdraw(world, order)
    assert Declaration.objects.count() == 1


def test_nobody_learns_which_orders_there_are(world: World, shop: Shop) -> None:
    order = bought(shop)
    assert withdraw(world, order, email=world.charlie.email) is None
    assert withdraw(world, order, number="99999") is None
    assert withdraw(world, order, number="") is None
    assert withdraw(world, order, number="9" * 30) is None


def test_a_business_and_the_fifteenth_day_have_no_withdrawal(world: World, shop: Shop) -> None:
    assert withdraw(world, shop.place(address=ADDRESS)) is None
    order = bought(shop, checkout_key="checkout-0002")
    assert withdraw(world, order, now=world.now + timedelta(days=15)) is None
    assert withdraw(world, order, now=world.now + timedelta(days=14)) is not None


def test_the_buyer_can_say_that_it_was_not_them(world: World, shop: Shop) -> None:
    order = bought(shop)
    declaration = withdraw(world, order)
    assert declaration is not None
    with pytest.raises(Forbidden):
        declaring.set_aside(declaration=declaration, reason="Not me", by=world.charlie.actor(), now=world.now)
    declaring.set_aside(declaration=declaration, reason="Not me", by=world.alice.actor(), now=world.now)
    assert Declaration.objects.get().aside_reason == "Not me"
    assert declaring.carry_out_due(by=OPERATOR, now=world.now + timedelta(days=2)) == 0
    with pytest.raises(DeclarationDone):
        declaring.set_aside(declaration=declaration, reason="Not me", by=world.alice.actor(), now=world.now)


def test_the_vendor_sets_a_withdrawal_aside_with_a_reason_and_the_buyer_can_withdraw_again(
    world: World, shop: Shop
) -> None:
    order = bought(shop)
    declaration = withdraw(world, order)
    staff = world.victor.actor()
    with pytest.raises(ReasonNeeded):
        declaring.set_aside(declaration=declaration, reason=" ", by=staff, now=world.now)
    declaring.set_aside(declaration=declaration, reason="A neighbour's joke", by=staff, now=world.now)
    assert declaring.carry_out_due(by=OPERATOR, now=world.now + timedelta(days=2)) == 0
    again = withdraw(world, order)
    assert again is not None
    assert again != declaration


def test_a_contract_is_cancelled_without_an_account(world: World, shop: Shop) -> None:
    bought(shop)
    contract = Contract.objects.get()
    made = declaring.cancel(
        number=str(contract.number), email=world.alice.email, name="Alice", by=SITE, now=world.now
    )
    contract.refresh_from_db()
    assert made is not None
    assert contract.cancelled_at == world.now
    assert License.objects.get().state == LicenseState.ISSUED
    work(world.now, {"contract.cancellation_declared": [promise_mail.declared]})
    assert str(contract.number) in outbox.outbox[0].body
