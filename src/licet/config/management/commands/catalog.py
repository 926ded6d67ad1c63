"""`licet catalog check FILE` and `licet catalog import FILE`."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from licet.catalog import actions as catalog
from licet.catalog.document import EXAMPLE, Document, Faulty, read
from licet.catalog.queries import Difference, differences
from licet.education import importing as education
from licet.kernel import clock
from licet.kernel.actor import system
from licet.kernel.refusal import Refusal


class Command(BaseCommand):
    """Bring the vendor's catalog and brand in from its one TOML file."""

    help = (
        "Bring the vendor's catalog and brand in from its one TOML file.\n\n"
        "  licet catalog check vendor.toml     say what is wrong, and what an import would change\n"
        "  licet catalog import vendor.toml    do it\n"
        "  licet catalog example > vendor.toml begin with the demonstration vendor's file"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Three words: check, import, example."""
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("action", choices=["check", "import", "example"], help="what to do")
        parser.add_argument("file", nargs="?", type=Path, help="the vendor's file (TOML, UTF-8)")
        parser.add_argument(
            "--iban", default="", help="with import: confirms the new IBAN of a file that changes the account"
        )
        parser.add_argument("--dry-run", action="store_true", help="with import: only say what would change")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked; end with status 1 and every fault with its line where the file is faulty."""
        if options["action"] == "example":
            self.stdout.write(EXAMPLE.read_text(encoding="utf-8"), ending="")
            return
        if options["file"] is None:
            raise CommandError(f"Name the file: licet catalog {options['action']} vendor.toml")
        document = self._document(options["file"])
        if options["action"] == "check" or options["dry_run"]:
            self._tell(differences(document=document), done=False)
        else:
            by = system(label="licet catalog import")
            try:
                found = catalog.import_catalog(
                    document=document, by=by, now=clock.read(), confirmed_iban=options["iban"]
                )
                education.import_programmes(document=document, by=by, now=clock.read())
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal
            self._tell(found, done=True)

    def _document(self, path: Path) -> Document:
        try:
            return read(text=path.read_text(encoding="utf-8"))
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8") from error
        except Faulty as faulty:
            lines = "\n".join(f"  {fault}" for fault in faulty.faults)
            count = len(faulty.faults)
            raise CommandError(f"{path} has {count} fault{'s' if count > 1 else ''}:\n{lines}") from faulty

    def _tell(self, found: list[Difference], *, done: bool) -> None:
        for difference in found:
            self.stdout.write(f"  {difference}")
        if not found:
            self.stdout.write("Nothing differs from what is there.")
        elif done:
            self.stdout.write(self.style.SUCCESS(f"Imported: {len(found)} changes."))
        else:
            self.stdout.write(f"An import would make {len(found)} changes. Nothing was written.")
