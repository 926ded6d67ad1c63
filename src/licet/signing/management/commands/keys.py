"""`licet keys`: make, replace and list the keys that leases are signed with."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from licet.kernel import clock
from licet.kernel.actor import system
from licet.kernel.refusal import Refusal
from licet.signing import actions, queries
from licet.signing.models import SigningKey

OPERATOR = system(label="licet keys")


class Command(BaseCommand):
    """Read the arguments, call one verb, say what came of it."""

    help = "Make, replace and list the keys that leases are signed with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the subcommands."""
        commands = parser.add_subparsers(dest="what", required=True, metavar="COMMAND")
        commands.add_parser(
            "ensure", help="make what is missing; replace a key that is due (safe at every start)"
        )
        commands.add_parser("rotate", help="let a new key sign from now on; the old one stays published")
        commands.add_parser("root", help="make one more root key; the newest certifies new keys")
        commands.add_parser("list", help="show every key and what it does")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one subcommand; a refusal becomes the command's error."""
        try:
            self._run(options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal

    def _run(self, options: dict[str, Any]) -> None:
        what = options["what"]
        now = clock.read()
        if what == "list":
            for row in queries.listed(now=now):
                until = f"{row.ends_at:%Y-%m-%d}" if row.ends_at else "-"
                self.stdout.write(
                    f"{row.kid}  {row.purpose:5}  {row.standing:7}  {row.not_before:%Y-%m-%d}  {until}"
                )
            return
        seed = secrets.token_bytes(32)
        if what == "ensure":
            root_seed = secrets.token_bytes(32)
            key: SigningKey | None = actions.ensure(root_seed=root_seed, seed=seed, by=OPERATOR, now=now)
        elif what == "rotate":
            key = actions.rotate(seed=seed, by=OPERATOR, now=now)
        else:
            key = actions.make_root(seed=seed, by=OPERATOR, now=now)
        if options["verbosity"] and key is not None:
            self.stdout.write(f"{key.purpose} key {key.kid}")
