"""How often a device and a license may call, and what those hear who call more often."""

from datetime import timedelta

import pytest

from licet.gateway import limits
from licet.gateway.door import Door
from licet.gateway.errors import TooOften
from licet.gateway.limits import Limits, Rate
from licet.leases.models import Lease
from tests.gateway.conftest import Scene


def test_a_device_that_calls_too_often_is_told_how_long_to_wait(scene: Scene) -> None:
    machine = scene.machine()
    machine.door = Door(limits=Limits(device=3, license=0))
    for _ in range(3):
        assert machine.checkout(scene.product.code).status == 200
    reply = machine.checkout(scene.product.code)
    assert (reply.status, reply.code, reply.values["fixed_by"]) == (429, "too_often", "nobody")
    machine.now += timedelta(seconds=int(reply.headers["Retry-After"]))
    assert machine.checkout(scene.product.code).status == 200


def test_another_device_is_not_held_up(scene: Scene) -> None:
    door = Door(limits=Limits(device=1, license=0))
    first, second = scene.machine(name="One"), scene.machine(name="Two")
    first.door = second.door = door
    assert first.checkout(scene.product.code).status == 200
    assert first.checkout(scene.product.code).status == 429
    assert second.checkout(scene.product.code).status == 200


def test_a_license_has_a_limit_for_all_its_devices_together(scene: Scene) -> None:
    door = Door(limits=Limits(device=0, license=2))
    first, second = scene.machine(name="One"), scene.machine(name="Two")
    first.door = second.door = door
    assert first.checkout(scene.product.code).status == 200
    held = second.checkout(scene.product.code)
    assert held.status == 200
    reply = second.renew(held)
    assert (reply.status, reply.code) == (429, "too_often")
    assert Lease.objects.filter(renewals=0).count() == 2


def test_a_call_that_was_held_up_costs_nothing(scene: Scene) -> None:
    """Its counter is not used up: the same call is welcome later."""
    machine = scene.machine()
    machine.door = Door(limits=Limits(device=0, license=1))
    held = machine.checkout(scene.product.code)
    body = machine.keyed("renew", held)
    assert machine.call("/v1/leases/renew", body).status == 429
    machine.now += timedelta(minutes=1)
    assert machine.call("/v1/leases/renew", body).status == 200


def test_who_cannot_prove_its_device_does_not_use_up_its_calls(scene: Scene) -> None:
    machine = scene.machine()
    machine.door = Door(limits=Limits(device=1, license=0))
    for _ in range(3):
        assert machine.checkout(scene.product.code, proof="a.b.c").status == 401
    assert machine.checkout(scene.product.code).status == 200


def test_a_bucket_fills_up_steadily() -> None:
    rate = Rate(per_minute=60)
    for _ in range(60):
        rate.take("a", 1000.0)
    with pytest.raises(TooOften) as caught:
        rate.take("a", 1000.0)
    assert caught.value.retry_after == 1
    rate.take("a", 1001.0)
    with pytest.raises(TooOften):
        rate.take("a", 1001.0)


def test_no_limit() -> None:
    rate = Rate(per_minute=0)
    for _ in range(1000):
        rate.take("a", 0.0)
    assert not rate.full


def test_those_who_have_not_called_lately_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEPT", 10)
    rate = Rate(per_minute=60)
    for number in range(10):
        rate.take(number, 0.0)
    rate.take("late", 100.0)
    assert set(rate.full) == {"late"}
    for number in range(100):
        rate.take(number, 100.0)
    assert len(rate.full) <= 10
