"""`licet invoices verify` and `licet invoices check NUMBER`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from licet.invoices.models import Invoice, InvoiceFile
from licet.invoices.queries import broken
from licet.invoices.schematron.checking import Checker
from licet.invoices.states import FileKind


class Command(BaseCommand):
    """Whether invoices are what they were, and what they have to be."""

    help = (
        "verify: walk the chain of every series and check the sum of every file; ends with status 1 where an "
        "invoice is missing or was changed. check NUMBER: hold the XML of an invoice against the rules of EN "
        "16931 (needs the extra einvoice-check)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and with which invoice."""
        parser.add_argument("action", choices=["verify", "check"], help="what to do")
        parser.add_argument("number", nargs="?", default="", help="number of the invoice, for check")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what came out."""
        if options["action"] == "verify":
            self._verify()
        else:
            self._check(options["number"])

    def _verify(self) -> None:
        found = list(broken())
        for each in found:
            self.stderr.write(f"series {each.series}, position {each.position}: {each.reason}")
        damaged = 0
        for row in InvoiceFile.objects.select_related("invoice").order_by("pk").iterator(chunk_size=50):
            if not row.whole():
                damaged += 1
                self.stderr.write(f"{row.invoice.number}: the file {row.kind} was changed")
        if found or damaged:
            raise CommandError(f"{len(found)} broken series, {damaged} changed files.")
        self.stdout.write(f"{Invoice.objects.count()} invoices, every series and every file holds.")

    def _check(self, number: str) -> None:
        wanted = {FileKind.XML: "factur-x", FileKind.UBL: "ubl"}
        rows = InvoiceFile.objects.filter(invoice__number=number, kind__in=wanted)
        if not rows:
            raise CommandError("There are no files of an invoice with this number.")
        wrong = False
        with Checker() as checker:
            for row in rows.order_by("kind"):
                verdict = checker.check(xml=bytes(row.content), rules=[wanted[FileKind(row.kind)]])
                wrong = wrong or verdict.outcome != "valid"
                self.stdout.write(f"{row.kind}: {verdict.outcome} {verdict.why}".rstrip())
                for fault in verdict.faults:
                    self.stdout.write(f"  {fault.rule}: {fault.text}")
        if wrong:
            raise CommandError("Not everything was found to be valid.")
