"""What the vendor does with a license by hand, with a reason: give one that nobody bought, move an end."""

from datetime import datetime

from licet.accounts.models import Person
from licet.catalog.models import Plan
from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.duties import Duty
from licet.kernel.refusal import Forbidden
from licet.licenses import actions as licenses
from licet.licenses.errors import EndFollowsContract, EndNotAhead, ReasonNeeded
from licet.licenses.events import LicenseGranted, LicenseReasonGiven
from licet.licenses.models import License, LicenseGrant, Pool
from licet.teams.models import Team


def grant(
    *, team: Team, plan: Plan, seats: int, until: datetime, reason: str, by: Actor, now: datetime
) -> License:
    """Give a team seats of a product from now until `until` (excluded), for nothing. For staff.

    `plan`: whose terms are frozen into the license. Refuses ReasonNeeded, EndNotAhead, TeamIsArchived.
    """
    if not by.serves(Duty.SERVE_CUSTOMERS):
        raise Forbidden
    reason = told(reason=reason)
    if until <= now:
        raise EndNotAhead
    with change(by=by, now=now) as record:
        license = licenses.issue(
            team=team,
            product=plan.product,
            seats=seats,
            terms=plan.read_terms(),
            valid_from=now,
            valid_until=until,
            record=record,
        )
        LicenseGrant.objects.create(
            license=license, granted_by=Person.objects.get(pk=by.id or 0), reason=reason, granted_at=now
        )
        fact = LicenseGranted(license=license.pk, seats=seats, reason=reason, product_name=plan.product.names)
        record(fact, team=team.pk)
    return license


def move_end(*, license: License, until: datetime, reason: str, by: Actor, now: datetime) -> License:
    """Let a license last longer or shorter than was said, its grace after it. For staff.

    `until` (excluded) lies ahead. Refuses EndFollowsContract for what renews, ReasonNeeded, EndNotAhead,
    LicenseRevokedAlready.
    """
    if not by.serves(Duty.SERVE_CUSTOMERS):
        raise Forbidden
    reason = told(reason=reason)
    if until <= now or until <= license.valid_from:
        raise EndNotAhead
    with change(by=by, now=now) as record:
        # Against the renewal of its contract, which makes it renew and moves its end.
        Pool.objects.locked(license.pool_id)
        if License.objects.get(pk=license.pk).renews:
            raise EndFollowsContract
        license = licenses.set_end(license=license, until=until, record=record)
        explain(license=license, reason=reason, record=record)
    return license


def explain(*, license: License, reason: str, record: Record) -> None:
    """Write down why something about a license changed. A step; `reason` as `told` gives it."""
    fact = LicenseReasonGiven(license=license.pk, reason=reason, product_name=license.pool.product.names)
    record(fact, team=license.team_id)


def told(*, reason: str) -> str:
    """Return a reason in one line, up to 200 characters. Refuses ReasonNeeded where there is none."""
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise ReasonNeeded
    return reason
