"""Any order of joining, buying, waiting, giving and taking back leaves the ledger true."""

from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from licet.eventlog.models import Event
from licet.kernel.refusal import Missing, Refusal
from licet.licenses.models import License, Pool
from licet.licenses.states import USABLE
from licet.seats import actions as seats
from licet.seats.errors import NoFreeSeat, NotAMember, NoUsableLicense
from licet.seats.models import Seat
from licet.teams.models import Member
from tests.world import World


class Ledger(RuleBasedStateMachine):
    """One team with two products, and a second team beside it whose people must never get in."""

    members = Bundle("members")

    def __init__(self) -> None:
        super().__init__()
        # each run of the machine begins on an empty database
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.world = World()
        self.now: datetime = self.world.now
        self.people = 0

    @initialize(target=members)
    def begin(self) -> object:
        self.pools = [self.world.licenses(product=product, seats=2).pool for product in self.world.catalog]
        self.foreign = self.world.licenses(team=self.world.other_team, seats=2).pool
        return multiple(
            self.world.member(self.world.alice), self.world.member(self.world.charlie, self.world.other_team)
        )

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def capacity(self, pool: Pool) -> int:
        """Count as a reader of the rules would, not as the verb does."""
        licenses = License.objects.filter(pool=pool)
        return sum(license.seats for license in licenses if license.standing(self.now) in USABLE)

    @rule(target=members)
    def join(self) -> Member:
        self.people += 1
        return self.world.people(self.world.team, 1, start=self.people)[0]

    @rule(
        which=st.integers(0, 1), count=st.integers(1, 3), begins=st.integers(0, 20), lasts=st.integers(1, 60)
    )
    def buy(self, which: int, count: int, begins: int, lasts: int) -> None:
        start = self.now + timedelta(days=begins)
        self.world.licenses(
            product=self.world.catalog[which],
            seats=count,
            valid_from=start,
            valid_until=start + timedelta(days=lasts),
            grace_days=7,
        )

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(member=members)
    def leave(self, member: Member) -> None:
        # off-boarding is not there yet: what happens to a seat whose holder has left is told here
        if not Seat.objects.held().filter(member=member).exists():
            Member.objects.filter(pk=member.pk, role="member").update(left_at=self.now)

    @rule(member=members, which=st.integers(0, 2))
    def give(self, member: Member, which: int) -> None:
        pool = [*self.pools, self.foreign][which]
        pool.refresh_from_db()
        owner = self.world.charlie if pool == self.foreign else self.world.alice
        held = Seat.objects.held().filter(pool=pool, member=member).first()
        told = Event.objects.count()
        why_not = self.expected_refusal(pool=pool, member=member, held=held)
        with pytest.raises(why_not) if why_not else nullcontext():
            seat = seats.assign(pool=pool, member=member, by=owner.actor(), now=self.now)
        if why_not or held:
            assert Event.objects.count() == told
        if held:
            assert seat == held
        elif not why_not:
            assert Seat.objects.held().filter(pool=pool).count() <= self.capacity(pool), "more than bought"

    def expected_refusal(self, *, pool: Pool, member: Member, held: Seat | None) -> type[Refusal] | None:
        """Say by the rules, in the order of their importance, what has to be answered."""
        if member.team_id != pool.team_id:
            return Missing
        if held:
            return None
        if Member.objects.get(pk=member.pk).left_at is not None:
            return NotAMember
        if self.capacity(pool) == 0:
            return NoUsableLicense
        return NoFreeSeat if pool.held >= self.capacity(pool) else None

    @rule(member=members)
    def take_back(self, member: Member) -> None:
        seat = Seat.objects.held().filter(member=member).order_by("pk").first()
        if seat is None:
            return
        owner = self.world.charlie if seat.pool_id == self.foreign.pk else self.world.alice
        seats.release(seat=seat, by=owner.actor(), now=self.now)

    @invariant()
    def the_count_is_the_number_of_rows(self) -> None:
        for pool in Pool.objects.all():
            assert pool.held == Seat.objects.held().filter(pool=pool).count() <= pool.allowed

    @invariant()
    def nobody_holds_two_of_one_product(self) -> None:
        held = list(Seat.objects.held().values_list("pool", "member"))
        assert len(held) == len(set(held))

    @invariant()
    def no_seat_is_outside_its_team(self) -> None:
        for seat in Seat.objects.select_related("pool", "member"):
            assert seat.team_id == seat.pool.team_id == seat.member.team_id

    @invariant()
    def every_holding_is_told_in_the_log(self) -> None:
        assert Event.objects.filter(name="seat.assigned").count() == Seat.objects.count()
        released = Seat.objects.exclude(released_at=None).count()
        assert Event.objects.filter(name="seat.released").count() == released


@pytest.mark.django_db
def test_the_ledger_stays_true_whatever_happens() -> None:
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
