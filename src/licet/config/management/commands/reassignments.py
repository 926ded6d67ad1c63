"""`licet reassignments forgive TEAM PRODUCT --reason ...`: an exception for one team."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from licet.kernel import clock
from licet.kernel.actor import system
from licet.kernel.refusal import Refusal
from licet.licenses.models import Pool
from licet.seats.forgiving import forgive


class Command(BaseCommand):
    """Make an exception from the rule of reassignment."""

    help = (
        "Let a team give used licenses of a product to other people at once: cool-downs end, quotas count "
        "anew. The team reads the reason in its history."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which team, which product, why."""
        parser.add_argument("action", choices=["forgive"], help="what to do")
        parser.add_argument("team", help="the team's id, as the address of its pages has it (team_...)")
        parser.add_argument("product", help="code of the product")
        parser.add_argument("--reason", required=True, help="why; the team can read it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the team's licenses and forgive."""
        pool = Pool.objects.filter(team__public_id=options["team"], product__code=options["product"]).first()
        if pool is None:
            raise CommandError("This team has no licenses of this product.")
        try:
            forgive(pool=pool, reason=options["reason"], by=system(label="licet"), now=clock.read())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write("Done. From now on used licenses may go to other people at once.")
