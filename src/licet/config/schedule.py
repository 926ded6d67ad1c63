"""What is done again and again, and how often: the one table. The worker runs it.

Each verb takes `by` and `now`, may run at any moment and again, and tells by its own rows what it has done.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_bytes

from django.conf import settings

from licet.catalog.queries import seller
from licet.connect import requests as connect
from licet.education import reading, reminding, retention
from licet.education.joining import actions as joining
from licet.education.proofs.class_code import carding
from licet.education.proofs.class_code import reminding as classes
from licet.education.proofs.mailbox import actions as mailbox
from licet.eventlog.routines import Scheduled
from licet.kernel.actor import Actor
from licet.leases import repeats, shortage
from licet.licenses import actions as licenses
from licet.orders import closing, declaring, dunning, renewing
from licet.payments import asking, receiving
from licet.seats import requests
from licet.signing import tending
from licet.taxes import checking, exchanging
from licet.teams import recovering


def tend_keys(*, by: Actor, now: datetime) -> None:
    """Replace signing keys that are due, publish their list, warn before they end.

    Chance is drawn here, at the outermost edge, and nowhere below.
    """
    tending.tend(root_seed=token_bytes(32), seed=token_bytes(32), by=by, now=now)


def check_vat_numbers(*, by: Actor, now: datetime) -> None:
    """Ask the registers about VAT numbers, under the seller's own, which the catalog knows."""
    checking.check_due(requester=seller().vat_number, by=by, now=now)


def fetch_exchange_rates(*, by: Actor, now: datetime) -> None:
    """Take new exchange rates in, where the installation says from where."""
    if settings.LICET_EXCHANGE_RATES:
        exchanging.fetch(source=settings.LICET_EXCHANGE_RATES, by=by, now=now)


SCHEDULE: Sequence[Scheduled] = [
    Scheduled(name="connect.sweep", verb=connect.sweep, every=timedelta(hours=1)),
    Scheduled(name="config.tend_keys", verb=tend_keys, every=timedelta(hours=1)),
    Scheduled(name="config.check_vat_numbers", verb=check_vat_numbers, every=timedelta(minutes=1)),
    Scheduled(name="config.fetch_exchange_rates", verb=fetch_exchange_rates, every=timedelta(hours=3)),
    Scheduled(name="education.read_waiting", verb=reading.read_waiting, every=timedelta(minutes=5)),
    Scheduled(name="education.destroy_due", verb=retention.destroy_due, every=timedelta(minutes=15)),
    Scheduled(name="education.forget_unconfirmed", verb=mailbox.forget_unconfirmed, every=timedelta(hours=1)),
    Scheduled(name="education.complete_due", verb=joining.complete_due, every=timedelta(minutes=5)),
    Scheduled(name="orders.purge_archived", verb=closing.purge_archived, every=timedelta(hours=6)),
    Scheduled(name="orders.renew_due", verb=renewing.renew_due, every=timedelta(minutes=15)),
    Scheduled(name="orders.give_notice", verb=renewing.give_notice, every=timedelta(hours=1)),
    Scheduled(name="orders.carry_out_due", verb=declaring.carry_out_due, every=timedelta(minutes=15)),
    Scheduled(name="orders.tend", verb=dunning.tend, every=timedelta(hours=1)),
    Scheduled(name="payments.ask_pending", verb=asking.ask_pending, every=timedelta(hours=1)),
    Scheduled(name="payments.forget_bodies", verb=receiving.forget_bodies, every=timedelta(hours=12)),
    Scheduled(name="teams.complete_due", verb=recovering.complete_due, every=timedelta(minutes=5)),
    Scheduled(name="licenses.warn_of_ends", verb=licenses.warn_of_ends, every=timedelta(minutes=15)),
    Scheduled(name="education.remind_of_classes", verb=classes.remind_of_classes, every=timedelta(hours=1)),
    Scheduled(name="education.forget_sheets", verb=carding.forget_sheets, every=timedelta(hours=1)),
    Scheduled(name="education.remind", verb=reminding.remind, every=timedelta(minutes=30)),
    Scheduled(name="leases.settle_shortages", verb=shortage.settle_shortages, every=timedelta(hours=1)),
    Scheduled(name="leases.forget_repeats", verb=repeats.forget_repeats, every=timedelta(hours=1)),
    Scheduled(name="seats.serve_all_lines", verb=requests.serve_all_lines, every=timedelta(seconds=10)),
]
