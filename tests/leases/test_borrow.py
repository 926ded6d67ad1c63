"""Borrowing a license to work offline, and what becomes of its seat meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import jwt
import pytest
from django.utils import translation

from licet.eventlog.models import Event
from licet.kernel.refusal import Missing, Refusal
from licet.leases import actions as leases
from licet.leases import offboarding, papers
from licet.leases import queries as reading
from licet.leases.errors import (
    BorrowInPast,
    BorrowNotAllowed,
    BorrowTooLong,
    DeviceBlocked,
    DeviceBorrows,
    DeviceCopied,
    DeviceLimit,
    LicenseEnded,
    MaintenanceEnded,
    NoSeat,
    NotThatDevice,
    ProjectNeeded,
    SeatReleased,
    UnknownProduct,
)
from licet.leases.models import Lease
from licet.licenses.models import License, Pool
from licet.seats import actions as seats
from licet.seats.models import Reservation, Seat
from tests.doorway import Machine
from tests.gateway.conftest import Scene, stage
from tests.leases.borrowing import borrow
from tests.races import together
from tests.world import World

DAY = timedelta(days=1)


@pytest.fixture
def scene(world: World) -> Scene:
    """Bob holds one of three seats; two devices at once, 30 days offline."""
    return stage(world)


def test_a_borrowed_lease_lasts_until_the_date_and_says_so(scene: Scene) -> None:
    laptop = scene.machine(name="Laptop")
    until = scene.world.now + 10 * DAY
    lease = borrow(laptop, scene.product, until=until)
    answer = papers.signed(lease=lease, audience="example-studio", now=scene.world.now)
    claims = jwt.decode(answer["lease"], options={"verify_signature": False})
    assert (claims["mode"], claims["exp"]) == ("offline", int(until.timestamp()))
    assert claims["outage_until"] == claims["exp"], "its place is given to others then"
    assert Seat.objects.get().borrowed_until == until
    told = Event.objects.get(name="lease.borrowed")
    assert (told.team, told.facts["until"]) == (scene.world.team.pk, until.isoformat())


def test_renewal_is_asked_for_as_often_as_of_an_online_lease(scene: Scene) -> None:
    lease = borrow(scene.machine(), scene.product, until=scene.world.now + 10 * DAY)
    assert timedelta(minutes=20) < lease.renew_after - scene.world.now < timedelta(minutes=40)


def test_it_is_never_longer_than_the_terms_allow_and_the_refusal_names_the_last_day(world: World) -> None:
    scene = stage(world, offline_days=7)
    with pytest.raises(BorrowTooLong) as refused:
        borrow(scene.machine(), scene.product, until=world.now + 9 * DAY)
    with translation.override("en"):
        assert "until 9 March 2026 at the latest" in str(refused.value)
    assert refused.value.more == {"latest": int((world.now + 7 * DAY).timestamp())}
    assert Seat.objects.get().borrowed_until is None


def test_any_hour_of_the_last_day_is_its_last_possible_moment(world: World) -> None:
    scene = stage(world, offline_days=7)
    latest = world.now + 7 * DAY
    evening = latest.replace(hour=22)
    assert borrow(scene.machine(), scene.product, until=evening).expires_at == latest


def test_it_is_never_longer_than_the_grace_of_the_license(world: World) -> None:
    scene = stage(world, grace_days=2)
    License.objects.update(valid_until=world.now + 3 * DAY, usable_until=world.now + 5 * DAY)
    with pytest.raises(BorrowTooLong) as refused:
        borrow(scene.machine(), scene.product, until=world.now + 10 * DAY)
    assert refused.value.more == {"latest": int((world.now + 5 * DAY).timestamp())}


@pytest.mark.parametrize(
    ("terms", "after", "refusal"),
    [
        ({"offline_days": 0}, DAY, BorrowNotAllowed),
        ({}, -DAY, BorrowInPast),
        ({}, timedelta(0), BorrowInPast),
    ],
)
def test_it_is_refused_where_the_terms_or_the_calendar_say_no(
    world: World, terms: dict[str, Any], after: timedelta, refusal: type[Refusal]
) -> None:
    scene = stage(world, **terms)
    with pytest.raises(refusal):
        borrow(scene.machine(), scene.product, until=world.now + after)


def no_seat(scene: Scene) -> type[Refusal]:
    Seat.objects.all().delete()
    return NoSeat


def taken_back(scene: Scene) -> type[Refusal]:
    seats.release(seat=scene.seat, by=scene.world.alice.actor(), now=scene.world.now)
    return SeatReleased


def ended(scene: Scene) -> type[Refusal]:
    License.objects.update(
        valid_from=scene.world.now - 9 * DAY,
        valid_until=scene.world.now - 5 * DAY,
        usable_until=scene.world.now,
    )
    return LicenseEnded


@pytest.mark.parametrize("world_without", [no_seat, taken_back, ended])
def test_it_is_refused_like_a_check_out(
    scene: Scene, world_without: Callable[[Scene], type[Refusal]]
) -> None:
    refusal = world_without(scene)
    with pytest.raises(refusal):
        borrow(scene.machine(), scene.product, until=scene.world.now + DAY)
    denied = Event.objects.get(name="lease.denied")
    assert (denied.team, denied.facts["reason"]) == (scene.world.team.pk, refusal.code)


def test_an_application_borrows_only_its_own_products(scene: Scene) -> None:
    with pytest.raises(UnknownProduct):
        borrow(scene.machine(), scene.world.catalog[3], until=scene.world.now + DAY)


def test_a_blocked_device_borrows_nothing(scene: Scene) -> None:
    laptop = scene.machine()
    leases.block(device=laptop.device, by=scene.world.bob.actor(), now=scene.world.now)
    with pytest.raises(DeviceBlocked):
        borrow(laptop, scene.product, until=scene.world.now + DAY)


def test_nobody_borrows_for_another_persons_device(scene: Scene) -> None:
    with pytest.raises(Missing):
        borrow(scene.machine(), scene.product, until=scene.world.now + DAY, by=scene.world.alice.actor())


def test_asking_again_with_the_same_proof_gets_the_same_lease(scene: Scene) -> None:
    laptop = scene.machine()
    first = borrow(laptop, scene.product, until=scene.world.now + DAY)
    again = borrow(laptop, scene.product, until=scene.world.now + DAY, seq=first.seq, nonce=first.nonce)
    assert (again.pk, again.public_id) == (first.pk, first.public_id)
    assert Event.objects.filter(name="lease.borrowed").count() == 1


def test_an_older_counter_is_a_copy_of_the_device(scene: Scene) -> None:
    laptop = scene.machine()
    borrow(laptop, scene.product, until=scene.world.now + DAY)
    with pytest.raises(DeviceCopied):
        borrow(laptop, scene.product, until=scene.world.now + DAY, seq=1, nonce="another")
    assert Event.objects.filter(name="device.copy_noticed", team=scene.world.team.pk).exists()


def test_borrowing_again_moves_the_end_of_the_same_place(scene: Scene) -> None:
    laptop = scene.machine()
    borrow(laptop, scene.product, until=scene.world.now + DAY)
    borrow(laptop, scene.product, until=scene.world.now + 3 * DAY)
    assert Seat.objects.get().borrowed_until == scene.world.now + 3 * DAY
    assert Lease.objects.running(scene.world.now).count() == 1


def test_a_borrowed_device_counts_for_the_limit_of_devices(world: World) -> None:
    scene = stage(world, devices_per_person=1)
    borrow(scene.machine(name="Laptop"), scene.product, until=world.now + DAY)
    with pytest.raises(DeviceLimit) as refused:
        borrow(scene.machine(name="Desk"), scene.product, until=world.now + DAY)
    [device] = refused.value.more["devices"]
    assert (device["name"], device["borrowed"]) == ("Laptop", True)


def test_it_counts_under_the_next_seat_of_the_same_person_too(world: World) -> None:
    scene = stage(world, devices_per_person=1)
    borrow(scene.machine(name="Laptop"), scene.product, until=world.now + DAY)
    seats.release(seat=scene.seat, by=world.alice.actor(), now=world.now)
    world.seat(scene.pool, world.member(world.bob))
    with pytest.raises(DeviceLimit):
        borrow(scene.machine(name="Desk"), scene.product, until=world.now + DAY)


def test_another_device_of_the_person_can_be_released_in_its_favour(world: World) -> None:
    scene = stage(world, devices_per_person=1)
    desk, laptop = scene.machine(name="Desk"), scene.machine(name="Laptop")
    desk.checkout(scene.product.code)
    borrow(laptop, scene.product, until=world.now + DAY, instead_of=desk.device.public_id)
    assert set(Lease.objects.running(world.now).values_list("device", flat=True)) == {laptop.device.pk}
    assert Event.objects.filter(name="device.released", team=world.team.pk).count() == 1


def test_what_another_device_has_borrowed_is_not_released(world: World) -> None:
    scene = stage(world, devices_per_person=1)
    laptop = scene.machine(name="Laptop")
    borrow(laptop, scene.product, until=world.now + DAY)
    with pytest.raises(DeviceBorrows):
        borrow(scene.machine(), scene.product, until=world.now + DAY, instead_of=laptop.device.public_id)


def test_a_device_that_does_not_use_the_license_cannot_be_released_for_it(world: World) -> None:
    scene = stage(world, devices_per_person=1)
    scene.machine(name="Desk").checkout(scene.product.code)
    idle = scene.machine(name="Idle")
    with pytest.raises(NotThatDevice):
        borrow(scene.machine(), scene.product, until=world.now + DAY, instead_of=idle.device.public_id)


def test_a_release_that_the_license_no_longer_covers_is_refused(world: World) -> None:
    scene = stage(world, maintenance_days=10)
    with pytest.raises(MaintenanceEnded):
        borrow(
            scene.machine(),
            scene.product,
            until=world.now + DAY,
            released_on=(world.now + 20 * DAY).date(),
        )


def test_a_license_for_projects_asks_for_one(world: World) -> None:
    scene = stage(world, project_required=True)
    with pytest.raises(ProjectNeeded):
        borrow(scene.machine(), scene.product, until=world.now + DAY)


# --- what happens to the seat meanwhile ------------------------------------------------------------


def test_taking_the_seat_back_keeps_its_place_until_the_date(scene: Scene) -> None:
    until = scene.world.now + 5 * DAY
    borrow(scene.machine(), scene.product, until=until)
    seats.release(seat=scene.seat, by=scene.world.alice.actor(), now=scene.world.now)
    kept = Reservation.objects.kept().get()
    assert (kept.reason, kept.expires_at) == ("borrowed", until)


def test_who_leaves_the_team_goes_on_offline_and_keeps_the_place(scene: Scene) -> None:
    until = scene.world.now + 5 * DAY
    lease = borrow(scene.machine(), scene.product, until=until)
    offboarding.remove(
        member=scene.world.member(scene.world.bob), by=scene.world.alice.actor(), now=scene.world.now
    )
    assert Reservation.objects.kept().get().expires_at == until
    assert Lease.objects.get(pk=lease.pk).released_at is None


def test_blocking_the_device_does_not_free_what_goes_on_offline(scene: Scene) -> None:
    laptop = scene.machine()
    lease = borrow(laptop, scene.product, until=scene.world.now + DAY)
    leases.block(device=laptop.device, by=scene.world.bob.actor(), now=scene.world.now)
    assert Lease.objects.get(pk=lease.pk).released_at is None


def test_it_cannot_be_released_from_afar(scene: Scene) -> None:
    laptop = scene.machine(name="Laptop")
    borrow(laptop, scene.product, until=scene.world.now + DAY)
    with pytest.raises(DeviceBorrows) as refused:
        leases.release_device(
            device=laptop.device, seat=scene.seat, by=scene.world.bob.actor(), now=scene.world.now
        )
    assert "Laptop has borrowed" in str(refused.value)


def test_what_is_lost_by_the_click_is_shown_before_it(scene: Scene) -> None:
    until = scene.world.now + 5 * DAY
    borrow(scene.machine(name="Laptop"), scene.product, until=until)
    running = reading.running(seats=[scene.seat.pk], now=scene.world.now)[scene.seat.pk]
    assert (running.device, running.until, running.borrowed) == ("Laptop", until, True)
    farewell = offboarding.preview(member=scene.world.member(scene.world.bob), now=scene.world.now)
    [line] = farewell.devices
    assert (line.until, line.borrowed) == (until, True)


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_two_devices_that_borrow_at_once_get_one_lease_where_one_device_is_allowed(world: World) -> None:
    scene = stage(world, devices_per_person=1)
    machines = [scene.machine(name=str(number)) for number in range(6)]

    def lend(machine: Machine) -> Callable[[], Lease]:
        return lambda: borrow(machine, scene.product, until=world.now + DAY)

    outcomes = together([lend(each) for each in machines])
    refused = [type(each.raised) for each in outcomes if each.raised]
    assert refused == [DeviceLimit] * 5
    assert Lease.objects.running(world.now).count() == 1


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_borrowing_while_the_seat_is_taken_back_keeps_a_place_or_gets_nothing(world: World) -> None:
    scene = stage(world)
    laptop = scene.machine()
    others = world.people(world.team, 3)
    by, until = world.alice.actor(), world.now + DAY
    calls: list[Callable[[], Any]] = [
        lambda: borrow(laptop, scene.product, until=until),
        lambda: seats.release(seat=scene.seat, by=by, now=world.now),
        *(
            lambda each=each: seats.assign(pool=scene.pool, member=each, by=by, now=world.now)
            for each in others
        ),
    ]
    lent = together(calls)[0]
    pool = Pool.objects.get(pk=scene.pool.pk)
    kept = Reservation.objects.kept().filter(reason="borrowed").count()
    assert kept == (1 if lent.value else 0)
    assert pool.held + pool.reserved <= 3, "never more held and kept than bought"
    assert pool.held == Seat.objects.held().count()


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_borrowing_and_checking_out_at_once_never_use_more_devices_than_allowed(world: World) -> None:
    scene = stage(world, devices_per_person=1)
    borrowers = [scene.machine(name=f"Laptop {number}") for number in range(3)]
    others = [scene.machine(name=f"Desk {number}") for number in range(3)]
    calls: list[Callable[[], Any]] = [
        *(partial(borrow, each, scene.product, until=world.now + DAY) for each in borrowers),
        *(partial(each.checkout, scene.product.code) for each in others),
    ]
    together(calls)
    assert Lease.objects.running(world.now).values("device").distinct().count() == 1


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_two_devices_that_want_the_same_ones_place_get_it_one_after_the_other(world: World) -> None:
    scene = stage(world, devices_per_person=1)
    desk, machines = scene.machine(name="Desk"), [scene.machine(name=str(n)) for n in range(4)]
    desk.checkout(scene.product.code)

    def instead(machine: Machine) -> Callable[[], str]:
        def ask() -> str:
            body = {"product": scene.product.code, "instead_of": desk.device.public_id}
            parts = {"proof": machine.proof(), "authorization": f"DPoP {machine.token}"}
            return str(machine.call("/v1/leases/checkout", body, **parts).values.get("code", "granted"))

        return ask

    outcomes = [each.value for each in together([instead(each) for each in machines])]
    assert sorted(outcomes) == ["granted", *["not_that_device"] * 3]
    assert Lease.objects.running(world.now).count() == 1
