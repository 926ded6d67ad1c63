"""Seats < assignments after a cut or lapse: grace, then back in the order that was shown."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from licet.connect.models import Application
from licet.eventlog import worker
from licet.eventlog.change import change
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden, Missing
from licet.leases import shortage
from licet.licenses import actions as licenses
from licet.licenses.models import Pool
from licet.seats import actions as seats
from licet.seats import requests
from licet.seats.errors import NoFreeSeat
from licet.seats.models import Seat, SeatRequest
from licet.teams.models import Member
from tests import doorway
from tests.doorway import Machine
from tests.gateway.conftest import stage
from tests.races import together
from tests.world import OPERATOR, World

END = timedelta(days=40)
AFTER = END + timedelta(days=14)
"""Grace is over."""


def shrinking(world: World, *, people: int, stays: int) -> tuple[Pool, list[Member]]:
    """Let so many people hold a seat, each a day after the one before; `stays` of the licenses go on."""
    if stays:
        world.licenses(seats=stays)
    pool: Pool = world.licenses(seats=people - stays, valid_until=world.now + END).pool
    members = world.people(world.team, people)
    for day, member in enumerate(members):
        seats.assign(pool=pool, member=member, by=world.alice.actor(), now=world.now + timedelta(days=day))
    return pool, members


def settle(world: World, pool: Pool, *, after: timedelta = AFTER) -> list[Member]:
    lost = shortage.settle_shortage(pool=pool, by=OPERATOR, now=world.now + after)
    return [seat.member for seat in lost]


def test_fewer_seats_than_assignments_go_in_the_order_that_was_shown(world: World) -> None:
    doorway.keys(now=world.now)
    app = doorway.application(products=[world.product], now=world.now)
    pool, people = shrinking(world, people=4, stays=1)
    world.licenses(seats=1, valid_until=world.now + END)
    with change(by=OPERATOR, now=world.now) as record:
        kept = world.member(world.alice)
        until = world.now + timedelta(days=99)
        seats.reserve(pool=pool, member=kept, expires_at=until, record=record)
    for member, day in ((people[2], 30), (people[1], 20)):
        machine = Machine(person=member.person, app=app, now=world.now + timedelta(days=day))
        assert machine.checkout(world.product.code).status == 200
    shown = [each.seat.member for each in shortage.candidates(pool=pool)]
    assert shown == [people[3], people[0], people[1], people[2]]  # newest, older, longest unused, in use
    assert settle(world, pool) == shown[:3]
    pool.refresh_from_db()
    assert (pool.held, pool.reserved) == (1, 0), "what was only kept went before anybody"


def test_grace_keeps_everybody(world: World) -> None:
    pool, _people = shrinking(world, people=3, stays=1)
    assert settle(world, pool, after=AFTER - timedelta(seconds=1)) == []


def test_who_never_used_it_goes_first_and_the_newest_before_the_oldest(world: World) -> None:
    pool, people = shrinking(world, people=4, stays=2)
    assert settle(world, pool) == [people[3], people[2]]
    pool.refresh_from_db()
    assert pool.held == Seat.objects.held().count() == 2


def test_who_used_it_stays_longer_than_who_never_did(world: World) -> None:
    scene = stage(world)
    scene.machine().checkout(scene.product.code)
    newest = seats.assign(
        pool=scene.pool,
        member=world.member(world.alice),
        by=world.alice.actor(),
        now=world.now + timedelta(days=9),
    )
    assert [each.seat for each in shortage.candidates(pool=scene.pool)] == [newest, scene.seat]


def test_who_is_marked_goes_last(world: World) -> None:
    pool, people = shrinking(world, people=3, stays=1)
    marked = Seat.objects.get(member=people[2])
    shortage.mark_stays(pool=pool, seats=[marked.public_id], by=world.alice.actor(), now=world.now)
    assert settle(world, pool) == [people[1], people[0]]


def test_reservations_go_before_anybody_loses_a_seat(world: World) -> None:
    world.licenses(seats=2)
    pool = world.licenses(seats=1, valid_until=world.now + END).pool
    people = world.people(world.team, 2)
    for member in people:
        world.seat(pool, member)
    with change(by=OPERATOR, now=world.now) as record:
        seats.reserve(
            pool=pool,
            member=world.member(world.alice),
            expires_at=world.now + timedelta(days=99),
            record=record,
        )
    assert settle(world, pool) == []
    pool.refresh_from_db()
    assert (pool.held, pool.reserved) == (len(people), 0)


def test_settling_again_changes_nothing(world: World) -> None:
    pool, _people = shrinking(world, people=3, stays=1)
    assert len(settle(world, pool)) == 2
    assert settle(world, pool) == []
    assert Event.objects.filter(name="pool.shortage_settled").count() == 1


def test_a_license_that_is_only_suspended_takes_nothing_from_anybody(world: World) -> None:
    license = world.licenses(seats=2)
    world.seat(license.pool, world.member(world.alice))
    licenses.suspend(license=license, by=OPERATOR, now=world.now)
    assert settle(world, license.pool) == []


def test_assignments_after_a_late_renewal_are_kept_while_no_license_is_left(world: World) -> None:
    pool, people = shrinking(world, people=3, stays=0)
    assert settle(world, pool, after=AFTER + timedelta(days=29)) == []
    assert len(settle(world, pool, after=AFTER + timedelta(days=30))) == len(people)


def test_assignments_after_a_late_renewal_work_again_without_anybodys_doing(world: World) -> None:
    scene = stage(world)
    late = world.now + timedelta(days=365 + 14 + 20)
    assert settle(world, scene.pool, after=late - world.now) == []
    app = Application.objects.get(client_id=doorway.CLIENT_ID)
    machine = Machine(person=world.bob, app=app, now=late)
    assert machine.checkout(scene.product.code).code == "license_ended"
    World(now=late).licenses(world.team, world.product, seats=1)
    assert machine.checkout(scene.product.code).status == 200


def test_who_lost_a_seat_gets_it_back_first_when_licenses_come(world: World) -> None:
    pool, people = shrinking(world, people=3, stays=1)
    settle(world, pool)
    later = world.now + AFTER + timedelta(days=3)
    requests.request_license(pool=pool, message="", by=world.alice.actor(), now=later)
    assert requests.serve_all_lines(by=OPERATOR, now=later) == 0, "no license came"
    late = World(now=later)
    late.licenses(world.team, world.product, seats=1)
    assert requests.serve_all_lines(by=OPERATOR, now=later) == 1
    assert [seat.member for seat in Seat.objects.held().order_by("pk")] == people[:2]


def test_after_thirty_days_an_administrator_decides(world: World) -> None:
    pool, _people = shrinking(world, people=3, stays=1)
    settle(world, pool)
    later = world.now + AFTER + requests.RESTORE_TIME
    World(now=later).licenses(world.team, world.product, seats=1)
    assert requests.serve_all_lines(by=OPERATOR, now=later) == 0
    assert SeatRequest.objects.waiting().count() == 2, "they still wait like everybody"


def test_nobody_loses_a_seat_silently(world: World, mailoutbox: list[object]) -> None:
    pool, people = shrinking(world, people=3, stays=2)
    worker.drain(now=world.now + timedelta(days=5))
    mailoutbox.clear()
    settle(world, pool)
    worker.drain(now=world.now + AFTER)
    told = sorted(mail.to[0] for mail in mailoutbox)  # type: ignore[attr-defined]
    assert told == ["alice@atelier.example", people[2].person.email]
    mine = next(mail for mail in mailoutbox if mail.to == [people[2].person.email])  # type: ignore[attr-defined]
    assert "within 30 days" in mine.body  # type: ignore[attr-defined]


def test_the_schedule_settles_what_needs_it(world: World) -> None:
    shrinking(world, people=3, stays=1)
    world.licenses(product=world.other_product)
    assert shortage.settle_shortages(by=OPERATOR, now=world.now + AFTER) == 2
    assert shortage.settle_shortages(by=OPERATOR, now=world.now + AFTER) == 0


def test_only_who_may_assign_marks_and_only_the_system_settles(world: World) -> None:
    pool, people = shrinking(world, people=2, stays=1)
    for person, refusal in ((people[0].person, Forbidden), (world.charlie, Missing)):
        with pytest.raises(refusal):
            shortage.mark_stays(pool=pool, seats=[], by=person.actor(), now=world.now)
    with pytest.raises(Forbidden):
        shortage.settle_shortage(pool=pool, by=world.alice.actor(), now=world.now + AFTER)


def test_marks_of_other_pools_are_passed_over(world: World) -> None:
    pool, _people = shrinking(world, people=2, stays=1)
    other = world.seat(world.licenses(product=world.other_product).pool, world.member(world.alice))
    assert (
        shortage.mark_stays(
            pool=pool, seats=[other.public_id, "seat_x"], by=world.alice.actor(), now=world.now
        )
        == 0
    )
    other.refresh_from_db()
    assert not other.stays


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_eight_workers_and_eight_ticks_settle_once_and_oversell_nothing(world: World) -> None:
    pool, _people = shrinking(world, people=8, stays=4)
    more = world.people(world.team, 8, start=50)
    now: datetime = world.now + AFTER

    def tick(member: Member) -> Callable[[], object]:
        return lambda: seats.assign(pool=pool, member=member, by=world.alice.actor(), now=now)

    workers: list[Callable[[], object]] = [
        lambda: shortage.settle_shortage(pool=pool, by=OPERATOR, now=now)
    ] * 8
    outcomes = together([*workers, *(tick(member) for member in more)])
    assert {type(each.raised) for each in outcomes if each.raised} <= {NoFreeSeat}
    pool.refresh_from_db()
    assert pool.held == Seat.objects.held().filter(pool=pool).count() == 4
    assert Event.objects.filter(name="pool.shortage_settled").count() == 1
