"""Give a seat, take it back. Every path goes through the two steps `take` and `give_back`."""

from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Subquery, Sum

from licet.catalog.rules import Text
from licet.eventlog.change import Record, change
from licet.eventlog.facts import Fact
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing
from licet.licenses.models import License, Pool
from licet.seats.errors import AlreadyHeld, AlreadyReleased, NoFreeSeat, NotAMember, NoUsableLicense
from licet.seats.events import SeatAssigned, SeatReleased
from licet.seats.models import Seat
from licet.teams.models import Member
from licet.teams.permissions import Permission, require

A_MOMENT = timedelta(minutes=2)
"""How long it is worth telling who took the last one."""


def assign(*, pool: Pool, member: Member, by: Actor, now: datetime) -> Seat:
    """Give one free license of the pool to a member of its team.

    One who holds a license of it already keeps it: the answer is that seat, and nothing changes.
    Refuses like `take`, and whoever may not assign: Missing for strangers, Forbidden for members.
    """
    require(by, Permission.ASSIGN_SEATS, pool.team)
    try:
        with change(by=by, now=now) as record:
            return take(pool=pool, member=member, record=record)
    except AlreadyHeld as known:
        return Seat.objects.select_related("pool__product", "member__person").get(pk=known.seat)


def release(*, seat: Seat, by: Actor, now: datetime) -> Seat:
    """Take a license back from the person who holds it; it is free again at once.

    One that was taken back before stays as it is and nothing changes. Refuses whoever may not
    assign: Missing for strangers, Forbidden for members.
    """
    require(by, Permission.ASSIGN_SEATS, seat.team)
    try:
        with change(by=by, now=now) as record:
            return give_back(seat=seat, record=record)
    except AlreadyReleased:
        seat.refresh_from_db(fields=["released_at"])
        return seat


def take(*, pool: Pool, member: Member, record: Record) -> Seat:
    """Take a free seat of the pool for the member: the only place where one is ever taken.

    The seat's `pool` is the one that was locked and read again, its `allowed` the capacity now.
    Refuses AlreadyHeld, NotAMember, NoUsableLicense, NoFreeSeat; Missing for a member of another team.
    """
    # Waits for every other tick, release and acceptance on this pool: the last seat goes to one of them.
    pool = Pool.objects.locked(pool.pk)
    has_left, holding, capacity = _standing(pool=pool, member=member, now=record.now)
    if holding is not None:
        raise AlreadyHeld(seat=holding, person=member.person.name)
    if has_left:
        raise NotAMember(person=member.person.name)
    if capacity == 0:
        raise NoUsableLicense(product=pool.product.name)
    if pool.held >= capacity:
        raise _no_free_seat(pool=pool, capacity=capacity, record=record)
    seat = Seat.objects.create(
        team=pool.team,
        pool=pool,
        member=member,
        assigned_at=record.now,
        assigned_by_id=record.by.id if record.by.is_person else None,
    )
    pool.held, pool.allowed = pool.held + 1, capacity
    Pool.objects.filter(pk=pool.pk).update(held=pool.held, allowed=pool.allowed)
    record(_told(SeatAssigned, seat=seat), team=pool.team_id)
    return seat


def give_back(*, seat: Seat, record: Record) -> Seat:
    """Put a held seat back into its pool: the only place where one is ever freed.

    Refuses AlreadyReleased.
    """
    # Waits for whoever takes a seat of this pool, so that `held` and the rows never part.
    pool = Pool.objects.locked(seat.pool_id)
    if not Seat.objects.held().filter(pk=seat.pk).update(released_at=record.now):
        raise AlreadyReleased
    Pool.objects.filter(pk=pool.pk).update(held=F("held") - 1)
    pool.held -= 1
    seat.pool, seat.released_at = pool, record.now
    record(_told(SeatReleased, seat=seat), team=pool.team_id)
    return seat


def _standing(*, pool: Pool, member: Member, now: datetime) -> tuple[bool, int | None, int]:
    """Read, in one statement: has the member left, which seat of the pool is held, the pool's capacity.

    The member's row is locked: whoever removes the member from the team waits, and finds the seat.
    Refuses a member of another team as Missing.
    """
    held = Seat.objects.held().filter(pool=pool, member=OuterRef("pk")).values("pk")
    usable = License.objects.usable(now).filter(pool=pool).order_by().values("pool")
    row = (
        Member.objects.select_for_update(no_key=True)
        .filter(pk=member.pk, team=pool.team_id)
        .values_list(
            "left_at", Subquery(held[:1]), Subquery(usable.annotate(total=Sum("seats")).values("total"))
        )
        .first()
    )
    if row is None:
        raise Missing
    left_at, holding, capacity = row
    return left_at is not None, holding, capacity or 0


def _no_free_seat(*, pool: Pool, capacity: int, record: Record) -> NoFreeSeat:
    """Say that the pool is exhausted, and who took the last seat when that was somebody else just now."""
    newest = (
        Seat.objects.held()
        .filter(pool=pool, assigned_at__gt=record.now - A_MOMENT)
        .select_related("member__person", "assigned_by")
        .order_by("-assigned_at", "-pk")
        .first()
    )
    if newest is None or (newest.assigned_by_id and newest.assigned_by_id == record.by.id):
        return NoFreeSeat(seats=capacity)
    giver = newest.assigned_by.name if newest.assigned_by else ""
    return NoFreeSeat(seats=capacity, receiver=newest.member.person.name, giver=giver)


def _told(fact: type[SeatAssigned] | type[SeatReleased], *, seat: Seat) -> Fact:
    """Fill in what both facts say of a seat."""
    return fact(
        seat=seat.pk,
        pool=seat.pool_id,
        member=seat.member_id,
        person=seat.member.person_id,
        product=seat.pool.product.code,
        person_name=seat.member.person.name,
        product_name=Text(seat.pool.product.names).read(language="en"),
    )
