"""What the schedule does for keys: turns that have come, the manifest of the day, warnings before the end."""

from contextlib import suppress
from datetime import datetime

from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.signing import actions, manifest
from licet.signing.events import KeysEnding
from licet.signing.health import warning
from licet.signing.models import Keyring
from licet.signing.policy import require_operator


def tend(*, root_seed: bytes, seed: bytes, by: Actor, now: datetime) -> None:
    """Replace what is due (`ensure`), sign the manifest of the day, warn before keys end.

    For the schedule: may run at any moment and again. Operators only.
    """
    actions.ensure(root_seed=root_seed, seed=seed, by=by, now=now)
    refresh(by=by, now=now)
    warn(by=by, now=now)


def refresh(*, by: Actor, now: datetime) -> None:
    """Sign the manifest anew when it is missing or a day old. Operators only."""
    require_operator(by)
    if not manifest.is_due(now=now):
        return
    with suppress(_Done), change(by=by, now=now) as record:
        Keyring.objects.locked()  # another worker may have been quicker
        if not manifest.is_due(now=now):
            raise _Done
        manifest.publish(record=record)
        if not record.facts:
            raise _Done


def warn(*, by: Actor, now: datetime) -> int | None:
    """Tell that keys end 30, 14, 7, 1 and 0 days before, each time once; return the warning, if one was told.

    What counts is the purpose whose last certified key can sign for the shortest time. Operators only.
    """
    require_operator(by)
    with suppress(_Done), change(by=by, now=now) as record:
        ring = Keyring.objects.locked()  # another worker may have told it
        found = warning(now=now)
        told = found and ring.warned_of == found.ends and (ring.warned_days or 0) <= found.days
        if found is None or told:
            raise _Done
        ring.warned_days, ring.warned_of = found.days, found.ends
        ring.save(update_fields=["warned_days", "warned_of"])
        record(KeysEnding(days=found.days, ends=found.ends.isoformat(), purposes=",".join(found.purposes)))
        return found.days
    return None


class _Done(Exception):
    pass
