"""`licet staff`: who works for the vendor."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from licet.accounts import serving
from licet.accounts.errors import LastAdministrator
from licet.accounts.models import Person
from licet.kernel import clock
from licet.kernel.actor import system
from licet.kernel.duties import StaffRole


class Command(BaseCommand):
    """List the vendor's staff and their roles, give somebody roles, or end that."""

    help = (
        "List the vendor's staff; with --add or --remove, make the person with this address one of them, "
        "or end that. The person signs up on the site first. What each role may do: docs/desk.md. The first "
        "one is an administrator, who gives the others their roles at the desk."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """An address, and what to do with it."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--add", metavar="ADDRESS", help="make this person one of the staff")
        what.add_argument("--remove", metavar="ADDRESS", help="this person no longer works for the vendor")
        parser.add_argument(
            "--role",
            action="append",
            choices=[role.value for role in StaffRole],
            help="with --add: what the person does; may be given several times (administrator by default)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Change what was asked, then list."""
        address = options["add"] or options["remove"]
        if address:
            person = Person.objects.filter(email=address.strip().lower()).first()
            if person is None:
                raise CommandError(
                    f"Nobody has an account with the address {address}. Let the person sign up first."
                )
            roles = options["role"] or [StaffRole.ADMINISTRATOR.value]
            self._change(person, roles if options["add"] else [])
        for one in serving.staff():
            self.stdout.write(f"{one.email:<40} {one.full_name:<30} {', '.join(one.staff_roles)}")

    def _change(self, person: Person, roles: list[str]) -> None:
        try:
            serving.set_roles(person=person, roles=roles, by=system(label="licet staff"), now=clock.read())
        except LastAdministrator as refusal:
            raise CommandError(str(refusal)) from None
