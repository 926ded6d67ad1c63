"""The files: valid by the rules of the standards; a PDF that is archive, readable, and the same each time."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import mockeinvoice
import pikepdf
import pytest

from licet.invoices.document import Document
from licet.invoices.formats import facturx, ubl
from licet.invoices.formats.pdf.archive import checked, extracted
from licet.invoices.formats.pdf.drawing import drawn, page
from licet.invoices.formats.pdf.errors import PageFaulty
from licet.invoices.formats.pdf.fetching import content
from licet.invoices.schematron.checking import Checker
from tests.invoices import vectors
from tests.invoices.conftest import Made

pytestmark = pytest.mark.django_db

FRENCH_RULES = {"foreign", "french", "debited", "credit", "reverse_charge", "belgian"}
"""What goes to a business in the Union is also held against the rules of the French platforms."""


def made(name: str) -> Document:
    return vectors.numbered(vectors.ALL[name]())


@pytest.mark.parametrize("name", vectors.ALL)
def test_both_files_of_every_document_keep_the_rules(checker: Checker, name: str) -> None:
    french = name in FRENCH_RULES
    cii = ["factur-x", "factur-x-fr"] if french else ["factur-x"]
    assert checker.check(xml=facturx.written(document=made(name)), rules=cii).faults == ()
    rules = ["ubl", "ubl-fr"] if name in {"foreign", "french", "debited", "credit"} else ["ubl"]
    assert checker.check(xml=ubl.written(document=made(name)), rules=rules).faults == ()


def test_a_belgian_buyer_gets_what_peppol_takes() -> None:
    _document, report = mockeinvoice.validate(ubl.written(document=made("belgian")))
    assert [(each.code, each.text) for each in report.failures] == []


def test_the_rules_notice_what_our_own_check_would_have_refused(checker: Checker) -> None:
    document = replace(made("french"), notes=())
    found = checker.check(xml=facturx.written(document=document), rules=["factur-x-fr"])
    assert found.outcome == "invalid"
    assert any("BR-FR-05" in rule for rule in found.rules)
    wrong = replace(made("french"), gross_minor=1)
    found = checker.check(xml=facturx.written(document=wrong), rules=["factur-x"])
    assert "BR-CO-15" in str(found.faults)


def test_a_document_type_declaration_is_not_taken(checker: Checker) -> None:
    xml = facturx.written(document=made("french")).decode()
    evil = xml.replace("?>", '?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', 1)
    assert checker.check(xml=evil.encode(), rules=["factur-x"]).rules == {"DTD"}


@pytest.mark.parametrize("command", [["false"], ["sleep", "5"]], ids=["crashes", "hangs"])
def test_what_crashed_or_hangs_was_not_validated(command: list[str]) -> None:
    with Checker(command=command, timeout=0.3) as broken:
        assert broken.check(xml=b"<x/>", rules=["ubl"]).outcome == "unknown"


# --- the page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["french", "credit", "consumer"])
def test_the_pdf_is_an_archive_with_its_xml(pages: Callable[[str], Made], name: str) -> None:
    made = pages(name)
    with pikepdf.open(BytesIO(made.pdf)) as pdf:
        assert extracted(made=pdf) == made.xml
        assert str(pdf.Root.Lang) == made.document.language
        assert made.document.number in str(pdf.docinfo.Title)
        assert len(pdf.Root.AF) == 1
        assert str(pdf.Root.AF[0].AFRelationship) == "/Alternative"


def test_the_same_document_is_always_the_same_file(pages: Callable[[str], Made]) -> None:
    made = pages("french")
    assert drawn(document=made.document, xml=made.xml) == made.pdf


def test_a_pdf_that_lost_something_is_not_stored(pages: Callable[[str], Made]) -> None:
    made = pages("french")
    with pytest.raises(PageFaulty, match="another XML"):
        checked(made=made.pdf, xml=b"<other/>", language="fr")
    with pikepdf.open(BytesIO(made.pdf)) as pdf:
        del pdf.Root.OutputIntents
        out = BytesIO()
        pdf.save(out)
    with pytest.raises(PageFaulty, match="output intent"):
        checked(made=out.getvalue(), xml=made.xml, language="fr")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "https://vendor.example/logo.png",
        "static:/../../config/settings.py",
        "static:/licet.js",
        "data:text/css,x",
        "code:/transfer.svg",
    ],
)
def test_a_page_reaches_nothing_but_our_own_files(url: str) -> None:
    with pytest.raises(ValueError, match="may not use"):
        content(url=url, code=b"")


@pytest.mark.usefixtures("pages")
def test_words_of_a_customer_are_text_and_nothing_else() -> None:
    document = made("french")
    evil = '<img src="file:///etc/passwd"><style>@import "https://evil.example/"</style>'
    document = replace(document, buyer=replace(document.buyer, name=evil), purchase_order=evil)
    html = page(document=document)
    assert '<img src="file' not in html
    assert "<style" not in html
    assert drawn(document=document, xml=facturx.written(document=document))


def test_the_code_of_a_transfer_is_on_what_is_to_be_paid_in_euros_only() -> None:
    assert "code:/transfer.svg" in page(document=made("french"))
    for document in [
        made("credit"),
        replace(made("french"), currency="CHF"),
        replace(made("french"), paid_minor=made("french").gross_minor),
    ]:
        assert "code:/transfer.svg" not in page(document=document)


def test_vat_in_another_currency_stands_there_in_that_of_the_books_too() -> None:
    document = made("foreign")
    assert document.tax_minor == 115_200
    html = page(document=document)
    assert re.search(r"VAT in EUR: €1,063\.52 \(1 USD = 0\.923191 EUR", html)
    assert b'currencyID="EUR">1063.52' in facturx.written(document=document)
    assert b'currencyID="EUR">1063.52' in ubl.written(document=document)


def test_a_consumer_reads_gross_prices_and_the_reason_of_no_vat_is_on_the_page() -> None:
    assert re.search(r"19[.,]90", page(document=made("consumer")))
    assert "Autoliquidation" in page(document=made("reverse_charge"))
