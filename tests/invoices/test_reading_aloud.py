"""What a screen reader finds in the PDF: the tree of tags, in the order in which it is read (PDF/UA-1).

No replacement for a validator: it holds what one found wrong once, and what no validator can see.
"""

from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import pairwise
from typing import Any

import pikepdf
import pytest

from tests.invoices.conftest import Made

KINDS = ["french", "credit", "consumer", "foreign"]

IN_TABLE = {"/Caption", "/THead", "/TBody", "/TFoot", "/TR"}
"""What a table may hold (ISO 32000-1, table 337)."""

Node = Any


def kids(node: Node) -> list[Node]:
    found = node.get("/K", [])
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def nodes(node: Node) -> Iterator[Node]:
    for each in kids(node):
        if isinstance(each, pikepdf.Dictionary) and "/S" in each:
            yield each
            yield from nodes(each)


def tagged(pdf: pikepdf.Pdf, *kinds: str) -> list[Node]:
    return [each for each in nodes(pdf.Root.StructTreeRoot) if str(each.S) in kinds]


@pytest.fixture(params=KINDS)
def pdf(request: pytest.FixtureRequest, pages: Callable[[str], Made]) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(BytesIO(pages(request.param).pdf)) as opened:
        yield opened


def test_headings_come_in_their_order(pdf: pikepdf.Pdf) -> None:
    levels = [int(str(each.S)[2:]) for each in tagged(pdf, "/H1", "/H2", "/H3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_a_table_holds_rows_and_begins_with_its_name(pdf: pikepdf.Pdf) -> None:
    tables = tagged(pdf, "/Table")
    assert tables
    for table in tables:
        inside = [str(each.S) for each in kids(table)]
        assert set(inside) <= IN_TABLE
        assert "/Caption" not in inside[1:]


def test_every_cell_names_its_headers(pdf: pikepdf.Pdf) -> None:
    known = {bytes(each.ID) for each in tagged(pdf, "/TH") if "/ID" in each}
    for cell in tagged(pdf, "/TD"):
        named = {bytes(each) for each in cell.A.Headers}
        assert named
        assert named <= known


def test_everything_on_the_page_is_tagged_or_an_artifact_and_read_once(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        depth, numbers = 0, []
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BMC", "BDC"):
                depth += 1
                if len(operands) > 1 and "/MCID" in operands[1]:
                    numbers.append(int(operands[1].MCID))
            elif name == "EMC":
                depth -= 1
            elif name in ("Tj", "TJ", "'", '"', "Do"):
                assert depth, "content outside of every tag"
        assert len(numbers) == len(set(numbers))


def test_the_number_of_the_page_is_read_by_nobody(pdf: pikepdf.Pdf) -> None:
    read = set()
    for each in nodes(pdf.Root.StructTreeRoot):
        read |= {int(kid) for kid in kids(each) if not isinstance(kid, pikepdf.Dictionary)}
    marked = [
        operands
        for operands, operator in pikepdf.parse_content_stream(pdf.pages[0])
        if str(operator) == "BDC"
    ]
    assert {int(each[1].MCID) for each in marked if "/MCID" in each[1]} == read
    assert ["/Artifact", "/Pagination"] in [
        [str(each[0]), str(each[1].get("/Type"))] for each in marked if "/MCID" not in each[1]
    ]


def test_the_code_of_the_transfer_is_told_in_words(pages: Callable[[str], Made]) -> None:
    with pikepdf.open(BytesIO(pages("french").pdf)) as pdf:
        (figure,) = tagged(pdf, "/Figure")
        assert len(str(figure.Alt)) > 10
