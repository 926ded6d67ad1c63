"""What happens to a license that belongs to a contract: it goes on, is split, or is held until it is paid.

Steps; who may, and when, is for packages above.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from licet.licenses.models import License, Pool


def set_renews(*, license: License, renews: bool, grace: bool = True) -> None:
    """Say whether a license's end is only the end of a term, and whether its grace follows it. A step.

    Without grace for what somebody decided to give up.
    """
    # Assigning counts the pool's capacity under this lock: with the grace or without it.
    Pool.objects.locked(license.pool_id)
    license.refresh_from_db()
    license.renews, license.warned_days = renews, None
    days = license.read_terms().grace_days if grace else 0
    license.usable_until = license.valid_until + timedelta(days=days)
    license.save(update_fields=["renews", "warned_days", "usable_until"])


def hold(*, licenses: Collection[int], until: datetime | None) -> None:
    """Let nobody new have a seat of these licenses (keys) from a moment on; None: let them again. A step.

    The caller holds the lock of their team. Who assigns at this very moment counts before or after.
    """
    License.objects.filter(pk__in=licenses).update(assign_until=until)


def split(*, license: License, seats: int) -> License:
    """Make a license of its own of `seats` of its seats, in the same pool with the same terms. A step.

    The pool's capacity stays as it is. Codes stay with what was there before. The caller knows that fewer
    than all of them go.
    """
    # Assigning counts the pool's capacity under this lock; it must not count between the two writes.
    Pool.objects.locked(license.pool_id)
    license = License.objects.get(pk=license.pk)
    license.seats -= seats
    license.save(update_fields=["seats"])
    part = License.objects.get(pk=license.pk)
    part.split_from_id = license.split_from_id or license.pk
    part.pk, part.public_id = None, License._meta.get_field("public_id").get_default()
    part.seats = seats
    part.save(force_insert=True)
    return part
