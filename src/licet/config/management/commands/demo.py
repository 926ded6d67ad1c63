"""`licet demo`: load the demonstration by hand."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from licet.config import demonstration


class Command(BaseCommand):
    """Load the demonstration into an empty database."""

    help = (
        "Load the demonstration: an invented vendor, its customer and their people. "
        "Only into an empty database."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse where there is anything already, or where customers could sign in with known passwords."""
        if not settings.LICET_DEMO:
            raise CommandError(
                "LICET_URL is set: this is no demonstration. Its passwords are known to everybody."
            )
        if not demonstration.is_empty():
            raise CommandError("There is a catalog or a person already. Use an empty database.")
        demonstration.load()
        for guest in demonstration.GUESTS:
            self.stdout.write(f"{guest.email:<30} {guest.who}")
        self.stdout.write(f"Everybody's password: {demonstration.PASSWORD}")
