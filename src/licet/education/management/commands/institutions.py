"""`licet institutions`: the directory of schools and of what their mailboxes say, from files."""

from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from licet.education import listing
from licet.education.directory import Domain, Institution
from licet.education.listing import Report
from licet.education.sources import domains, french, own, ror, swot
from licet.education.sources.rows import DomainRow, Fault, InstitutionRow
from licet.education.states import Trust
from licet.kernel import clock
from licet.kernel.actor import system

SHOWN = 20


class Command(BaseCommand):
    """Bring lists into the directory; every one may be brought again."""

    help = (
        "The directory of schools and universities, and of what their mailboxes say.\n\n"
        "  licet institutions ship                     begin with the collection that comes along (swot)\n"
        "  licet institutions import-ror FILE          the Research Organization Registry's dump\n"
        "  licet institutions import-french FILE       the French directory of schools (CSV)\n"
        "  licet institutions import-domains FILE...  domains, one a line, with --trust; files or folders\n"
        "  licet institutions import-own FILE          your own file (TOML): institutions and domains, or\n"
        "                                              a table of domains alone (CSV)\n"
        "  licet institutions status                   say how much there is\n\n"
        "With --dry-run nothing is written. Lines that cannot be read are told and passed over. What your\n"
        "own file says stands above every list."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """One word, and files."""
        parser.formatter_class = RawDescriptionHelpFormatter
        actions = ["ship", "import-ror", "import-french", "import-domains", "import-own", "status"]
        parser.add_argument("action", choices=actions, help="what to do")
        parser.add_argument("files", nargs="*", type=Path, help="the files of the list")
        parser.add_argument(
            "--trust",
            choices=[each.value for each in Trust],
            help="with import-domains: what a mailbox there says of its owner",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked; what cannot be read at all ends with status 1."""
        action, files = options["action"], options["files"]
        if action not in {"ship", "status"} and not files:
            raise CommandError(f"Name the file: licet institutions {action} FILE")
        if action == "import-domains" and not options["trust"]:
            raise CommandError("Say with --trust what a mailbox under these domains means, such as abused.")
        self.dry_run = bool(options["dry_run"])
        try:
            self._do(action, files, options["trust"])
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"The file is not UTF-8 (byte {error.start}): save it as UTF-8.") from error
        except ValueError as error:
            raise CommandError(f"This is not the list that was expected: {error}.") from error

    def _do(self, action: str, files: list[Path], trust: str | None) -> None:
        if action == "ship":
            self._domains("swot", swot.read())
            self._domains("stop", swot.read_stopped())
            self._institutions("swot", swot.read_institutions())
        for path in files:
            if action == "import-ror":
                self._institutions("ror", ror.read(path=path))
            elif action == "import-french":
                self._institutions("french", french.read(path=path))
            elif action == "import-domains":
                said = Trust(trust or Trust.UNKNOWN)
                self._domains(_SOURCES.get(said, "stop"), domains.read(path=path, trust=said))
            elif action == "import-own":
                self._own(path)
        if action == "status":
            listed, names = Institution.objects.listed().count(), Domain.objects.count()
            self.stdout.write(f"{listed} institutions, {names} domains.")

    def _own(self, path: Path) -> None:
        if path.suffix.lower() != ".toml":
            self._domains("own", domains.read_own(path=path))
            return
        institutions, names = own.read(path=path)
        self._institutions("own", institutions)
        self._domains("own", names)

    def _institutions(self, source: str, rows: Iterable[InstitutionRow | Fault]) -> None:
        by = system(label="licet institutions")
        report = listing.import_institutions(
            rows=rows, source=source, dry_run=self.dry_run, by=by, now=clock.read()
        )
        self._tell("institutions", source, report)

    def _domains(self, source: str, rows: Iterable[DomainRow | Fault]) -> None:
        by = system(label="licet institutions")
        report = listing.import_domains(
            rows=rows, source=source, dry_run=self.dry_run, by=by, now=clock.read()
        )
        self._tell("domains", source, report)

    def _tell(self, what: str, source: str, report: Report) -> None:
        for fault in report.faults[:SHOWN]:
            self.stderr.write(f"  line {fault.line}: {fault.why}")
        if len(report.faults) > SHOWN:
            self.stderr.write(f"  and {len(report.faults) - SHOWN} lines more that cannot be read")
        done = "would be new" if self.dry_run else "new"
        self.stdout.write(
            f"{source}: {report.created} {what} {done}, {report.changed} changed, {report.same} as before, "
            f"{len(report.faults)} lines passed over."
        )


_SOURCES = {Trust.ACTIVE_MEMBERS: "swot", Trust.ABUSED: "abused"}
"""As whose word a list of domains counts, by what it says."""
