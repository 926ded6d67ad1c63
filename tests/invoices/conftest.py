"""Invoices of the tests: finalised through the step, in a change of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from licet.eventlog.change import change
from licet.invoices import actions as invoices
from licet.invoices.document import Document
from licet.invoices.formats import facturx
from licet.invoices.formats.pdf.drawing import drawn, library
from licet.invoices.formats.pdf.errors import PagesNotDrawn
from licet.invoices.models import Invoice
from tests.conftest import leave_out
from tests.invoices import vectors
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A document of the vectors with its XML and its PDF."""

    document: Document
    xml: bytes
    pdf: bytes


@cache
def made(name: str) -> Made:
    """Return a vector's files, drawn once per process: the first one waits for the fonts."""
    document = vectors.numbered(vectors.ALL[name]())
    xml = facturx.written(document=document)
    return Made(document=document, xml=xml, pdf=drawn(document=document, xml=xml))


@pytest.fixture
def pages(db: None) -> Callable[[str], Made]:
    """Return what gives a vector's files; the library that draws and what it stands on have to be here."""
    try:
        library()
    except PagesNotDrawn as missing:
        leave_out(str(missing))
    return made
