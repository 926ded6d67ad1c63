"""Enroll: a person's device is known by its public key."""

from typing import Any

import pytest

from licet.eventlog.models import Event
from licet.kernel.refusal import Missing
from licet.leases import actions
from licet.leases.errors import BadDeviceKey
from licet.leases.models import Device
from licet.signing.rules import public_jwk, thumbprint
from tests.world import World

JWK = public_jwk(seed=b"d" * 32)


def enroll(world: World, **changes: Any) -> Device:
    values: dict[str, Any] = {
        "person": world.bob,
        "jwk": JWK,
        "name": "Desk",
        "platform": "test",
        "by": world.bob.actor(),
        "now": world.now,
        **changes,
    }
    return actions.enroll(**values)


def test_a_device_is_kept_by_its_thumbprint(world: World) -> None:
    device = enroll(world, jwk={**JWK, "kid": "whatever", "use": "sig"})
    assert device.jkt == thumbprint(jwk=JWK)
    assert device.public_jwk == JWK
    assert device.public_id.startswith("dev_")
    assert Event.objects.get(name="device.enrolled").actor_id == world.bob.pk


def test_the_same_key_again_renames_the_device_and_keeps_its_counter(world: World) -> None:
    first = enroll(world)
    Device.objects.update(counter=7)
    again = enroll(world, name="New name")
    assert (again.pk, again.name, again.counter) == (first.pk, "New name", 7)


def test_a_key_that_two_people_bring_makes_two_devices(world: World) -> None:
    enroll(world)
    enroll(world, person=world.alice, by=world.alice.actor())
    assert Device.objects.count() == 2


@pytest.mark.parametrize("jwk", [{}, {"kty": "OKP"}, {**JWK, "d": "A" * 43}, {"kty": "RSA", "n": "AQAB"}])
def test_what_is_no_device_key(world: World, jwk: dict[str, Any]) -> None:
    with pytest.raises(BadDeviceKey):
        enroll(world, jwk=jwk)
    assert not Device.objects.exists()


def test_nobody_enrolls_for_another(world: World) -> None:
    with pytest.raises(Missing):
        enroll(world, by=world.alice.actor())


def test_names_are_cleaned_and_cut(world: World) -> None:
    assert enroll(world, name="  a \n b " + "x" * 200).name.startswith("a b x")
    assert len(enroll(world, name="x" * 200).name) == 80
    assert enroll(world, name=" ").name == "-"
