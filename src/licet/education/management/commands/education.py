"""`licet education`: whether papers are read and destroyed as they should, and the job that destroys them."""

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from licet.education import retention
from licet.education.health import Level, self_check
from licet.kernel import clock
from licet.kernel.actor import system

WORDS = {Level.GOOD: "good", Level.WARN: "look", Level.BAD: "BAD"}


class Command(BaseCommand):
    """Look after uploaded papers."""

    help = (
        "Look after the papers that applicants upload.\n\n"
        "  licet education self-check    look at scanner, sandbox, folder, keys, dates, lists\n"
        "  licet education retention     destroy what is due now (the worker does it every 15 minutes)\n\n"
        "The status is 0 where all is good, 1 where somebody should look, 2 where something is bad."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """One word."""
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("action", choices=["self-check", "retention"], help="what to do")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, say it, end with its status."""
        if options["action"] == "retention":
            report = retention.destroy_due(by=system(label="licet education"), now=clock.read())
            self.stdout.write(
                f"{report.destroyed} destroyed, {report.wiped} remains wiped, "
                f"{report.past} files past their date"
            )
            level = Level.BAD if report.past else Level.GOOD
        else:
            checks = self_check(now=clock.read())
            for check in checks:
                self.stdout.write(f"{WORDS[check.level]:<6}{check.name:<18}{check.said}")
            level = max(check.level for check in checks)
        if level:
            raise SystemExit(int(level))
