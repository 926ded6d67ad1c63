"""Invoices of the tests: finalised through the step, in a change of their own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from licet.eventlog.change import change
from licet.invoices import actions as invoices
from licet.invoices.document import Document
from licet.invoices.formats.pdf.drawing import library
from licet.invoices.formats.pdf.errors import PagesNotDrawn
from licet.invoices.models import Invoice
from licet.invoices.schematron.checking import Checker, installed
from tests.conftest import leave_out
from tests.invoices.vectors import french
from tests.world import OPERATOR, World


def finalised(world: World, document: Document | None = None, **more: Any) -> Invoice:
    """Return an invoice of Alice's team."""
    values = {"team": world.team, "buyer": world.alice, "document": document or french(), **more}
    with change(by=OPERATOR, now=world.now) as record:
        return invoices.finalise(**values, record=record)


@pytest.fixture
def issue(world: World) -> Callable[..., Invoice]:
    """Return the function that finalises a document, the French one without an argument."""
    return lambda document=None, **more: finalised(world, document, **more)


@pytest.fixture
def pages() -> None:
    """For tests that draw: the library and what it stands on have to be here."""
    try:
        library()
    except PagesNotDrawn as missing:
        leave_out(str(missing))


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    """The process that knows the rules of the standards."""
    if not installed():
        leave_out("The extra einvoice-check is not installed (saxonche)")
    with Checker() as checking:
        yield checking
