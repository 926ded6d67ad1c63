"""Any order of giving, using, taking back, inviting and waiting keeps to the rule of reassignment.

What is checked knows nothing of freed places: within any seven days no more different people use a
product than there are licenses of it; under a quota, in one term, no more than that and the quota.
"""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from licet.catalog.rules import Reassignment
from licet.kernel.refusal import Refusal
from licet.licenses.models import Pool
from licet.projects import inviting
from licet.seats import actions as seats
from licet.seats import bulk
from licet.seats.errors import CoolingDown, NoFreeSeat, NotEnoughFree, ReassignmentsUsedUp
from licet.seats.models import Reservation, Seat
from licet.seats.wishes import Mode, Wish
from licet.teams.models import Invitation
from licet.teams.states import Role
from tests.world import World

WEEK = timedelta(days=7)
LICENSES, QUOTA, PEOPLE = 2, 2, 5

people = st.integers(0, PEOPLE - 1)
pools = st.integers(0, 1)


class Turns(RuleBasedStateMachine):
    """A team with one product under a cool-down of a week, and one under a quota of two."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.world = World()
        self.now: datetime = self.world.now
        self.guests = 0

    @initialize()
    def begin(self) -> None:
        rules = (Reassignment(cooldown_days=7), Reassignment(quota=QUOTA))
        self.pools = [
            self.world.licenses(product=product, seats=LICENSES, reassignment=each).pool
            for product, each in zip(self.world.catalog, rules, strict=False)
        ]
        self.people = self.world.crowd(self.world.team, PEOPLE)
        self.by = self.world.alice.actor()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @rule(who=people, which=pools, use=st.sampled_from([True, True, False]))
    def give(self, who: int, which: int, use: bool) -> None:
        pool, member = self.pools[which], self.people[who]
        held = Seat.objects.held().filter(pool=pool, member=member).exists()
        free = Seat.objects.held().filter(pool=pool).count() + self.kept(pool) < LICENSES
        cools = self.cooling(pool) - {member.person_id}
        try:
            seat = seats.assign(pool=pool, member=member, by=self.by, now=self.now)
        except NoFreeSeat:
            assert not held
            assert not free
        except CoolingDown:
            assert which == 0
            assert free
            # refused only where it has to be: with this person there would be one too many
            assert len(self.holders(pool) | cools) + self.kept(pool) >= LICENSES
        except ReassignmentsUsedUp:
            assert which == 1
            assert free
            went_on = Seat.objects.filter(pool=pool).exclude(replaces=None).count()
            assert went_on + self.kept(pool) >= QUOTA
        else:
            if use:
                Seat.objects.filter(pk=seat.pk, first_used_at=None).update(first_used_at=self.now)

    @rule(who=people, which=pools)
    def take_back(self, who: int, which: int) -> None:
        held = Seat.objects.held().filter(pool=self.pools[which], member=self.people[who]).first()
        if held:
            seats.release(seat=held, by=self.by, now=self.now)

    @rule(other=people, which=pools, hours=st.sampled_from([0, 90, 167, 168]))
    def pass_on(self, other: int, which: int, hours: int) -> None:
        held = Seat.objects.held().filter(pool=self.pools[which]).order_by("pk").first()
        if held:
            seats.release(seat=held, by=self.by, now=self.now)
            self.wait(hours)
            self.give(other, which, use=True)

    @rule(hours=st.sampled_from([1, 50, 100]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(
        some=st.lists(st.tuples(people, pools, st.booleans()), min_size=1, max_size=6),
        mode=st.sampled_from(Mode),
        back=st.booleans(),
    )
    def change_many(self, some: list[tuple[int, int, bool]], mode: Mode, back: bool) -> None:
        wishes = [
            Wish(self.people[who].public_id, self.pools[which].product.code, held)
            for who, which, held in some
        ]
        team = self.world.team
        seen = bulk.effects(team=team, wishes=wishes, by=self.by, now=self.now)
        try:
            done = bulk.apply(team=team, wishes=wishes, mode=mode, by=self.by, now=self.now)
        except Refusal:
            assert seen.refused
            return
        assert done.effects.balances == seen.balances, "what is done is not what was shown"
        assert [(type(each.why), each.person) for each in done.effects.refused] == [
            (type(each.why), each.person) for each in seen.refused
        ]
        if back and done.batch:
            undone = bulk.undo(batch=done.batch, by=self.by, now=self.now)
            assert not undone.refused, "who had it a moment ago gets it back"

    @rule(which=pools, then=st.sampled_from(["accept", "withdraw", "wait"]))
    def invite(self, which: int, then: str) -> None:
        self.guests += 1
        email = f"guest{self.guests}@elsewhere.example"
        try:
            inviting.invite(
                team=self.world.team,
                emails=[email],
                role=Role.MEMBER,
                message="",
                language="en",
                pools=[self.pools[which]],
                by=self.by,
                now=self.now,
            )
        except NotEnoughFree:
            return
        asked = Invitation.objects.get(email=email)
        if then == "withdraw":
            inviting.withdraw(invitation=asked, by=self.by, now=self.now)
        elif then == "accept":
            guest = self.world.person(email)
            arrived = inviting.accept(invitation=asked, by=guest.actor(), now=self.now)
            assert len(arrived.seats) == 1, "what was kept is there"
            Seat.objects.filter(pk=arrived.seats[0].pk).update(first_used_at=self.now)

    def kept(self, pool: Pool) -> int:
        return Reservation.objects.open(self.now).filter(pool=pool).count()

    def holders(self, pool: Pool) -> set[int]:
        return set(Seat.objects.held().filter(pool=pool).values_list("member__person", flat=True))

    def cooling(self, pool: Pool) -> set[int]:
        gone = Seat.objects.filter(pool=pool, released_at__gt=self.now - WEEK, first_used_at__isnull=False)
        return set(gone.values_list("member__person", flat=True))

    def used_since(self, pool: Pool, since: datetime) -> set[int]:
        """Return who used a license of the pool after then, or held one and may use it still."""
        used = Seat.objects.filter(pool=pool, released_at__gt=since, first_used_at__isnull=False)
        return self.holders(pool) | set(used.values_list("member__person", flat=True))

    def ever_used(self, pool: Pool) -> set[int]:
        return self.used_since(pool, self.world.now - timedelta(days=1))

    @invariant()
    def within_a_week_no_more_people_than_licenses(self) -> None:
        assert len(self.used_since(self.pools[0], self.now - WEEK)) <= LICENSES

    @invariant()
    def in_one_term_no_more_people_than_licenses_and_the_quota(self) -> None:
        assert len(self.ever_used(self.pools[1])) <= LICENSES + QUOTA

    @invariant()
    def a_place_is_taken_up_once(self) -> None:
        replaced = list(Seat.objects.exclude(replaces=None).values_list("replaces", flat=True))
        assert len(replaced) == len(set(replaced))


@pytest.mark.django_db
def test_the_rule_holds_whatever_happens() -> None:
    run_state_machine_as_test(
        Turns,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
