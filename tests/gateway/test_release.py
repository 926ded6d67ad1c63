"""Release: the place on the device is free at once."""

from licet.leases.models import Lease
from tests.gateway.conftest import Scene


def test_releasing_ends_the_lease_at_once(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    reply = machine.release(first)
    assert reply.status == 200
    assert reply.values["released"] == first.claims["jti"]
    assert not Lease.objects.running(scene.world.now).exists()
    assert machine.renew(first).code == "lease_ended"


def test_releasing_twice_is_as_good_as_once(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    assert machine.release(first).status == machine.release(first).status == 200


def test_after_a_release_a_checkout_starts_again(scene: Scene) -> None:
    machine = scene.machine()
    machine.release(machine.checkout(scene.product.code))
    again = machine.checkout(scene.product.code)
    assert again.status == 200
    assert machine.renew(again).status == 200


def test_only_the_secret_of_the_lease_releases_it(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    first.values["renew_key"] = "A" * 43
    assert machine.release(first).code == "invalid_proof"
    assert Lease.objects.running(scene.world.now).count() == 1


def test_a_renewal_does_not_pass_for_a_release(scene: Scene) -> None:
    machine = scene.machine()
    body = machine.keyed("renew", machine.checkout(scene.product.code))
    assert machine.call("/v1/leases/release", body).code == "invalid_proof"


def test_a_superseded_identifier_releases_nothing(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    machine.renew(first)
    assert machine.release(first).code == "lease_superseded"
    assert Lease.objects.running(scene.world.now).count() == 1
