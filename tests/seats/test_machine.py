"""Any order of joining, inviting, buying, waiting, giving and taking back leaves the ledger true."""

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

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

from licet.accounts.models import Person
from licet.eventlog.change import change
from licet.eventlog.models import Event
from licet.kernel.refusal import Missing, Refusal
from licet.leases import offboarding
from licet.leases.events import LeaseReturned
from licet.licenses.models import License, Pool
from licet.licenses.states import USABLE
from licet.projects import inviting
from licet.seats import actions as seats
from licet.seats import bulk
from licet.seats.borrowing import set_borrowed
from licet.seats.errors import ChangesDoNotFit, NoFreeSeat, NotAMember, NotEnoughFree, NoUsableLicense
from licet.seats.models import Reservation, Seat
from licet.seats.wishes import Mode, Wish
from licet.teams.errors import LastOwnerStays
from licet.teams.models import Invitation, Member
from licet.teams.states import Role
from tests.world import World


class Ledger(RuleBasedStateMachine):
    """One team with two products, and a second team beside it whose people must never get in."""

    members = Bundle("members")
    guests = Bundle("guests")

    def __init__(self) -> None:
        super().__init__()
        # each run of the machine begins on an empty database
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.world = World()
        self.now: datetime = self.world.now
        self.people = 0
        self.offline: dict[tuple[int, int], datetime] = {}

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
        member = Member.objects.select_related("person", "team").get(pk=member.pk)
        if member.role == Role.OWNER:
            with pytest.raises(LastOwnerStays):
                offboarding.leave(member=member, by=member.person.actor(), now=self.now)
        else:
            offboarding.leave(member=member, by=member.person.actor(), now=self.now)
            assert not Seat.objects.held().filter(member=member).exists()

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
        return None if self.room(pool, member=member) else NoFreeSeat

    def room(self, pool: Pool, *, but: Invitation | None = None, member: Member | None = None) -> bool:
        """Say whether one more has place, beside who holds one and for whom one is kept (`but` these)."""
        kept = Reservation.objects.filter(pool=pool, ended_at=None, expires_at__gt=self.now)
        if member is not None:
            kept = kept.exclude(member=member)
        if but is not None:
            kept = kept.exclude(invitation=but)
        held = Seat.objects.held().filter(pool=pool).count()
        return held + kept.count() < self.capacity(pool)

    @rule(target=guests, which=st.sets(st.integers(0, 1)))
    def invite(self, which: set[int]) -> Any:
        self.people += 1
        email = f"guest{self.people}@elsewhere.example"
        pools = [self.pools[each] for each in which]
        fits = all(self.room(pool) for pool in pools)
        with nullcontext() if fits else pytest.raises(NotEnoughFree):
            self.ask(email, pools)
        if not fits:
            assert not Invitation.objects.filter(email=email).exists()
            return multiple()
        return self.world.person(email)

    @rule(guest=guests, which=st.sets(st.integers(0, 1)))
    def invite_again(self, guest: Person, which: set[int]) -> None:
        asked = Invitation.objects.get(email=guest.email, team=self.world.team)
        if asked.state == "accepted":
            return
        pools = [self.pools[each] for each in which]
        fits = all(self.room(pool, but=asked) for pool in pools)
        with nullcontext() if fits else pytest.raises(NotEnoughFree):
            self.ask(guest.email, pools)

    def ask(self, email: str, pools: list[Pool]) -> None:
        inviting.invite(
            team=self.world.team,
            emails=[email],
            role=Role.MEMBER,
            message="",
            language="en",
            pools=pools,
            by=self.world.alice.actor(),
            now=self.now,
        )

    @rule(target=members, guest=guests)
    def accept(self, guest: Person) -> Any:
        asked = Invitation.objects.get(email=guest.email, team=self.world.team)
        if asked.state != "sent" or asked.has_expired(self.now):
            return multiple()
        kept = Reservation.objects.filter(invitation=asked, ended_at=None, expires_at__gt=self.now)
        wanted = {each.pool for each in kept}
        promised = {pool for pool in wanted if self.room(pool, but=asked)}
        arrived = inviting.accept(invitation=asked, by=guest.actor(), now=self.now)
        assert {seat.pool for seat in arrived.seats} == promised
        assert {each.pool for each in arrived.missed} == wanted - promised
        return arrived.member

    @rule(guest=guests, act=st.sampled_from(["decline", "withdraw", "resend"]))
    def end_or_renew(self, guest: Person, act: str) -> None:
        asked = Invitation.objects.get(email=guest.email, team=self.world.team)
        if asked.state != "sent" or (act == "decline" and asked.has_expired(self.now)):
            return
        if act == "resend" and self.now - asked.sent_at < timedelta(minutes=5):
            return
        by = guest if act == "decline" else self.world.alice
        verbs: dict[str, Any] = {
            "decline": inviting.decline,
            "withdraw": inviting.withdraw,
            "resend": inviting.resend,
        }
        verbs[act](invitation=asked, by=by.actor(), now=self.now)
        open_now = Reservation.objects.open(self.now).filter(invitation=asked)
        assert act == "resend" or not open_now.exists()

    @rule(member=members)
    def take_back(self, member: Member) -> None:
        seat = Seat.objects.held().filter(member=member).order_by("pk").first()
        if seat is None:
            return
        owner = self.world.charlie if seat.pool_id == self.foreign.pk else self.world.alice
        seats.release(seat=seat, by=owner.actor(), now=self.now)

    @rule(member=members, which=st.integers(0, 1), days=st.integers(1, 30))
    def borrow(self, member: Member, which: int, days: int) -> None:
        seat = Seat.objects.held().filter(member=member, pool=self.pools[which]).first()
        if seat is not None:
            self.lend(seat.pool, member, self.now + timedelta(days=days))

    @rule(member=members, which=st.integers(0, 1))
    def bring_back(self, member: Member, which: int) -> None:
        self.lend(self.pools[which], member, None)
        kept = Reservation.objects.open(self.now).filter(pool=self.pools[which], member=member)
        assert not kept.exists()

    def lend(self, pool: Pool, member: Member, until: datetime | None) -> None:
        fact = LeaseReturned(lease="", device=0, seat=0, product="", device_name="", product_name="")
        with change(by=member.person.actor(), now=self.now) as record:
            set_borrowed(pool=pool, member=member, until=until, record=record)
            record(fact)
        self.offline[pool.pk, member.pk] = until or self.now

    @rule(
        some=st.lists(st.tuples(members, st.integers(0, 1), st.booleans()), min_size=1, max_size=6),
        mode=st.sampled_from(Mode),
    )
    def change_many(self, some: list[tuple[Member, int, bool]], mode: Mode) -> None:
        wishes = [
            Wish(member.public_id, self.pools[which].product.code, held)
            for member, which, held in some
            if member.team_id == self.world.team.pk
        ]
        by = self.world.alice.actor()
        seen = bulk.effects(team=self.world.team, wishes=wishes, by=by, now=self.now)
        if seen.refused and mode is Mode.ALL_OR_NOTHING:
            with pytest.raises(ChangesDoNotFit):
                bulk.apply(team=self.world.team, wishes=wishes, mode=mode, by=by, now=self.now)
            return
        done = bulk.apply(team=self.world.team, wishes=wishes, mode=mode, by=by, now=self.now)
        assert done.effects.balances == seen.balances, "what is done is not what was shown"
        for pool in self.pools:
            if any(line.product == pool.product.code for line in done.effects.gains):
                assert Seat.objects.held().filter(pool=pool).count() <= self.capacity(pool)

    @rule()
    def undo(self) -> None:
        by = self.world.alice.actor()
        batch = bulk.last_batch(team=self.world.team, by=by, now=self.now)
        if batch:
            bulk.undo(batch=batch, by=by, now=self.now)
            assert bulk.last_batch(team=self.world.team, by=by, now=self.now) is None

    @invariant()
    def the_count_is_the_number_of_rows(self) -> None:
        for pool in Pool.objects.all():
            assert pool.held == Seat.objects.held().filter(pool=pool).count()
            assert pool.reserved == Reservation.objects.kept().filter(pool=pool).count()
            assert pool.held + pool.reserved <= pool.allowed

    @invariant()
    def what_is_in_use_offline_has_a_place(self) -> None:
        for (pool, member), until in self.offline.items():
            if until > self.now:
                held = Seat.objects.held().filter(pool=pool, member=member, borrowed_until=until)
                kept = Reservation.objects.open(self.now).filter(pool=pool, member=member, expires_at=until)
                assert held.exists() != kept.exists(), "somebody else may run on it at the same time"

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
        given = Event.objects.filter(name__in=["seat.assigned", "seat.taken_up"])
        assert given.count() == Seat.objects.count()
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
