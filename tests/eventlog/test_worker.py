"""The worker: every delivery at least once, one worker at a time, patient with what fails."""

from datetime import timedelta
from threading import Event as Flag

import pytest
from django.core.management import call_command
from django.db import OperationalError

from licet.eventlog import worker
from licet.eventlog.change import change
from licet.eventlog.deliveries import OUT_OF_SIGHT, claim, run
from licet.eventlog.models import Delivery
from licet.eventlog.rules import ATTEMPTS
from licet.eventlog.states import DeliveryState
from tests.eventlog import facts
from tests.eventlog.facts import Refused, Told

MIDDLE = 0.5

pytestmark = pytest.mark.django_db


@pytest.fixture
def tell(by, now):
    def record_one(fact):
        with change(by=by, now=now) as record:
            record(fact)
        return Delivery.objects.latest("pk")

    return record_one


@pytest.fixture
def _kept_connection(monkeypatch):
    """The loop drops stale connections; the one of a test holds its transaction."""
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)


def test_what_is_due_is_done_once(tell, now):
    delivery = tell(Told())
    assert worker.drain(now=now) == 1
    assert worker.drain(now=now) == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.done_at, delivery.attempts) == (DeliveryState.DONE, now, 1)
    assert facts.calls == [delivery.event_id]


def test_what_is_due_later_waits(tell, now):
    tell(Told())
    assert worker.drain(now=now - timedelta(seconds=1)) == 0


def test_what_failed_is_tried_again_after_a_pause(tell, now):
    delivery = tell(Refused())
    assert worker.drain(now=now) == 1
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DUE
    assert delivery.due_at == now + timedelta(seconds=10)
    assert worker.drain(now=now + timedelta(seconds=9)) == 0
    assert worker.drain(now=now + timedelta(seconds=10)) == 1


def test_an_error_is_kept_without_what_is_private(tell, now):
    delivery = tell(Refused())
    worker.drain(now=now)
    delivery.refresh_from_db()
    assert delivery.last_error == "ConnectionError: 550 *** unknown, see https://***"


def test_one_that_fails_does_not_keep_others_waiting(tell, now):
    tell(Refused())
    tell(Told())
    assert worker.drain(now=now) == 2
    assert len(facts.calls) == 1


def test_after_the_last_attempt_it_is_given_up(tell, now):
    delivery = tell(Refused())
    for day in range(ATTEMPTS):
        assert worker.drain(now=now + timedelta(days=2 * day)) == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.FAILED, ATTEMPTS)
    assert worker.drain(now=now + timedelta(days=99)) == 0


def test_a_handler_that_kills_its_worker_each_time_is_given_up_too(tell, now):
    delivery = tell(Told())
    at = now
    for _ in range(ATTEMPTS):
        assert claim(now=at) is not None  # and then nothing: the process is gone
        at += OUT_OF_SIGHT
    assert worker.drain(now=at) == 1
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.FAILED
    assert facts.calls == []


def test_a_handler_that_nobody_knows_is_given_up_with_a_reason(tell, now):
    delivery = tell(Told())
    Delivery.objects.update(handler="os.system")
    assert worker.drain(now=now) == 1
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.FAILED
    assert delivery.last_error.startswith("UnknownHandler: No subscription has this handler.")


def test_what_a_dead_worker_had_in_hand_comes_back(tell, now):
    tell(Told())
    assert claim(now=now) is not None
    assert worker.drain(now=now + OUT_OF_SIGHT - timedelta(seconds=1)) == 0
    assert worker.drain(now=now + OUT_OF_SIGHT) == 1
    assert len(facts.calls) == 1


def test_a_worker_thought_dead_cannot_undo_what_its_successor_did(tell, now):
    tell(Refused())
    slow = claim(now=now)
    successor = claim(now=now + OUT_OF_SIGHT)
    Delivery.objects.filter(pk=successor.pk).update(handler="tests.eventlog.facts.note")
    successor.refresh_from_db()
    assert run(delivery=successor, now=now, chance=lambda: MIDDLE)
    assert not run(delivery=slow, now=now, chance=lambda: MIDDLE)
    assert Delivery.objects.get().state == DeliveryState.DONE


@pytest.mark.usefixtures("_kept_connection")
def test_the_loop_ends_when_told_and_finishes_what_it_has_in_hand(tell, now, monkeypatch):
    tell(Told())
    tell(Told())
    stop = Flag()

    def note_and_stop(*, event, now):
        facts.calls.append(event.pk)
        stop.set()

    note_and_stop.__module__, note_and_stop.__qualname__ = "tests.eventlog.facts", "note"
    monkeypatch.setattr(facts, "TABLE", {**facts.TABLE, Told: [note_and_stop]})
    worker.work(clock=lambda: now, chance=lambda: MIDDLE, stop=stop)
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["done", "due"]


@pytest.mark.usefixtures("_kept_connection")
def test_the_loop_waits_for_a_database_that_is_away(now, monkeypatch):
    stop = Flag()
    pauses = []

    def away(**_):
        raise OperationalError

    def wait(seconds):
        pauses.append(seconds)
        stop.set()

    monkeypatch.setattr(worker, "one", away)
    monkeypatch.setattr(stop, "wait", wait)
    worker.work(clock=lambda: now, chance=lambda: MIDDLE, stop=stop)
    assert pauses == [worker.LONGEST_IDLE]


@pytest.mark.usefixtures("_kept_connection")
def test_the_loop_looks_less_often_while_there_is_nothing(now, monkeypatch):
    stop = Flag()
    pauses = []

    def wait(seconds):
        pauses.append(seconds)
        if len(pauses) == 12:
            stop.set()

    monkeypatch.setattr(stop, "wait", wait)
    worker.work(clock=lambda: now, chance=lambda: MIDDLE, stop=stop)
    assert pauses[0] == worker.SHORTEST_IDLE
    assert pauses == sorted(pauses)
    assert pauses[-1] == worker.LONGEST_IDLE


def test_the_command_does_what_is_due_and_ends(tell, capsys):
    tell(Told())
    call_command("worker", "--once")
    assert capsys.readouterr().out == "1 done or tried.\n"
