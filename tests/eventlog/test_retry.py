"""`retry`: another chance for what was given up."""

import pytest

from licet.eventlog import actions, worker
from licet.eventlog.change import change
from licet.eventlog.errors import DeliveryNotFailed
from licet.eventlog.models import Delivery, Event
from licet.eventlog.states import DeliveryState
from licet.kernel.actor import Actor, ActorKind
from licet.kernel.refusal import Forbidden
from tests.eventlog import facts
from tests.eventlog.facts import Told

STAFF = Actor(kind=ActorKind.STAFF, id=1, label="Victor", roles=frozenset({"administrator"}))

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(by, now):
    with change(by=by, now=now) as record:
        record(Told(), team=7)
    Delivery.objects.update(state=DeliveryState.FAILED, attempts=12, last_error="ConnectionError")
    return Delivery.objects.get()


def test_a_failed_delivery_is_due_at_once_and_done_by_the_next_worker(failed, now):
    actions.retry(delivery=failed, by=STAFF, now=now)
    assert worker.drain(now=now) == 1
    assert facts.calls == [failed.event_id]


def test_it_is_a_fact_of_the_team_whose_event_it_was(failed, now):
    actions.retry(delivery=failed, by=STAFF, now=now)
    told = Event.objects.get(name="delivery.retried")
    assert (told.team, told.facts["delivery"], told.actor_id) == (7, failed.pk, 1)


def test_a_second_click_is_refused(failed, now):
    actions.retry(delivery=failed, by=STAFF, now=now)
    with pytest.raises(DeliveryNotFailed):
        actions.retry(delivery=failed, by=STAFF, now=now)


@pytest.mark.parametrize("kind", [ActorKind.PERSON, ActorKind.APPLICATION])
def test_only_staff_and_operators_may(failed, now, kind):
    with pytest.raises(Forbidden):
        actions.retry(delivery=failed, by=Actor(kind=kind, id=1), now=now)
    assert Delivery.objects.get().state == DeliveryState.FAILED
