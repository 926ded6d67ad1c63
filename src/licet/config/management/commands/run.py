"""`licet run`: everything that one machine needs, from an empty folder to an answered page."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from licet.config import demonstration
from licet.config.processes import Crew, answers, is_free, web, worker


class Command(BaseCommand):
    """Start the web server and the worker."""

    help = (
        "Bring the tables up to date, then run the web server and the worker until stopped. "
        "Without LICET_URL it is a demonstration: on an empty database an invented vendor is loaded, "
        "and mails are kept to be read on a page."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen, and with how many hands."""
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
        )
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
        parser.add_argument(
            "--workers", type=int, default=1, help="web processes; more than one needs PostgreSQL"
        )
        parser.add_argument("--threads", type=int, default=4, help="threads of each web process (default: 4)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, start, tell where, and stay."""
        host, port, workers = options["host"], options["port"], options["workers"]
        if workers > 1 and connection.vendor == "sqlite":
            raise CommandError(
                "SQLite has one writing process. Set DATABASE_URL to PostgreSQL, or use --workers 1."
            )
        if not is_free(host=host, port=port):
            raise CommandError(
                f"Port {port} is in use. Choose another one: "
                f"licet run --port {port + 1}, or make run PORT={port + 1}"
            )
        url = settings.LICET_BASE_URL
        environment = {}
        if settings.LICET_DEMO:
            # A name, no number: passkeys (WebAuthn) belong to names.
            url = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"
            environment = {"LICET_DEMO": "yes", "LICET_URL": url}
            # here, too: the certificate of the signing key and the demonstration's mails name the address
            settings.LICET_BASE_URL = url
        self._prepare()
        crew = Crew(
            commands={
                "web": web(host=host, port=port, workers=workers, threads=options["threads"]),
                "worker": worker(),
            },
            environment=environment,
        )
        crew.start()
        try:
            if answers(host=host, port=port, seconds=30):
                self._tell(url)
            crew.watch()
        finally:
            crew.stop()

    def _prepare(self) -> None:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("keys", "ensure", verbosity=0)
        if settings.LICET_DEMO and demonstration.is_empty():
            demonstration.load()

    def _tell(self, url: str) -> None:
        self.stdout.write(self.style.SUCCESS(f"\n  Licet answers at {url}"))
        if settings.LICET_DEMO:
            self.stdout.write("\n  This is the demonstration. Sign in as:")
            for guest in demonstration.GUESTS:
                self.stdout.write(f"    {guest.email:<30} {guest.who}")
            self.stdout.write(f"  Everybody's password: {demonstration.PASSWORD}")
            self.stdout.write(f"  Mails are kept here: {url}/mailbox/")
        self.stdout.write("\n  Ctrl-C stops it.\n")
        self.stdout.flush()
