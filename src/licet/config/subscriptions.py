"""What follows from which event: the one table of side effects.

A handler is a function `handler(*, event: Event, now: datetime) -> None` that the worker
calls, at least once; it must not mind being called again. `AUDIT_ONLY` says that a fact
has no consequence, on purpose.
"""

from collections.abc import Callable, Sequence

from licet.catalog import events as catalog
from licet.connect import events as connect
from licet.eventlog import events as eventlog
from licet.eventlog.change import AUDIT_ONLY
from licet.eventlog.facts import Fact
from licet.seats import events as seats
from licet.seats import mail as seats_mail

SUBSCRIPTIONS: dict[type[Fact], Sequence[Callable[..., None]]] = {
    eventlog.DeliveryRetried: AUDIT_ONLY,
    catalog.CatalogImported: AUDIT_ONLY,
    connect.AppRegistered: AUDIT_ONLY,
    connect.AppWithdrawn: AUDIT_ONLY,
    connect.AppAllowed: AUDIT_ONLY,
    connect.AppSignedIn: AUDIT_ONLY,
    connect.AppContinued: AUDIT_ONLY,
    connect.GrantEnded: AUDIT_ONLY,
    connect.SignedOutEverywhere: AUDIT_ONLY,
    seats.SeatAssigned: [seats_mail.license_assigned],
    seats.SeatReleased: [seats_mail.license_taken_back],
}
