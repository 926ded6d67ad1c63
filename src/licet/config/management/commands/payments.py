"""`licet payments import FILE` and `licet payments methods`."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from licet.kernel import clock
from licet.kernel.actor import system
from licet.kernel.refusal import Refusal
from licet.payments import statements
from licet.payments.registry import PROVIDERS, switched_on

PIECE = 1024 * 1024


class Command(BaseCommand):
    """Bank statements that are too large for a browser, and which ways of paying work."""

    help = (
        "Bank statements, and ways of paying.\n\n"
        "  licet payments import statement.xml   take a bank statement in (camt.053, up to 50 MB)\n"
        "  licet payments methods                say which ways of paying work, and what others miss"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Two words: import, methods."""
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("action", choices=["import", "methods"], help="what to do")
        parser.add_argument("file", nargs="?", type=Path, help="the bank's file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked; end with status 1 where that cannot be done."""
        if options["action"] == "methods":
            self._methods()
            return
        if options["file"] is None:
            raise CommandError("Name the file: licet payments import statement.xml")
        by = system(label="licet payments import")
        try:
            with options["file"].open("rb") as file:
                pieces = iter(lambda: file.read(PIECE), b"")
                statements.receive(name=options["file"].name, content=pieces, by=by, now=clock.read())
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}") from error
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("The worker reads it now; the desk shows what came of it under Payments.")

    def _methods(self) -> None:
        working = {each.code for each in switched_on()}
        for code, each in PROVIDERS.items():
            faults = "; ".join(each.faults()) or "not named in LICET_PAYMENTS"
            said = "works" if code in working else faults
            self.stdout.write(f"  {code:<12}{said}")
        for code in settings.LICET_PAYMENTS:
            if code not in PROVIDERS:
                self.stdout.write(f"  {code:<12}there is no such way of paying")
