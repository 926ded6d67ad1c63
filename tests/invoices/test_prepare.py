"""After the commit: files made once, mailed to the buyer, dropped where the vendor asked for it."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection

from licet.eventlog.models import Delivery, Event
from licet.invoices import mail as invoice_mail
from licet.invoices import rendering, transmitting
from licet.invoices.errors import FilesNotReady
from licet.invoices.models import Invoice, InvoiceFile, Transmission
from licet.invoices.protection import protect, unprotect
from licet.invoices.queries import file_of, listed
from licet.invoices.states import FileKind
from tests.world import OPERATOR, World

Issue = Callable[..., Invoice]


@pytest.fixture
def drawn_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for the drawing, which `test_formats` tries."""
    made = {FileKind.PDF: b"%PDF", FileKind.XML: b"<cii/>", FileKind.UBL: b"<ubl/>"}
    monkeypatch.setattr(rendering, "files", lambda *, document: made)


def ready(world: World, invoice: Invoice) -> Event:
    """Make the files as the worker does; return the fact that tells it."""
    event = Event.objects.get(name__in=["invoice.issued", "invoice.credited"], facts__invoice=invoice.pk)
    rendering.issued(event=event, now=world.now)
    return Event.objects.get(name="invoice.prepared", facts__invoice=invoice.pk)


def test_the_worker_is_asked_for_the_files_in_the_transaction_of_the_number(issue: Issue) -> None:
    invoice = issue()
    wanted = Delivery.objects.filter(event__name="invoice.issued", event__facts__invoice=invoice.pk)
    assert [each.handler for each in wanted] == ["licet.invoices.rendering.issued"]
    with pytest.raises(FilesNotReady):
        file_of(invoice=invoice, kind=FileKind.PDF)


@pytest.mark.usefixtures("pages")
def test_the_files_are_whole_and_made_from_the_snapshot(world: World, issue: Issue) -> None:
    invoice = issue()
    ready(world, invoice)
    files = {row.kind: row for row in invoice.files.all()}
    assert set(files) == {"pdf", "xml", "ubl"}
    assert all(row.whole() for row in files.values())
    assert bytes(files["pdf"].content).startswith(b"%PDF-1.7")
    assert invoice.number.encode() in bytes(files["xml"].content)
    assert rendering.files(document=invoice.document())[FileKind.PDF] == bytes(files["pdf"].content)


@pytest.mark.usefixtures("drawn_quickly")
def test_files_are_made_once_however_often_the_worker_comes(world: World, issue: Issue) -> None:
    invoice = issue()
    ready(world, invoice)
    again = rendering.prepare(invoice=invoice, by=OPERATOR, now=world.now)
    assert len(again) == InvoiceFile.objects.count() == 3
    assert Event.objects.filter(name="invoice.prepared").count() == 1


@pytest.mark.usefixtures("drawn_quickly")
@pytest.mark.parametrize("buyer", [True, False], ids=["the buyer", "the owners"])
def test_the_pdf_is_mailed_once_in_the_language_of_the_document(
    world: World, issue: Issue, buyer: bool, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    invoice = issue(buyer=world.alice if buyer else None)
    event = ready(world, invoice)
    invoice_mail.prepared(event=event, now=world.now)
    invoice_mail.prepared(event=event, now=world.now)
    [letter] = mail.outbox
    assert letter.to == [world.alice.email]
    assert letter.extra_headers["Content-Language"] == "fr"
    assert letter.attachments[0][0] == f"{invoice.number}.pdf"
    assert invoice.number in letter.subject


@pytest.mark.usefixtures("drawn_quickly")
def test_the_file_drop_takes_every_invoice_once(
    world: World, issue: Issue, settings: Any, tmp_path: Path
) -> None:
    settings.LICET_INVOICE_DROP = str(tmp_path / "out")
    invoice = issue()
    event = ready(world, invoice)
    transmitting.prepared(event=event, now=world.now)
    transmitting.prepared(event=event, now=world.now)
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [f"{invoice.number}-ubl.xml", f"{invoice.number}.pdf"]
    assert Transmission.objects.filter(invoice=invoice, channel="drop").count() == 1


@pytest.mark.usefixtures("drawn_quickly")
def test_without_a_folder_nothing_is_dropped(world: World, issue: Issue) -> None:
    transmitting.prepared(event=ready(world, issue()), now=world.now)
    assert not Transmission.objects.exists()


@pytest.mark.usefixtures("drawn_quickly")
def test_verify_finds_a_file_that_was_changed(world: World, issue: Issue, capsys: Any) -> None:
    ready(world, issue())
    call_command("invoices", "verify")
    assert "1 invoices, every series and every file holds" in capsys.readouterr().out
    unprotect(connection=connection)
    InvoiceFile.objects.filter(kind="xml").update(content=b"<forged/>")
    protect(connection=connection)
    with pytest.raises(CommandError, match="1 changed files"):
        call_command("invoices", "verify")


def test_the_list_is_searched_by_number_year_and_standing(world: World, issue: Issue) -> None:
    first, second = issue(), issue()
    actor = world.alice.actor()
    assert list(listed(actor=actor)) == [second, first]
    assert list(listed(actor=actor, words="000002")) == [second]
    assert list(listed(actor=actor, year=2025)) == []
    assert list(listed(actor=actor, standing="settled")) == []
    assert list(listed(actor=world.charlie.actor())) == []


def test_the_sum_of_a_file_is_its_sha256(world: World, issue: Issue) -> None:
    row = InvoiceFile(invoice=issue(), kind="xml", content=b"a", sha256=hashlib.sha256(b"a").hexdigest())
    assert row.whole()
    row.content = b"b"
    assert not row.whole()
