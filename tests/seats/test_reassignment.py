"""When a license that somebody used may go to another person: a cool-down, a quota, or freely."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from licet.catalog.rules import Reassignment
from licet.leases import offboarding, shortage
from licet.licenses import actions as licenses
from licet.licenses.models import License
from licet.projects import inviting
from licet.seats import actions as seats
from licet.seats import bulk
from licet.seats.errors import (
    CoolingDown,
    ReassignmentsUsedUp,
)
from licet.seats.models import Seat
from licet.seats.wishes import Wish
from licet.teams.models import Invitation
from tests.seats.reassigning import DAY, PLAIN, WEEK, give, invite, once, passed_on, pool_of, take_back, use
from tests.world import OPERATOR, World

pytestmark = pytest.mark.django_db

# --- no rule --------------------------------------------------------------------------------------


def test_without_a_rule_a_used_license_goes_to_anybody_at_once(world: World) -> None:
    pool = pool_of(world, None)
    passed_on(world, pool, world.people(world.team, 5))


# --- cool-down ------------------------------------------------------------------------------------


def test_a_used_license_goes_to_another_person_after_the_cool_down_to_the_minute(world: World) -> None:
    pool = pool_of(world, WEEK)
    before, after = world.people(world.team, 2)
    take_back(world, use(give(world, pool, before)), days=1)
    with pytest.raises(CoolingDown) as refused:
        give(world, pool, after, days=7.99)
    assert refused.value.again == world.now + 8 * DAY
    with translation.override("en"):
        assert "from 10 Mar 2026, 10:00 on" in str(refused.value)
    assert give(world, pool, after, days=8).released_at is None


def test_whoever_used_it_gets_it_back_at_once(world: World) -> None:
    pool = pool_of(world, WEEK)
    [member] = world.people(world.team, 1)
    for hours in range(3):
        take_back(world, use(give(world, pool, member, days=hours / 24)), days=hours / 24)


def test_a_license_that_nobody_used_waits_for_nothing(world: World) -> None:
    pool = pool_of(world, WEEK)
    for member in world.people(world.team, 4):
        take_back(world, give(world, pool, member))


def test_places_that_nobody_used_are_given_first(world: World) -> None:
    pool = pool_of(world, WEEK, count=3)
    first, second, third, fourth = world.people(world.team, 4)
    take_back(world, use(give(world, pool, first)))
    give(world, pool, second)
    give(world, pool, third)
    with pytest.raises(CoolingDown):
        give(world, pool, fourth)
    assert give(world, pool, first).replaces_id is not None


def test_who_had_it_before_the_last_one_waits_like_others(world: World) -> None:
    pool = pool_of(world, WEEK)
    first, second = world.people(world.team, 2)
    take_back(world, use(give(world, pool, first)))
    take_back(world, use(give(world, pool, second, days=7)), days=8)
    with pytest.raises(CoolingDown):
        give(world, pool, first, days=9)
    give(world, pool, second, days=9)


def test_a_person_who_left_and_came_back_gets_the_own_place_at_once(world: World) -> None:
    pool = pool_of(world, WEEK)
    seat = use(give(world, pool, world.member(world.bob)))
    offboarding.remove(member=seat.member, by=world.alice.actor(), now=world.now)
    give(world, pool, world.join(world.team, world.bob))


# --- quota ----------------------------------------------------------------------------------------


def test_a_quota_counts_only_used_licenses_that_go_to_another_person(world: World) -> None:
    pool = pool_of(world, once(2))
    people = world.people(world.team, 5)
    passed_on(world, pool, people[:2])  # the second one got what the first had used: once
    passed_on(world, pool, [people[1]])  # back to the same: costs nothing
    take_back(world, give(world, pool, people[2]))  # never used: costs nothing
    passed_on(world, pool, [people[3]])  # twice
    with pytest.raises(ReassignmentsUsedUp) as refused:
        give(world, pool, people[4])
    assert refused.value.again == License.objects.get().valid_until
    with translation.override("en"):
        assert "2 times in this term" in str(refused.value)
        assert "from 2 March 2027 on" in str(refused.value)


def test_a_new_term_begins_with_a_fresh_quota(world: World) -> None:
    pool = pool_of(world, once())
    people = world.people(world.team, 4)
    passed_on(world, pool, people[:2])
    with pytest.raises(ReassignmentsUsedUp):
        give(world, pool, people[2])
    ends = License.objects.get().valid_until
    world.licenses(seats=1, reassignment=once(), valid_from=ends)
    days = (ends - world.now).days
    take_back(world, use(give(world, pool, people[2], days=days)), days=days)
    passed_on(world, pool, [people[3]], days=days)


def test_a_reserved_place_counts_before_it_is_taken(world: World) -> None:
    pool = pool_of(world, once(), count=2)
    first, second, third = world.people(world.team, 3)
    held = [use(give(world, pool, each)) for each in (first, second)]
    for each in held:
        take_back(world, each)
    invite(world, pool, "new@atelier.example")
    with pytest.raises(ReassignmentsUsedUp):
        give(world, pool, third)
    guest = world.person("new@atelier.example")
    invitation = Invitation.objects.get(email=guest.email)
    arrived = inviting.accept(invitation=invitation, by=guest.actor(), now=world.now)
    assert [seat.replaces_id is not None for seat in arrived.seats] == [True]


# --- licenses that come, go and differ ------------------------------------------------------------


def test_of_several_licenses_the_mildest_rule_holds(world: World) -> None:
    pool = pool_of(world, WEEK, count=1)
    first, second, third, *_ = people = world.people(world.team, 6)
    world.licenses(seats=1, reassignment=Reassignment(cooldown_days=3))
    for each in [use(give(world, pool, member)) for member in (first, second)]:
        take_back(world, each)
    with pytest.raises(CoolingDown) as refused:
        give(world, pool, third)
    assert refused.value.again == world.now + 3 * DAY
    world.licenses(seats=1, reassignment=None)
    for member in people[2:5]:
        give(world, pool, member)


def test_where_one_license_has_a_quota_and_one_a_cool_down_either_lets_it_go_on(world: World) -> None:
    pool = pool_of(world, WEEK)
    world.licenses(seats=1, reassignment=once())
    people = world.people(world.team, 4)
    for each in [use(give(world, pool, member)) for member in people[:2]]:
        take_back(world, each)
    give(world, pool, people[2])
    with pytest.raises(CoolingDown):
        give(world, pool, people[3])
    give(world, pool, people[3], days=7)


def test_quotas_of_several_licenses_are_added_up(world: World) -> None:
    pool = pool_of(world, once(1))
    world.licenses(seats=1, reassignment=once(2))
    people = world.people(world.team, 6)
    for each in [use(give(world, pool, member)) for member in people[:2]]:
        take_back(world, each)
    passed_on(world, pool, people[2:5])
    with pytest.raises(ReassignmentsUsedUp):
        give(world, pool, people[5])


def test_licenses_bought_later_are_free_at_once(world: World) -> None:
    pool = pool_of(world, WEEK, count=2)
    people = world.people(world.team, 4)
    for each in [use(give(world, pool, member)) for member in people[:2]]:
        take_back(world, each)
    world.now += DAY
    world.licenses(seats=2, reassignment=WEEK)
    for member in people:
        give(world, pool, member)


def test_a_seat_lost_to_a_shortage_leaves_no_place_behind(world: World) -> None:
    pool = pool_of(world, WEEK)
    world.licenses(seats=1, reassignment=WEEK, valid_until=world.now + DAY, grace_days=0)
    first, second, third = world.people(world.team, 3)
    for member in (first, second):
        use(give(world, pool, member))
    days = 2
    lost = shortage.settle_shortage(pool=pool, by=OPERATOR, now=world.now + days * DAY)
    assert len(lost) == 1
    stays = Seat.objects.held().select_related("team").get()
    Seat.objects.filter(pk=stays.pk).update(first_used_at=None)
    take_back(world, stays, days=days)
    give(world, pool, third, days=days)


def test_what_is_left_after_licenses_ended_is_not_held_against_the_team(world: World) -> None:
    pool = pool_of(world, WEEK, count=2)
    extra = world.licenses(seats=2, reassignment=WEEK)
    people = world.people(world.team, 6)
    held = [use(give(world, pool, member)) for member in people[:4]]
    for seat in held[:2]:
        take_back(world, seat)
    licenses.revoke(license=extra, by=world.victor.actor(), now=world.now)
    assert seats.release(seat=held[2], by=world.alice.actor(), now=world.now)
    with pytest.raises(CoolingDown) as refused:
        give(world, pool, people[4], days=1)
    assert refused.value.again == world.now + 7 * DAY
    give(world, pool, people[4], days=7)


# --- what it costs --------------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "more"), [(None, 0), (WEEK, 2), (once(), 3)])
def test_a_rule_costs_the_same_few_statements_for_one_and_for_many(
    world: World, rule: Reassignment | None, more: int
) -> None:
    pool = pool_of(world, rule, count=200)
    some, many = world.crowd(world.team, 2), world.crowd(world.team, 50, start=10)
    by, code = world.alice.actor(), pool.product.code
    counts = []
    for people in (some, many):
        wishes = [Wish(each.public_id, code, held=True) for each in people]
        with CaptureQueriesContext(connection) as seen:
            bulk.effects(team=world.team, wishes=wishes, by=by, now=world.now)
        counts.append(len(seen))
    assert counts[0] == counts[1] == PLAIN + more
