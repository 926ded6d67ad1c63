"""Give a seat, take it back, keep one free. Every path goes through the steps of this file.

`take` and `give_back` for seats (`take_each` and `give_back_each` for many), `reserve` and
`free_reservation` for places that are kept; who may have one is counted in `places`. Whoever needs
several pools takes them in the order of their keys, after the team where the team is locked too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from licet.eventlog.change import Record, change
from licet.eventlog.facts import Fact
from licet.kernel.actor import Actor
from licet.kernel.refusal import Refusal
from licet.licenses.models import Pool
from licet.seats import turnover
from licet.seats.borrowing import keep_borrowed
from licet.seats.errors import AlreadyHeld, AlreadyReleased
from licet.seats.events import ReservationFreed, SeatAssigned, SeatReleased, SeatReserved, SeatTakenUp
from licet.seats.models import Reservation, Seat
from licet.seats.places import Places, read
from licet.seats.signouts import end_sign_ins
from licet.seats.states import KeptFor
from licet.teams.models import Invitation, Member
from licet.teams.permissions import Permission, require


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Somebody who is to have a seat of a pool (its key); `invitation`: the one that brought the member."""

    pool: int
    member: Member
    invitation: Invitation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Somebody for whom a seat of a pool (its key) is to be kept until then (excluded)."""

    pool: int
    receiver: Member | Invitation
    until: datetime


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
    """Take a free seat of the pool for the member. A step.

    A place that is kept for the member, or for the `invitation` that brought the member here, is used
    up by it; those kept for others are not free. The seat's `pool` is the one that was locked and read
    again, its `allowed` the capacity now. Refuses AlreadyHeld, NotAMember, NoUsableLicense, NoFreeSeat,
    NotYetReassignable, all before anything was taken; Missing for a member of another team.
    """
    [outcome] = take_each(wanted=[Wanted(pool=pool.pk, member=member, invitation=invitation)], record=record)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def take_each(*, wanted: Sequence[Wanted], record: Record) -> list[Seat | Refusal]:
    """Take seats of one team, in this order, as far as they go: the only place where one is ever taken.

    Returns for each the seat, or why there is none (as `take` refuses). A step; so many statements for
    any number of pools and people, and the rows written in bulk.
    """
    pools, members = {each.pool for each in wanted}, {each.member for each in wanted}
    invitations = [each.invitation for each in wanted if each.invitation]
    places = read(
        pools=pools, members=members, invitations=invitations, by=record.by, now=record.now, lock=True
    )
    outcomes: list[Seat | Refusal] = []
    used: list[int] = []
    for each in wanted:
        kept = places.kept.get((each.pool, each.member))
        try:
            used += places.claim(pool=each.pool, member=each.member, invitation=each.invitation)
            seat = _seat(pool=places.pools[each.pool], member=each.member, record=record)
            seat.replaces_id = places.taken_up.get((each.pool, each.member.pk))
            if kept and kept.reason == KeptFor.BORROWED:  # what goes on offline goes on with this seat
                seat.borrowed_until = kept.expires_at
            outcomes.append(seat)
        except Refusal as refusal:
            outcomes.append(refusal)
    taken = [each for each in outcomes if isinstance(each, Seat)]
    if taken:
        Seat.objects.bulk_create(taken)
        _write_counts(places, used=used)
    for each, outcome in zip(wanted, outcomes, strict=True):
        if isinstance(outcome, Seat):
            fact = SeatTakenUp if each.invitation else SeatAssigned
            record(_told(fact, seat=outcome), team=outcome.team_id)
    return outcomes


def give_back(*, seat: Seat, record: Record) -> Seat:
    """Put a held seat back into its pool. A step. Refuses AlreadyReleased."""
    [freed] = give_back_each(seats=[seat], record=record)
    return freed


def give_back_each(*, seats: Sequence[Seat], record: Record, signing_out: bool = True) -> Sequence[Seat]:
    """Put held seats back into their pools: the only place where one is ever freed. A step.

    Whoever holds no license of an application's products any more is signed out of it; a caller that gives
    other seats next leaves `signing_out` out and does it afterwards (`signouts.end_sign_ins`). Refuses
    AlreadyReleased where one of them is not held any more; then none is given back.
    """
    # Waits for whoever takes a seat of these pools, so that `held` and the rows never part.
    asked = Pool.objects.select_for_update(of=("self",), no_key=True).select_related("team", "product")
    pools = {each.pk: each for each in asked.filter(pk__in={s.pool_id for s in seats}).order_by("pk")}
    held = Seat.objects.held().filter(pk__in=[each.pk for each in seats])
    freed = {"released_at": record.now, "replaces": turnover.unused_took_nothing()}
    count = held.not_borrowed(record.now).update(**freed)
    if count != len(seats):  # so the others are borrowed, or somebody took them back before
        lent = keep_borrowed(seats=seats, pools=pools, record=record)
        if count + len(lent) != len(seats):
            raise AlreadyReleased
        held.filter(pk__in=lent).update(**freed)
    for seat in seats:
        seat.pool, seat.released_at = pools[seat.pool_id], record.now
        seat.pool.held -= 1
        record(_told(SeatReleased, seat=seat), team=seat.pool.team_id)
    Pool.objects.bulk_update(pools.values(), ["held", "reserved"])
    if signing_out:
        end_sign_ins(seats=seats, record=record)
    return seats


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
    keeping = [Keeping(pool=pool.pk, receiver=receiver, until=expires_at)]
    [outcome] = reserve_each(wanted=keeping, record=record)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def reserve_each(*, wanted: Sequence[Keeping], record: Record) -> list[Reservation | Refusal]:
    """Keep seats of one team, in this order, as far as they go: the only place where one is ever kept.

    Returns for each the reservation, or why there is none (as `reserve` refuses). A step; so many
    statements for any number of pools and people, and the new rows written in bulk.
    """
    receivers = {each.receiver for each in wanted}
    # Waits like `take`: a place that is kept must not be given to somebody else at the same moment.
    places = read(
        pools={each.pool for each in wanted},
        members=[each for each in receivers if isinstance(each, Member)],
        invitations=[each for each in receivers if isinstance(each, Invitation)],
        by=record.by,
        now=record.now,
        lock=True,
    )
    outcomes: list[Reservation | Refusal] = []
    for each in wanted:
        try:
            known = places.keep(pool=each.pool, receiver=each.receiver)
            pool = places.pools[each.pool]
            outcomes.append(
                _reservation(known, pool=pool, receiver=each.receiver, until=each.until, record=record)
            )
        except Refusal as refusal:
            outcomes.append(refusal)
    kept = [each for each in outcomes if isinstance(each, Reservation)]
    if kept:
        _write_counts(places, used=[])
        Reservation.objects.bulk_create([each for each in kept if not each.pk])
        Reservation.objects.bulk_update([each for each in kept if each.pk], ["expires_at"])
    for reservation in kept:
        record(
            _kept(SeatReserved, reservation=reservation, until=reservation.expires_at.isoformat()),
            team=reservation.team_id,
        )
    return outcomes


def free_reservation(*, reservation: Reservation, record: Record) -> bool:
    """Stop keeping a place free; one that was used, given up or swept before stays as it is.

    Returns whether it was still kept, by somebody's decision or only because nobody had swept it.
    """
    return bool(free_reservations(reservations=[reservation], record=record))


def free_reservations(*, reservations: Sequence[Reservation], record: Record) -> list[Reservation]:
    """Stop keeping these places free: the only place where that is done. A step, in three statements.

    Returns those that were still kept, as `free_reservation` says.
    """
    if not reservations:
        return []
    # Waits for whoever takes or keeps a seat of these pools, so that `reserved` and the rows never part.
    asked = Pool.objects.select_for_update(of=("self",), no_key=True).select_related("team", "product")
    keys = {each.pool_id for each in reservations}
    pools = {each.pk: each for each in asked.filter(pk__in=keys).order_by("pk")}
    here = Reservation.objects.kept().filter(pk__in=[each.pk for each in reservations])
    still = set(here.values_list("pk", flat=True))
    freed = [each for each in reservations if each.pk in still]
    if not freed:
        return []
    here.update(ended_at=record.now)
    for each in freed:
        each.pool, each.ended_at = pools[each.pool_id], record.now
        each.pool.reserved -= 1
        record(_kept(ReservationFreed, reservation=each), team=each.team_id)
    Pool.objects.bulk_update(pools.values(), ["reserved"])
    return freed


def free_reservations_of_invitation(*, invitation: Invitation, record: Record) -> int:
    """Free every place that is kept for the invitation; returns how many."""
    kept = Reservation.objects.kept().filter(invitation=invitation).select_related("invitation")
    return len(free_reservations(reservations=list(kept.order_by("pool")), record=record))


def free_reservations_of_member(*, member: Member, record: Record) -> int:
    """Free every place that is offered to the member; what is in use offline stays. Returns how many."""
    kept = Reservation.objects.revocable().filter(member=member).select_related("member__person")
    return len(free_reservations(reservations=list(kept.order_by("pool")), record=record))


def _seat(*, pool: Pool, member: Member, record: Record) -> Seat:
    """Return the row of a seat that was claimed, not yet written."""
    return Seat(
        team=pool.team,
        pool=pool,
        member=member,
        assigned_at=record.now,
        assigned_by_id=record.by.id if record.by.is_person else None,
    )


def _write_counts(places: Places, *, used: Sequence[int]) -> None:
    """Write what the pools hold now; end the reservations (keys) that were used up or have expired."""
    ended = [*used, *places.expired]
    if ended:
        Reservation.objects.filter(pk__in=ended).update(ended_at=places.now)
    Pool.objects.bulk_update(places.pools.values(), ["held", "reserved", "allowed"])


def _reservation(
    known: Reservation | None, *, pool: Pool, receiver: Member | Invitation, until: datetime, record: Record
) -> Reservation:
    """Return the row of a place that was counted as kept, not yet written; `known` where there is one."""
    kept = known or Reservation(team=pool.team, reserved_at=record.now)
    if known and known.reason == KeptFor.BORROWED:  # in use offline: it never ends earlier
        until = max(until, known.expires_at)
    kept.pool, kept.expires_at = pool, until
    kept.invitation = receiver if isinstance(receiver, Invitation) else None
    kept.member = receiver if isinstance(receiver, Member) else None
    if kept.reason != KeptFor.BORROWED:
        kept.reason = KeptFor.INVITED if kept.invitation else KeptFor.OFFERED
    return kept


def _kept(
    fact: type[SeatReserved] | type[ReservationFreed], *, reservation: Reservation, **more: str
) -> Fact:
    """Fill in what both facts say of a place that is kept for somebody."""
    invitation, member = reservation.invitation, reservation.member
    return fact(
        reservation=reservation.pk,
        pool=reservation.pool_id,
        invitation=reservation.invitation_id,
        member=reservation.member_id,
        product=reservation.pool.product.code,
        receiver=invitation.email if invitation else member.person.name if member else "",
        product_name=reservation.pool.product.names,
        **more,
    )


def _told(fact: type[SeatAssigned] | type[SeatReleased], *, seat: Seat) -> Fact:
    """Fill in what both facts say of a seat."""
    return fact(
        seat=seat.pk,
        pool=seat.pool_id,
        member=seat.member_id,
        person=seat.member.person_id,
        product=seat.pool.product.code,
        person_name=seat.member.person.name,
        product_name=seat.pool.product.names,
    )
