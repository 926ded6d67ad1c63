"""Another product for the licenses of a contract: dearer at once, cheaper with the next term."""

from datetime import date

import pytest

from licet.catalog.models import Plan
from licet.orders import contracts, renewing
from licet.orders.changing.errors import RenewedAhead, TooFewPicked, TooManyPicked
from licet.orders.errors import NotInContract, SamePlan, TooManyToRemove
from licet.orders.states import LineKind, OrderKind
from licet.seats.models import Seat
from tests.orders.contracts import Deal, at
from tests.world import OPERATOR, World

END = date(2027, 3, 2)
MIDTERM = at(date(2026, 12, 8))  # 84 of 365 days are left


def dearer(world: World) -> Plan:
    plan = world.plan(world.other_product)
    plan.price_minor = 60_000
    plan.save()
    return plan


def test_the_unused_part_is_given_back_on_the_same_order(world: World, deal: Deal) -> None:
    order = deal.upgrade(dearer(world), now=MIDTERM)
    assert order is not None
    amounts = {each.kind: each.amount_minor for each in order.lines.all()}
    assert amounts == {LineKind.CREDIT: -33_140, LineKind.CHARGE: 41_425}  # of 144,000 and of 180,000
    assert (order.kind, order.net_minor) == (OrderKind.CHANGE, 8_285)


def test_people_go_along_and_nobody_is_left_without(world: World, deal: Deal) -> None:
    old = deal.license.pool
    members = world.people(world.team, 2)
    for each in members:
        world.seat(old, each)
    deal.upgrade(dearer(world), now=MIDTERM)
    held = Seat.objects.held().select_related("pool__product")
    assert {each.member_id for each in held} == {each.pk for each in members}
    assert {each.pool.product for each in held} == {world.other_product}
    assert old.capacity(MIDTERM) == 0


def test_the_term_stays_and_the_next_one_is_of_the_new_product(world: World, deal: Deal) -> None:
    deal.upgrade(dearer(world), now=MIDTERM)
    assert deal.contract.ends_on == END
    deal.night(at(END, hour=0))
    assert deal.renewals()[0].net_minor == 3 * 60_000
    assert [each.plan.product for each in deal.items] == [world.other_product]


def test_a_cheaper_one_comes_with_the_next_term(world: World, deal: Deal) -> None:
    cheaper = world.plan(world.other_product)
    assert deal.upgrade(cheaper, now=MIDTERM) is None
    member = world.people(world.team, 1)[0]
    world.seat(deal.license.pool, member)
    assert [each.plan for each in deal.items] == [deal.plan]
    deal.night(at(END, hour=0))
    assert [each.plan for each in deal.items] == [cheaper]
    assert deal.renewals()[0].net_minor == 3 * cheaper.price_minor
    assert Seat.objects.held().get(member=member).pool.product == world.other_product


def test_a_cheaper_one_can_be_taken_back(world: World, deal: Deal) -> None:
    deal.upgrade(world.plan(world.other_product), now=MIDTERM)
    contracts.keep_plan(contract=deal.contract, plan=deal.plan, by=world.alice.actor(), now=MIDTERM)
    deal.night(at(END))
    assert [each.plan for each in deal.items] == [deal.plan]


def test_the_same_product_is_no_change(deal: Deal) -> None:
    with pytest.raises(SamePlan):
        deal.upgrade(deal.plan, now=MIDTERM)


def test_what_the_contract_does_not_have_cannot_be_changed(world: World, deal: Deal) -> None:
    with pytest.raises(NotInContract):
        contracts.upgrade(
            contract=deal.contract,
            plan=world.plan(world.other_product),
            to=deal.plan,
            seen=0,
            key=deal.fresh_key(),
            by=world.alice.actor(),
            now=MIDTERM,
        )


# --- some of them -------------------------------------------------------------------------------


def test_one_of_three_changes_and_its_unused_part_is_on_the_same_order(world: World, deal: Deal) -> None:
    order = deal.upgrade(dearer(world), now=MIDTERM, quantity=1)
    assert order is not None
    amounts = {each.kind: (each.quantity, each.amount_minor) for each in order.lines.all()}
    assert amounts == {LineKind.CREDIT: (1, -11_047), LineKind.CHARGE: (1, 13_808)}
    assert {each.plan.product: each.quantity for each in deal.items} == {
        world.product: 2,
        world.other_product: 1,
    }
    assert {each.license.pool.product: each.license.seats for each in deal.items} == {
        world.product: 2,
        world.other_product: 1,
    }
    deal.night(at(END, hour=0))
    assert deal.renewals()[0].net_minor == 2 * 48_000 + 60_000


def test_whom_the_admin_picked_goes_along_and_nobody_else(world: World, deal: Deal) -> None:
    members = world.people(world.team, 3)
    for each in members:
        world.seat(deal.license.pool, each)
    deal.upgrade(dearer(world), now=MIDTERM, quantity=2, people=[members[2].public_id, members[0].public_id])
    held = Seat.objects.held().select_related("pool__product")
    assert {each.member_id: each.pool.product for each in held} == {
        members[0].pk: world.other_product,
        members[1].pk: world.product,
        members[2].pk: world.other_product,
    }


def test_nobody_is_picked_silently(world: World, deal: Deal) -> None:
    members = world.people(world.team, 3)
    for each in members:
        world.seat(deal.license.pool, each)
    with pytest.raises(TooFewPicked, match="at least this many: 2"):
        deal.upgrade(dearer(world), now=MIDTERM, quantity=2, people=[members[0].public_id])
    with pytest.raises(TooManyPicked, match="at most this many: 1"):
        deal.upgrade(dearer(world), now=MIDTERM, quantity=1, people=[each.public_id for each in members])
    assert {each.quantity for each in deal.items} == {3}


def test_where_there_is_room_nobody_has_to_go_along(world: World, deal: Deal) -> None:
    world.seat(deal.license.pool, world.people(world.team, 1)[0])
    deal.upgrade(dearer(world), now=MIDTERM, quantity=2)
    assert Seat.objects.held().get().pool.product == world.product


@pytest.mark.parametrize("quantity", [0, 4])
def test_more_than_there_are_or_none_is_refused(world: World, deal: Deal, quantity: int) -> None:
    with pytest.raises(TooManyToRemove):
        deal.upgrade(dearer(world), now=MIDTERM, quantity=quantity)


def test_the_rest_can_change_later_and_all_of_it_is_paid_for_once(world: World, deal: Deal) -> None:
    to = dearer(world)
    first = deal.upgrade(to, now=MIDTERM, quantity=1)
    second = deal.upgrade(to, now=MIDTERM)
    whole = 3 * (60_000 - 48_000) * 84 / 365
    assert first is not None
    assert second is not None
    assert abs(first.net_minor + second.net_minor - whole) <= 2
    assert {each.plan.product for each in deal.items} == {world.other_product}


def test_what_would_go_with_the_term_changes_last(world: World, deal: Deal) -> None:
    deal.reduce(2, now=MIDTERM)
    deal.upgrade(dearer(world), now=MIDTERM, quantity=2)
    left = [each for each in deal.items if each.plan.product == world.product]
    assert [(each.quantity, each.renews) for each in left] == [(1, False)]


def test_what_is_renewed_ahead_changes_when_that_term_begins(world: World, deal: Deal) -> None:
    day = date(2027, 2, 1)
    renewing.renew(contract=deal.contract, seen=3 * 57_600, by=world.alice.actor(), now=at(day))
    to = dearer(world)
    with pytest.raises(RenewedAhead, match="2 March 2027"):
        deal.upgrade(to, now=at(day))
    assert deal.upgrade(to, now=at(END)) is not None
    assert renewing.renew_due(by=OPERATOR, now=at(END)) == 0
