"""`licet account`: close somebody's account, or open it again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from licet.accounts import actions as accounts
from licet.accounts.models import Person
from licet.connect import ending
from licet.kernel import clock
from licet.kernel.actor import system


class Command(BaseCommand):
    """Close an account, or open it again."""

    help = (
        "Close the account with this address (nobody signs in with it any more, every application of it is "
        "signed out at once; licenses stay with their teams), or open it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """An address, and what to do with it."""
        parser.add_argument("what", choices=["close", "reopen"], help="close the account, or open it again")
        parser.add_argument("address", help="the address with which the person signs in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what came of it."""
        person = Person.objects.filter(email=options["address"].strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody has an account with the address {options['address']}.")
        by, now = system(label="licet account"), clock.read()
        if options["what"] == "close":
            ended = ending.deactivate(person=person, by=by, now=now)
            self.stdout.write(f"The account {person.email} is closed; {ended} applications were signed out.")
        else:
            accounts.reopen(person=person, by=by, now=now)
            self.stdout.write(f"The account {person.email} is open.")
