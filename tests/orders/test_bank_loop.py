"""The whole way with a bank that answers: files of debits out, statements in, orders paid or open again."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from licet.invoices.models import Standing
from licet.kernel.actor import system
from licet.orders import invoicing
from licet.orders.models import Order
from licet.orders.states import OrderState
from licet.payments import collecting
from licet.payments.banking import BankEntry
from licet.payments.models import Allocation, CollectionFile, Payment
from licet.payments.states import EntryState, PaymentState
from tests.orders.conftest import Shop
from tests.orders.money import Till, imported
from tests.payments.bank_simulator import Bank, opened
from tests.world import NOW, World


@pytest.fixture
def bank() -> Iterator[Bank]:
    with opened(day=NOW.date()) as ready:
        yield ready


@pytest.fixture(autouse=True)
def debits(settings) -> None:  # type: ignore[no-untyped-def]
    settings.LICET_PAYMENTS = ("invoice", "sepa_debit")
    settings.LICET_SEPA_CREDITOR = "DE98ZZZ09999999999"


def ordered(shop: Shop, many: int) -> list[Order]:
    return [shop.place(checkout_key=f"checkout-000{number}") for number in range(many)]


def states(orders: list[Order]) -> list[str]:
    return [Order.objects.get(pk=each.pk).state for each in orders]


def read(world: World, bank: Bank) -> None:
    """Take in every statement that the bank has ended since."""
    for number, content in enumerate(bank.statements()):
        assert imported(world, content, name=f"day-{number}.xml").state == "read"


def filed(world: World, orders: list[Order]) -> tuple[list[Payment], CollectionFile]:
    mandate = collecting.give_mandate(
        team=world.team,
        holder="Zoë Müller",
        iban="FR14 2004 1010 0505 0001 3M02 606",
        bic="",
        by=world.alice.actor(),
        now=world.now,
    )
    payments = [Till(world).begin(each, "sepa_debit", mandate=mandate) for each in orders]
    day = Payment.objects.latest("pk").collect_on
    assert day is not None
    return payments, collecting.make_file(collect_on=day, by=world.victor.actor(), now=world.now)


def test_debits_are_taken_once_and_one_that_comes_back_opens_its_order(
    world: World, shop: Shop, bank: Bank
) -> None:
    orders = ordered(shop, 3)
    payments, file = filed(world, orders)

    status, answer = bank.collect(content=file.content)
    assert status in (200, 201, 202), answer
    _, known = bank.ask("GET", "/_mock/collections")
    assert {each["end_to_end_id"] for each in known} == {each.public_id for each in payments}
    assert {each["status"] for each in known} == {"accepted"}
    assert bank.collect(content=file.content)[0] == 422  # the same file again

    bank.pass_to(day=file.collect_on + timedelta(days=3))
    read(world, bank)
    assert states(orders) == [OrderState.PAID] * 3
    assert set(BankEntry.objects.values_list("booked_on", flat=True)) == {file.collect_on}

    bank.send_back(number=payments[1].public_id, reason="MD06")
    bank.pass_to(day=file.collect_on + timedelta(days=8))
    read(world, bank)
    assert states(orders) == [OrderState.PAID, OrderState.PLACED, OrderState.PAID]
    returned = Payment.objects.get(pk=payments[1].pk)
    assert (returned.state, returned.note) == (PaymentState.CHARGED_BACK, "MD06")
    assert Allocation.objects.on_subject(subject=orders[1].public_id) == 0
    assert set(BankEntry.objects.values_list("state", flat=True)) == {EntryState.BOOKED}


@pytest.mark.parametrize("width", [35, 140])
def test_transfers_find_their_orders_by_reference_by_number_and_by_two_numbers(
    world: World, shop: Shop, bank: Bank, width: int
) -> None:
    orders = ordered(shop, 5)
    by = system(label="invoices")
    invoices = [invoicing.issue(order=each, by=by, now=world.now) for each in orders]
    first, second, third, fourth = [each.number for each in invoices[1:] if each]
    much = orders[0].gross_minor
    bank.receive(amount=much, reference=orders[0].reference)
    bank.receive(amount=much, note=f"Votre facture du deux mars {first} merci bien", wrap=width)
    bank.receive(amount=2 * much, note=f"Factures {second} et {third}", wrap=width)
    bank.receive(amount=much - 1, note=f"{fourth}")
    bank.pass_to(day=NOW.date() + timedelta(days=2))
    read(world, bank)
    assert states(orders) == [OrderState.PAID] * 4 + [OrderState.PLACED]
    assert list(BankEntry.objects.filter(state=EntryState.REVIEW).values_list("why", flat=True)) == [
        "part_paid"
    ]
    open_ones = Standing.objects.filter(settled_at=None).values_list("invoice__number", flat=True)
    assert list(open_ones) == [fourth]
