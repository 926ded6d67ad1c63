"""The log and its worker under real threads and real processes, on both databases."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db import connections

from licet.eventlog import worker
from licet.eventlog.change import change
from licet.eventlog.models import Chain, Delivery, Event
from licet.eventlog.queries import broken
from licet.eventlog.states import DeliveryState
from tests.eventlog import facts
from tests.eventlog.facts import Silent, Told
from tests.races import together

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.races
def test_facts_of_one_team_at_the_same_moment_stand_in_one_unbroken_chain(by, now, raced_database):
    def tell(number):
        with change(by=by, now=now) as record:
            record(Told(number=number), team=7)
            record(Silent(), team=8 if number % 2 else 9)

    outcomes = together([lambda number=number: tell(number) for number in range(12)])
    assert [each.raised for each in outcomes if each.raised] == []
    assert Chain.objects.get(pk=7).length == 12
    assert list(broken()) == []


@pytest.mark.races
def test_workers_beside_each_other_never_run_one_claim_twice(by, now, raced_database):
    with change(by=by, now=now) as record:
        for number in range(40):
            record(Told(number=number))
    outcomes = together([lambda: worker.drain(now=now)] * 6)
    assert [each.raised for each in outcomes if each.raised] == []
    assert sum(each.value for each in outcomes) == 40
    assert sorted(facts.calls) == sorted(Event.objects.values_list("pk", flat=True))
    assert set(Delivery.objects.values_list("state", "attempts")) == {("done", 1)}


@pytest.mark.races
@pytest.mark.real_clock
def test_killed_at_any_moment_nothing_is_lost(by, now, raced_database, tmp_path):
    """Real processes, kill -9: every event is handled, and only what was in hand is handled again."""
    total, kills, workers = 24, 4, 2
    lines = tmp_path / "handled"
    with change(by=by, now=now) as record:
        for number in range(total):
            record(Told(number=number, values=str(lines)))
    Delivery.objects.update(handler="tests.eventlog.facts.append")
    running = [_start() for _ in range(workers)]
    try:
        for kill in range(kills):
            _wait(lambda wanted=2 * (kill + 1): lines.exists() and len(lines.read_text().split()) >= wanted)
            victim = running.pop(0)
            victim.send_signal(signal.SIGKILL)
            victim.wait()
            running.append(_start())
        _wait(lambda: not Delivery.objects.exclude(state=DeliveryState.DONE).exists())
        for process in running:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(timeout=20) for process in running] == [0] * workers
    finally:
        for process in running:
            process.kill()
    handled = Counter(int(line) for line in lines.read_text().split())
    assert set(handled) == set(range(total))
    assert sum(handled.values()) <= total + kills


def _start():
    values = connections.settings["default"]
    if "sqlite" in values["ENGINE"]:
        url = f"sqlite:///{values['NAME']}"
    else:
        url = f"postgresql://{values['USER']}@{values['HOST'].replace('/', '%2F')}/{values['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tests.eventlog.slow_settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    command = [sys.executable, "manage.py", "worker", "--out-of-sight", "2"]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def _wait(condition):
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, "the workers did not get there"
        time.sleep(0.05)
