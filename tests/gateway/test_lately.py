"""A lease that is renewed again so soon: nothing is written, and nothing is lost by that."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.connect.models import Grant
from licet.eventlog.models import Event
from licet.gateway import lately
from licet.gateway.door import Door
from licet.leases import actions as leases
from licet.leases import rules
from licet.leases.models import Lease, UseDay
from licet.licenses.models import License
from licet.seats import actions as seats
from licet.teams.models import Member
from tests.gateway.conftest import Scene


def row() -> dict[str, Any]:
    """Return the one lease as it is on disk."""
    return Lease.objects.values().get()


def test_in_the_first_quarter_the_identifier_changes_and_the_end_does_not(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    before = row()
    machine.now += timedelta(minutes=10)
    second = machine.renew(first)
    assert second.status == 200
    assert second.claims["jti"] != first.claims["jti"]
    changed = {name for name, value in second.claims.items() if first.claims[name] != value}
    assert changed == {"jti", "iat", "nbf", "seq", "nonce"}
    assert second.claims["iat"] == first.claims["iat"] + 600
    assert second.claims["nonce"] == machine.nonce
    assert row() == before


def test_after_the_quarter_it_is_written(scene: Scene) -> None:
    machine = scene.machine()
    reply = machine.renew(machine.checkout(scene.product.code))
    machine.now += timedelta(minutes=15)
    third = machine.renew(reply)
    found = row()
    assert third.claims["exp"] == reply.claims["exp"] + 900
    assert (found["renewals"], found["seq"]) == (1, third.claims["seq"])
    assert rules.read_lease_id(third.claims["jti"]) == (found["id"], found["mark"])


def test_another_process_goes_on_from_what_was_never_written(scene: Scene) -> None:
    machine = scene.machine()
    reply = machine.renew(machine.renew(machine.checkout(scene.product.code)))
    machine.door = Door()
    after = machine.renew(reply)
    assert after.status == 200
    assert rules.read_lease_id(after.claims["jti"]) == (row()["id"], row()["mark"])


def test_after_a_crash_a_copy_goes_on_once_and_is_noticed_at_the_next_renewal(scene: Scene) -> None:
    machine = scene.machine()
    copied = machine.checkout(scene.product.code)
    held = machine.renew(copied)
    machine.door = Door()
    assert machine.renew(copied).status == 200  # the copy, under what is on disk
    assert machine.renew(held).code == "lease_superseded"
    assert Event.objects.filter(name="device.copy_noticed").count() == 1


def test_a_copy_is_noticed_at_once_without_a_crash(scene: Scene) -> None:
    machine = scene.machine()
    copied = machine.checkout(scene.product.code)
    held = machine.renew(machine.renew(copied))
    assert machine.renew(copied).code == "lease_superseded"
    assert Event.objects.filter(name="device.copy_noticed").count() == 1
    assert machine.renew(held).status == 200


def test_a_lost_answer_is_recovered(scene: Scene) -> None:
    machine = scene.machine()
    body = machine.keyed("renew", machine.checkout(scene.product.code))
    lost = machine.call("/v1/leases/renew", body)
    machine.now += timedelta(seconds=30)
    assert machine.call("/v1/leases/renew", body).values["lease"] == lost.values["lease"]
    machine.now += timedelta(minutes=20)  # and when it is no longer so soon
    assert machine.call("/v1/leases/renew", body).claims["jti"] == lost.claims["jti"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda s, m: seats.release(seat=s.seat, by=s.world.alice.actor(), now=s.world.now), "seat_released"),
        (
            lambda s, m: leases.block(device=m.device, by=s.world.bob.actor(), now=s.world.now),
            "device_blocked",
        ),
        (lambda s, m: Grant.objects.update(ended_at=s.world.now, end_reason="signed_out"), "signed_out"),
        (lambda s, m: License.objects.update(state="suspended"), "license_on_hold"),
        (lambda s, m: type(s.world.bob).objects.update(is_active=False), "signed_out"),
        (lambda s, m: Member.objects.update(left_at=s.world.now), "seat_released"),
        (lambda s, m: Lease.objects.all().delete(), "lease_unknown"),
    ],
)
def test_whatever_somebody_decides_counts_at_once(scene: Scene, change: Any, code: str) -> None:
    machine = scene.machine()
    reply = machine.renew(machine.checkout(scene.product.code))
    change(scene, machine)
    assert machine.renew(reply).code == code


def test_a_release_under_an_identifier_that_was_never_written(scene: Scene) -> None:
    machine = scene.machine()
    first = machine.checkout(scene.product.code)
    held = machine.renew(first)
    assert machine.release(first).code == "lease_superseded"
    assert machine.release(held).status == 200
    assert machine.renew(held).code == "lease_ended"


def test_a_checkout_ends_what_was_in_memory(scene: Scene) -> None:
    machine = scene.machine()
    held = machine.renew(machine.checkout(scene.product.code))
    again = machine.checkout(scene.product.code)
    assert machine.renew(held).code == "lease_superseded"
    assert machine.renew(again).status == 200


def test_a_new_day_of_use_is_written(scene: Scene) -> None:
    machine = scene.machine()
    machine.now = machine.now.replace(hour=23, minute=59)
    machine.row.expires_at = machine.now + timedelta(hours=1)
    machine.row.save()
    first = machine.checkout(scene.product.code)
    machine.now += timedelta(minutes=2)
    assert machine.renew(first).status == 200
    assert UseDay.objects.count() == 2


def test_no_longer_than_the_grant(scene: Scene) -> None:
    machine = scene.machine()
    Grant.objects.update(expires_at=machine.now + timedelta(minutes=5))
    first = machine.checkout(scene.product.code)
    machine.now += timedelta(minutes=5)
    assert machine.renew(first).code == "signed_out"


def test_of_too_many_the_oldest_is_written(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lately, "KEPT", 1)
    machine = scene.machine()
    old = machine.checkout(scene.product.code, process="old")
    machine.checkout(scene.product.code, process="new")
    assert machine.renew(old).status == 200
    assert Lease.objects.get(process="old").renewals == 1


marks = st.integers(0, 2**40 - 1)


@given(marks)
def test_the_next_mark_stands_and_the_one_before_does_not(mark: int) -> None:
    following = rules.next_mark(mark)
    if following is None:
        assert mark % 2**rules.QUIET_BITS == 2**rules.QUIET_BITS - 1
        return
    assert rules.stands(mark=following, known=mark)
    assert not rules.stands(mark=mark, known=following)


@given(st.binary(min_size=5, max_size=5), marks)
def test_a_drawn_mark_has_another_base(chance: bytes, before: int) -> None:
    drawn = rules.drawn_mark(chance=chance, before=before)
    assert 0 <= drawn < 2**40
    assert not rules.stands(mark=drawn, known=before)
    assert not rules.stands(mark=before, known=drawn)
    assert rules.drawn_mark(chance=chance) == rules.drawn_mark(chance=chance, before=None)
