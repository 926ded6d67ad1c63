"""Fewer licenses than seats: who stays, in which order the others go, and that it happens after the grace.

Until the grace is over everything goes on. Where not a single license is left, nobody can run anyway: the
seats are kept for 30 days, so that a late renewal restores all of them.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import F, Max, Sum
from django.db.models.functions import Coalesce

from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Forbidden
from licet.leases.models import Lease
from licet.licenses.models import License, Pool
from licet.licenses.states import LicenseState
from licet.seats.actions import free_reservation, give_back_each
from licet.seats.events import ShortageSettled, StayMarked
from licet.seats.models import Reservation, Seat, SeatRequest
from licet.seats.requests import RESTORE_TIME
from licet.seats.rules import Outlook, outlook
from licet.seats.states import KeptFor, RequestState
from licet.teams.models import Team
from licet.teams.permissions import Permission, require

FAR = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who holds a seat, in the order in which seats would go; `used_at`: when it last ran."""

    seat: Seat
    name: str
    email: str
    used_at: datetime | None


def candidates(*, pool: Pool) -> list[Candidate]:
    """Return who holds a seat of the pool, the first to go first, in two statements.

    Who is to stay goes last. Before: who never used it, then who has not used it for longest, and of
    equals the newest.
    """
    held = list(Seat.objects.held().filter(pool=pool).select_related("member__person", "team"))
    used = dict(
        Lease.objects.filter(seat__in=held).order_by().values_list("seat").annotate(last=Max("issued_at"))
    )

    def order(seat: Seat) -> tuple[bool, bool, float, float, int]:
        last = used.get(seat.pk)
        return (
            seat.stays,
            last is not None,
            last.timestamp() if last else 0.0,
            -seat.assigned_at.timestamp(),
            -seat.pk,
        )

    return [
        Candidate(seat, seat.member.person.name, seat.member.person.email, used.get(seat.pk))
        for seat in sorted(held, key=order)
    ]


def mark_stays(*, pool: Pool, seats: Collection[str], by: Actor, now: datetime) -> int:
    """Choose who keeps a seat (public ids) when there are fewer; all others go first. Returns how many stay.

    Seats of other pools, and those that were taken back meanwhile, are passed over.
    """
    require(by, Permission.ASSIGN_SEATS, pool.team)
    with change(by=by, now=now) as record:
        # A settlement at this moment reads the marks before or after, never half of them.
        pool = Pool.objects.locked(pool.pk)
        held = Seat.objects.held().filter(pool=pool)
        held.exclude(public_id__in=seats).update(stays=False)
        people = held.filter(public_id__in=seats).update(stays=True)
        record(
            StayMarked(
                pool=pool.pk,
                product=pool.product.code,
                people=people,
                product_name=pool.product.names,
            ),
            team=pool.team_id,
        )
    return people


def settle_shortage(*, pool: Pool, by: Actor, now: datetime) -> list[Seat]:
    """Take back what no license covers any more: reservations, then seats in the order of `candidates`.

    Nothing happens before the grace is over, nor while a license is only suspended. Each person and the
    administrators are told; who lost a seat stands first in the line for 30 days. Returns the seats.
    """
    if not by.is_system:
        raise Forbidden
    if _excess(pool=Pool.objects.get(pk=pool.pk), now=now) <= 0:
        return []
    try:
        with change(by=by, now=now) as record:
            # Whoever gives, takes or keeps a place of this pool comes before or after.
            pool = Pool.objects.locked(pool.pk)
            excess = _excess(pool=pool, now=now)
            if excess <= 0:
                raise _NothingToSettle
            freed = _free_reservations(pool=pool, most=excess, record=record)
            lost = [each.seat for each in candidates(pool=pool)[: excess - freed]]
            if lost:
                give_back_each(seats=lost, record=record)
                # Their places ended with the license: those of later licenses were never theirs.
                Seat.objects.filter(pk__in=[each.pk for each in lost]).update(place_ended=True)
                _stand_first(lost, now=now)
            record(
                ShortageSettled(
                    pool=pool.pk,
                    product=pool.product.code,
                    released=len(lost),
                    freed=freed,
                    product_name=pool.product.names,
                ),
                team=pool.team_id,
            )
            return lost
    except _NothingToSettle:
        return []


def settle_shortages(*, by: Actor, now: datetime) -> int:
    """Settle every pool that needs it; return how many seats were taken back. For the schedule."""
    if not by.is_system:
        raise Forbidden
    needed = Pool.objects.filter(pk__in=License.objects.filter(usable_until__lte=now).values("pool"))
    crowded = needed.annotate(needed=F("held") + F("reserved")).filter(needed__gt=0).order_by("pk")
    return sum(len(settle_shortage(pool=pool, by=by, now=now)) for pool in crowded)


def outlooks(*, team: Team, now: datetime) -> list[tuple[Pool, Outlook]]:
    """Return the team's pools for which there will be too few licenses, in two statements."""
    pools = {each.pk: each for each in Pool.objects.filter(team=team).select_related("product")}
    stretches: dict[int, list[Line]] = defaultdict(list)
    for each in License.objects.filter(pool__in=pools).exclude(state=LicenseState.REVOKED):
        # what renews with its contract comes to no end as long as that goes on
        ends, stops = each.valid_until, each.usable_until
        if each.renews and now < ends:
            ends = stops = FAR
        line = Line(each.seats, each.valid_from, ends, stops)
        stretches[each.pool_id].append(line)
    found = (
        (pool, outlook(stretches=stretches[key], needed=pool.held + pool.reserved, now=now))
        for key, pool in pools.items()
    )
    return [(pool, each) for pool, each in found if each]


@dataclass(frozen=True, slots=True)
class Line:
    """A license as the outlook counts it."""

    seats: int
    begins: datetime
    ends: datetime
    stops: datetime


class _NothingToSettle(Exception):
    pass


def _excess(*, pool: Pool, now: datetime) -> int:
    """Return how many places are taken that nothing covers; none while a late renewal would restore all.

    What somebody without a seat uses offline can neither be taken back nor waited for: it ends by itself.
    """
    licenses = License.objects.filter(pool=pool).exclude(state=LicenseState.REVOKED)
    lasting = licenses.filter(valid_from__lte=now, usable_until__gt=now)
    capacity: int = lasting.aggregate(total=Coalesce(Sum("seats"), 0))["total"]
    if capacity == 0 and licenses.filter(usable_until__gt=now - RESTORE_TIME).exists():
        return 0
    offline = Reservation.objects.kept().filter(pool=pool, reason=KeptFor.BORROWED).count()
    return pool.held + pool.reserved - offline - capacity


def _free_reservations(*, pool: Pool, most: int, record: Record) -> int:
    kept = Reservation.objects.revocable().filter(pool=pool).order_by("-reserved_at", "-pk")[:most]
    return sum(free_reservation(reservation=each, record=record) for each in kept)


def _stand_first(lost: list[Seat], *, now: datetime) -> None:
    """Put who lost a seat at the head of the line: who was to go last comes first."""
    members = [each.member_id for each in lost]
    answered = SeatRequest.objects.filter(
        pool=lost[0].pool_id, member__in=members, state=RequestState.WAITING
    )
    answered.update(state=RequestState.GRANTED, decided_at=now)
    SeatRequest.objects.bulk_create(
        SeatRequest(team=each.team, pool=each.pool, member=each.member, asked_at=now, restores=True)
        for each in reversed(lost)
    )
