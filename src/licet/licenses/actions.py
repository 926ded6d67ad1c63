"""Every write to licenses: issuing is a step of whoever sells; the rest is the vendor's to decide."""

from contextlib import suppress
from datetime import datetime, timedelta

from licet.catalog.models import Product
from licet.catalog.rules import Terms
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden
from licet.kernel.states import move
from licet.licenses.errors import LicenseNotSuspended, LicenseRevokedAlready, LicenseSuspendedAlready
from licet.licenses.events import (
    LicenseEnding,
    LicenseEndMoved,
    LicenseIssued,
    LicenseResumed,
    LicenseRevoked,
    LicenseSuspended,
)
from licet.licenses.models import License, Pool
from licet.licenses.states import MOVES, WARNINGS, LicenseState, warning
from licet.teams.errors import TeamIsArchived
from licet.teams.models import Team


def issue(
    *,
    team: Team,
    product: Product,
    seats: int,
    terms: Terms,
    valid_from: datetime,
    valid_until: datetime,
    record: Record,
    renews: bool = False,
) -> License:
    """Give the team `seats` seats of a product until `valid_until` (excluded), terms frozen. A step.

    `renews`: the end is the end of a term only. Makes the team's pool of the product where there is none
    yet. Refuses TeamIsArchived; the database refuses no seats at all, and an end that is not after the start.
    """
    # The pool is made under the team's lock: another order of the same team would make it too, and
    # who archives the team has to see this license or to come first.
    if Team.objects.locked(team.pk).archived_at is not None:
        raise TeamIsArchived
    pool, _made = Pool.objects.get_or_create(team=team, product=product)
    license = License.objects.create(
        team=team,
        pool=pool,
        seats=seats,
        issued_at=record.now,
        valid_from=valid_from,
        valid_until=valid_until,
        usable_until=valid_until + timedelta(days=terms.grace_days),
        terms=terms.stored(),
        renews=renews,
    )
    record(
        LicenseIssued(
            license=license.pk,
            pool=pool.pk,
            product=product.code,
            seats=seats,
            valid_from=valid_from.isoformat(),
            valid_until=valid_until.isoformat(),
            product_name=product.names,
        ),
        team=team.pk,
    )
    return license


def suspend(*, license: License, by: Actor, now: datetime) -> License:
    """Stop a license until it is resumed; people keep their seats. Refuses what is not issued."""
    return _decide(license=license, to=LicenseState.SUSPENDED, by=by, now=now)


def resume(*, license: License, by: Actor, now: datetime) -> License:
    """Let a suspended license work again, with its old end. Refuses what is not suspended."""
    return _decide(license=license, to=LicenseState.ISSUED, by=by, now=now)


def revoke(*, license: License, by: Actor, now: datetime) -> License:
    """Take a license back for good. Refuses what was revoked before."""
    return _decide(license=license, to=LicenseState.REVOKED, by=by, now=now)


def warn_of_ends(*, by: Actor, now: datetime) -> int:
    """Tell of every license that ends in 30, 14, 7 or 1 days, each time once; return how many were told of.

    One that renews with its contract has notices of its own.
    For the schedule: may run at any moment and again. A license that ends while nobody looked is told of
    with the most urgent warning alone.
    """
    if not by.is_system:
        raise Forbidden
    soon = License.objects.filter(
        state=LicenseState.ISSUED,
        renews=False,
        valid_until__gt=now,
        valid_until__lte=now + timedelta(days=max(WARNINGS)),
    )
    return sum(_warned(license=each, by=by, now=now) for each in soon.order_by("pk") if _due(each, now=now))


def _due(license: License, *, now: datetime) -> int | None:
    """Return the warning that is to be told at `now`, or None where it was told."""
    days = warning(valid_from=license.valid_from, valid_until=license.valid_until, now=now)
    told = license.warned_days is not None and days is not None and license.warned_days <= days
    return None if told else days


def _warned(*, license: License, by: Actor, now: datetime) -> bool:
    with suppress(_ToldAlready), change(by=by, now=now) as record:
        # Another worker that looks at the same moment waits here, and finds it told.
        pool = Pool.objects.locked(license.pool_id)
        license = License.objects.get(pk=license.pk)
        days = _due(license, now=now)
        if days is None or license.renews or license.state != LicenseState.ISSUED:
            raise _ToldAlready
        License.objects.filter(pk=license.pk).update(warned_days=days)
        record(
            LicenseEnding(
                license=license.pk,
                pool=pool.pk,
                product=pool.product.code,
                seats=license.seats,
                days=days,
                valid_until=license.valid_until.isoformat(),
                product_name=pool.product.names,
            ),
            team=license.team_id,
        )
        return True
    return False


class _ToldAlready(Exception):
    pass


_FACTS = {
    LicenseState.SUSPENDED: LicenseSuspended,
    LicenseState.ISSUED: LicenseResumed,
    LicenseState.REVOKED: LicenseRevoked,
}


def set_end(*, license: License, until: datetime, grace: bool = True, record: Record) -> License:
    """Move the end of a license, later or earlier; its grace as frozen at issue, or none. A step.

    Who holds a seat keeps it. Refuses LicenseRevokedAlready; the database refuses an end before the start.
    """
    # Assigning counts the pool's capacity under this lock: it counts the old end or the new one.
    pool = Pool.objects.locked(license.pool_id)
    license = License.objects.get(pk=license.pk)
    if license.state == LicenseState.REVOKED:
        raise LicenseRevokedAlready
    before = license.valid_until
    days = license.read_terms().grace_days if grace else 0
    license.valid_until, license.usable_until = until, until + timedelta(days=days)
    license.warned_days = None
    license.save(update_fields=["valid_until", "usable_until", "warned_days"])
    record(
        LicenseEndMoved(
            license=license.pk,
            pool=pool.pk,
            before=before.isoformat(),
            valid_until=until.isoformat(),
            product_name=pool.product.names,
        ),
        team=license.team_id,
    )
    return license


def decide(*, license: License, to: LicenseState, record: Record) -> License:
    """Suspend, resume or revoke a license. A step. Refuses like the verbs."""
    # Assigning counts the pool's capacity under this lock; it must not count a license that goes.
    pool = Pool.objects.locked(license.pool_id)
    license = License.objects.get(pk=license.pk)
    current = LicenseState(license.state)
    if current is LicenseState.REVOKED:
        raise LicenseRevokedAlready
    if current is to:
        raise LicenseNotSuspended if to is LicenseState.ISSUED else LicenseSuspendedAlready
    license.state = move(table=MOVES, current=current, to=to)
    license.save(update_fields=["state"])
    record(
        _FACTS[to](license=license.pk, pool=pool.pk, seats=license.seats, product_name=pool.product.names),
        team=license.team_id,
    )
    return license


def _decide(*, license: License, to: LicenseState, by: Actor, now: datetime) -> License:
    if not (by.serves(Duty.SERVE_CUSTOMERS) or by.is_system):
        raise Forbidden
    with change(by=by, now=now) as record:
        return decide(license=license, to=to, record=record)
