"""Do what follows from events: mails and the like."""

import random
import signal
from argparse import ArgumentParser
from datetime import timedelta
from threading import Event as Flag
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from licet.eventlog import worker
from licet.eventlog.deliveries import OUT_OF_SIGHT
from licet.eventlog.routines import turn
from licet.kernel import clock


class Command(BaseCommand):
    """The worker process; any number may run beside each other."""

    help = (
        "Send the mails and do the other things that follow from what happened or from the calendar. Runs "
        "until it gets SIGTERM or Ctrl-C, and finishes what it has in hand first. Any number of workers may "
        "run beside each other."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--once", action="store_true", help="Do what is due now, then end.")
        parser.add_argument(
            "--out-of-sight",
            type=float,
            default=OUT_OF_SIGHT.total_seconds(),
            metavar="SECONDS",
            help="How long one piece of work may take before another worker may repeat it (default: 300).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until told to stop."""
        chance = random.SystemRandom().random
        if options["once"]:
            turn(clock=clock.read)
            attempts = worker.drain(now=clock.read(), chance=chance)
            self.stdout.write(f"{attempts} done or tried.")
            return
        stop = Flag()

        def end(number: int, frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        worker.work(
            clock=clock.read,
            chance=chance,
            stop=stop,
            out_of_sight=timedelta(seconds=options["out_of_sight"]),
        )
