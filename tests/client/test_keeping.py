"""Keeping a lease alive: when the server is asked, how long is waited, what the application is told."""

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

import pytest

from licet_client import (
    AsyncClient,
    Client,
    Condition,
    Lease,
    LicetError,
    NoLease,
    Refused,
    Standing,
    Unreachable,
)
from licet_client.errors import InvalidLease, NotSignedIn
from licet_client.keeping import FIRST_PAUSE, LONGEST_PAUSE, LOOK_AGAIN, Keeper

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LEASE = Lease(
    id="lease_1",
    product="render",
    edition="",
    features=frozenset(),
    person="prs_1",
    team="team_1",
    seat="seat_1",
    license="lic_1",
    mode="online",
    issued_at=START,
    renew_after=START + timedelta(minutes=30),
    expires_at=START + timedelta(minutes=60),
    license_until=START + timedelta(days=30),
    grace_until=START + timedelta(days=44),
    outage_until=START + timedelta(hours=25),
    maintenance_until=None,
    project="",
    seq=1,
    nonce="n",
    device="jkt",
    text="",
)


class Desk:
    """A client without a server: what it answers is said beforehand, what it is asked is remembered."""

    def __init__(self) -> None:
        self.now = START
        self.stored: Lease | None = None
        self.answers: list[Lease | LicetError] = []
        self.asked: list[str] = []

    def moment(self) -> datetime:
        return self.now

    def status(self, product: str) -> Lease:
        if self.stored is None:
            raise NoLease(product=product)
        if self.now >= self.stored.expires_at:
            raise InvalidLease("lease_expired", end="")
        return self.stored

    def _answer(self, name: str) -> Lease:
        self.asked.append(name)
        answer = self.answers.pop(0)
        if isinstance(answer, LicetError):
            raise answer
        self.stored = answer
        return answer

    def checkout(self, product: str) -> Lease:
        return self._answer("checkout")

    def renew(self, product: str) -> Lease:
        return self._answer("renew")

    def release(self, product: str) -> None:
        self.asked.append("release")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def told() -> list[Standing]:
    return []


@pytest.fixture
def keeper(desk: Desk, told: list[Standing]) -> Keeper:
    return Keeper(cast(Client, desk), "render", on_change=told.append, chance=lambda: 1.0)


def conditions(told: list[Standing]) -> list[str]:
    return [each.condition.value for each in told]


def no(code: str, fixed_by: str, status: int = 403, retry_after: int | None = None) -> Refused:
    return Refused({"code": code, "fixed_by": fixed_by}, status=status, retry_after=retry_after)


def test_it_checks_out_and_then_waits_as_long_as_the_server_asks(
    desk: Desk, keeper: Keeper, told: list[Standing]
) -> None:
    desk.answers = [LEASE]
    assert keeper.step() == 30 * 60
    assert desk.asked == ["checkout"]
    assert (conditions(told), told[0].lease) == (["good"], LEASE)


def test_a_stored_lease_that_is_not_due_asks_nobody(desk: Desk, keeper: Keeper) -> None:
    desk.stored = LEASE
    desk.now = START + timedelta(minutes=10)
    assert keeper.step() == 20 * 60
    assert desk.asked == []
    assert keeper.standing.may_run


def test_it_renews_when_the_lease_is_due(desk: Desk, keeper: Keeper, told: list[Standing]) -> None:
    desk.stored, desk.now = LEASE, LEASE.renew_after
    desk.answers = [replace(LEASE, id="lease_2", renew_after=desk.now + timedelta(minutes=25))]
    assert keeper.step() == 25 * 60
    assert desk.asked == ["renew"]
    assert [each.lease.id for each in told if each.lease] == ["lease_2"]


def test_without_an_answer_it_goes_on_and_waits_longer_each_time(
    desk: Desk, keeper: Keeper, told: list[Standing]
) -> None:
    desk.stored, desk.now = LEASE, LEASE.renew_after
    desk.answers = [Unreachable() for _ in range(12)]
    pauses = [keeper.step() for _ in range(12)]
    assert pauses[:4] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    assert conditions(told) == ["offline"]  # told once, not twelve times
    desk.answers = [replace(LEASE, id="lease_2", renew_after=desk.now + timedelta(hours=1))]
    keeper.step()
    assert conditions(told) == ["offline", "good"]
    desk.now, desk.answers = desk.now + timedelta(hours=1), [Unreachable()]
    desk.stored = replace(LEASE, expires_at=desk.now + timedelta(hours=1))
    assert keeper.step() == FIRST_PAUSE  # a good answer makes it patient again


@pytest.mark.parametrize(("chance", "expected"), [(0.0, FIRST_PAUSE / 2), (0.5, FIRST_PAUSE * 0.75)])
def test_chance_spreads_the_tries(desk: Desk, chance: float, expected: float) -> None:
    desk.answers = [Unreachable()]
    assert Keeper(cast(Client, desk), "render", chance=lambda: chance).step() == expected


def test_it_is_never_earlier_than_the_server_says(desk: Desk) -> None:
    desk.stored, desk.now = LEASE, LEASE.renew_after
    for chance in (0.0, 1.0):
        desk.answers = [no("busy", "nobody", 503, retry_after=90)]
        pause = Keeper(cast(Client, desk), "render", chance=partial(float, chance)).step()
        assert pause is not None
        assert 90 <= pause <= 90 * 1.25


def test_too_many_calls_are_no_reason_to_stop(desk: Desk, keeper: Keeper, told: list[Standing]) -> None:
    desk.stored, desk.now = LEASE, LEASE.renew_after
    desk.answers = [no("too_many_calls", "nobody", 429, retry_after=7)]
    assert keeper.step() == 7 * 1.25
    assert conditions(told) == ["offline"]


def test_a_lease_that_ends_while_nobody_answers_is_lost(
    desk: Desk, keeper: Keeper, told: list[Standing]
) -> None:
    desk.stored, desk.now = LEASE, LEASE.expires_at
    desk.answers = [Unreachable()]
    assert keeper.step() == FIRST_PAUSE  # it goes on asking
    assert (conditions(told), told[0].error and told[0].error.code) == (["lost"], "unreachable")


def test_a_seat_taken_back_is_told_and_a_seat_given_back_is_noticed(
    desk: Desk, keeper: Keeper, told: list[Standing]
) -> None:
    desk.stored, desk.now = LEASE, LEASE.renew_after
    desk.answers = [no("seat_released", "team_admin", 410), no("no_seat", "team_admin"), LEASE]
    assert keeper.step() == LOOK_AGAIN * 2
    assert not keeper.standing.may_run
    keeper.step()
    desk.now = START
    keeper.step()
    assert desk.asked == ["renew", "checkout", "checkout"]  # what is stored is not believed any more
    assert [(each.condition.value, each.error and each.error.code) for each in told] == [
        ("lost", "seat_released"),
        ("lost", "no_seat"),
        ("good", None),
    ]


@pytest.mark.parametrize("error", [NotSignedIn(), no("bad_member", "application", 422)])
def test_where_asking_again_is_no_use_it_stops(desk: Desk, keeper: Keeper, error: LicetError) -> None:
    desk.answers = [error]
    assert keeper.step() is None
    assert keeper.standing.error is error


@pytest.mark.parametrize("release", [True, False])
def test_the_thread_ends_with_the_block(desk: Desk, told: list[Standing], release: bool) -> None:
    desk.answers = [LEASE]
    with Keeper(cast(Client, desk), "render", on_change=told.append, release=release) as keeper:
        names = [thread.name for thread in threading.enumerate()]
        assert "lease of render" in names
        assert keeper.standing.lease == LEASE
    assert "lease of render" not in [thread.name for thread in threading.enumerate()]
    assert desk.asked == ["checkout", "release"] if release else ["checkout"]


def test_the_background_renews(desk: Desk) -> None:
    renewed = threading.Event()
    desk.stored, desk.now = LEASE, LEASE.renew_after - timedelta(seconds=1)
    desk.answers = [replace(LEASE, id="lease_2", renew_after=START + timedelta(days=1))]

    def notice(standing: Standing) -> None:
        if standing.lease and standing.lease.id == "lease_1":
            desk.now = LEASE.renew_after
        else:
            renewed.set()

    with Keeper(cast(Client, desk), "render", on_change=notice):
        assert renewed.wait(10)
    assert desk.asked == ["renew", "release"]


def test_an_event_loop_keeps_a_lease_too(desk: Desk) -> None:
    desk.answers = [LEASE]
    told: list[tuple[Any, ...]] = []

    async def story() -> Condition:
        client = AsyncClient(cast(Client, desk))

        def notice(standing: Standing) -> None:
            told.append((standing.condition, threading.current_thread()))

        async with client.keep("render", on_change=notice) as keeper:
            await asyncio.sleep(0.01)
            assert (await client.status("render")) == LEASE
            return keeper.standing.condition

    assert asyncio.run(story()) is Condition.GOOD
    assert told == [(Condition.GOOD, threading.main_thread())]
    assert desk.asked == ["checkout", "release"]
