"""Many changes at once: what they would do, doing it in one transaction, and undoing the last of them.

A wish says how a box of people x products shall be. What is wished is checked again under the locks of all
its pools; seats are taken back first, so that they can be given to others in the same breath.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from licet.eventlog.change import Record, change
from licet.kernel.actor import Actor
from licet.kernel.refusal import Missing, Refusal
from licet.licenses.models import Pool
from licet.seats.actions import (
    Keeping,
    Wanted,
    free_reservations,
    give_back_each,
    reserve_each,
    take_each,
)
from licet.seats.errors import (
    AlreadyHeld,
    ChangesDoNotFit,
    InvitationNotOpen,
    NoFreeSeat,
    TooManyChanges,
    UndoIsOver,
    UndoneAlready,
)
from licet.seats.events import BatchApplied, BatchUndone
from licet.seats.models import Reservation, Seat, SeatBatch
from licet.seats.places import Places, read
from licet.seats.signouts import end_sign_ins
from licet.seats.wishes import CHANGES_AT_ONCE, Applied, Balance, Effects, Line, Mode, Wish
from licet.teams.models import Invitation, Member, Team
from licet.teams.permissions import Permission, require
from licet.teams.states import Standing

Receiver = Member | Invitation
_Box = tuple[int, Receiver]

# --- reading ------------------------------------------------------------------------------------------


def effects(*, team: Team, wishes: Sequence[Wish], by: Actor, now: datetime) -> Effects:
    """Say what the wishes would do now, by the rules by which they are done; nothing is written.

    Refuses TooManyChanges (5,000), Missing for people and products that are not the team's.
    """
    work = _Work.found(team=team, wishes=wishes)
    places = work.places(by=by, now=now, lock=False)
    before = work.free(places)
    _give_up(work, places)
    # members first: `_given` comes before `_kept`
    for key, receiver in sorted(work.boxes(held=True), key=lambda box: isinstance(box[1], Invitation)):
        try:
            if isinstance(receiver, Member):
                places.claim(pool=key, member=receiver)
            elif not _is_kept(work, places, key, receiver):
                places.keep(pool=key, receiver=receiver)
        except Refusal as refusal:
            work.refused[key, receiver] = refusal
    return work.effects(places, before=before)


def last_batch(*, team: Team, by: Actor, now: datetime) -> SeatBatch | None:
    """Return the actor's last changes of this team, while they can be undone (one statement)."""
    batch = SeatBatch.objects.filter(team=team, applied_by=by.id).order_by("-applied_at", "-pk").first()
    return batch if batch and batch.undone_at is None and now < batch.undo_until else None


def undoing(*, batch: SeatBatch) -> list[Wish]:
    """Return the wishes that put things back: what was given or kept and is so still, and what was not."""
    changed = Seat.objects.filter(pk__in=[*batch.given, *batch.taken_back], team=batch.team_id)
    given, kept = set(batch.given), set(batch.kept)
    wishes = [
        Wish(
            each.member.public_id,
            each.pool.product.code,
            held=each.pk not in given,
            seat=each.pk if each.pk in given else None,
        )
        for each in changed.select_related("member", "pool__product").order_by("pk")
        if each.pk not in given or each.released_at is None
    ]
    if not batch.kept and not batch.freed:
        return wishes
    places = Reservation.objects.filter(pk__in=[*batch.kept, *batch.freed], team=batch.team_id)
    return wishes + [
        Wish(
            each.invitation.public_id,
            each.pool.product.code,
            held=each.pk not in kept,
            seat=each.pk if each.pk in kept else None,
        )
        for each in places.select_related("invitation", "pool__product").order_by("pk")
        if each.invitation and (each.pk not in kept or each.ended_at is None)
    ]


# --- verbs --------------------------------------------------------------------------------------------


def apply(*, team: Team, wishes: Sequence[Wish], mode: Mode, by: Actor, now: datetime) -> Applied:
    """Give and take back licenses, all of them or as many as fit, in one transaction.

    For who is invited a place is kept, or no longer. What is as wished already is left as it is.
    Refuses who may not assign, TooManyChanges (5,000),
    Missing for people and products that are not the team's, ChangesDoNotFit where all were asked for.
    """
    require(by, Permission.ASSIGN_SEATS, team)
    work = _Work.found(team=team, wishes=wishes)
    try:
        with change(by=by, now=now) as record:
            done, changed = _done(work, record=record)
            if done.refused and mode is Mode.ALL_OR_NOTHING:
                raise ChangesDoNotFit
            if not done.changes:
                raise _AsItWas(done)
            batch = SeatBatch.objects.create(
                team=team,
                applied_by_id=by.id if by.is_person else None,
                applied_at=now,
                **changed,
            )
            record(BatchApplied(batch=batch.pk, **_counted(changed)), team=team.pk)
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
        done, changed = _done(work, record=record)
        record(BatchUndone(batch=batch.pk, **_counted(changed)), team=batch.team_id)
    batch.undone_at = now
    return done


# --- what they share ----------------------------------------------------------------------------------


class _AsItWas(Exception):
    """Everything is as it was wished: leave the change, there is nothing to tell."""

    def __init__(self, effects: Effects) -> None:
        super().__init__()
        self.effects = effects


@dataclass(slots=True)
class _Work:
    """Wishes by pool (key) and who they are for, each once, and what became of them."""

    team: Team
    pools: dict[int, Pool]
    wishes: dict[_Box, Wish]
    lost: dict[_Box, int]
    refused: dict[_Box, Refusal]

    @classmethod
    def found(cls, *, team: Team, wishes: Sequence[Wish]) -> "_Work":
        """Find what the wishes are about, in two or three statements; of two for one box the last counts."""
        if len(wishes) > CHANGES_AT_ONCE:
            raise TooManyChanges(limit=CHANGES_AT_ONCE, given=len(wishes))
        pools = _pools(team=team, products={each.product for each in wishes})
        found = _receivers(team=team, asked={each.member for each in wishes})
        boxes = {(pools[each.product].pk, found[each.member]): each for each in wishes}
        by_key = {each.pk: each for each in pools.values()}
        return cls(team=team, pools=by_key, wishes=boxes, lost={}, refused={})

    @property
    def invitations(self) -> list[Invitation]:
        """Return who is invited and wished for, each once."""
        return list(dict.fromkeys(who for _key, who in self.wishes if isinstance(who, Invitation)))

    def boxes(self, *, held: bool) -> list[_Box]:
        """Return the boxes that shall be ticked, or those that shall not, in the order of the wishes."""
        return [box for box, wish in self.wishes.items() if wish.held is held]

    def places(self, *, by: Actor, now: datetime, lock: bool) -> Places:
        """Read pools and people as they stand."""
        return read(
            pools=self.pools,
            members={who for _key, who in self.wishes if isinstance(who, Member)},
            invitations=self.invitations,
            by=by,
            now=now,
            lock=lock,
            freed=not lock,  # under the locks `take_each` and `reserve_each` claim
        )

    def free(self, places: Places) -> dict[int, int]:
        """Return what is free of each pool."""
        return {key: max(0, places.free(key)) for key in self.pools}

    def effects(self, places: Places, *, before: dict[int, int]) -> Effects:
        """Sort the wishes by what became of them."""
        kinds = ("gains", "losses", "kept", "freed", "refused", "already")
        sorted_in: dict[str, list[Line]] = {kind: [] for kind in kinds}
        for box, wish in self.wishes.items():
            why = self.refused.get(box)
            if isinstance(why, AlreadyHeld) or (not wish.held and box not in self.lost):
                kind, why = "already", None
            elif why is not None:
                kind = "refused"
            elif isinstance(box[1], Invitation):
                kind = "kept" if wish.held else "freed"
            else:
                kind = "gains" if wish.held else "losses"
            sorted_in[kind].append(self._line(box, wish=wish, why=why, places=places))
        after = self.free(places)
        missing = Counter(key for (key, _who), why in self.refused.items() if isinstance(why, NoFreeSeat))
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

    def _line(self, box: _Box, *, wish: Wish, why: Refusal | None, places: Places) -> Line:
        key, who = box
        invited = isinstance(who, Invitation)
        lost = None if invited else self.lost.get(box)
        return Line(
            member=who.public_id,
            person=who.person.name if isinstance(who, Member) else who.email,
            email=who.person.email if isinstance(who, Member) else who.email,
            product=wish.product,
            product_name=self.pools[key].product.name,
            held=wish.held,
            seat=lost,
            why=why,
            invited=invited,
            again=places.again(pool=key, seat=lost) if lost else None,
            left=places.left(pool=key, member=who) if isinstance(who, Member) and wish.held else None,
        )


def _receivers(*, team: Team, asked: Collection[str]) -> dict[str, Receiver]:
    """Return members and invitations of the team by their public ids. Refuses Missing."""
    found: dict[str, Receiver] = {}
    invited = {each for each in asked if each.startswith("inv_")}
    people = Member.objects.filter(team=team, public_id__in=set(asked) - invited).select_related("person")
    found.update((each.public_id, each) for each in people)
    if invited:
        here = Invitation.objects.filter(team=team, public_id__in=invited)
        found.update((each.public_id, each) for each in here)
    if len(found) != len(asked):
        raise Missing
    return found


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


def _give_up(work: _Work, places: Places) -> None:
    """Count as free what shall not be held or kept any more, where there is something and it is meant."""
    for key, who in work.boxes(held=False):
        if isinstance(who, Member):
            there = places.holdings.get((key, who.pk))
        else:
            kept = places.kept.get((key, who))
            there = kept.pk if kept else None
        if there is None or work.wishes[key, who].seat not in (None, there):
            continue
        if isinstance(who, Member):
            places.give_up(pool=key, member=who)
        else:
            places.let_go(pool=key, receiver=who)
        work.lost[key, who] = there


def _is_kept(work: _Work, places: Places, key: int, who: Invitation) -> bool:
    """Whether a place is kept for the invitation already. Refuses InvitationNotOpen for one that is over."""
    if (key, who) in places.kept:
        work.refused[key, who] = AlreadyHeld(seat=0, person=who.email)
        return True
    if who.standing(places.now) is not Standing.OPEN:
        raise InvitationNotOpen(email=who.email)
    return False


Changed = dict[str, list[int]]
"""The keys of the seats that were `given` and `taken_back`, of the reservations `kept` and `freed`."""


def _counted(changed: Changed) -> dict[str, int]:
    """Count, as the facts tell it: a place that is kept counts as given, one that is freed as taken back."""
    return {
        "given": len(changed["given"]) + len(changed["kept"]),
        "taken_back": len(changed["taken_back"]) + len(changed["freed"]),
    }


def _done(work: _Work, *, record: Record) -> tuple[Effects, Changed]:
    """Take back and give under the locks; return what came of it, and the keys of what was changed."""
    if work.invitations:
        # Against acceptance, withdrawal and resending: whatever is decided about an invitation begins here.
        Team.objects.locked(work.team.pk)
        fresh = Invitation.objects.in_bulk([each.pk for each in work.invitations])
        for each in work.invitations:
            each.state, each.sent_at = fresh[each.pk].state, fresh[each.pk].sent_at
    # Locks all pools at once, in the order of their keys: against ticks, and others who change many.
    places = work.places(by=record.by, now=record.now, lock=True)
    before = work.free(places)
    standing = dict(places.kept)
    _give_up(work, places)
    lost = [there for (_key, who), there in work.lost.items() if isinstance(who, Member)]
    seats = list(Seat.objects.filter(pk__in=lost).select_related("member__person")) if lost else []
    if seats:
        give_back_each(seats=seats, record=record, signing_out=False)
    freed: list[Reservation] = []
    for key, who in work.lost:
        if isinstance(who, Invitation):
            freed.append(standing[key, who])
            freed[-1].invitation = who
    free_reservations(reservations=freed, record=record)
    changed = {
        "given": _given(work, places, record=record),
        "taken_back": lost,
        "kept": _kept(work, places, record=record),
        "freed": [each.pk for each in freed],
    }
    if seats:
        end_sign_ins(seats=seats, record=record)
    return work.effects(places, before=before), changed


def _given(work: _Work, places: Places, *, record: Record) -> list[int]:
    """Give members what is wished for them; return the keys of the seats."""
    wanted = [Wanted(pool=key, member=who) for key, who in work.boxes(held=True) if isinstance(who, Member)]
    given = []
    outcomes = take_each(wanted=wanted, record=record) if wanted else []
    for each, outcome in zip(wanted, outcomes, strict=True):
        if isinstance(outcome, Refusal):
            work.refused[each.pool, each.member] = outcome
        else:
            given.append(outcome.pk)
            places.pools[each.pool] = outcome.pool
    return given


def _kept(work: _Work, places: Places, *, record: Record) -> list[int]:
    """Keep places for invited people, as is wished; return the keys of the reservations."""
    wanted = []
    for key, who in work.boxes(held=True):
        try:
            if isinstance(who, Invitation) and not _is_kept(work, places, key, who):
                wanted.append(Keeping(pool=key, receiver=who, until=who.expires_at()))
        except InvitationNotOpen as refusal:
            work.refused[key, who] = refusal
    kept = []
    outcomes = reserve_each(wanted=wanted, record=record) if wanted else []
    for each, outcome in zip(wanted, outcomes, strict=True):
        if isinstance(outcome, Refusal):
            work.refused[each.pool, each.receiver] = outcome
        else:
            kept.append(outcome.pk)
            places.pools[each.pool] = outcome.pool
    return kept
