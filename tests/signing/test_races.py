"""Several who change keys at once, on both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from licet.eventlog.models import Event
from licet.signing import actions, certification, queries, rules, tending
from licet.signing.models import SigningKey
from licet.signing.states import SIGNING
from tests.races import together
from tests.signing.chance import dice
from tests.world import OPERATOR

pytestmark = [pytest.mark.races, pytest.mark.usefixtures("raced_database")]


def ensure(now: datetime, name: str = "first") -> SigningKey | None:
    chance = dice(name)
    return actions.ensure(root_seed=chance(32), seed=chance(32), by=OPERATOR, now=now)


def serials() -> list[int]:
    events = Event.objects.filter(name="key.manifest_published").order_by("pk")
    return [event.facts["serial"] for event in events]


def starting(name: str, now: datetime) -> Callable[[], object]:
    return lambda: ensure(now, name)


def rotating(number: int, now: datetime) -> Callable[[], object]:
    return lambda: actions.rotate(seed=bytes([number]) * 32, by=OPERATOR, now=now)


def test_processes_that_start_together_make_two_roots_and_one_key_for_each_purpose(now: datetime) -> None:
    outcomes = together([starting(str(number), now) for number in range(6)])
    assert [outcome.raised for outcome in outcomes] == [None] * 6
    assert SigningKey.objects.roots().count() == 2
    assert SigningKey.objects.exclude(purpose="root").count() == len(SIGNING)


def test_of_two_rotations_one_follows_the_other_and_one_key_signs(now: datetime) -> None:
    ensure(now)
    outcomes = together([rotating(number, now) for number in range(6)])
    assert [outcome.raised for outcome in outcomes] == [None] * 6
    assert SigningKey.objects.filter(purpose="lease", retired_at=None).count() == 1
    assert SigningKey.objects.filter(purpose="lease").count() == 7
    numbers = [key.serial for key in SigningKey.objects.exclude(serial=0)]
    assert len(set(numbers)) == len(numbers)
    assert serials() == sorted(set(serials()))


def test_a_rotation_and_a_revocation_leave_one_key_that_is_believed(now: datetime) -> None:
    key = ensure(now)
    assert key is not None
    together(
        [
            rotating(1, now),
            lambda: actions.revoke(kid=key.kid, seed=b"x" * 32, by=OPERATOR, now=now),
            rotating(2, now),
        ]
    )
    signer = queries.lease_signer(now=now)
    assert signer.kid != key.kid
    assert SigningKey.objects.filter(purpose="lease", retired_at=None).count() == 1
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_an_end_is_told_once_by_however_many_workers(now: datetime) -> None:
    ensure(now)
    certification.take_roots_offline(periods=1, chance=dice("ahead"), by=OPERATOR, now=now)
    late = now + rules.ROTATE_AFTER + rules.SLACK - timedelta(days=6)
    together([lambda: tending.warn(by=OPERATOR, now=late)] * 5)
    assert Event.objects.filter(name="key.ending").count() == 1


def test_requests_at_the_same_moment_ask_for_the_same_keys(now: datetime) -> None:
    ensure(now)
    certification.take_roots_offline(periods=1, chance=dice("ahead"), by=OPERATOR, now=now)
    asking = [
        lambda name=name: certification.request(periods=2, chance=dice(name), by=OPERATOR, now=now)
        for name in ("one", "two", "three")
    ]
    outcomes = together(asking)
    assert [outcome.raised for outcome in outcomes] == [None] * 3
    assert SigningKey.objects.requested().count() == len(SIGNING)
