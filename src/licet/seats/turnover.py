"""Seats that somebody used and gave up, and when their places may go to another person.

A pool without a rule has no `Turnover` and pays no statement for it. Of licenses with differing terms the
mildest rule holds for the whole pool, and what was freed before one of them began or ended is forgotten
(docs/decisions/0009). Places that nobody has used are given first; who used one gets it back at once.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, When

from licet.licenses.models import License, Pool
from licet.licenses.states import LicenseState
from licet.seats.errors import CoolingDown, NotYetReassignable, ReassignmentsUsedUp
from licet.seats.models import Reservation, Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What holds for a pool at one moment; at least one of `cooldown` and `quota` is set.

    `since`: what was freed before is forgotten. `term_began`: reassignments count from then on.
    `renews_at`: when the next term begins; None where that is not known.
    """

    cooldown: timedelta | None
    quota: int | None
    since: datetime
    term_began: datetime
    renews_at: datetime | None


@dataclass(frozen=True, slots=True)
class Freed:
    """A place that somebody used and gave up: the seat (key), whose it was, since when.

    `kept`: it is kept for that person, and so counted as a reservation.
    """

    seat: int
    person: int
    email: str
    name: str
    since: datetime
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Holding:
    """A seat that is held: whether it was used, and the freed place that it took up, where it did."""

    place: Freed
    used: bool
    took_up: Freed | None


def mildest(*, licenses: Iterable[License], now: datetime) -> Rule | None:
    """Return the rule of a pool from all its issued licenses; None where a seat may go to anybody."""
    known = list(licenses)
    usable = [each for each in known if each.valid_from <= now < each.usable_until]
    rules = [(each, each.read_terms().reassignment) for each in usable]
    if not rules or any(rule is None for _license, rule in rules):
        return None
    days = [rule.cooldown_days for _license, rule in rules if rule and rule.cooldown_days is not None]
    counted = [(each, rule.quota) for each, rule in rules if rule and rule.quota is not None]
    begun = {each.pk: max(each.valid_from, each.issued_at) for each in usable}
    ended = [each.usable_until for each in known if each.usable_until <= now]
    starts = [each.valid_from for each in known if each.valid_from > now]
    forgiven = [each.pool.forgiven_at for each in usable if each.pool.forgiven_at]
    ends = [each.valid_until for each, _quota in counted if each.valid_until > now]
    return Rule(
        cooldown=timedelta(days=min(days)) if days else None,
        quota=sum(quota for _license, quota in counted) if counted else None,
        since=max([*begun.values(), *ended, *forgiven]),
        term_began=max([min((begun[each.pk] for each, _quota in counted), default=now), *forgiven]),
        renews_at=min([*starts, *ends], default=None),
    )


@dataclass(slots=True)
class Turnover:
    """One pool's freed places, the oldest first, and how often one of them went to another person (`done`).

    `holdings`: what some people hold, by seat (key); only known where it may be given up. `passed_on`: the
    freed places (keys of their seats) that went to other people here and now.
    """

    rule: Rule
    now: datetime
    freed: list[Freed] = field(default_factory=list)
    done: int = 0
    holdings: dict[int, Holding] = field(default_factory=dict)
    passed_on: set[int | None] = field(default_factory=set)

    def take_up(self, *, person: int, email: str, room: int, unheld: int) -> int | None:
        """Let the person have a place; return the freed one (its seat's key) that is taken up by it, if any.

        `room`: places that are neither held nor kept for others; `unheld`: those that are not held.
        Refuses CoolingDown, ReassignmentsUsedUp, then nothing has changed.
        """
        own = self._own(person=person, email=email)
        if own is None:
            own = self._of_somebody_else(room=room, unheld=unheld)
            if own is not None:
                self.done += 1
                self.passed_on.add(own.seat)
        if own is not None:
            self.freed.remove(own)
        return own.seat if own else None

    def check(self, *, person: int | None, email: str, room: int, unheld: int) -> None:
        """Refuse like `take_up`, for a place that is only to be kept."""
        own = self._own(person=person, email=email)
        if own is None:
            self._of_somebody_else(room=room, unheld=unheld)
        elif not own.kept:  # from now on the reservation stands for it
            self.freed[self.freed.index(own)] = replace(own, kept=True)

    def give_up(self, *, seat: int, kept: bool = False) -> None:
        """Count the seat's place as freed; one that nobody used leaves what it took up as it was."""
        holding = self.holdings.pop(seat, None)
        if holding is None:
            return
        if holding.used:
            self.freed.append(replace(holding.place, kept=kept))
        elif holding.took_up:
            self.done -= holding.took_up.person != holding.place.person
            self.freed.append(holding.took_up)
        self.freed.sort(key=lambda each: (each.since, each.seat))

    def held_back(self, *, unheld: int) -> list[Freed]:
        """Return the places that do not go to others without more ado, the first to be free first."""
        back = [each for each in self.freed if not each.kept and self._cools(each)]
        # Where places ended with their license, those that would have waited longest went with it.
        return back[: max(0, unheld)]

    def again(self, *, seat: int) -> datetime | None:
        """Return when the freed place of a seat (key) can go to others; None where it can at once."""
        place = next((each for each in self.freed if each.seat == seat), None)
        return self.free_from(place) if place else None

    def free_from(self, place: Freed) -> datetime | None:
        """Return when the place can go to others; None where it can at once, or nobody knows when."""
        if self.left or not self._cools(place):
            return None
        return place.since + self.rule.cooldown if self.rule.cooldown else self.rule.renews_at

    @property
    def left(self) -> int | None:
        """How often a used place may still go to another person in this term; None without a quota."""
        return None if self.rule.quota is None else max(0, self.rule.quota - self.done)

    def _own(self, *, person: int | None, email: str) -> Freed | None:
        return next((each for each in self.freed if each.person == person or each.email == email), None)

    def _cools(self, each: Freed) -> bool:
        return self.rule.cooldown is None or self.now < each.since + self.rule.cooldown

    def _of_somebody_else(self, *, room: int, unheld: int) -> Freed | None:
        """Return the place of another that has to be taken; None where there is one that nobody used."""
        back = self.held_back(unheld=unheld)
        spoken_for = len(back) - room  # so many of them wait for those for whom a place is kept
        if spoken_for < 0:
            return None
        if self.rule.quota is not None and self.done + spoken_for < self.rule.quota:
            return back[0]
        raise self._not_yet(back[min(spoken_for, len(back) - 1)])

    def _not_yet(self, place: Freed) -> NotYetReassignable:
        cooled = place.since + self.rule.cooldown if self.rule.cooldown else None
        renewed = self.rule.renews_at if self.rule.quota is not None else None
        if cooled and (renewed is None or cooled <= renewed):
            return CoolingDown(again=cooled)
        return ReassignmentsUsedUp(quota=self.rule.quota or 0, again=renewed)


def ruled(*, pools: str) -> Exists:
    """Return whether a license of the pool (named so in the outer query) has a rule, for one statement."""
    licenses = License.objects.filter(pool=OuterRef(pools), state=LicenseState.ISSUED)
    return Exists(licenses.filter(terms__reassignment__isnull=False))


def read(*, pools: Collection[int], people: Collection[Any], now: datetime) -> dict[int, Turnover]:
    """Read the freed places of pools (keys), and what `people` (members) hold there, in three statements.

    Pools without a rule are left out.
    """
    licenses: dict[int, list[License]] = {key: [] for key in pools}
    issued = License.objects.filter(pool__in=list(pools), state=LicenseState.ISSUED).select_related("pool")
    for each in issued:
        licenses[each.pool_id].append(each)
    rules = {key: mildest(licenses=some, now=now) for key, some in licenses.items()}
    found = {key: Turnover(rule=rule, now=now) for key, rule in rules.items() if rule}
    if found:
        _read_seats(found, people=people)
        _read_done(found)
    return found


def _read_seats(found: dict[int, Turnover], *, people: Collection[Any]) -> None:
    taken = Exists(Seat.objects.filter(replaces=OuterRef("pk")))
    freed = Q()
    for key, turnover in found.items():
        since = turnover.rule.since
        if turnover.rule.cooldown:
            since = max(since, turnover.now - turnover.rule.cooldown)
        freed |= Q(pool=key, released_at__gte=since)
    freed &= Q(~taken, first_used_at__isnull=False, place_ended=False)
    held = Q(pool__in=list(found), member__in=people, released_at=None)
    kept = Reservation.objects.kept().filter(pool=OuterRef("pool"), member=OuterRef("member"))
    seats = Seat.objects.filter(freed | held).select_related("member__person", "replaces__member__person")
    for seat in seats.annotate(is_kept=Exists(kept)).order_by("released_at", "pk"):
        turnover = found[seat.pool_id]
        if seat.released_at is not None:
            turnover.freed.append(_freed(seat, since=seat.released_at, kept=getattr(seat, "is_kept", False)))
            continue
        before = seat.replaces
        took_up = _freed(before, since=before.released_at) if before and before.released_at else None
        place = _freed(seat, since=turnover.now)
        turnover.holdings[seat.pk] = Holding(place, seat.first_used_at is not None, took_up)


def _read_done(found: dict[int, Turnover]) -> None:
    counted = Q()
    for key, turnover in found.items():
        if turnover.rule.quota is not None:
            counted |= Q(pool=key, assigned_at__gte=turnover.rule.term_began)
    if not counted:
        return
    went_on = Seat.objects.filter(counted, replaces__isnull=False).order_by()
    others = went_on.exclude(replaces__member__person=F("member__person"))
    for key, times in others.values_list("pool").annotate(times=Count("pk")):
        found[key].done = times


def _freed(seat: Seat, *, since: datetime, kept: bool = False) -> Freed:
    return Freed(
        seat.pk, seat.member.person_id, seat.member.person.email, seat.member.person.name, since, kept
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A free place that waits: who used it, until when, and from when on others can have it."""

    name: str
    used_until: datetime
    again: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a page says of a pool's rule, before somebody clicks.

    `again`: when what is taken back now, from somebody who used it, can go to others. `waiting`: places
    that wait already, the first to be free first.
    """

    cooldown_days: int | None
    quota: int | None
    left: int | None
    renews_at: datetime | None
    again: datetime | None
    waiting: tuple[Waiting, ...]


def notice(*, pool: Pool, now: datetime) -> Notice | None:
    """Return what there is to say of a pool's rule, in four statements at most; None without a rule."""
    here = read(pools=[pool.pk], people=(), now=now).get(pool.pk)
    if here is None:
        return None
    back = here.held_back(unheld=pool.capacity(now) - pool.held)
    return Notice(
        cooldown_days=here.rule.cooldown.days if here.rule.cooldown else None,
        quota=here.rule.quota,
        left=here.left,
        renews_at=here.rule.renews_at,
        again=now + here.rule.cooldown if here.rule.cooldown else here.rule.renews_at,
        waiting=tuple(
            Waiting(each.name, each.since, again) for each in back if (again := here.free_from(each))
        ),
    )


def unused_took_nothing() -> Case:
    """Return what `replaces` becomes when a seat is given back: one that nobody used took up nothing."""
    return Case(When(first_used_at=None, then=None), default=F("replaces"))
