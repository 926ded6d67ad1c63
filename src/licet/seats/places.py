"""Who may have a seat: the one place that counts, for a single tick as for a thousand at once.

`read` reads pools and people as they stand, under their locks or (to show what would happen) without;
`claim` and `give_up` then count place by place, in memory. Writing is the verbs' business.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Q, Subquery, Sum

from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing, Refusal
from licet.licenses.models import License, Pool
from licet.seats import turnover
from licet.seats.errors import AlreadyHeld, LicensesUnpaid, NoFreeSeat, NotAMember, NoUsableLicense
from licet.seats.models import Reservation, Seat
from licet.seats.states import KeptFor
from licet.seats.turnover import Turnover
from licet.teams.models import Invitation, Member

A_MOMENT = timedelta(minutes=2)
"""How long it is worth telling who took the last one."""


@dataclass(slots=True)
class Places:
    """Pools of one team (by key) and some of its people at one moment; `held` and `reserved` count along.

    `capacities` by pool: the seats that somebody new may have; `holdings`: the seat by pool and member;
    `present`: whether each member still belongs to the team; `kept`: reservations by pool and who they are
    for; `expired`: those to sweep. `turnovers`: freed places by pool, where a rule says who may have them;
    `taken_up`: the seat of before (key) whose place a claim took up, by pool and member.
    """

    by: Actor
    now: datetime
    pools: dict[int, Pool]
    capacities: dict[int, int] = field(default_factory=dict)
    holdings: dict[tuple[int, int], int] = field(default_factory=dict)
    present: dict[int, bool] = field(default_factory=dict)
    kept: dict[tuple[int, Member | Invitation], Reservation] = field(default_factory=dict)
    expired: list[int] = field(default_factory=list)
    turnovers: dict[int, Turnover] = field(default_factory=dict)
    taken_up: dict[tuple[int, int], int] = field(default_factory=dict)
    _newest: dict[int, Seat] | None = None
    _lent: set[int] | None = None

    def free(self, pool: int) -> int:
        """Return how many seats of the pool can be given; below zero when capacity has fallen."""
        here = self.pools[pool]
        return self.capacities[pool] - here.held - here.reserved

    def give_up(self, *, pool: int, member: Member) -> int | None:
        """Count the member's place as free again; return the seat, or None where nothing is held.

        A place that is in use offline is not free: it counts as kept for the member.
        """
        seat = self.holdings.pop((pool, member.pk), None)
        if seat is not None:
            self.pools[pool].held -= 1
            if self._lent is None:
                self._lent = _lent(pools=self.pools, now=self.now)
            if seat in self._lent and (pool, member) not in self.kept:
                self.pools[pool].reserved += 1
                self.kept[pool, member] = Reservation(reason=KeptFor.BORROWED)  # written by `give_back_each`
            if pool in self.turnovers:
                self.turnovers[pool].give_up(seat=seat, kept=(pool, member) in self.kept)
        return seat

    def claim(self, *, pool: int, member: Member, invitation: Invitation | None = None) -> list[int]:
        """Count one free place of the pool as the member's; return the reservations that it uses up.

        Refuses AlreadyHeld, NotAMember, NoUsableLicense, NoFreeSeat, NotYetReassignable, then nothing is
        counted; Missing for a member of another team.
        """
        here, capacity = self.pools[pool], self.capacities[pool]
        if member.pk not in self.present:
            raise Missing
        holding = self.holdings.get((pool, member.pk))
        if holding is not None:
            raise AlreadyHeld(seat=holding, person=member.person.name)
        if not self.present[member.pk]:
            raise NotAMember(person=member.person.name)
        if capacity == 0:
            raise self._no_license(here)
        receivers = (member, invitation) if invitation else (member,)
        mine = [self.kept[pool, each].pk for each in receivers if (pool, each) in self.kept]
        room = capacity - here.held - here.reserved + len(mine)
        if room <= 0:
            raise self._no_free_seat(here)
        if pool in self.turnovers:
            taken_up = self.turnovers[pool].take_up(
                person=member.person_id, email=member.person.email, room=room, unheld=capacity - here.held
            )
            if taken_up is not None:
                self.taken_up[pool, member.pk] = taken_up
        here.held, here.reserved, here.allowed = here.held + 1, here.reserved - len(mine), capacity
        self.holdings[pool, member.pk] = 0  # its row is not written yet
        return mine

    def keep(self, *, pool: int, receiver: Member | Invitation) -> Reservation | None:
        """Count one free place as kept for somebody; return the reservation that keeps one already, if any.

        Refuses NoUsableLicense, NoFreeSeat, NotYetReassignable; Missing for who belongs to another team.
        """
        here, capacity = self.pools[pool], self.capacities[pool]
        if receiver.team_id != here.team_id:
            raise Missing
        if capacity == 0:
            raise self._no_license(here)
        known = self.kept.get((pool, receiver))
        room = capacity - here.held - here.reserved + (known is not None)
        if room <= 0:
            raise self._no_free_seat(here)
        if pool in self.turnovers:
            person, email = (
                (receiver.person_id, receiver.person.email)
                if isinstance(receiver, Member)
                else (None, receiver.email)
            )
            self.turnovers[pool].check(person=person, email=email, room=room, unheld=capacity - here.held)
        if known is None:
            here.reserved, here.allowed = here.reserved + 1, capacity
        return known

    def let_go(self, *, pool: int, receiver: Member | Invitation) -> Reservation | None:
        """Count the place that is kept for somebody as free again; return what kept it, if anything did."""
        known = self.kept.pop((pool, receiver), None)
        if known is not None:
            self.pools[pool].reserved -= 1
        return known

    def again(self, *, pool: int, seat: int) -> datetime | None:
        """Return when the place of a seat that was given up can go to others; None where it can at once."""
        here = self.turnovers.get(pool)
        return here.again(seat=seat) if here else None

    def left(self, *, pool: int, member: Member) -> int | None:
        """Return what is left of the quota after the member took up a place that somebody else used."""
        here, taken_up = self.turnovers.get(pool), self.taken_up.get((pool, member.pk))
        return here.left if here and taken_up in here.passed_on else None

    def _no_license(self, pool: Pool) -> Refusal:
        """Say that there is no license at all, or that those which there are wait for their payment."""
        if self._unpaid(pool):
            return LicensesUnpaid(product=pool.product.name)
        return NoUsableLicense(product=pool.product.name)

    def _unpaid(self, pool: Pool) -> bool:
        return pool.capacity(self.now) > max(0, self.capacities[pool.pk])

    def _no_free_seat(self, pool: Pool) -> Refusal:
        """Say that the pool is exhausted, and who took the last seat when that was somebody else just now."""
        if self._unpaid(pool):
            return LicensesUnpaid(product=pool.product.name)
        if self._newest is None:
            self._newest = _newest(pools=self.pools, since=self.now - A_MOMENT)
        capacity, newest = self.capacities[pool.pk], self._newest.get(pool.pk)
        if newest is None or (newest.assigned_by_id and newest.assigned_by_id == self.by.id):
            offline = _offline(pool=pool, now=self.now) if pool.reserved else None
            if offline is not None and offline.member is not None:
                name = offline.member.person.name
                return NoFreeSeat(seats=capacity, offline=name, free_at=offline.expires_at)
            return NoFreeSeat(seats=capacity, reserved=pool.reserved)
        giver = newest.assigned_by.name if newest.assigned_by else ""
        return NoFreeSeat(seats=capacity, receiver=newest.member.person.name, giver=giver)


def read(
    *,
    pools: Collection[int],
    members: Collection[Member],
    by: Actor,
    now: datetime,
    lock: bool,
    invitations: Iterable[Invitation] = (),
    freed: bool = True,
) -> Places:
    """Read pools (keys) of one team and what its members hold of them, in two or three statements.

    Three more where the licenses of one of them have a rule of reassignment, unless nothing is to be
    claimed (`freed`: read what was freed).

    With `lock`, the pools are locked in the order of their keys: every other tick, release, reservation
    and acceptance on them waits, so the last seat goes to one of them. After them the members are:
    whoever removes one from the team waits, and finds the seat.
    """
    asked = Pool.objects.filter(pk__in=pools).select_related("team", "product").order_by("pk")
    asked = asked.annotate(ruled=turnover.ruled(pools="pk"))
    if lock:
        asked = asked.select_for_update(of=("self",), no_key=True)
    places = Places(by=by, now=now, pools={each.pk: each for each in asked})
    _read_standing(places, members=members, lock=lock)
    if any(each.reserved for each in places.pools.values()):
        _read_kept(places, members=members, invitations=invitations)
    ruled = [key for key, each in places.pools.items() if getattr(each, "ruled", False)]
    if ruled and freed:
        places.turnovers = turnover.read(pools=ruled, people=members, now=now)
    return places


def _read_standing(places: Places, *, members: Collection[Member], lock: bool) -> None:
    """Read, in one statement: who has left, which seats are held, and each pool's capacity."""
    columns: dict[str, Subquery] = {}
    for key in places.pools:
        held = Seat.objects.held().filter(pool=key, member=OuterRef("pk")).values("pk")
        usable = License.objects.assignable(places.now).filter(pool=key).order_by().values("pool")
        columns[f"held_{key}"] = Subquery(held[:1])
        columns[f"capacity_{key}"] = Subquery(usable.annotate(total=Sum("seats")).values("total"))
    teams = {each.team_id for each in places.pools.values()}
    people = Member.objects.filter(pk__in=[each.pk for each in members], team__in=teams).order_by("pk")
    if lock:
        people = people.select_for_update(no_key=True)
    rows: list[dict[str, Any]] = list(people.annotate(**columns).values("pk", "left_at", *columns))
    for row in rows:
        places.present[row["pk"]] = row["left_at"] is None
        for key in places.pools:
            if row[f"held_{key}"] is not None:
                places.holdings[key, row["pk"]] = row[f"held_{key}"]
    if rows:
        places.capacities = {key: rows[0][f"capacity_{key}"] or 0 for key in places.pools}
    else:
        counted = License.objects.assignable(places.now).filter(pool__in=list(places.pools)).order_by()
        sums = dict(counted.values_list("pool").annotate(total=Sum("seats")))
        places.capacities = {key: sums.get(key, 0) for key in places.pools}


def _read_kept(places: Places, *, members: Collection[Member], invitations: Iterable[Invitation]) -> None:
    """Read what is kept of the pools for these people; what the clock has closed no longer counts."""
    here = {each.pk: each for each in members}
    asked = {each.pk: each for each in invitations}
    wanted = Q(member__in=list(here)) | Q(invitation__in=list(asked)) | Q(expires_at__lte=places.now)
    kept = Reservation.objects.kept().filter(wanted, pool__in=list(places.pools))
    for each in kept:
        if not each.is_open(places.now):
            places.expired.append(each.pk)
            places.pools[each.pool_id].reserved -= 1
        elif each.member_id in here:
            places.kept[each.pool_id, here[each.member_id]] = each
        elif each.invitation_id in asked:
            places.kept[each.pool_id, asked[each.invitation_id]] = each


def _offline(*, pool: Pool, now: datetime) -> Reservation | None:
    """Return the first to be free of the places that who lost their seats use offline (one statement)."""
    kept = Reservation.objects.open(now).filter(pool=pool, reason=KeptFor.BORROWED)
    return kept.select_related("member__person").order_by("expires_at").first()


def _lent(*, pools: Iterable[int], now: datetime) -> set[int]:
    """Return the held seats (keys) of the pools that are in use offline (one statement)."""
    lent = Seat.objects.held().filter(pool__in=list(pools), borrowed_until__gt=now)
    return set(lent.values_list("pk", flat=True))


def _newest(*, pools: Iterable[int], since: datetime) -> dict[int, Seat]:
    """Return the seat of each pool that was taken last, where that was since then (one statement)."""
    taken = Seat.objects.held().filter(pool__in=list(pools), assigned_at__gt=since)
    people = taken.select_related("member__person", "assigned_by").order_by("assigned_at", "pk")
    return {each.pool_id: each for each in people}
