"""`licet staff`: who works for the vendor."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from licet.accounts import actions as accounts
from licet.accounts.models import Person
from licet.kernel import clock
from licet.kernel.actor import system


class Command(BaseCommand):
    """List the vendor's staff, appoint somebody, or end that."""

    help = (
        "List the vendor's staff; with --add or --remove, make the person with this address one of them, "
        "or end that. The person signs up on the site first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """An address, and what to do with it."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--add", metavar="ADDRESS", help="make this person one of the staff")
        what.add_argument("--remove", metavar="ADDRESS", help="this person no longer works for the vendor")

    def handle(self, *args: Any, **options: Any) -> None:
        """Change what was asked, then list."""
        address = options["add"] or options["remove"]
        if address:
            person = Person.objects.filter(email=address.strip().lower()).first()
            if person is None:
                raise CommandError(
                    f"Nobody has an account with the address {address}. Let the person sign up first."
                )
            by = system(label="licet staff")
            accounts.appoint(person=person, staff=bool(options["add"]), by=by, now=clock.read())
        for one in Person.objects.filter(is_staff=True, is_active=True).order_by("email"):
            self.stdout.write(f"{one.email:<40} {one.full_name}")
