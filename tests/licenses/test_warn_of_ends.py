"""Warnings 30, 14, 7 and 1 days before licenses end, each once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from licet.eventlog import worker
from licet.eventlog.models import Event
from licet.kernel.refusal import Forbidden
from licet.licenses import actions as licenses
from licet.licenses.models import License
from tests.races import together
from tests.world import OPERATOR, World

END = timedelta(days=60)


def days_told() -> list[int]:
    return [event.facts["days"] for event in Event.objects.filter(name="license.ending").order_by("pk")]


def look(world: World, *, days_before: float) -> int:
    return licenses.warn_of_ends(by=OPERATOR, now=world.now + END - timedelta(days=days_before))


def test_each_warning_is_told_once_however_often_one_looks(world: World) -> None:
    world.licenses(valid_until=world.now + END)
    for days in (31, 30, 29.9, 14, 13, 7, 7, 6.5, 1, 0.5, 0, -1):
        look(world, days_before=days)
    assert days_told() == [30, 14, 7, 1]


def test_who_looks_late_tells_the_most_urgent_alone(world: World) -> None:
    world.licenses(valid_until=world.now + END)
    assert look(world, days_before=5) == 1
    assert days_told() == [7]


def test_a_license_of_a_month_is_not_warned_of_on_its_first_day(world: World) -> None:
    world.licenses(valid_until=world.now + timedelta(days=30))
    for day in range(31):
        licenses.warn_of_ends(by=OPERATOR, now=world.now + timedelta(days=day))
    assert days_told() == [14, 7, 1]


def test_what_was_revoked_is_not_warned_of(world: World) -> None:
    license = world.licenses(valid_until=world.now + END)
    licenses.revoke(license=license, by=OPERATOR, now=world.now)
    assert look(world, days_before=5) == 0


def test_those_who_manage_the_team_read_when_and_how_many_lose_theirs(
    world: World, mailoutbox: list[object]
) -> None:
    pool = world.licenses(seats=2, valid_until=world.now + END).pool
    for member in world.people(world.team, 2):
        world.seat(pool, member)
    worker.drain(now=world.now)
    mailoutbox.clear()
    look(world, days_before=14)
    worker.drain(now=world.now + END)
    assert [mail.to for mail in mailoutbox] == [["alice@atelier.example"]]  # type: ignore[attr-defined]


def test_a_license_that_was_renewed_bothers_nobody(world: World, mailoutbox: list[object]) -> None:
    pool = world.licenses(seats=2, valid_until=world.now + END).pool
    world.seat(pool, world.member(world.alice))
    world.licenses(seats=2, valid_from=world.now + END)
    worker.drain(now=world.now)
    mailoutbox.clear()
    look(world, days_before=14)
    worker.drain(now=world.now + END)
    assert mailoutbox == []


def test_people_do_not_call_the_schedule(world: World) -> None:
    with pytest.raises(Forbidden):
        licenses.warn_of_ends(by=world.alice.actor(), now=world.now)


@pytest.mark.races
@pytest.mark.usefixtures("raced_database")
def test_eight_workers_tell_it_once(world: World) -> None:
    world.licenses(valid_until=world.now + END)

    def call() -> Callable[[], int]:
        return lambda: look(world, days_before=14)

    outcomes = together([call()] * 8)
    assert [outcome.raised for outcome in outcomes if outcome.raised] == []
    assert days_told() == [14]
    assert License.objects.get().warned_days == 14
