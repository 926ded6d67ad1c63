"""The pages of invoices: the list with its filters, one invoice, its files, and what is not ready yet."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from licet.accounts.models import Person
from licet.invoices.actions import issue_credit
from licet.invoices.models import Invoice, InvoiceFile
from tests.invoices.conftest import finalised
from tests.world import OPERATOR, World

SignedIn = Callable[[Person], Client]


def with_files(world: World) -> Invoice:
    """Return an invoice whose files are there."""
    invoice = finalised(world)
    InvoiceFile.objects.bulk_create(
        InvoiceFile(invoice=invoice, kind=kind, content=kind.encode(), sha256="", made_at=world.now)
        for kind in ("pdf", "xml", "ubl")
    )
    return invoice


def test_the_list_shows_what_was_invoiced_to_ones_teams(world: World, signed_in: SignedIn) -> None:
    invoice = finalised(world, buyer=None)
    page = signed_in(world.alice).get(reverse("invoices"))
    assert invoice.number in page.text
    assert "To be paid" in page.text
    stranger = signed_in(world.charlie).get(reverse("invoices"))
    assert invoice.number not in stranger.text
    assert "No invoices yet" in stranger.text


def test_the_list_is_filtered_by_number_year_and_standing(world: World, signed_in: SignedIn) -> None:
    first, second = finalised(world), finalised(world)
    browser, path = signed_in(world.alice), reverse("invoices")
    assert first.number not in browser.get(path, {"q": "000002"}).text
    assert second.number in browser.get(path, {"year": "2026", "standing": "open"}).text
    for nothing in ({"standing": "settled"}, {"year": "1999"}, {"q": "nothing"}):
        assert "No invoice fits" in browser.get(path, nothing).text
    assert browser.get(path, {"year": "٢٠٢٦", "page": "x", "standing": "'"}).status_code == 200


def test_an_invoice_whose_files_are_missing_says_that_they_come(world: World, signed_in: SignedIn) -> None:
    invoice = finalised(world)
    browser = signed_in(world.alice)
    page = browser.get(reverse("invoice", args=[invoice.public_id]))
    assert "The files are being prepared" in page.text
    assert "Download PDF" not in page.text
    answer = browser.get(reverse("invoice_file", args=[invoice.public_id, "pdf"]))
    assert answer.status_code == 503


def test_files_are_handed_out_as_they_were_made(world: World, signed_in: SignedIn) -> None:
    invoice = with_files(world)
    browser = signed_in(world.alice)
    for kind, name in (("pdf", ".pdf"), ("xml", ".xml"), ("ubl", "-ubl.xml")):
        answer = browser.get(reverse("invoice_file", args=[invoice.public_id, kind]))
        assert answer.content == kind.encode()
        assert f'filename="{invoice.number}{name}"' in answer["Content-Disposition"]
    assert browser.get(reverse("invoice_file", args=[invoice.public_id, "exe"])).status_code == 404


def test_an_invoice_and_its_credit_note_lead_to_each_other(world: World, signed_in: SignedIn) -> None:
    invoice = with_files(world)
    note = issue_credit(invoice=invoice, amounts=None, reason="Cancelled", by=OPERATOR, now=world.now)
    browser = signed_in(world.alice)
    page = browser.get(reverse("invoice", args=[invoice.public_id]))
    assert reverse("invoice", args=[note.public_id]) in page.text
    assert "Cancelled by credit note" in page.text
    back = browser.get(reverse("invoice", args=[note.public_id]))
    assert reverse("invoice", args=[invoice.public_id]) in back.text
