"""`licet gateway`: a process for the applications' calls alone, beside the web server."""

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

TELLS = """\
Answer the calls that applications make (check out, renew, release a lease; validate a code), and nothing
else. The web server answers them, too; this process does it at a fraction of the processor time, and busy
pages do not hold it up. It pays from some hundred calls a second on.

  licet run                             web server and worker, as before
  licet gateway --port 8001             this process, beside them

and in the proxy that ends TLS, these paths go to port 8001, all others to the web server:

  /v1/leases/checkout  /v1/leases/renew  /v1/leases/release  /v1/codes/validate

SQLite has one gateway process; a second one refuses to start. PostgreSQL takes one for each core:
start each with --shared-port, and the kernel spreads connections over them.

Stop it with SIGTERM: it listens no more, answers what has come, and ends. A restart loses nothing:
applications ask again and get the same lease.
"""


class Command(BaseCommand):
    """Start the gateway process."""

    help = TELLS
    requires_system_checks = ()  # they load every page, of which this process serves none

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Keep the lines of the help as they are."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen, and how."""
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
        )
        parser.add_argument("--port", type=int, default=8001, help="port to listen on (default: 8001)")
        parser.add_argument(
            "--shared-port",
            action="store_true",
            help="other gateway processes listen on it, too (PostgreSQL)",
        )
        parser.add_argument(
            "--transport",
            choices=["auto", "lean", "asgi"],
            default="auto",
            help="lean: our own protocol class inside uvicorn; asgi: the public interface, slower, for a "
            "uvicorn that the lean one does not know; auto (default): lean where it fits",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer until told to stop."""
        from licet.gateway.server import AlreadyRunning, serve  # late: other commands do without uvicorn

        if options["shared_port"] and connection.vendor == "sqlite":
            raise CommandError(
                "SQLite has one writing gateway process. Set DATABASE_URL to PostgreSQL for more."
            )
        lean = {"auto": None, "lean": True, "asgi": False}[options["transport"]]
        try:
            serve(host=options["host"], port=options["port"], lean=lean, shared=options["shared_port"])
        except AlreadyRunning:
            raise CommandError(
                "Another gateway process writes to this SQLite database. Stop it first; "
                "for several at once, set DATABASE_URL to PostgreSQL."
            ) from None
        except OSError as error:
            raise CommandError(f"Cannot listen on {options['host']}:{options['port']}: {error}") from None
