"""Many documents at the same moment, some rolled back: no gap, no double, one chain."""

from collections.abc import Callable

import pytest

from licet.eventlog.change import change
from licet.invoices import actions as invoices
from licet.invoices import correcting
from licet.invoices.errors import CreditTooHigh
from licet.invoices.models import Invoice, Series, Standing
from licet.invoices.queries import broken
from tests.invoices import vectors
from tests.invoices.conftest import finalised
from tests.races import together
from tests.world import OPERATOR, World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]

THREADS, EACH = 8, 5


class _Late(Exception):
    """What goes wrong after the number was taken."""


def test_no_number_is_lost_or_given_twice_while_one_in_ten_fails(world: World) -> None:
    teams = [world.team, world.other_team]

    def several(thread: int) -> Callable[[], int]:
        def run() -> int:
            done = 0
            for turn in range(EACH):
                try:
                    with change(by=OPERATOR, now=world.now) as record:
                        invoices.finalise(
                            document=vectors.french(), team=teams[thread % 2], buyer=None, record=record
                        )
                        if (thread * EACH + turn) % 10 == 3:
                            raise _Late
                    done += 1
                except _Late:
                    pass
            return done

        return run

    outcomes = together([several(index) for index in range(THREADS)])
    assert [each.raised for each in outcomes if each.raised] == []
    count = THREADS * EACH - THREADS * EACH // 10
    assert sum(each.value for each in outcomes) == count
    numbers = list(Invoice.objects.order_by("position").values_list("position", flat=True))
    assert numbers == list(range(1, count + 1))
    assert Series.objects.get().last == count
    assert list(broken()) == []


def test_an_invoice_is_credited_once_however_many_try(world: World) -> None:
    invoice = finalised(world)

    def credit() -> str:
        return invoices.issue_credit(
            invoice=Invoice.objects.get(pk=invoice.pk),
            amounts={0: 576_000},
            reason="Twice",
            by=OPERATOR,
            now=world.now,
        ).number

    outcomes = together([credit] * 4)
    raised = [each.raised for each in outcomes if each.raised]
    assert [type(each) for each in raised] == [CreditTooHigh] * 3
    assert Invoice.objects.filter(corrects=invoice).count() == 1
    assert Standing.objects.get(pk=invoice.pk).credited_minor == 691_200


def test_parts_of_an_invoice_are_never_more_than_it_however_many_try(world: World) -> None:
    invoice = finalised(world)
    staff = world.victor.actor()

    def of(verb: Callable[..., Invoice], **part: object) -> Callable[[], int]:
        def run() -> int:
            found = Invoice.objects.get(pk=invoice.pk)
            return verb(invoice=found, **part, reason="Part", by=staff, now=world.now).gross_minor

        return run

    most = invoice.gross_minor
    outcomes = together(
        [of(correcting.credit_sum, gross_minor=most * 2 // 3)] * 3
        + [of(correcting.credit_licenses, quantities={0: 9})] * 3
    )
    assert {type(each.raised) for each in outcomes if each.raised} == {CreditTooHigh}
    taken = sum(each.value for each in outcomes if each.raised is None)
    assert 0 < taken <= most
    assert Standing.objects.get(pk=invoice.pk).credited_minor == taken
    assert list(broken()) == []
