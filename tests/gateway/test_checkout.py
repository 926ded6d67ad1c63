"""Check out: who holds a seat gets a lease, everybody else a reason."""

from datetime import timedelta

import jwt
import pytest
from django.db import connection

from licet.eventlog.models import Event
from licet.leases import actions as leases
from licet.leases.models import Device, Lease
from licet.licenses.models import License
from licet.seats import actions as seats
from licet.seats.models import Seat
from licet.signing import queries as signing
from tests.gateway.conftest import Scene, stage
from tests.world import World


def test_a_held_seat_gives_a_lease_under_the_frozen_terms(scene: Scene) -> None:
    machine = scene.machine()
    reply = machine.checkout(scene.product.code)
    assert reply.status == 200, reply.values
    claims = reply.claims
    assert claims["features"] == ["export"]
    assert claims["edition"] == "pro"
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["iat"] < claims["renew_after"] < claims["exp"]
    assert claims["sub"] == scene.world.bob.public_id
    assert claims["aud"] == "example-studio"
    assert claims["seat"] == scene.seat.public_id
    assert claims["team"] == scene.world.team.public_id
    assert claims["cnf"]["jkt"] == machine.device.jkt


def test_the_lease_tells_no_name_and_no_address(scene: Scene) -> None:
    text = str(scene.machine().checkout(scene.product.code).claims)
    assert "Bob" not in text
    assert "@" not in text


def test_the_answer_echoes_the_nonce_and_the_time(scene: Scene) -> None:
    machine = scene.machine()
    reply = machine.checkout(scene.product.code)
    assert reply.claims["nonce"] == machine.nonce
    assert reply.values["server_time"] == int(scene.world.now.timestamp())


def test_another_library_verifies_the_lease_with_the_published_keys(scene: Scene) -> None:
    reply = scene.machine().checkout(scene.product.code)
    published = jwt.PyJWKSet.from_dict(signing.jwks(now=scene.world.now))
    key = published[jwt.get_unverified_header(reply.values["lease"])["kid"]]
    claims = jwt.decode(reply.values["lease"], key, algorithms=["EdDSA"], audience="example-studio")
    assert claims["product"] == scene.product.code
    root = jwt.PyJWK(signing.jwks(now=scene.world.now)["roots"][0])
    certificate = jwt.decode(reply.values["certificate"], root, algorithms=["EdDSA"])
    assert certificate["sub"] == key.key_id
    assert certificate["jwk"]["x"] == signing.jwks(now=scene.world.now)["keys"][0]["x"]


def test_asking_again_keeps_one_row_and_voids_the_lease_before(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    second = machine.checkout(scene.product.code)
    assert Lease.objects.count() == 1
    assert first.claims["jti"] != second.claims["jti"]
    assert machine.renew(first).code == "lease_superseded"
    assert machine.renew(second).status == 200


def test_a_second_process_of_a_device_has_a_lease_of_its_own(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code, process="one")
    second = machine.checkout(scene.product.code, process="two")
    assert Lease.objects.count() == 2
    assert machine.renew(first).status == machine.renew(second).status == 200


def test_a_repeated_checkout_reads_with_two_statements(scene: Scene) -> None:
    machine = scene.machine()
    machine.checkout(scene.product.code)
    proof = machine.proof()
    seen: list[str] = []
    if connection.vendor == "sqlite":
        connection.connection.set_trace_callback(seen.append)
        reply = machine.checkout(scene.product.code, proof=proof)
        connection.connection.set_trace_callback(None)
        assert reply.status == 200
        assert len([sql for sql in seen if sql.lstrip().startswith("SELECT")]) == 2
        assert len([sql for sql in seen if sql.lstrip().startswith(("INSERT", "UPDATE"))]) == 2


def test_the_first_use_of_a_seat_on_a_device_is_told_once(scene: Scene) -> None:
    machine = scene.machine()
    for _ in range(3):
        machine.checkout(scene.product.code)
    event = Event.objects.get(name="lease.started")
    assert event.team == scene.world.team.pk
    assert "Bob Keller" in event.sentence()


def test_the_first_use_of_a_seat_is_kept_on_it_once(scene: Scene) -> None:
    machine, other = scene.machine(), scene.machine(name="Laptop")
    assert Seat.objects.get().first_used_at is None
    machine.checkout(scene.product.code)
    assert Seat.objects.get().first_used_at == scene.world.now
    for each in (machine, other):
        each.now += timedelta(minutes=5)
        each.checkout(scene.product.code)
    assert Seat.objects.get().first_used_at == scene.world.now


def test_no_seat(scene: Scene) -> None:
    reply = scene.machine(scene.world.alice).checkout(scene.product.code)
    assert (reply.status, reply.code, reply.values["fixed_by"]) == (403, "no_seat", "team_admin")
    assert scene.product.name in reply.values["detail"]


def test_a_stranger_of_the_team_has_no_seat_either(scene: Scene) -> None:
    assert scene.machine(scene.world.charlie).checkout(scene.product.code).code == "no_seat"


def test_a_seat_that_was_taken_back(scene: Scene) -> None:
    machine = scene.machine()
    seats.release(seat=scene.seat, by=scene.world.alice.actor(), now=scene.world.now)
    reply = machine.checkout(scene.product.code)
    assert (reply.status, reply.code) == (410, "seat_released")


def test_a_license_works_through_its_grace_and_ends_with_it(scene: Scene) -> None:
    machine = scene.machine()
    license = License.objects.get()
    machine.row.expires_at = license.usable_until + timedelta(days=1)
    machine.row.save()
    machine.grant.expires_at = machine.row.expires_at
    machine.grant.save()
    machine.now = license.usable_until - timedelta(minutes=10)
    reply = machine.checkout(scene.product.code)
    assert reply.claims["exp"] == int(license.usable_until.timestamp())
    assert reply.claims["license_until"] == int(license.valid_until.timestamp())
    machine.now = license.usable_until
    reply = machine.checkout(scene.product.code)
    assert (reply.status, reply.code) == (410, "license_ended")


def test_a_license_that_has_not_begun(world: World) -> None:
    scene = stage(world)
    License.objects.update(valid_from=world.now + timedelta(days=1))
    assert scene.machine().checkout(scene.product.code).code == "license_upcoming"


@pytest.mark.parametrize("state", ["suspended", "revoked"])
def test_a_license_that_the_vendor_stopped(scene: Scene, state: str) -> None:
    License.objects.update(state=state)
    reply = scene.machine().checkout(scene.product.code)
    assert (reply.status, reply.code, reply.values["fixed_by"]) == (403, "license_on_hold", "vendor")


def test_one_device_more_than_the_terms_allow_is_told_which_ones_are_in_use(scene: Scene) -> None:
    desk, laptop, tablet = (scene.machine(name=name) for name in ("Desk", "Laptop", "Tablet"))
    first = desk.checkout(scene.product.code)
    laptop.checkout(scene.product.code)
    reply = tablet.checkout(scene.product.code)
    assert (reply.status, reply.code, reply.values["fixed_by"]) == (409, "device_limit", "person")
    assert {each["name"] for each in reply.values["devices"]} == {"Desk", "Laptop"}
    desk.release(first)
    assert tablet.checkout(scene.product.code).status == 200


def test_a_device_whose_lease_ended_leaves_room(scene: Scene) -> None:
    desk, laptop, tablet = (scene.machine(name=name) for name in ("Desk", "Laptop", "Tablet"))
    desk.checkout(scene.product.code)
    laptop.checkout(scene.product.code)
    tablet.now += timedelta(minutes=61)
    tablet.row.expires_at = tablet.now + timedelta(hours=1)
    tablet.row.save()
    assert tablet.checkout(scene.product.code).status == 200


def test_a_blocked_device_gets_nothing_until_it_is_unblocked(scene: Scene) -> None:
    machine = scene.machine()
    bob = scene.world.bob.actor()
    leases.block(device=machine.device, by=bob, now=scene.world.now)
    assert machine.checkout(scene.product.code).code == "device_blocked"
    leases.unblock(device=machine.device, by=bob, now=scene.world.now)
    assert machine.checkout(scene.product.code).status == 200


def test_a_product_that_the_application_may_not_ask_for(scene: Scene) -> None:
    assert scene.machine().checkout("no-such-product").code == "unknown_product"
    assert scene.machine().checkout(scene.world.catalog[2].code).code == "unknown_product"


def test_a_counter_that_does_not_grow_shows_a_copy(scene: Scene) -> None:
    machine = scene.machine()
    machine.checkout(scene.product.code)
    reply = machine.checkout(scene.product.code, proof=machine.proof(seq=1))
    assert (reply.status, reply.code) == (409, "device_copied")
    assert Event.objects.filter(name="device.copy_noticed").count() == 1


def test_a_denial_is_told_once_an_hour(scene: Scene) -> None:
    machine = scene.machine(scene.world.alice)
    for _ in range(3):
        machine.checkout(scene.product.code)
    assert Event.objects.filter(name="lease.denied").count() == 1
    machine.now += timedelta(minutes=59)
    machine.checkout(scene.product.code)
    assert Event.objects.filter(name="lease.denied").count() == 1
    machine.now += timedelta(minutes=1)
    machine.row.expires_at = machine.now + timedelta(hours=1)
    machine.row.save()
    machine.checkout(scene.product.code)
    assert Event.objects.filter(name="lease.denied").count() == 2


def test_of_several_licenses_the_one_that_lasts_longest_counts(scene: Scene) -> None:
    world = scene.world
    world.licenses(seats=1, edition="long", valid_until=world.now + timedelta(days=800))
    assert scene.machine().checkout(scene.product.code).claims["edition"] == "long"


def test_a_team_can_be_named(scene: Scene) -> None:
    machine = scene.machine()
    body = {"product": scene.product.code, "team": scene.world.other_team.public_id}
    parts = {"proof": machine.proof(), "authorization": f"DPoP {machine.token}"}
    assert machine.call("/v1/leases/checkout", body, **parts).code == "no_seat"
    body["team"] = scene.world.team.public_id
    parts["proof"] = machine.proof()
    assert machine.call("/v1/leases/checkout", body, **parts).status == 200


def test_a_person_who_left_the_team_has_no_seat(scene: Scene) -> None:
    machine = scene.machine()
    member = scene.world.member(scene.world.bob)
    member.left_at = scene.world.now
    member.save()
    assert machine.checkout(scene.product.code).code == "seat_released"


def test_the_counter_of_the_device_is_kept(scene: Scene) -> None:
    machine = scene.machine()
    machine.checkout(scene.product.code)
    machine.checkout(scene.product.code)
    assert Device.objects.get().counter == 2
