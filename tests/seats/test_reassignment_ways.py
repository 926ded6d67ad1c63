"""Every way to a license obeys the rule of reassignment, and pages say it before a click."""

import pytest
from django.utils import translation

from licet.leases import offboarding
from licet.licenses.models import Pool
from licet.seats import bulk, requests, turnover
from licet.seats.errors import (
    ChangesDoNotFit,
    CoolingDown,
    NotEnoughFree,
)
from licet.seats.models import Seat
from licet.seats.wishes import Mode, Wish
from licet.teams.models import Member
from tests.seats.reassigning import DAY, WEEK, give, invite, once, passed_on, pool_of, take_back, use
from tests.world import OPERATOR, World

pytestmark = pytest.mark.django_db

# --- every way to a license -----------------------------------------------------------------------


@pytest.fixture
def cooling(world: World) -> tuple[Pool, Seat, Member]:
    """One license that a person used and gave up, and somebody else who wants it."""
    pool = pool_of(world, WEEK)
    before, after = world.people(world.team, 2)
    seat = use(give(world, pool, before))
    take_back(world, seat)
    return pool, seat, after


def test_an_invitation_cannot_carry_it_and_says_from_when(
    world: World, cooling: tuple[Pool, Seat, Member]
) -> None:
    pool = cooling[0]
    with pytest.raises(NotEnoughFree) as refused, translation.override("en"):
        invite(world, pool, "new@atelier.example")
    with translation.override("en"):
        assert "can go to another person from 9 Mar 2026, 10:00 on" in str(refused.value)
    invite(world, pool, "new@atelier.example", days=7)


def test_whoever_used_it_can_be_invited_with_it(world: World) -> None:
    pool = pool_of(world, WEEK)
    seat = use(give(world, pool, world.member(world.bob)))
    offboarding.remove(member=seat.member, by=world.alice.actor(), now=world.now)
    invite(world, pool, world.bob.email)
    with pytest.raises(NotEnoughFree):
        invite(world, pool, "other@atelier.example")


def test_a_request_is_not_granted_before(world: World, cooling: tuple[Pool, Seat, Member]) -> None:
    pool, _seat, after = cooling
    asked = requests.request_license(pool=pool, message="", by=after.person.actor(), now=world.now)
    with pytest.raises(CoolingDown):
        requests.grant_request(request=asked, by=world.alice.actor(), now=world.now)
    requests.grant_request(request=asked, by=world.alice.actor(), now=world.now + 7 * DAY)


def test_the_line_is_served_when_the_cool_down_is_over(
    world: World, cooling: tuple[Pool, Seat, Member]
) -> None:
    pool, _seat, after = cooling
    requests.switch_offers(pool=pool, automatic=True, by=world.alice.actor(), now=world.now)
    requests.request_license(pool=pool, message="", by=after.person.actor(), now=world.now)
    assert requests.serve_all_lines(by=OPERATOR, now=world.now + 6 * DAY) == 0
    assert requests.serve_all_lines(by=OPERATOR, now=world.now + 7 * DAY) == 1


def test_many_changes_at_once_swap_nobody_in_before(world: World) -> None:
    pool = pool_of(world, WEEK)
    before, after = world.people(world.team, 2)
    use(give(world, pool, before))
    code, by = pool.product.code, world.alice.actor()
    wishes = [Wish(before.public_id, code, held=False), Wish(after.public_id, code, held=True)]
    seen = bulk.effects(team=world.team, wishes=wishes, by=by, now=world.now)
    assert [type(line.why) for line in seen.refused] == [CoolingDown]
    assert [line.again for line in seen.losses] == [world.now + 7 * DAY]
    with pytest.raises(ChangesDoNotFit):
        bulk.apply(team=world.team, wishes=wishes, mode=Mode.ALL_OR_NOTHING, by=by, now=world.now)
    done = bulk.apply(team=world.team, wishes=wishes, mode=Mode.AS_MANY_AS_FIT, by=by, now=world.now)
    assert done.effects.balances == seen.balances
    assert len(done.effects.losses) == 1


def test_the_effect_says_what_is_left_of_the_quota(world: World) -> None:
    pool = pool_of(world, once(3), count=2)
    one, other, third, fourth = world.people(world.team, 4)
    use(give(world, pool, one))
    give(world, pool, other)
    code, by = pool.product.code, world.alice.actor()
    wishes = [Wish(each.public_id, code, held=False) for each in (one, other)]
    wishes += [Wish(each.public_id, code, held=True) for each in (third, fourth)]
    seen = bulk.effects(team=world.team, wishes=wishes, by=by, now=world.now)
    assert [line.left for line in seen.gains] == [None, 2], "the place that nobody used went first"
    assert [line.again for line in seen.losses] == [None, None]


def test_undoing_gives_the_used_seat_back_and_costs_nothing(world: World) -> None:
    pool = pool_of(world, once())
    before, after = world.people(world.team, 2)
    use(give(world, pool, before))
    code, by = pool.product.code, world.alice.actor()
    wishes = [Wish(before.public_id, code, held=False), Wish(after.public_id, code, held=True)]
    for _ in range(2):
        done = bulk.apply(team=world.team, wishes=wishes, mode=Mode.ALL_OR_NOTHING, by=by, now=world.now)
        assert done.batch is not None
        back = bulk.effects(team=world.team, wishes=bulk.undoing(batch=done.batch), by=by, now=world.now)
        assert not back.refused
        assert not bulk.undo(batch=done.batch, by=by, now=world.now).refused
    assert Seat.objects.held().get().member == before


# --- what pages say before a click ----------------------------------------------------------------


def test_a_page_tells_the_rule_and_what_waits(world: World) -> None:
    pool = pool_of(world, WEEK, count=3)
    first, second, third = world.people(world.team, 3)
    take_back(world, use(give(world, pool, first)), days=1)
    take_back(world, give(world, pool, second))
    give(world, pool, third)
    pool.refresh_from_db()
    told = turnover.notice(pool=pool, now=world.now + 2 * DAY)
    assert told is not None
    assert (told.cooldown_days, told.quota, told.again) == (7, None, world.now + 9 * DAY)
    assert [(each.name, each.again) for each in told.waiting] == [("Person 001", world.now + 8 * DAY)]
    told = turnover.notice(pool=pool, now=world.now + 8 * DAY)
    assert told is not None
    assert told.waiting == ()


def test_a_page_tells_what_is_left_of_a_quota(world: World) -> None:
    pool = pool_of(world, once(1))
    people = world.people(world.team, 2)
    passed_on(world, pool, people[:1])
    pool.refresh_from_db()
    told = turnover.notice(pool=pool, now=world.now)
    assert told is not None
    assert (told.quota, told.left, told.waiting) == (1, 1, ())
    passed_on(world, pool, people[1:])
    pool.refresh_from_db()
    told = turnover.notice(pool=pool, now=world.now)
    assert told is not None
    assert told.left == 0
    assert [each.name for each in told.waiting] == ["Person 002"]


def test_without_a_rule_a_page_says_nothing(world: World) -> None:
    assert turnover.notice(pool=pool_of(world, None), now=world.now) is None
