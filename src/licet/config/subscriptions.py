"""What follows from which event: the one table of side effects.

A handler is a function `handler(*, event: Event, now: datetime) -> None` that the worker
calls, at least once; it must not mind being called again. `AUDIT_ONLY` says that a fact
has no consequence, on purpose.
"""

from collections.abc import Callable, Sequence

from licet.catalog import events as catalog
from licet.eventlog.change import AUDIT_ONLY
from licet.eventlog.facts import Fact

SUBSCRIPTIONS: dict[type[Fact], Sequence[Callable[..., None]]] = {
    catalog.CatalogImported: AUDIT_ONLY,
}
