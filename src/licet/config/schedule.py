"""What is done again and again, and how often: the one table. The worker runs it.

Each verb takes `by` and `now`, may run at any moment and again, and tells by its own rows what it has done.
"""

from collections.abc import Sequence
from datetime import timedelta

from licet.connect import requests as connect
from licet.eventlog.routines import Scheduled
from licet.leases import shortage
from licet.licenses import actions as licenses
from licet.seats import requests

SCHEDULE: Sequence[Scheduled] = [
    Scheduled(name="connect.sweep", verb=connect.sweep, every=timedelta(hours=1)),
    Scheduled(name="licenses.warn_of_ends", verb=licenses.warn_of_ends, every=timedelta(minutes=15)),
    Scheduled(name="leases.settle_shortages", verb=shortage.settle_shortages, every=timedelta(hours=1)),
    Scheduled(name="seats.serve_all_lines", verb=requests.serve_all_lines, every=timedelta(seconds=10)),
]
