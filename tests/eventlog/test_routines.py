"""The schedule: each verb once a period, by one worker at a time, again after a crash."""

import importlib
from datetime import datetime, timedelta

import pytest

from licet.eventlog import routines
from licet.eventlog.deliveries import OUT_OF_SIGHT
from licet.eventlog.models import Routine
from licet.eventlog.routines import Scheduled, turn
from tests.races import together

EVERY = timedelta(hours=1)


class Clockwork:
    """A schedule of one verb, and what it was called with."""

    def __init__(self) -> None:
        self.ran: list[datetime] = []
        self.fails = False

    def verb(self, *, by: object, now: datetime) -> None:
        self.ran.append(now)
        if self.fails:
            raise ValueError

    def table(self) -> list[Scheduled]:
        return [Scheduled(name="clockwork", verb=self.verb, every=EVERY)]


@pytest.fixture
def clockwork(monkeypatch: pytest.MonkeyPatch) -> Clockwork:
    """The only thing that is scheduled."""
    made = Clockwork()
    monkeypatch.setattr(routines, "schedule", made.table)
    return made


@pytest.mark.django_db
def test_a_verb_runs_at_once_and_then_each_period(clockwork: Clockwork, now: datetime) -> None:
    for minutes in (0, 1, 59, 60, 61, 119, 120):
        turn(clock=lambda at=minutes: now + timedelta(minutes=at))  # type: ignore[misc]
    assert clockwork.ran == [now + timedelta(hours=each) for each in (0, 1, 2)]


@pytest.mark.django_db
def test_after_a_long_night_it_runs_once(clockwork: Clockwork, now: datetime) -> None:
    turn(clock=lambda: now)
    for _ in range(3):
        turn(clock=lambda: now + timedelta(days=9))
    assert len(clockwork.ran) == 2


@pytest.mark.django_db
def test_what_a_killed_worker_left_comes_back_by_itself(clockwork: Clockwork, now: datetime) -> None:
    turn(clock=lambda: now)
    # a worker that claimed it and was killed: out of sight, and nobody wrote the next period
    Routine.objects.update(due_at=now + timedelta(hours=1) + OUT_OF_SIGHT)
    turn(clock=lambda: now + timedelta(hours=1))
    assert len(clockwork.ran) == 1
    turn(clock=lambda: now + timedelta(hours=1) + OUT_OF_SIGHT)
    assert len(clockwork.ran) == 2


@pytest.mark.django_db
def test_what_fails_is_tried_again_and_stops_nobody(clockwork: Clockwork, now: datetime) -> None:
    clockwork.fails = True
    assert turn(clock=lambda: now) == 0
    clockwork.fails = False
    assert turn(clock=lambda: now) == 0
    assert turn(clock=lambda: now + OUT_OF_SIGHT) == 1


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_of_eight_workers_one_runs_it(clockwork: Clockwork, now: datetime) -> None:
    outcomes = together([lambda: turn(clock=lambda: now)] * 8)
    assert [outcome.raised for outcome in outcomes if outcome.raised] == []
    assert len(clockwork.ran) == 1


def test_every_name_of_the_schedule_stands_once_and_leads_to_its_verb() -> None:
    names = [each.name for each in routines.schedule()]
    assert len(names) == len(set(names))
    for each in routines.schedule():
        package, verb = each.name.split(".")
        assert each.verb.__module__.split(".")[1] == package
        assert each.verb is getattr(importlib.import_module(each.verb.__module__), verb)
