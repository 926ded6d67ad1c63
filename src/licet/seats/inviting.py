"""What an invitation keeps of the pools, in steps: for the verbs that ask, send again, accept and end one.

The caller has locked the team and the invitation (`teams.inviting` does); the pools are locked here, all at
once and in the order of their keys.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from licet.eventlog.change import Record
from licet.kernel.refusal import Missing, Refusal
from licet.licenses.models import Pool
from licet.seats.actions import (
    Keeping,
    Wanted,
    free_reservation,
    free_reservations,
    reserve_each,
    take_each,
)
from licet.seats.errors import AlreadyHeld, NotEnoughFree, NotYetReassignable, Shortage
from licet.seats.events import SeatMissed
from licet.seats.models import Reservation, Seat
from licet.teams.models import Invitation, Member


@dataclass(frozen=True, slots=True)
class Missed:
    """A license that somebody was promised and does not get; `why` is the code of the refusal."""

    pool: Pool
    why: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What an accepted invitation brought: the seats, and what was promised and is gone."""

    seats: tuple[Seat, ...]
    missed: tuple[Missed, ...]


def keep(
    *, pools: Collection[Pool], invitations: Sequence[Invitation], as_many_as_fit: bool, record: Record
) -> dict[int, list[Pool]]:
    """Keep a seat of each pool for each invitation, until it expires; what it kept of others is freed.

    Returns, by invitation (key), the pools of which it got none: nothing where `as_many_as_fit` is false,
    for then NotEnoughFree is refused. In the order of the invitations. Refuses Missing for a pool of
    another team.
    """
    if not invitations:
        return {}
    if any(pool.team_id != invitations[0].team_id for pool in pools):
        raise Missing
    _free_others(pools=pools, invitations=invitations, record=record)
    if not pools:
        return {}
    by_key = {pool.pk: pool for pool in sorted(pools, key=lambda pool: pool.pk)}
    wanted = [
        Keeping(pool=pool, receiver=each, until=each.expires_at()) for each in invitations for pool in by_key
    ]
    outcomes = reserve_each(wanted=wanted, record=record)
    without: dict[int, list[Pool]] = {}
    again: dict[int, datetime] = {}
    for asked, outcome in zip(wanted, outcomes, strict=True):
        if isinstance(outcome, Refusal):
            without.setdefault(asked.receiver.pk, []).append(by_key[asked.pool])
            if isinstance(outcome, NotYetReassignable) and outcome.again:
                again.setdefault(asked.pool, outcome.again)
    if without and not as_many_as_fit:
        missing = Counter(pool.pk for pools in without.values() for pool in pools)
        raise NotEnoughFree(
            shortages=tuple(
                Shortage(
                    product=by_key[pool].product.name,
                    wanted=len(invitations),
                    missing=count,
                    again=again.get(pool),
                )
                for pool, count in sorted(missing.items())
            )
        )
    return without


def renew(*, invitation: Invitation, before: Invitation, record: Record) -> list[Pool]:
    """Keep what the invitation kept in its former term (`before`) for the new one too.

    What had expired meanwhile is kept again where it is still free. Returns the pools of which nothing
    is kept any more, because others have taken the licenses or these have ended.
    """
    kept = Reservation.objects.filter(invitation=invitation, expires_at=before.expires_at())
    promised = [each for each in kept.select_related("pool__product").order_by("pool") if each.lasted()]
    until = invitation.expires_at()
    wanted = [Keeping(pool=each.pool_id, receiver=invitation, until=until) for each in promised]
    if not wanted:
        return []
    lost = []
    outcomes = reserve_each(wanted=wanted, record=record)
    for reservation, outcome in zip(promised, outcomes, strict=True):
        if isinstance(outcome, Refusal):
            free_reservation(reservation=reservation, record=record)
            lost.append(reservation.pool)
    return lost


def fulfil(*, invitation: Invitation, member: Member, record: Record) -> Brought:
    """Turn what the accepted invitation keeps into seats of the member who accepted it.

    The limits are checked again. What is no longer kept, or no longer there because licenses have ended,
    is not given: the membership stands without it, and a fact tells everybody concerned.
    """
    kept = Reservation.objects.filter(invitation=invitation, expires_at=invitation.expires_at())
    promised = [each for each in kept.select_related("pool__product").order_by("pool") if each.lasted()]
    there = [each for each in promised if each.is_open(record.now)]
    wanted = [Wanted(pool=each.pool_id, member=member, invitation=invitation) for each in there]
    outcomes = take_each(wanted=wanted, record=record) if wanted else []
    missed = [Missed(pool=each.pool, why="reservation_ended") for each in promised if each not in there]
    for reservation, outcome in zip(there, outcomes, strict=True):
        if isinstance(outcome, Refusal):
            free_reservation(reservation=reservation, record=record)
            if not isinstance(outcome, AlreadyHeld):  # who has one of before needs no second
                missed.append(Missed(pool=reservation.pool, why=outcome.code))
    for each in missed:
        record(_told(each, invitation=invitation, member=member), team=invitation.team_id)
    return Brought(seats=tuple(each for each in outcomes if isinstance(each, Seat)), missed=tuple(missed))


def _free_others(*, pools: Collection[Pool], invitations: Sequence[Invitation], record: Record) -> None:
    """Free what these invitations kept of pools that they no longer carry."""
    kept = Reservation.objects.kept().filter(invitation__in=invitations).exclude(pool__in=pools)
    free_reservations(reservations=list(kept.select_related("invitation").order_by("pool")), record=record)


def _told(missed: Missed, *, invitation: Invitation, member: Member) -> SeatMissed:
    return SeatMissed(
        invitation=invitation.pk,
        member=member.pk,
        pool=missed.pool.pk,
        product=missed.pool.product.code,
        why=missed.why,
        person_name=member.person.name,
        product_name=missed.pool.product.names,
    )
