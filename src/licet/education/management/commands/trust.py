"""`licet trust`: whose signatures count, on barcodes and under sealed PDFs, from files."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from licet.education.directory import Institution
from licet.education.issuers import actions, files
from licet.education.issuers.models import BARCODE, Issuer
from licet.kernel import clock
from licet.kernel.actor import system
from licet.kernel.refusal import Refusal

BY = system(label="licet trust")


class Command(BaseCommand):
    """Say whose signatures count."""

    help = (
        "Whose signatures count, so that a paper proves something by itself.\n\n"
        "  licet trust list                        say what is on both lists\n"
        "  licet trust import-barcodes FILE...     the list for barcodes of the French state (2D-Doc): the\n"
        "                                          certificates of the authorities and of the signers, as\n"
        "                                          files or folders (DER, PEM); stands alone from then on\n"
        "  licet trust ship-barcodes               go back to the list that comes along\n"
        "  licet trust add-seal FILE...            let seals by this certificate, or by one that it issued,\n"
        "                                          count: with --institution or --country\n"
        "  licet trust remove NAME...              let seals count no more, by the names that `list` shows\n"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """One word, and files or names."""
        parser.formatter_class = RawDescriptionHelpFormatter
        actions_ = ["list", "import-barcodes", "ship-barcodes", "add-seal", "remove"]
        parser.add_argument("action", choices=actions_, help="what to do")
        parser.add_argument("names", nargs="*", help="files, folders, or names of the list")
        parser.add_argument("--institution", default="", help="its ROR, its UAI, or its identifier here")
        parser.add_argument("--country", default="", help="where it seals for many schools, such as SE")
        parser.add_argument(
            "--organization", default="", help="with an authority's certificate: for whom alone"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked; what cannot be read ends with status 1."""
        action, names = options["action"], options["names"]
        if action in {"import-barcodes", "add-seal", "remove"} and not names:
            raise CommandError(f"Name the file: licet trust {action} FILE")
        try:
            self._do(action, names, options)
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise CommandError(f"This is no certificate: {error}.") from error
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal

    def _do(self, action: str, names: list[str], options: dict[str, Any]) -> None:
        if action == "import-barcodes":
            given = [each for name in names for each in files.certificates(path=Path(name))]
            number = actions.replace_list(certificates=given, by=BY, now=clock.read())
            self.stdout.write(f"barcodes: your own list of {number} certificates counts, and nothing else.")
        elif action == "ship-barcodes":
            actions.replace_list(certificates=[], by=BY, now=clock.read())
            self.stdout.write("barcodes: the list that comes along counts.")
        elif action == "add-seal":
            for name in names:
                self._add(Path(name), options)
        elif action == "remove":
            for name in names:
                self._remove(name)
        else:
            self._list()

    def _add(self, path: Path, options: dict[str, Any]) -> None:
        institution = _institution(options["institution"])
        for each in files.certificates(path=path):
            issuer = actions.trust(
                certificate=each,
                institution=institution,
                country=options["country"],
                organization=options["organization"],
                by=BY,
                now=clock.read(),
            )
            self.stdout.write(f"{issuer.public_id}  {_line(issuer)}")

    def _remove(self, name: str) -> None:
        issuer = Issuer.objects.filter(public_id=name).exclude(use=BARCODE).first()
        if issuer is None:
            raise CommandError(f"{name} is not on the list of those who seal.")
        actions.distrust(issuer=issuer, by=BY, now=clock.read())
        self.stdout.write(f"{issuer.name} counts no more.")

    def _list(self) -> None:
        own = Issuer.objects.filter(use=BARCODE).count()
        said = f"your own list of {own} certificates" if own else "the list that comes along"
        self.stdout.write(f"barcodes: {said}")
        for issuer in Issuer.objects.exclude(use=BARCODE).select_related("institution").order_by("name"):
            self.stdout.write(f"{issuer.public_id}  {_line(issuer)}")


def _institution(mark: str) -> Institution | None:
    if not mark:
        return None
    found = Institution.objects.filter(Q(public_id=mark) | Q(ror=mark) | Q(uai=mark)).first()
    if found is None:
        raise CommandError(f"The directory has no institution {mark}.")
    return found


def _line(issuer: Issuer) -> str:
    whom = issuer.institution.name if issuer.institution else f"institutions in {issuer.country}"
    return f"{issuer.name}, for {whom}, until {issuer.ends_at.date().isoformat()}"
