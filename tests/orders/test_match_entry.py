"""A bank statement pays orders by itself where it says surely what for; all else waits for a person."""

import pytest

from licet.kernel.actor import system
from licet.orders import booking, settling
from licet.orders.models import Order
from licet.orders.states import OrderState
from licet.payments import collecting, statements
from licet.payments.banking import BankEntry, StatementFile
from licet.payments.errors import (
    EntryBooked,
    MandateEnded,
    NothingToCollect,
    ReasonMissing,
    StatementEmpty,
    StatementSentAlready,
    StatementTooLarge,
)
from licet.payments.models import Allocation, Payment
from licet.payments.states import EntryState, FileState, PaymentState
from tests.orders.conftest import Shop
from tests.orders.money import Till, entry, imported, only_entry, statement
from tests.world import World


@pytest.fixture
def order(shop: Shop) -> Order:
    return shop.place()


def euros(order: Order, *, more: int = 0) -> str:
    return f"{(order.gross_minor + more) / 100:.2f}"


def state(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


def test_the_reference_and_the_exact_amount_pay_the_order(world: World, order: Order) -> None:
    file = imported(world, statement(entry(order.reference, amount=euros(order))))
    assert (file.state, file.entries, bytes(file.content)) == (FileState.READ, 1, b"")
    assert only_entry().state == EntryState.BOOKED
    assert state(order) == OrderState.PAID
    assert Payment.objects.get().state == PaymentState.SETTLED


def test_a_transfer_that_was_told_of_settles_that_very_payment(world: World, order: Order) -> None:
    payment = Till(world).begin(order, "invoice")
    imported(world, statement(entry(text=f"order {order.number}", amount=euros(order))))
    payment.refresh_from_db()
    assert (payment.state, Payment.objects.count()) == (PaymentState.SETTLED, 1)


def test_one_transfer_pays_two_orders_that_it_names(world: World, shop: Shop, order: Order) -> None:
    other = shop.place(checkout_key="checkout-0002")
    text = f"{order.number} and {other.number}"
    amount = f"{(order.gross_minor + other.gross_minor) / 100:.2f}"
    imported(world, statement(entry(text=text, amount=amount)))
    assert {state(order), state(other)} == {OrderState.PAID}
    assert Allocation.objects.count() == 2


@pytest.mark.parametrize(
    ("more", "currency", "text", "why"),
    [
        (-1, "EUR", "", "part_paid"),
        (1, "EUR", "", "over_paid"),
        (0, "USD", "", "currency_differs"),
        (0, "EUR", "thanks", "not_found"),
    ],
)
def test_what_does_not_fit_waits_for_a_person(
    world: World, order: Order, more: int, currency: str, text: str, why: str
) -> None:
    reference = "" if text else order.reference
    told = entry(reference, amount=euros(order, more=more), currency=currency, text=text)
    imported(world, statement(told))
    assert (only_entry().state, only_entry().why) == (EntryState.REVIEW, why)
    assert state(order) == OrderState.PLACED
    assert not Allocation.objects.exists()


def test_the_same_file_again_is_refused_and_books_nothing_twice(world: World, order: Order) -> None:
    content = statement(entry(order.reference, amount=euros(order)))
    imported(world, content)
    with pytest.raises(StatementSentAlready):
        imported(world, content)
    assert (BankEntry.objects.count(), Allocation.objects.count()) == (1, 1)


def test_the_same_statement_in_another_file_brings_nothing_new(world: World, order: Order) -> None:
    imported(world, statement(entry(order.reference, amount=euros(order))))
    again = imported(world, statement(entry(order.reference, amount=euros(order))) + b"\n")
    assert (again.entries, again.known) == (1, 1)
    assert (BankEntry.objects.count(), Allocation.objects.count()) == (1, 1)


def test_a_reference_that_is_paid_already_waits_for_a_person(world: World, order: Order) -> None:
    once = entry(order.reference, amount=euros(order))
    twice = entry(order.reference, amount=euros(order), ref="2")
    imported(world, statement(once, twice))
    assert sorted(BankEntry.objects.values_list("state", "why")) == [
        ("booked", ""),
        ("review", "paid_already"),
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "has_dtd"),
        (b"Date;Amount", "not_xml"),
        (statement(entry(), iban="DE02120300000000202051"), "other_account"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(
    world: World, content: bytes, fault: str
) -> None:
    file = imported(world, content)
    assert (file.state, file.fault, BankEntry.objects.count()) == (FileState.REFUSED, fault, 0)


def test_a_file_that_is_too_large_or_empty_is_not_taken_in(world: World) -> None:
    by = world.victor.actor()
    with pytest.raises(StatementTooLarge, match="50 MB"):
        statements.receive(name="x", content=[b"x" * 60_000_000], by=by, now=world.now, most=50 << 20)
    with pytest.raises(StatementEmpty):
        statements.receive(name="x", content=[], by=by, now=world.now)
    assert not StatementFile.objects.exists()


def test_money_that_went_out_needs_nobody(world: World) -> None:
    imported(world, statement(entry(text="rent", sign="DBIT")))
    assert only_entry().state == EntryState.DISMISSED


def test_an_entry_can_be_put_aside_with_a_reason_once(world: World) -> None:
    imported(world, statement(entry(text="interest", amount="1.00")))
    by = world.victor.actor()
    with pytest.raises(ReasonMissing):
        statements.dismiss(entry=only_entry(), reason=" ", by=by, now=world.now)
    statements.dismiss(entry=only_entry(), reason="interest", by=by, now=world.now)
    with pytest.raises(EntryBooked):
        statements.dismiss(entry=only_entry(), reason="interest", by=by, now=world.now)


# --- direct debit -------------------------------------------------------------------------------


@pytest.fixture
def debit(world: World, settings):  # type: ignore[no-untyped-def]
    settings.LICET_PAYMENTS = ("invoice", "sepa_debit")
    settings.LICET_SEPA_CREDITOR = "DE98ZZZ09999999999"
    return collecting.give_mandate(
        team=world.team,
        holder="Zoë Müller",
        iban="FR14 2004 1010 0505 0001 3M02 606",
        bic="",
        by=world.alice.actor(),
        now=world.now,
    )


def test_a_debit_is_announced_filed_once_and_settled_by_the_bank(
    world: World, order: Order, debit: object
) -> None:
    payment = Till(world).begin(order, "sepa_debit")
    payment.refresh_from_db()
    assert payment.collect_on is not None
    by = world.victor.actor()
    file = collecting.make_file(collect_on=payment.collect_on, by=by, now=world.now)
    assert f"<EndToEndId>{payment.public_id}</EndToEndId>" in file.content
    assert "pain.008.001.08" in file.content
    assert "Zoe Muller" in file.content
    with pytest.raises(NothingToCollect):
        collecting.make_file(collect_on=payment.collect_on, by=by, now=world.now)
    imported(world, statement(entry(end_to_end=payment.public_id, amount=euros(order))))
    assert state(order) == OrderState.PAID


def test_a_returned_debit_opens_the_order_again(world: World, order: Order, debit: object) -> None:
    payment = Till(world).begin(order, "sepa_debit")
    imported(world, statement(entry(end_to_end=payment.public_id, amount=euros(order))))
    back = entry(end_to_end=payment.public_id, amount=euros(order), sign="DBIT", reason="MD06", ref="9")
    imported(world, statement(back, number="STM-2"))
    payment.refresh_from_db()
    assert (payment.state, payment.note) == (PaymentState.CHARGED_BACK, "MD06")
    assert state(order) == OrderState.PLACED
    assert settling.open_minor(order=order) == order.gross_minor


def test_a_debit_without_a_mandate_is_refused(world: World, order: Order, debit: object) -> None:
    collecting.revoke_mandate(mandate=debit, by=world.alice.actor(), now=world.now)  # type: ignore[arg-type]
    with pytest.raises(MandateEnded):
        Till(world).begin(order, "sepa_debit")


# --- by hand ------------------------------------------------------------------------------------


def test_staff_books_a_part_and_the_rest_stays_open(world: World, order: Order) -> None:
    imported(world, statement(entry(order.reference, amount="10.00")))
    booking.book_entry(entry=only_entry(), parts=[(order, 1_000)], by=world.victor.actor(), now=world.now)
    assert state(order) == OrderState.PLACED
    assert settling.open_minor(order=order) == order.gross_minor - 1_000
    rest = entry(order.reference, amount=euros(order, more=-1_000), ref="2")
    imported(world, statement(rest, number="STM-2"))
    assert state(order) == OrderState.PAID


def test_nobody_but_staff_books(world: World, order: Order) -> None:
    from licet.kernel.refusal import Forbidden

    imported(world, statement(entry(order.reference, amount="10.00")))
    for by in (world.alice.actor(), system(label="x")):
        with pytest.raises(Forbidden):
            booking.book_entry(entry=only_entry(), parts=[(order, 1_000)], by=by, now=world.now)
