"""Renew: a lease goes on under another identifier, as long as the right does."""

from datetime import timedelta

from licet.connect.models import Grant
from licet.eventlog.models import Event
from licet.leases import actions as leases
from licet.leases.models import Lease
from licet.licenses.models import License
from licet.seats import actions as seats
from tests.gateway.conftest import Scene


def test_renewing_rotates_the_identifier_and_moves_the_end(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    machine.now += timedelta(minutes=30)
    second = machine.renew(first)
    assert second.status == 200, second.values
    assert second.claims["jti"] != first.claims["jti"]
    assert second.claims["exp"] == first.claims["exp"] + 1800
    assert second.claims["seq"] > first.claims["seq"]
    assert second.values["renew_key"] != first.values["renew_key"]
    assert Lease.objects.get().renewals == 1


def test_renewals_go_on_one_after_the_other_and_are_not_told(scene: Scene) -> None:
    machine = scene.machine()
    reply = machine.checkout(scene.product.code)
    told = Event.objects.count()
    for _ in range(5):
        reply = machine.renew(reply)
        assert reply.status == 200
    assert Event.objects.count() == told


def test_the_identifier_before_stops_working_and_the_copy_is_noticed(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    machine.renew(first)
    reply = machine.renew(first)
    assert (reply.status, reply.code) == (409, "lease_superseded")
    assert Event.objects.filter(name="device.copy_noticed").count() == 1


def test_a_lost_answer_is_recovered_by_asking_again(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    body = machine.keyed("renew", first)
    lost = machine.call("/v1/leases/renew", body)
    machine.now += timedelta(seconds=30)
    again = machine.call("/v1/leases/renew", body)
    assert again.values["lease"] == lost.values["lease"]
    assert machine.renew(again).status == 200
    assert not Event.objects.filter(name="device.copy_noticed").exists()


def test_neither_of_two_copies_of_a_device_goes_on_unseen(scene: Scene) -> None:
    original = scene.machine()
    held = original.checkout(scene.product.code)
    copied_counter = original.counter
    assert original.renew(held).status == 200
    at_original = original.counter
    original.counter = copied_counter  # the copy knows no more than this
    assert original.renew(held).code == "lease_superseded"
    original.counter = copied_counter
    assert original.checkout(scene.product.code).status == 200  # it has the device key as well
    original.counter = at_original - 1
    assert (
        original.checkout(scene.product.code, proof=original.proof(seq=copied_counter)).code
        == "device_copied"
    )
    assert Event.objects.filter(name="device.copy_noticed").count() == 2


def test_a_wrong_secret_is_refused(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    other = scene.machine(name="Other").checkout(scene.product.code)
    first.values["renew_key"] = other.values["renew_key"]
    reply = machine.renew(first)
    assert (reply.status, reply.code) == (401, "invalid_proof")


def test_the_counter_has_to_grow(scene: Scene) -> None:
    machine = scene.machine()
    machine.checkout(scene.product.code)
    reply = machine.checkout(scene.product.code)
    body = machine.keyed("renew", reply)
    machine.counter = 0
    assert machine.call("/v1/leases/renew", body).status == 200
    assert machine.renew(reply).code == "lease_superseded"


def test_a_counter_of_the_past_under_the_present_identifier_is_a_copy(scene: Scene) -> None:
    machine = scene.machine()
    machine.counter = 10
    reply = machine.checkout(scene.product.code)
    machine.counter = 3
    assert machine.renew(reply).code == "device_copied"


def test_an_unknown_lease(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    Lease.objects.all().delete()
    reply = machine.renew(first)
    assert (reply.status, reply.code) == (404, "lease_unknown")


def test_a_lease_that_has_ended_by_itself(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    machine.now += timedelta(hours=1)
    reply = machine.renew(first)
    assert (reply.status, reply.code, reply.values["fixed_by"]) == (410, "lease_ended", "application")


def test_a_seat_taken_back_ends_it_at_the_next_renewal(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    seats.release(seat=scene.seat, by=scene.world.alice.actor(), now=scene.world.now)
    reply = machine.renew(first)
    assert (reply.status, reply.code, reply.values["fixed_by"]) == (410, "seat_released", "team_admin")
    assert Event.objects.filter(name="lease.denied").count() == 1


def test_a_license_that_ended_meanwhile(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    past = scene.world.now + timedelta(minutes=5)
    License.objects.update(valid_from=past - timedelta(days=9), valid_until=past, usable_until=past)
    machine.now += timedelta(minutes=30)
    assert machine.renew(first).code == "license_ended"


def test_a_license_that_was_suspended_meanwhile(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    License.objects.update(state="suspended")
    assert machine.renew(first).code == "license_on_hold"


def test_a_blocked_device(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    leases.block(device=machine.device, by=scene.world.bob.actor(), now=scene.world.now)
    assert machine.renew(first).code == "device_blocked"


def test_a_grant_that_ended(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    Grant.objects.update(ended_at=scene.world.now, end_reason="signed_out")
    reply = machine.renew(first)
    assert (reply.status, reply.code) == (401, "signed_out")


def test_a_person_who_was_deactivated(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    scene.world.bob.is_active = False
    scene.world.bob.save()
    assert machine.renew(first).code == "signed_out"
