"""Many changes at once: what they would do, doing it in one transaction, and undoing the last of them.

A wish says how a box of people x products shall be. What is wished is checked again under the locks of all
its pools; seats are taken back first, so that they can be given to others in the same breath.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing, Refusal
from licet.licenses.models import Pool
from licet.seats.actions import Wanted, give_back_each, take_each
from licet.seats.errors import (
    AlreadyHeld,
    ChangesDoNotFit,
    NoFreeSeat,
    TooManyChanges,
    UndoIsOver,
    UndoneAlready,
)
from licet.seats.events import BatchApplied, BatchUndone
from licet.seats.models import Seat, SeatBatch
from licet.seats.places import Places, read
from licet.teams.models import Member, Team
from licet.teams.permissions import Permission, require

CHANGES_AT_ONCE = 5_000


class Mode(StrEnum):
    """What happens when not every wish can be fulfilled."""

    ALL_OR_NOTHING = "all"
    AS_MANY_AS_FIT = "fit"


@dataclass(frozen=True, slots=True)
class Wish:
    """How one box shall be: `member` by public id, `product` by code.

    `seat` (a key): only that holding is meant to end; who got another one since keeps it.
    """

    member: str
    product: str
    held: bool
    seat: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What becomes of one wish. `seat`: the key of the one that is lost; `why`: why it cannot be done."""

    member: str
    person: str
    email: str
    product: str
    product_name: str
    held: bool
    seat: int | None = None
    why: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One product that is touched: what the team has, what is free before and after, how many are missing."""

    product: str
    name: str
    icon: str
    bought: int
    before: int
    after: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What wishes do, line by line; `already`: what is as it was wished."""

    balances: tuple[Balance, ...]
    gains: tuple[Line, ...]
    losses: tuple[Line, ...]
    refused: tuple[Line, ...]
    already: tuple[Line, ...]

    @property
    def changes(self) -> int:
        """How many licenses change hands."""
        return len(self.gains) + len(self.losses)


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done; `batch` is None where nothing had to be."""

    effects: Effects
    batch: SeatBatch | None


# --- reading ------------------------------------------------------------------------------------------


def effects(*, team: Team, wishes: Sequence[Wish], by: Actor, now: datetime) -> Effects:
    """Say what the wishes would do now, by the rules by which they are done; nothing is written.

    Refuses TooManyChanges (5,000), Missing for people and products that are not the team's.
    """
    work = _Work.found(team=team, wishes=wishes)
    places = work.places(by=by, now=now, lock=False)
    before = work.free(places)
    for key, member in work.boxes(held=False):
        if _means(places, key, member, work.wish(key, member)):
            work.lost[key, member] = places.give_up(pool=key, member=member)
    for key, member in work.boxes(held=True):
        try:
            places.claim(pool=key, member=member)
        except Refusal as refusal:
            work.refused[key, member] = refusal
    return work.effects(places, before=before)


def last_batch(*, team: Team, by: Actor, now: datetime) -> SeatBatch | None:
    """Return the actor's last changes of this team, while they can be undone (one statement)."""
    batch = SeatBatch.objects.filter(team=team, applied_by=by.id).order_by("-applied_at", "-pk").first()
    return batch if batch and batch.undone_at is None and now < batch.undo_until else None


def undoing(*, batch: SeatBatch) -> list[Wish]:
    """Return the wishes that put things back: what was given and is still held, what was taken back."""
    changed = Seat.objects.filter(pk__in=[*batch.given, *batch.taken_back], team=batch.team_id)
    given = set(batch.given)
    return [
        Wish(
            each.member.public_id,
            each.pool.product.code,
            held=each.pk not in given,
            seat=each.pk if each.pk in given else None,
        )
        for each in changed.select_related("member", "pool__product").order_by("pk")
        if each.pk not in given or each.released_at is None
    ]


# --- verbs --------------------------------------------------------------------------------------------


def apply(*, team: Team, wishes: Sequence[Wish], mode: Mode, by: Actor, now: datetime) -> Applied:
    """Give and take back licenses, all of them or as many as fit, in one transaction.

    What is as wished already is left as it is. Refuses who may not assign, TooManyChanges (5,000),
    Missing for people and products that are not the team's, ChangesDoNotFit where all were asked for.
    """
    require(by, Permission.ASSIGN_SEATS, team)
    work = _Work.found(team=team, wishes=wishes)
    try:
        with change(by=by, now=now) as record:
            done, given, taken_back = _done(work, record=record)
            if done.refused and mode is Mode.ALL_OR_NOTHING:
                raise ChangesDoNotFit
            if not done.changes:
                raise _AsItWas(done)
            batch = SeatBatch.objects.create(
                team=team,
                applied_by_id=by.id if by.is_person else None,
                applied_at=now,
                given=given,
                taken_back=taken_back,
            )
            counted = {"given": len(given), "taken_back": len(taken_back)}
            record(BatchApplied(batch=batch.pk, **counted), team=team.pk)
    except _AsItWas as same:
        return Applied(same.effects, None)
    return Applied(done, batch)


def undo(*, batch: SeatBatch, by: Actor, now: datetime) -> Effects:
    """Put back what the actor's last changes did, as far as the world still allows it.

    Who got another license since keeps it; who cannot get the old one again is told in `refused`.
    Refuses who may not assign, UndoneAlready, UndoIsOver after 30 minutes, for the changes of
    somebody else, and where the actor has made others since.
    """
    require(by, Permission.ASSIGN_SEATS, batch.team)
    with change(by=by, now=now) as record:
        # against a second click: one of the two finds it undone
        if not SeatBatch.objects.filter(pk=batch.pk, undone_at=None).update(undone_at=now):
            raise UndoneAlready
        newer = SeatBatch.objects.filter(team=batch.team, applied_by=by.id, pk__gt=batch.pk).exists()
        if newer or batch.applied_by_id != by.id or now >= batch.undo_until:
            raise UndoIsOver
        work = _Work.found(team=batch.team, wishes=undoing(batch=batch))
        done, given, taken_back = _done(work, record=record)
        record(BatchUndone(batch=batch.pk, given=len(given), taken_back=len(taken_back)), team=batch.team_id)
    batch.undone_at = now
    return done


# --- what they share ----------------------------------------------------------------------------------

_Box = tuple[int, Member]


class _AsItWas(Exception):
    """Everything is as it was wished: leave the change, there is nothing to tell."""

    def __init__(self, effects: Effects) -> None:
        super().__init__()
        self.effects = effects


@dataclass(slots=True)
class _Work:
    """Wishes by pool (key) and member, each once, and what became of them."""

    pools: dict[int, Pool]
    wishes: dict[_Box, Wish]
    lost: dict[_Box, int | None]
    refused: dict[_Box, Refusal]

    @classmethod
    def found(cls, *, team: Team, wishes: Sequence[Wish]) -> "_Work":
        """Find what the wishes are about, in two statements; of two for one box the last one counts."""
        if len(wishes) > CHANGES_AT_ONCE:
            raise TooManyChanges(limit=CHANGES_AT_ONCE, given=len(wishes))
        pools = _pools(team=team, products={each.product for each in wishes})
        asked = {each.member for each in wishes}
        people = Member.objects.filter(team=team, public_id__in=asked).select_related("person")
        members = {each.public_id: each for each in people}
        if len(members) != len(asked):
            raise Missing
        boxes = {(pools[each.product].pk, members[each.member]): each for each in wishes}
        return cls(pools={each.pk: each for each in pools.values()}, wishes=boxes, lost={}, refused={})

    def wish(self, key: int, member: Member) -> Wish:
        """Return what is wished of this box."""
        return self.wishes[key, member]

    def boxes(self, *, held: bool) -> list[_Box]:
        """Return the boxes that shall be ticked, or those that shall not, in the order of the wishes."""
        return [box for box, wish in self.wishes.items() if wish.held is held]

    def places(self, *, by: Actor, now: datetime, lock: bool) -> Places:
        """Read pools and people as they stand."""
        return read(
            pools=self.pools, members={member for _key, member in self.wishes}, by=by, now=now, lock=lock
        )

    def free(self, places: Places) -> dict[int, int]:
        """Return what is free of each pool."""
        return {key: max(0, places.free(key)) for key in self.pools}

    def effects(self, places: Places, *, before: dict[int, int]) -> Effects:
        """Sort the wishes by what became of them."""
        sorted_in: dict[str, list[Line]] = {"gains": [], "losses": [], "refused": [], "already": []}
        for box, wish in self.wishes.items():
            why = self.refused.get(box)
            if isinstance(why, AlreadyHeld) or (not wish.held and box not in self.lost):
                kind, why = "already", None
            elif why is not None:
                kind = "refused"
            else:
                kind = "gains" if wish.held else "losses"
            sorted_in[kind].append(self._line(box, wish=wish, why=why))
        after = self.free(places)
        missing = Counter(key for (key, _member), why in self.refused.items() if isinstance(why, NoFreeSeat))
        balances = tuple(
            Balance(
                product=pool.product.code,
                name=pool.product.name,
                icon=pool.product.icon,
                bought=places.capacities[key],
                before=before[key],
                after=after[key],
                missing=missing[key],
            )
            for key, pool in self.pools.items()
        )
        return Effects(balances=balances, **{kind: tuple(lines) for kind, lines in sorted_in.items()})

    def _line(self, box: _Box, *, wish: Wish, why: Refusal | None) -> Line:
        key, member = box
        return Line(
            member=member.public_id,
            person=member.person.name,
            email=member.person.email,
            product=wish.product,
            product_name=self.pools[key].product.name,
            held=wish.held,
            seat=self.lost.get(box),
            why=why,
        )


def _pools(*, team: Team, products: Collection[str]) -> dict[str, Pool]:
    """Return the team's pools by the products' codes, in the order of the catalog. Refuses Missing."""
    asked = Pool.objects.filter(team=team, product__code__in=products).select_related("product")
    pools = {
        each.product.code: each
        for each in asked.order_by("product__family__position", "product__position", "pk")
    }
    if len(pools) != len(products):
        raise Missing
    return pools


def _means(places: Places, key: int, member: Member, wish: Wish) -> bool:
    """Whether there is something to take back, and it is what was meant."""
    holding = places.holdings.get((key, member.pk))
    return holding is not None and wish.seat in (None, holding)


def _done(work: _Work, *, record: Record) -> tuple[Effects, list[int], list[int]]:
    """Take back and give under the locks; return what came of it, and the keys of the seats."""
    # Locks all pools at once, in the order of their keys: against ticks, and others who change many.
    places = work.places(by=record.by, now=record.now, lock=True)
    before = work.free(places)
    for key, member in work.boxes(held=False):
        if _means(places, key, member, work.wish(key, member)):
            work.lost[key, member] = places.give_up(pool=key, member=member)
    lost = [pk for pk in work.lost.values() if pk]
    if lost:
        seats = Seat.objects.filter(pk__in=lost).select_related("member__person")
        give_back_each(seats=list(seats), record=record)
    given = []
    wanted = work.boxes(held=True)
    if wanted:
        outcomes = take_each(
            wanted=[Wanted(pool=key, member=member) for key, member in wanted], record=record
        )
        for box, outcome in zip(wanted, outcomes, strict=True):
            if isinstance(outcome, Refusal):
                work.refused[box] = outcome
            else:
                given.append(outcome.pk)
                places.pools[box[0]] = outcome.pool
    return work.effects(places, before=before), given, lost
