"""Undoing the last changes that were made at once."""

from datetime import timedelta

import pytest

from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses.models import Pool
from licet.seats import actions as seats
from licet.seats import bulk
from licet.seats.errors import NoFreeSeat, UndoIsOver, UndoneAlready
from licet.seats.models import UNDO_TIME, Seat, SeatBatch
from licet.seats.wishes import Effects, Mode, Wish
from licet.teams.models import Member
from licet.teams.states import Role
from tests.world import World


def apply(world: World, *, give: list[Member] = [], take: list[Member] = []) -> SeatBatch:  # noqa: B006
    wishes = [Wish(each.public_id, world.product.code, held=True) for each in give]
    wishes += [Wish(each.public_id, world.product.code, held=False) for each in take]
    batch = bulk.apply(
        team=world.team, wishes=wishes, mode=Mode.ALL_OR_NOTHING, by=world.alice.actor(), now=world.now
    ).batch
    assert batch is not None
    return batch


def undo(world: World, batch: SeatBatch, *, after: timedelta = timedelta(minutes=5)) -> Effects:
    return bulk.undo(batch=batch, by=world.alice.actor(), now=world.now + after)


def holders(pool: Pool) -> set[Member]:
    pool.refresh_from_db()
    held = {seat.member for seat in Seat.objects.held().filter(pool=pool).select_related("member")}
    assert pool.held == len(held)
    return held


def test_undoing_gives_again_and_takes_back_again(world: World) -> None:
    pool = world.licenses(seats=2).pool
    one, two = world.people(world.team, 2)
    world.seat(pool, one)
    batch = apply(world, give=[two], take=[one])
    done = undo(world, batch)
    assert holders(pool) == {one}
    assert ([each.person for each in done.gains], [each.person for each in done.losses]) == (
        ["Person 001"],
        ["Person 002"],
    )
    assert Event.objects.filter(name="seat_batch.undone").count() == 1


def test_the_effect_of_undoing_is_shown_before(world: World) -> None:
    pool = world.licenses(seats=2).pool
    one, two = world.people(world.team, 2)
    world.seat(pool, one)
    batch = apply(world, give=[two], take=[one])
    wishes = bulk.undoing(batch=batch)
    seen = bulk.effects(team=world.team, wishes=wishes, by=world.alice.actor(), now=world.now)
    assert [each.person for each in seen.gains] == ["Person 001"]
    assert [each.person for each in seen.losses] == ["Person 002"]
    assert holders(pool) == {two}


def test_who_got_another_license_since_keeps_it(world: World) -> None:
    pool = world.licenses(seats=2).pool
    [one] = world.people(world.team, 1)
    batch = apply(world, give=[one])
    seats.release(seat=Seat.objects.held().get(member=one), by=world.alice.actor(), now=world.now)
    world.seat(pool, one)
    assert undo(world, batch).changes == 0
    assert holders(pool) == {one}


def test_what_somebody_else_got_meanwhile_is_not_taken_away(world: World) -> None:
    pool = world.licenses(seats=1).pool
    one, two = world.people(world.team, 2)
    world.seat(pool, one)
    batch = apply(world, take=[one])
    world.seat(pool, two)
    [line] = undo(world, batch).refused
    assert (line.person, type(line.why)) == ("Person 001", NoFreeSeat)
    assert holders(pool) == {two}


def test_changes_are_undone_once(world: World) -> None:
    pool = world.licenses().pool
    batch = apply(world, give=[world.member(world.bob)])
    undo(world, batch)
    with pytest.raises(UndoneAlready):
        undo(world, batch)
    assert holders(pool) == set()


def test_after_thirty_minutes_it_is_too_late(world: World) -> None:
    world.licenses()
    batch = apply(world, give=[world.member(world.bob)])
    with pytest.raises(UndoIsOver):
        undo(world, batch, after=UNDO_TIME)
    undo(world, batch, after=UNDO_TIME - timedelta(seconds=1))


def test_only_the_last_changes_can_be_undone(world: World) -> None:
    world.licenses(seats=5)
    first = apply(world, give=[world.member(world.bob)])
    second = apply(world, give=[world.member(world.alice)])
    with pytest.raises(UndoIsOver):
        undo(world, first)
    found = bulk.last_batch(team=world.team, by=world.alice.actor(), now=world.now)
    assert found == second
    undo(world, second)
    assert bulk.last_batch(team=world.team, by=world.alice.actor(), now=world.now) is None


def test_nobody_undoes_what_another_administrator_did(world: World) -> None:
    pool = world.licenses().pool
    dora = world.person("dora@atelier.example", "Dora Weiss")
    world.join(world.team, dora, role=Role.ADMIN)
    batch = apply(world, give=[world.member(world.bob)])
    with pytest.raises(UndoIsOver):
        bulk.undo(batch=batch, by=dora.actor(), now=world.now)
    assert bulk.last_batch(team=world.team, by=dora.actor(), now=world.now) is None
    for person, refusal in ((world.charlie, Missing), (world.bob, Forbidden)):
        with pytest.raises(refusal):
            bulk.undo(batch=batch, by=person.actor(), now=world.now)
    assert len(holders(pool)) == 1
