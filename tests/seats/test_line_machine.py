"""Any order of asking, offering and settling, and all that the ledger knows: seats go out once, in order."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from licet.leases import shortage
from licet.licenses.models import License, Pool
from licet.licenses.states import LicenseState
from licet.seats import requests
from licet.seats.models import Reservation, Seat, SeatRequest
from licet.seats.states import KeptFor
from licet.teams.models import Member
from tests.seats.test_machine import Ledger
from tests.world import OPERATOR


class Line(Ledger):
    """The ledger, with people who wait and licenses that run out."""

    members = Ledger.members

    def places(self, pool: Pool) -> int:
        """Count what is free of the pool as a reader of the rules would."""
        kept = Reservation.objects.open(self.now).filter(pool=pool).count()
        held = Seat.objects.held().filter(pool=pool).count()
        return max(0, self.capacity(pool) - held - kept)

    @rule(member=members, which=st.integers(0, 1))
    def ask_for_one(self, member: Member, which: int) -> None:
        pool = self.pools[which]
        gone = Member.objects.get(pk=member.pk).left_at is not None
        if gone or member.team_id != pool.team_id or Seat.objects.held().filter(pool=pool, member=member):
            return
        first = requests.request_license(pool=pool, message="", by=member.person.actor(), now=self.now)
        again = requests.request_license(pool=pool, message="", by=member.person.actor(), now=self.now)
        assert again == first

    @rule(which=st.integers(0, 1), automatic=st.booleans())
    def switch(self, which: int, automatic: bool) -> None:
        by = self.world.alice.actor()
        requests.switch_offers(pool=self.pools[which], automatic=automatic, by=by, now=self.now)

    @rule()
    def serve(self) -> None:
        turn = {
            pool: [each.member_id for each in SeatRequest.objects.in_line().filter(pool=pool)][
                : self.places(pool)
            ]
            for pool in Pool.objects.filter(auto_offer=True)
        }
        before = set(Seat.objects.values_list("pk", flat=True))
        given = requests.serve_all_lines(by=OPERATOR, now=self.now)
        new = Seat.objects.exclude(pk__in=before).order_by("pk")
        for pool, members in turn.items():
            assert list(new.filter(pool=pool).values_list("member", flat=True)) == members
        assert given == new.count() == sum(len(members) for members in turn.values())
        assert requests.serve_all_lines(by=OPERATOR, now=self.now) == 0, "each place goes out once"

    @rule(which=st.integers(0, 1), back=st.booleans())
    def answer(self, which: int, back: bool) -> None:
        pool = self.pools[which]
        asked = SeatRequest.objects.in_line().filter(pool=pool).last()
        if asked is None:
            return
        if back:
            requests.withdraw_request(request=asked, by=asked.member.person.actor(), now=self.now)
        elif self.places(pool):
            requests.grant_request(request=asked, by=self.world.alice.actor(), now=self.now)
        assert not SeatRequest.objects.waiting().filter(pk=asked.pk).exists() or not (
            back or self.places(pool)
        )

    @rule(which=st.integers(0, 1))
    def settle(self, which: int) -> None:
        pool = self.pools[which]
        before = self.covered(pool)
        shortage.settle_shortage(pool=pool, by=OPERATOR, now=self.now)
        licenses = list(License.objects.filter(pool=pool).exclude(state=LicenseState.REVOKED))
        lasting = sum(each.seats for each in licenses if each.valid_from <= self.now < each.usable_until)
        renewable = any(each.usable_until > self.now - requests.RESTORE_TIME for each in licenses)
        left = before if lasting == 0 and renewable else min(before, lasting)
        assert self.covered(pool) == left

    def covered(self, pool: Pool) -> int:
        """Count what licenses have to cover: what goes on offline without a seat ends by itself."""
        kept = Reservation.objects.kept().filter(pool=pool).exclude(reason=KeptFor.BORROWED)
        return Seat.objects.held().filter(pool=pool).count() + kept.count()

    @invariant()
    def nobody_waits_for_what_they_have(self) -> None:
        for each in SeatRequest.objects.waiting():
            assert not Seat.objects.held().filter(pool=each.pool, member=each.member).exists()

    @invariant()
    def nobody_stands_in_a_line_twice_or_outside_the_own_team(self) -> None:
        waiting = list(SeatRequest.objects.waiting().values_list("pool", "member"))
        assert len(waiting) == len(set(waiting))
        for each in SeatRequest.objects.select_related("pool", "member"):
            assert each.team_id == each.pool.team_id == each.member.team_id


@pytest.mark.django_db
def test_a_freed_seat_is_offered_once_and_in_order_whatever_happens() -> None:
    run_state_machine_as_test(
        Line,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
