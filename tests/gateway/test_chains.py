"""Events that the door writes by itself: the same rows, to the letter, as the event log writes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from licet.config import subscriptions
from licet.eventlog import queries
from licet.eventlog.change import change
from licet.eventlog.models import Chain, Delivery, Event
from licet.gateway import chains, steps
from licet.gateway.rows import Who
from licet.gateway.store import Store
from licet.kernel.actor import Actor, ActorKind
from licet.leases.events import DeviceCopyNoticed, DeviceReleased, LeaseDenied, LeaseStarted
from tests.world import World

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]

STARTED = LeaseStarted(lease="lease_1", device=3, seat=4, product="studio", device_name="Bär \u2028 'Desk'")
DENIED = LeaseDenied(device=3, product="studio", reason="no_seat", device_name="Desk")
COPIED = DeviceCopyNoticed(device=3, counter=2**40, device_name="Desk")
RELEASED = DeviceReleased(
    device=5, seat=4, product="studio", device_name="Old", product_name={"en": "Studio", "fr": "Atelier"}
)


def told(world: World) -> list[steps.Tell]:
    """Return what four calls of one group tell, in two teams and the installation."""
    now, later = world.now, world.now + timedelta(microseconds=7)
    bob = _who(world.bob)
    nameless = bob._replace(person=world.alice.pk, full_name="", email=world.alice.email)
    return [
        steps.Tell((RELEASED, STARTED), bob, world.team.pk, now),
        steps.Tell((DENIED, COPIED), nameless, None, later),
        steps.Tell((STARTED,), nameless, world.team.pk + 1000, now),
        steps.Tell((DENIED,), bob, world.team.pk, later),
    ]


def _who(person: Any) -> Who:
    until = datetime(2030, 1, 1, tzinfo=UTC)
    return Who(person.pk, person.public_id, True, person.full_name, person.email, 1, "", until, "a")


def written() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return all events and chains there are."""
    columns = [field.attname for field in Event._meta.concrete_fields if field.attname != "id"]
    return list(Event.objects.order_by("team", "position").values(*columns)), list(
        Chain.objects.order_by("key").values()
    )


def by_the_log(several: list[steps.Tell]) -> None:
    """Write the same facts as every verb does."""
    for step in several:
        who = step.who
        actor = Actor(kind=ActorKind.PERSON, id=who.person, label=who.full_name or who.email)
        with change(by=actor, now=step.now) as record:
            for fact in step.facts:
                record(fact, team=step.team)


def test_the_door_writes_what_the_event_log_writes(world: World) -> None:
    several, store = told(world), Store()
    with transaction.atomic():
        point = transaction.savepoint()
        by_the_log(several)
        expected = written()
        transaction.savepoint_rollback(point)
        with store.transaction():
            chains.tell_all(store=store, several=several)
        assert written() == expected
        assert not list(queries.broken())
    assert len(expected[0]) >= 6


def test_a_fact_that_somebody_waits_for_has_its_delivery(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(subscriptions.SUBSCRIPTIONS, LeaseDenied, [written])
    store = Store()
    with store.transaction():
        chains.tell_all(store=store, several=told(world))
    assert Delivery.objects.filter(event__name="lease.denied").count() == 2
