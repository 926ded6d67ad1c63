"""Calls that share a transaction: the same answers as one by one, and a fault of one is nobody else's."""

import dataclasses
import json
from datetime import timedelta
from typing import Any

import pytest

from licet.eventlog.models import Event
from licet.gateway import steps
from licet.gateway.answers import Answer
from licet.gateway.calls import Call
from licet.gateway.door import Door
from licet.gateway.store import Store
from licet.leases.models import Device, Lease
from tests.doorway import Machine, Reply
from tests.gateway.conftest import Scene, stage
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]
CHECKOUT, RENEW, RELEASE = "/v1/leases/checkout", "/v1/leases/renew", "/v1/leases/release"


def checkout(machine: Machine, product: str, **values: Any) -> Call:
    """Return a check-out that is not sent yet."""
    return Call(
        method="POST",
        path=CHECKOUT,
        body=json.dumps({"product": product, **values}).encode(),
        content_type="application/json",
        authorization=f"DPoP {machine.token}",
        proof=machine.proof(),
    )


def keyed(machine: Machine, purpose: str, reply: Reply) -> Call:
    """Return a renewal or release that is not sent yet."""
    return Call(
        method="POST",
        path=f"/v1/leases/{purpose}",
        body=json.dumps(machine.keyed(purpose, reply)).encode(),
        content_type="application/json",
    )


def read(answers: list[Answer]) -> list[Reply]:
    """Read answers."""
    return [Reply.of(answer) for answer in answers]


def crowd(world: World, count: int, **terms: Any) -> tuple[Scene, list[Machine]]:
    """Let so many members hold a seat and a device each."""
    scene = stage(world, **terms)
    pool = world.licenses(seats=count, **terms).pool
    machines = []
    for number in range(count):
        person = world.person(f"person{number}@atelier.example")
        world.seat(pool, world.join(world.team, person))
        machines.append(scene.machine(person))
    return scene, machines


def test_a_group_is_answered_in_its_order(world: World) -> None:
    scene, machines = crowd(world, 5)
    calls = [checkout(machine, scene.product.code) for machine in machines]
    calls.insert(2, dataclasses.replace(calls[0], body=b"{"))
    calls.insert(4, checkout(machines[0], "unknown"))
    replies = read(Door().answer_all(calls, now=world.now))
    assert [reply.status for reply in replies] == [200, 200, 400, 200, 404, 200, 200]
    held = [reply.claims["nonce"] for reply in replies if reply.status == 200]
    assert held[1:] == [machine.nonce for machine in machines[1:]]
    assert Lease.objects.running(world.now).count() == 5
    assert Event.objects.filter(name="lease.started").count() == 5


def test_renewals_releases_and_checkouts_in_one_group(world: World) -> None:
    scene, machines = crowd(world, 4, lease_minutes=10)
    door = Door()
    first = read(door.answer_all([checkout(each, scene.product.code) for each in machines], now=world.now))
    calls = [
        keyed(machines[0], "renew", first[0]),
        checkout(machines[1], scene.product.code),
        keyed(machines[2], "release", first[2]),
        keyed(machines[3], "renew", first[3]),
        keyed(machines[3], "renew", first[0]),  # under the secret of another lease's, with a wrong counter
    ]
    replies = read(door.answer_all(calls, now=world.now + timedelta(minutes=4)))
    assert [reply.status for reply in replies[:4]] == [200, 200, 200, 200]
    assert replies[4].code in {"lease_superseded", "device_copied"}
    assert replies[0].claims["jti"] != first[0].claims["jti"]
    assert replies[3].claims["exp"] == first[3].claims["exp"] + 240
    assert Lease.objects.filter(released_at=None).count() == 3
    assert sorted(Lease.objects.values_list("renewals", flat=True)) == [0, 0, 1, 1]


def test_two_renewals_of_one_lease_in_one_group(world: World) -> None:
    scene = stage(world)
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    calls = [keyed(machine, "renew", first) for _ in range(3)]
    replies = read(machine.door.answer_all(calls, now=world.now))
    assert [reply.status for reply in replies] == [200, 409, 409]
    assert {reply.code for reply in replies[1:]} == {"lease_superseded"}


def test_a_lost_answer_asked_for_again_in_the_same_group(world: World) -> None:
    scene = stage(world)
    machine = scene.machine()
    call = keyed(machine, "renew", machine.checkout(scene.product.code))
    first, again = read(machine.door.answer_all([call, call], now=world.now))
    assert first.values["lease"] == again.values["lease"]


def test_devices_of_one_person_in_one_group_count_each_other(world: World) -> None:
    scene = stage(world)
    machines = [scene.machine(name=str(number)) for number in range(4)]
    calls = [checkout(each, scene.product.code) for each in machines]
    replies = read(machines[0].door.answer_all(calls, now=world.now))
    assert [reply.status for reply in replies] == [200, 200, 409, 409]
    assert {reply.code for reply in replies[2:]} == {"device_limit"}


def test_processes_of_one_device_in_one_group(world: World) -> None:
    scene = stage(world)
    machine = scene.machine()
    calls = [checkout(machine, scene.product.code, process=str(number % 2)) for number in range(4)]
    replies = read(machine.door.answer_all(calls, now=world.now))
    assert [reply.status for reply in replies] == [200] * 4
    assert Lease.objects.count() == 2
    assert Device.objects.get().counter == replies[-1].claims["seq"]


def test_one_whose_writing_fails_does_not_fail_its_neighbors(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, machines = crowd(world, 4)
    broken, plain = machines[1].device.pk, Store.do

    def do(self: Store, step: steps.Step) -> Any:
        if isinstance(step, steps.Prove) and step.device == broken:
            raise RuntimeError("secret detail")
        return plain(self, step)

    def prove(store: Store, several: list[steps.Prove]) -> list[Any]:
        return [do(store, step) for step in several]

    monkeypatch.setattr(Store, "do", do)
    for statements in tables_of_many():
        monkeypatch.setitem(statements, steps.Prove, prove)
    calls = [checkout(each, scene.product.code) for each in machines]
    replies = read(Door().answer_all(calls, now=world.now))
    assert [reply.status for reply in replies] == [200, 500, 200, 200]
    assert "secret" not in json.dumps(replies[1].values)
    assert Lease.objects.count() == 3
    assert Event.objects.filter(name="lease.started").count() == 3


def tables_of_many() -> list[dict[type, Any]]:
    """Return the tables of statements for many calls, of PostgreSQL and of SQLite."""
    from licet.gateway import many, many_sqlite

    return [many._MANY, many_sqlite.MANY]


def test_a_commit_in_doubt_is_not_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client asks again with a new proof; ours would pass for a copied device."""
    from contextlib import contextmanager

    scene, machines = crowd(world, 3)
    calls = [checkout(each, scene.product.code) for each in machines]
    plain = Store.transaction

    @contextmanager
    def cut(self: Store, *, reads: bool = False) -> Any:
        with plain(self, reads=reads):
            yield
        raise OSError("the line was cut at the commit")

    with monkeypatch.context() as patched:
        patched.setattr(Store, "transaction", cut)
        replies = read(Door().answer_all(calls, now=world.now))
    assert {(reply.status, reply.code) for reply in replies} == {(503, "busy")}
    again = [checkout(each, scene.product.code) for each in machines]
    assert {reply.status for reply in read(Door().answer_all(again, now=world.now))} == {200}
    assert not Event.objects.filter(name="device.copy_noticed").exists()


def test_denials_of_a_group_are_told(world: World) -> None:
    scene, machines = crowd(world, 3)
    Device.objects.filter(pk__in=[each.device.pk for each in machines[:2]]).update(state="blocked")
    calls = [checkout(each, scene.product.code) for each in machines]
    replies = read(Door().answer_all(calls, now=world.now))
    assert [reply.status for reply in replies] == [403, 403, 200]
    assert Event.objects.filter(name="lease.denied").count() == 2
