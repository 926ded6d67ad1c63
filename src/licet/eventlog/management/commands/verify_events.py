"""Check that nobody touched the event log."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from licet.eventlog.models import Event
from licet.eventlog.queries import broken


class Command(BaseCommand):
    """Walk the hash chains and name the first row of each that is wrong."""

    help = (
        "Check the hash chains of the event log. Ends with status 1 and names the first wrong row of each "
        "chain when a row was changed, removed or added from outside."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--team", type=int, help="Check the chain of this team alone (its primary key).")

    def handle(self, *args: Any, **options: Any) -> None:
        """Report every broken chain, or that all is well."""
        found = list(broken(team=options["team"]))
        for each in found:
            row = f"event {each.event}" if each.event is not None else "no event"
            self.stderr.write(f"chain {each.team}, position {each.position} ({row}): {each.reason}")
        if found:
            raise CommandError(f"{len(found)} broken chain(s).")
        self.stdout.write(f"{Event.objects.count()} events, every chain holds.")
