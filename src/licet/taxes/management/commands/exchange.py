"""`licet exchange import FILE`, `licet exchange fetch` and `licet exchange show`."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from licet.kernel import clock
from licet.kernel.actor import system
from licet.kernel.refusal import Refusal
from licet.taxes import exchanging
from licet.taxes.models import ExchangeRate

OPERATOR = system(label="licet exchange")


class Command(BaseCommand):
    """For operators."""

    help = (
        "Exchange rates, for the VAT of invoices in another currency than the seller's. import FILE: take "
        "a file of the European Central Bank in (eurofxref, XML or CSV). fetch: the same from "
        "LICET_EXCHANGE_RATES, as the worker does by itself. show: the newest rates."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked."""
        parser.add_argument("action", choices=["import", "fetch", "show"], help="what to do")
        parser.add_argument("file", nargs="?", default="", help="the file, for import")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say why not."""
        if options["action"] == "show":
            self._show()
            return
        source = options["file"] if options["action"] == "import" else settings.LICET_EXCHANGE_RATES
        if not source:
            raise CommandError("Name a file, or an address in LICET_EXCHANGE_RATES.")
        try:
            count = exchanging.fetch(source=source, by=OPERATOR, now=clock.read())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{count} new rates.")

    def _show(self) -> None:
        newest = ExchangeRate.objects.order_by("-on").first()
        if newest is None:
            raise CommandError("There are no exchange rates yet.")
        for each in ExchangeRate.objects.filter(on=newest.on).order_by("currency"):
            self.stdout.write(f"{each.on}: 1 EUR = {each.per_euro.normalize():f} {each.currency}")
