"""An invoice never changes, whatever is paid, sent back, credited or made again after it."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from licet.invoices import actions as invoices
from licet.invoices import rendering
from licet.invoices.document import Document
from licet.invoices.models import Invoice, InvoiceFile, Standing
from licet.invoices.queries import broken
from licet.invoices.states import FileKind
from licet.kernel.refusal import Refusal
from licet.orders import booking, invoicing, settling
from licet.orders.models import Order
from licet.payments.models import Allocation, Payment, Refund
from licet.payments.states import PAID, Told
from tests.orders.conftest import ADDRESS, Shop, basket_of
from tests.orders.money import Till
from tests.world import OPERATOR, World

FRENCH = replace(ADDRESS, vat_number="FR52987654324")


def drawn(*, document: Document, xml: bytes) -> bytes:
    """Stand in for the page, which `tests/invoices` tries."""
    return repr(document).encode() + xml


class Money(RuleBasedStateMachine):
    """Orders of one team, and everything that may happen to their money."""

    @initialize()
    def begin(self) -> None:
        self.world = World()
        self.shop, self.till = Shop(self.world), Till(self.world)
        self.staff: dict[str, Any] = {"by": self.world.victor.actor(), "now": self.world.now}
        self.seen: dict[int, dict[str, Any]] = {}
        self.files: dict[int, bytes] = {}
        self.orders = 0

    def attempt(self, verb: Any, **values: Any) -> None:
        try:
            verb(**values, **self.staff)
        except Refusal:
            return

    @rule(quantity=st.integers(1, 7), card=st.booleans())
    def order(self, quantity: int, card: bool) -> None:
        self.orders += 1
        self.shop.place(
            basket=basket_of((self.world.plan(), quantity)),
            address=FRENCH,
            checkout_key=f"checkout-{self.orders:04}",
            payment_method="testcard" if card else "invoice",
        )

    @rule(pick=st.integers(0, 9))
    def issue(self, pick: int) -> None:
        for order in self.picked(Order, pick):
            invoicing.issue(order=order, by=OPERATOR, now=self.world.now)

    @rule(pick=st.integers(0, 9), part=st.integers(1, 3))
    def pay(self, pick: int, part: int) -> None:
        for order in self.picked(Order, pick):
            amount = max(settling.open_minor(order=order) // part, 1)
            self.attempt(booking.record_payment, order=order, amount_minor=amount, reason="cheque")

    @rule(pick=st.integers(0, 9), told=st.sampled_from([Told.SETTLED, Told.CHARGED_BACK, Told.REINSTATED]))
    def tell(self, pick: int, told: Told) -> None:
        for order in self.picked(Order, pick):
            try:
                payment = self.till.begin(order)
            except Refusal:
                payments = Payment.objects.filter(subject=order.public_id, provider="testcard")
                if not payments.exists():
                    continue
                payment = payments.latest("pk")
            self.till.apply(payment, told)

    @rule(pick=st.integers(0, 9), amount=st.integers(1, 100_000), end=st.booleans())
    def refund(self, pick: int, amount: int, end: bool) -> None:
        for payment in self.picked(Payment, pick, state__in=PAID):
            self.attempt(
                booking.refund, payment=payment, amount_minor=amount, reason="Too many", end_licenses=end
            )

    @rule(pick=st.integers(0, 9), amount=st.none() | st.integers(1, 60_000))
    def credit(self, pick: int, amount: int | None) -> None:
        for invoice in self.picked(Invoice, pick):
            parts = None if amount is None else {0: amount}
            self.attempt(invoices.issue_credit, invoice=invoice, amounts=parts, reason="Cancelled")

    @rule()
    def render(self) -> None:
        for invoice in Invoice.objects.order_by("pk"):
            rendering.prepare(invoice=invoice, by=OPERATOR, now=self.world.now)

    def picked(self, model: Any, pick: int, **only: Any) -> list[Any]:
        rows = list(model.objects.filter(**only).order_by("pk"))
        return rows[pick % len(rows) :][:1] if rows else []

    @invariant()
    def what_was_written_stays(self) -> None:
        rows: list[Any] = list(Invoice.objects.values())
        for row in rows:
            assert self.seen.setdefault(row["id"], row) == row
        assert set(self.seen) == set(Invoice.objects.values_list("pk", flat=True))
        assert list(broken()) == []

    @invariant()
    def its_files_stay_and_made_again_are_the_same(self) -> None:
        for file in InvoiceFile.objects.select_related("invoice"):
            fresh = file.pk not in self.files
            content = bytes(file.content)
            assert self.files.setdefault(file.pk, content) == content
            assert file.whole()
            if fresh:
                assert rendering.files(document=file.invoice.document())[FileKind(file.kind)] == content

    @invariant()
    def what_is_credited_adds_up_and_is_never_more(self) -> None:
        for standing in Standing.objects.filter(invoice__corrects=None).select_related("invoice"):
            notes = Invoice.objects.filter(corrects=standing.invoice)
            assert standing.credited_minor == sum(each.gross_minor for each in notes)
            assert 0 <= standing.credited_minor <= standing.invoice.gross_minor
            subject = standing.invoice.subject
            here = Allocation.objects.on_subject(subject=subject)
            refunds = Refund.objects.filter(payment__subject=subject, credited=True)
            # below nothing where the bank took back what had been sent back already
            assert here - sum(each.amount_minor for each in refunds) <= standing.paid_minor <= here


@pytest.mark.django_db
def test_whatever_happens_to_the_money_an_invoice_never_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "drawn", drawn)

    class Isolated(Money):
        """Each run in a transaction that is taken back."""

        def __init__(self) -> None:
            super().__init__()
            self.around = transaction.atomic()
            self.around.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)

    run_state_machine_as_test(
        Isolated,
        settings=settings(
            max_examples=6,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_an_invoice_counts_the_money_that_came_before_it(world: World, shop: Shop) -> None:
    order = shop.place(address=FRENCH)
    for amount in (1_000, 500):
        booking.record_payment(
            order=order, amount_minor=amount, reason="cheque", by=world.victor.actor(), now=world.now
        )
    invoice = invoicing.issue(order=order, by=OPERATOR, now=world.now)
    assert invoice is not None
    document = invoice.document()
    assert (document.paid_minor, document.due_minor) == (1_500, order.gross_minor - 1_500)
    assert (invoice.standing.paid_minor, invoice.standing.settled_at) == (1_500, None)
    booking.record_payment(
        order=order,
        amount_minor=order.gross_minor - 1_500,
        reason="cheque",
        by=world.victor.actor(),
        now=world.now,
    )
    standing = Standing.objects.get(pk=invoice.pk)
    assert (standing.open_minor, standing.settled_at) == (0, world.now)
