"""Changing many licenses at once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licet.eventlog.models import Delivery, Event
from licet.kernel.refusal import Forbidden, Missing
from licet.licenses.models import Pool
from licet.seats import bulk
from licet.seats.errors import ChangesDoNotFit, NoFreeSeat, NotAMember, NoUsableLicense, TooManyChanges
from licet.seats.models import Seat, SeatBatch
from licet.seats.wishes import Applied, Effects, Mode, Wish
from licet.teams.models import Member
from licet.teams.states import Role
from tests.world import World


def give(world: World, *members: Member) -> list[Wish]:
    return [Wish(each.public_id, world.product.code, held=True) for each in members]


def take(world: World, *members: Member) -> list[Wish]:
    return [Wish(each.public_id, world.product.code, held=False) for each in members]


def apply(world: World, wishes: list[Wish], mode: Mode = Mode.ALL_OR_NOTHING) -> Applied:
    return bulk.apply(team=world.team, wishes=wishes, mode=mode, by=world.alice.actor(), now=world.now)


def effects(world: World, wishes: list[Wish]) -> Effects:
    return bulk.effects(team=world.team, wishes=wishes, by=world.alice.actor(), now=world.now)


def holders(pool: Pool) -> set[Member]:
    return {seat.member for seat in Seat.objects.held().filter(pool=pool).select_related("member")}


def test_many_are_given_and_taken_back_in_one_go_over_several_products(world: World) -> None:
    first = world.licenses(seats=3).pool
    second = world.licenses(product=world.other_product, seats=3).pool
    one, two, three = world.people(world.team, 3)
    world.seat(first, one)
    wishes = [*take(world, one), *give(world, two, three)]
    applied = apply(world, [*wishes, Wish(one.public_id, world.other_product.code, held=True)])
    assert holders(first) == {two, three}
    assert holders(second) == {one}
    assert [(each.before, each.after) for each in applied.effects.balances] == [(2, 1), (3, 2)]
    for pool in (first, second):
        pool.refresh_from_db()
        assert pool.held == len(holders(pool))


def test_what_is_taken_back_can_be_given_to_another_in_the_same_change(world: World) -> None:
    pool = world.licenses(seats=1).pool
    one, two = world.people(world.team, 2)
    world.seat(pool, one)
    apply(world, [*give(world, two), *take(world, one)])
    assert holders(pool) == {two}


def test_batch_bigger_than_free_seats_is_all_or_nothing(world: World) -> None:
    pool = world.licenses(seats=2).pool
    people = world.people(world.team, 3)
    told = Event.objects.count()
    with pytest.raises(ChangesDoNotFit):
        apply(world, give(world, *people))
    assert holders(pool) == set()
    assert (Event.objects.count(), SeatBatch.objects.count()) == (told, 0)


def test_batch_bigger_than_free_seats_fits_as_far_as_it_goes_where_that_was_chosen(world: World) -> None:
    pool = world.licenses(seats=2).pool
    one, two, three = world.people(world.team, 3)
    applied = apply(world, give(world, two, three, one), Mode.AS_MANY_AS_FIT)
    assert holders(pool) == {two, three}
    [line] = applied.effects.refused
    assert (line.person, type(line.why)) == ("Person 001", NoFreeSeat)


def test_the_effect_is_shown_before_and_nothing_is_written(world: World) -> None:
    pool = world.licenses(seats=2).pool
    one, two, three, four = world.people(world.team, 4)
    seat = world.seat(pool, one)
    told = Event.objects.count()
    seen = effects(world, [*take(world, one), *give(world, two, three, four)])
    assert [(line.person, line.seat) for line in seen.losses] == [("Person 001", seat.pk)]
    assert [line.person for line in seen.gains] == ["Person 002", "Person 003"]
    assert [(line.person, type(line.why)) for line in seen.refused] == [("Person 004", NoFreeSeat)]
    [balance] = seen.balances
    assert (balance.bought, balance.before, balance.after) == (2, 1, 0)
    assert holders(pool) == {one}
    assert Event.objects.count() == told


def test_group_assignment_without_enough_seats_says_how_many_are_missing(world: World) -> None:
    world.licenses(seats=1)
    world.licenses(product=world.other_product, seats=9)
    people = world.people(world.team, 3)
    other = [Wish(each.public_id, world.other_product.code, held=True) for each in people]
    seen = effects(world, [*give(world, *people), *other])
    assert {each.product: each.missing for each in seen.balances} == {
        world.product.code: 2,
        world.other_product.code: 0,
    }


def test_what_is_shown_is_what_is_done(world: World) -> None:
    pool = world.licenses(seats=2).pool
    one, two, three, four = world.people(world.team, 4)
    world.seat(pool, one)
    wishes = [*give(world, one, two, three), *take(world, four)]
    seen = effects(world, wishes)
    done = apply(world, wishes, Mode.AS_MANY_AS_FIT).effects
    assert [each.person for each in done.gains] == [each.person for each in seen.gains]
    assert [each.person for each in done.already] == [each.person for each in seen.already]
    assert [str(each.why) for each in done.refused] == [str(each.why) for each in seen.refused]
    assert done.balances == seen.balances


def test_who_has_it_already_and_who_has_none_to_lose_are_no_obstacle(world: World) -> None:
    pool = world.licenses(seats=1).pool
    one, two = world.people(world.team, 2)
    world.seat(pool, one)
    applied = apply(world, [*give(world, one), *take(world, two)])
    assert [line.person for line in applied.effects.already] == ["Person 001", "Person 002"]
    assert applied.batch is None
    assert Event.objects.filter(name="seat_batch.applied").count() == 0


def test_another_administrators_change_meanwhile_is_told_line_by_line(world: World) -> None:
    pool = world.licenses(seats=2).pool
    dora = world.person("dora@atelier.example", "Dora Weiss")
    world.join(world.team, dora, role=Role.ADMIN)
    one, two, three = world.people(world.team, 3)
    wishes = give(world, one, two)
    assert not effects(world, wishes).refused
    world.seat(pool, three, by=dora)
    [line] = apply(world, wishes, Mode.AS_MANY_AS_FIT).effects.refused
    assert str(line.why) == (
        "Dora Weiss gave the last license to Person 003 a moment ago. Buy more, or take one back first."
    )


def test_who_has_left_meanwhile_is_told_and_gets_nothing(world: World) -> None:
    world.licenses()
    one, two = world.people(world.team, 2)
    Member.objects.filter(pk=one.pk).update(left_at=world.now)
    [line] = apply(world, give(world, one, two), Mode.AS_MANY_AS_FIT).effects.refused
    assert isinstance(line.why, NotAMember)


def test_a_product_without_a_license_in_force_gives_nothing(world: World) -> None:
    world.licenses(valid_from=world.now + timedelta(days=3))
    [line] = effects(world, give(world, world.member(world.bob))).refused
    assert isinstance(line.why, NoUsableLicense)


def test_of_two_wishes_for_one_box_the_last_one_counts(world: World) -> None:
    pool = world.licenses(seats=1).pool
    bob = world.member(world.bob)
    apply(world, [*give(world, bob), *take(world, bob), *give(world, bob)])
    assert holders(pool) == {bob}


def test_every_change_is_told_and_mailed_like_a_tick_and_the_batch_once(world: World) -> None:
    pool = world.licenses(seats=3).pool
    one, two = world.people(world.team, 2)
    world.seat(pool, one)
    Delivery.objects.all().delete()
    apply(world, [*take(world, one), *give(world, two)])
    told = list(Event.objects.order_by("-pk").values_list("name", flat=True)[:3])
    assert told == ["seat_batch.applied", "seat.assigned", "seat.released"]
    handlers = sorted(Delivery.objects.values_list("handler", flat=True))
    assert handlers == [
        "licet.education.mail.license_assigned",
        "licet.seats.mail.license_taken_back",
        "licet.seats.mail.line_waits",
    ]


def test_people_and_products_of_another_team_are_not_there(world: World) -> None:
    world.licenses()
    stranger = world.member(world.charlie, world.other_team)
    foreign = Wish(world.member(world.bob).public_id, world.other_product.code, held=True)
    for wishes in (give(world, stranger), take(world, stranger), [foreign]):
        with pytest.raises(Missing):
            apply(world, wishes)
        with pytest.raises(Missing):
            effects(world, wishes)


def test_strangers_and_plain_members_may_not(world: World) -> None:
    world.licenses()
    wishes = give(world, world.member(world.bob))
    for person, refusal in ((world.charlie, Missing), (world.bob, Forbidden)):
        with pytest.raises(refusal):
            bulk.apply(
                team=world.team,
                wishes=wishes,
                mode=Mode.ALL_OR_NOTHING,
                by=person.actor(),
                now=world.now,
            )


def test_more_than_five_thousand_at_once_are_refused(world: World) -> None:
    world.licenses()
    wishes = give(world, world.member(world.bob)) * 5001
    with pytest.raises(TooManyChanges):
        effects(world, wishes)


def statements(captured: CaptureQueriesContext) -> list[str]:
    """Leave out what opens and closes transactions."""
    brackets = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [each["sql"] for each in captured.captured_queries if not each["sql"].startswith(brackets)]


def test_five_hundred_changes_take_twenty_statements_and_one_per_hundred_rows(
    world: World, many: list[Member]
) -> None:
    pools = [world.licenses(product=product, seats=100).pool for product in world.catalog[:2]]
    before = Seat.objects.count(), Event.objects.count(), Delivery.objects.count()
    wishes = [
        Wish(member.public_id, pool.product.code, held=True)
        for pool in pools
        for member in many[: 500 // len(pools)]
    ]
    world.licenses(product=world.catalog[0], seats=400)
    world.licenses(product=world.catalog[1], seats=400)
    with CaptureQueriesContext(connection) as captured:
        apply(world, wishes)
    after = Seat.objects.count(), Event.objects.count(), Delivery.objects.count()
    written = sum(after) - sum(before)
    assert after[0] - before[0] == len(wishes)
    assert len(statements(captured)) <= 20 + written // 100, "\n".join(statements(captured))
    with CaptureQueriesContext(connection) as captured:
        apply(world, [Wish(each.member, each.product, held=False) for each in wishes])
    assert len(statements(captured)) <= 20 + written // 100


@pytest.fixture
def many(world: World) -> list[Member]:
    """250 people of the team, made without ceremony."""
    return world.crowd(world.team, 250)
