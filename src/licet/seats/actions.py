"""Give a seat, take it back, keep one free. Every path goes through the steps of this file.

`take` and `give_back` for seats, `reserve` and `free_reservation` for places that are kept. Whoever
needs several pools takes them in the order of their keys, after the team where the team is locked too.
"""

from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, Subquery, Sum

from licet.catalog.rules import Text
from licet.eventlog.change import Record, change
from licet.eventlog.facts import Fact
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing
from licet.licenses.models import License, Pool
from licet.seats.errors import AlreadyHeld, AlreadyReleased, NoFreeSeat, NotAMember, NoUsableLicense
from licet.seats.events import ReservationFreed, SeatAssigned, SeatReleased, SeatReserved
from licet.seats.models import Reservation, Seat
from licet.teams.models import Invitation, Member
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


def take(*, pool: Pool, member: Member, record: Record, invitation: Invitation | None = None) -> Seat:
    """Take a free seat of the pool for the member: the only place where one is ever taken.

    A place that is kept for the member, or for the `invitation` that brought the member here, is used
    up by it; those kept for others are not free. The seat's `pool` is the one that was locked and read
    again, its `allowed` the capacity now. Refuses AlreadyHeld, NotAMember, NoUsableLicense, NoFreeSeat,
    all before anything was taken; Missing for a member of another team.
    """
    # Waits for every other tick, release, reservation and acceptance on this pool: the last seat goes to
    # one of them.
    pool = _locked(pool=pool, now=record.now)
    has_left, holding, capacity = _standing(pool=pool, member=member, now=record.now)
    if holding is not None:
        raise AlreadyHeld(seat=holding, person=member.person.name)
    if has_left:
        raise NotAMember(person=member.person.name)
    if capacity == 0:
        raise NoUsableLicense(product=pool.product.name)
    own = _kept_for(pool=pool, member=member, invitation=invitation)
    if pool.held + pool.reserved - len(own) >= capacity:
        raise _no_free_seat(pool=pool, capacity=capacity, record=record)
    if own:
        pool.reserved -= Reservation.objects.filter(pk__in=own).update(ended_at=record.now)
    seat = Seat.objects.create(
        team=pool.team,
        pool=pool,
        member=member,
        assigned_at=record.now,
        assigned_by_id=record.by.id if record.by.is_person else None,
    )
    pool.held, pool.allowed = pool.held + 1, capacity
    Pool.objects.filter(pk=pool.pk).update(held=pool.held, reserved=pool.reserved, allowed=pool.allowed)
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


def reserve(
    *,
    pool: Pool,
    expires_at: datetime,
    record: Record,
    invitation: Invitation | None = None,
    member: Member | None = None,
) -> Reservation:
    """Keep one free seat of the pool until `expires_at` (excluded), for an invitation or for a member.

    One that is kept already for the same is kept until the new end. Refuses NoUsableLicense,
    NoFreeSeat; Missing for who belongs to another team.
    """
    receiver = invitation or member
    assert receiver is not None
    # Waits like `take`: a place that is kept must not be given to somebody else at the same moment.
    pool = _locked(pool=pool, now=record.now)
    if receiver.team_id != pool.team_id:
        raise Missing
    capacity = pool.capacity(record.now)
    if capacity == 0:
        raise NoUsableLicense(product=pool.product.name)
    kept = Reservation.objects.kept().filter(pool=pool, invitation=invitation, member=member).first()
    if pool.held + pool.reserved - (kept is not None) >= capacity:
        raise _no_free_seat(pool=pool, capacity=capacity, record=record)
    if kept is None:
        kept = Reservation(
            team=pool.team, pool=pool, invitation=invitation, member=member, reserved_at=record.now
        )
        Pool.objects.filter(pk=pool.pk).update(reserved=pool.reserved + 1, allowed=capacity)
    kept.pool, kept.invitation, kept.member = pool, invitation, member
    kept.expires_at = expires_at
    kept.save()
    record(
        SeatReserved(
            reservation=kept.pk,
            pool=pool.pk,
            invitation=kept.invitation_id,
            member=kept.member_id,
            product=pool.product.code,
            until=expires_at.isoformat(),
            receiver=_receiver(kept),
            product_name=Text(pool.product.names).read(language="en"),
        ),
        team=pool.team_id,
    )
    return kept


def free_reservation(*, reservation: Reservation, record: Record) -> bool:
    """Stop keeping a place free; one that was used, given up or swept before stays as it is.

    Returns whether it was still kept, by somebody's decision or only because nobody had swept it.
    """
    # Waits for whoever takes or keeps a seat of this pool, so that `reserved` and the rows never part.
    pool = Pool.objects.locked(reservation.pool_id)
    if not Reservation.objects.kept().filter(pk=reservation.pk).update(ended_at=record.now):
        return False
    Pool.objects.filter(pk=pool.pk).update(reserved=F("reserved") - 1)
    reservation.pool, reservation.ended_at = pool, record.now
    record(
        ReservationFreed(
            reservation=reservation.pk,
            pool=pool.pk,
            invitation=reservation.invitation_id,
            member=reservation.member_id,
            product=pool.product.code,
            receiver=_receiver(reservation),
            product_name=Text(pool.product.names).read(language="en"),
        ),
        team=pool.team_id,
    )
    return True


def free_reservations_of_invitation(*, invitation: Invitation, record: Record) -> int:
    """Free every place that is kept for the invitation; returns how many."""
    kept = Reservation.objects.kept().filter(invitation=invitation).order_by("pool")
    return sum(free_reservation(reservation=each, record=record) for each in kept)


def free_reservations_of_member(*, member: Member, record: Record) -> int:
    """Free every place that is offered to the member; returns how many."""
    kept = Reservation.objects.kept().filter(member=member).order_by("pool")
    return sum(free_reservation(reservation=each, record=record) for each in kept)


def _locked(*, pool: Pool, now: datetime) -> Pool:
    """Lock the pool, read it again, and sweep the reservations that the clock has closed."""
    pool = Pool.objects.locked(pool.pk)
    if pool.reserved:
        swept = Reservation.objects.expired(now).filter(pool=pool).update(ended_at=now)
        if swept:
            pool.reserved -= swept
            Pool.objects.filter(pk=pool.pk).update(reserved=pool.reserved)
    return pool


def _kept_for(*, pool: Pool, member: Member, invitation: Invitation | None) -> list[int]:
    """Return what is kept of the locked and swept pool for this member, or for the invitation."""
    if not pool.reserved:
        return []
    mine = Q(member=member)
    if invitation is not None:
        mine |= Q(invitation=invitation)
    return list(Reservation.objects.kept().filter(mine, pool=pool).values_list("pk", flat=True))


def _receiver(reservation: Reservation) -> str:
    """Return the name or address of the one for whom a place is kept."""
    if reservation.invitation is not None:
        return reservation.invitation.email
    assert reservation.member is not None
    return reservation.member.person.name


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
        return NoFreeSeat(seats=capacity, reserved=pool.reserved)
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
