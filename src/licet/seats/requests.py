"""Asking for a license, the answer, and the line of those who wait.

Whoever waits longest is the first in line. What becomes free goes there without anybody's doing where an
administrator chose so; else the pages show who waits, and an administrator gives it.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing
from licet.kernel.states import move
from licet.licenses.models import License, Pool
from licet.seats.actions import take
from licet.seats.errors import AlreadyHeld, NoFreeSeat, NotYetReassignable, NoUsableLicense, RequestAnswered
from licet.seats.events import (
    OffersSwitched,
    RequestDeclined,
    RequestGranted,
    RequestWithdrawn,
    SeatRequested,
)
from licet.seats.models import Seat, SeatRequest
from licet.seats.states import MOVES, RequestState
from licet.teams.models import Member
from licet.teams.permissions import Permission, require
from licet.teams.rules import message as tidied

RESTORE_TIME = timedelta(days=30)
"""So long after a shortage those who lost a seat get one back first, when new licenses come."""


def request_license(*, pool: Pool, message: str, by: Actor, now: datetime) -> SeatRequest:
    """Ask for a seat of a pool of one's own team; one that waits already stays where it is in the line.

    Refuses AlreadyHeld, MessageTooLong; Missing for who does not belong to the team.
    """
    words = tidied(typed=message)
    try:
        with change(by=by, now=now) as record:
            return _asked(pool=pool, message=words, record=record)
    except _Waits as known:
        return known.request


def grant_request(*, request: SeatRequest, by: Actor, now: datetime) -> Seat:
    """Give who asked a free seat. Refuses like `seats.take`, and RequestAnswered."""
    require(by, Permission.ASSIGN_SEATS, request.team)
    with change(by=by, now=now) as record:
        return _granted(request=_open(request=request), record=record)


def decline_request(*, request: SeatRequest, reason: str, by: Actor, now: datetime) -> SeatRequest:
    """Answer no, with a reason for the person to read (may be empty).

    Refuses RequestAnswered, MessageTooLong.
    """
    require(by, Permission.ASSIGN_SEATS, request.team)
    words = tidied(typed=reason)
    with change(by=by, now=now) as record:
        request = _open(request=request)
        _decide(request=request, to=RequestState.DECLINED, answer=words, now=now)
        record(_told(RequestDeclined, request=request), team=request.team_id)
    return request


def withdraw_request(*, request: SeatRequest, by: Actor, now: datetime) -> SeatRequest:
    """Ask no longer. Refuses RequestAnswered; another person's request is Missing."""
    if not by.is_person or request.member.person_id != by.id:
        raise Missing
    with change(by=by, now=now) as record:
        request = _open(request=request)
        _decide(request=request, to=RequestState.WITHDRAWN, answer="", now=now)
        record(_told(RequestWithdrawn, request=request), team=request.team_id)
    return request


def switch_offers(*, pool: Pool, automatic: bool, by: Actor, now: datetime) -> Pool:
    """Choose whether what becomes free goes to the first in line without anybody's doing."""
    require(by, Permission.ASSIGN_SEATS, pool.team)
    with change(by=by, now=now) as record:
        pool = Pool.objects.locked(pool.pk)
        pool.auto_offer = automatic
        pool.save(update_fields=["auto_offer"])
        record(
            OffersSwitched(
                pool=pool.pk,
                product=pool.product.code,
                way="automatic" if automatic else "by_hand",
                product_name=pool.product.names,
            ),
            team=pool.team_id,
        )
    return pool


def serve_line(*, pool: Pool, by: Actor, now: datetime) -> list[Seat]:
    """Give what is free of the pool to those who wait, in their order, where an administrator chose so.

    Else only to those who lost a seat in a shortage, when licenses came within 30 days.

    May be called as often as one likes: each place is given under the pool's lock, so once.
    """
    served: list[Seat] = []
    try:
        while True:
            with change(by=by, now=now) as record:
                # Two workers, a tick and an acceptance meet here: who is first is read after the lock.
                pool = Pool.objects.locked(pool.pk)
                first = _first(pool=pool, now=now)
                if first is None:
                    raise _NobodyWaits
                served.append(_granted(request=first, record=record))
    except (_NobodyWaits, NoFreeSeat, NoUsableLicense, NotYetReassignable):
        return served


def serve_all_lines(*, by: Actor, now: datetime) -> int:
    """Serve every line that an administrator lets serve itself; return how many seats were given.

    Called by the schedule every few seconds: so nothing that makes a place free, be it a release, a
    purchase or only the clock, has to know of those who wait.
    """
    waited_for = SeatRequest.objects.waiting().filter(Q(pool__auto_offer=True) | _restoring(now=now))
    pools = Pool.objects.filter(pk__in=waited_for.values("pool")).order_by("pk")
    return sum(len(serve_line(pool=pool, by=by, now=now)) for pool in pools)


class _NobodyWaits(Exception):
    pass


class _Waits(Exception):
    def __init__(self, request: SeatRequest) -> None:
        self.request = request


def _asked(*, pool: Pool, message: str, record: Record) -> SeatRequest:
    # A second click asks at the same moment; and a tick may give the seat while this is asked.
    pool = Pool.objects.locked(pool.pk)
    member = _own_member(pool=pool, by=record.by)
    held = Seat.objects.held().filter(pool=pool, member=member).first()
    if held:
        raise AlreadyHeld(seat=held.pk, person=member.person.name)
    mine = SeatRequest.objects.filter(pool=pool, member=member)
    known = mine.waiting().first()
    if known:
        raise _Waits(known)
    # one that was answered by a tick is still stored as waiting
    stale = mine.filter(state=RequestState.WAITING)
    stale.update(state=RequestState.GRANTED, decided_at=record.now)
    request = SeatRequest.objects.create(
        team=pool.team, pool=pool, member=member, message=message, asked_at=record.now
    )
    record(_told(SeatRequested, request=request), team=pool.team_id)
    return request


def _first(*, pool: Pool, now: datetime) -> SeatRequest | None:
    """Return whose turn it is without anybody's doing."""
    line = SeatRequest.objects.in_line().filter(pool=pool).select_related("member__person", "pool__product")
    return (line if pool.auto_offer else line.filter(_restoring(now=now))).first()


def _restoring(*, now: datetime) -> Q:
    """Say which requests give back what a shortage took: lately, and licenses came since."""
    came = License.objects.usable(now).filter(pool=OuterRef("pool"), issued_at__gte=OuterRef("asked_at"))
    return Q(Exists(came), restores=True, asked_at__gt=now - RESTORE_TIME)


def _own_member(*, pool: Pool, by: Actor) -> Member:
    if not by.is_person:
        raise Missing
    own = Member.objects.active().filter(team=pool.team_id, person=by.id)
    member = own.select_related("person").first()
    if member is None:
        raise Missing
    return member


def _open(*, request: SeatRequest) -> SeatRequest:
    """Lock the pool, where all that is decided about its requests meets, and read the request again."""
    pool = Pool.objects.locked(request.pool_id)
    waiting = SeatRequest.objects.waiting().filter(pk=request.pk).select_related("member__person").first()
    if waiting is None:
        raise RequestAnswered
    waiting.pool = pool
    return waiting


def _granted(*, request: SeatRequest, record: Record) -> Seat:
    seat = take(pool=request.pool, member=request.member, record=record)
    _decide(request=request, to=RequestState.GRANTED, answer="", now=record.now)
    record(_told(RequestGranted, request=request), team=request.team_id)
    return seat


def _decide(*, request: SeatRequest, to: RequestState, answer: str, now: datetime) -> None:
    to = move(table=MOVES, current=RequestState(request.state), to=to)
    SeatRequest.objects.filter(pk=request.pk).update(state=to, answer=answer, decided_at=now)
    request.refresh_from_db(fields=["state", "answer", "decided_at"])


def _told(fact: type[SeatRequested], *, request: SeatRequest) -> SeatRequested:
    return fact(
        request=request.pk,
        pool=request.pool_id,
        member=request.member_id,
        product=request.pool.product.code,
        person_name=request.member.person.name,
        product_name=request.pool.product.names,
    )
